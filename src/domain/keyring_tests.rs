use super::*;

const T0: Timestamp = Timestamp::from_micros(0);

fn kids(keys: &[RingKey]) -> Vec<&str> {
    keys.iter().map(|key| key.kid.as_deref().unwrap_or("-")).collect()
}

fn ring() -> Ring {
    Ring::new(KeyType::Rsa, "a".into())
}

fn late(lasting: Option<Span>, fetches: Option<u32>) -> Option<Late> {
    Some(Late { lasting, fetches })
}

const MINUTE: Span = Span::from_secs(60);

#[test]
fn an_overlap_publishes_both_until_it_ends() {
    let mut ring = ring();
    ring.rotate("b".into(), Rotation { overlap: MINUTE, ..Rotation::default() }, T0);
    assert_eq!(kids(&ring.fetch(T0).keys), ["b", "a"]);
    let later = T0.plus(MINUTE);
    assert_eq!(kids(&ring.fetch(later).keys), ["b"]);
    assert!(ring.named(Some("a"), later).is_empty() && !ring.named(Some("b"), later).is_empty());
}

#[test]
fn without_one_the_old_key_is_forgotten_at_once() {
    let mut ring = ring();
    ring.rotate("b".into(), Rotation::default(), T0);
    assert_eq!(kids(&ring.fetch(T0).keys), ["b"]);
    assert!(ring.named(Some("a"), T0).is_empty());
}

#[test]
fn the_old_set_is_served_for_as_many_fetches_as_told() {
    let mut ring = ring();
    ring.rotate("b".into(), Rotation { late: late(None, Some(2)), ..Rotation::default() }, T0);
    assert_eq!(kids(std::slice::from_ref(ring.signing())), ["b"]);
    for _ in 0..2 {
        let shown = ring.fetch(T0);
        assert_eq!((kids(&shown.keys), shown.bare.kid.as_deref(), shown.stale), (vec!["a"], Some("a"), true));
    }
    let shown = ring.fetch(T0);
    assert_eq!((kids(&shown.keys), shown.bare.kid.as_deref(), shown.stale), (vec!["b"], Some("b"), false));
    assert!(ring.named(Some("a"), T0).is_empty());
}

#[test]
fn what_was_published_late_overlaps_afterwards() {
    for late in [late(None, Some(1)), late(Some(MINUTE), None)] {
        let mut ring = ring();
        ring.rotate("b".into(), Rotation { overlap: MINUTE, late, ..Rotation::default() }, T0);
        assert_eq!(kids(&ring.fetch(T0).keys), ["a"]);
        let published = if late.unwrap().fetches.is_some() { T0 } else { T0.plus(MINUTE) };
        assert_eq!(kids(&ring.fetch(published).keys), ["b", "a"]);
        assert_eq!(kids(&ring.fetch(published.plus(MINUTE)).keys), ["b"]);
    }
}

#[test]
fn keys_without_names_stand_beside_each_other() {
    let mut ring = ring();
    let nameless = Rotation { naming: Naming::Absent, ..Rotation::default() };
    ring.rotate("b".into(), nameless, T0);
    assert_eq!(kids(&ring.fetch(T0).keys), ["-"]);
    ring.rotate("c".into(), Rotation { overlap: MINUTE, ..nameless }, T0);
    assert_eq!(ring.named(None, T0).iter().map(|key| key.n).collect::<Vec<_>>(), [2, 1]);
    ring.rotate("d".into(), Rotation { naming: Naming::Same, ..Rotation::default() }, T0);
    assert_eq!(kids(&ring.fetch(T0).keys), ["-"], "the same name is none, too");
}

#[test]
fn a_name_nobody_has_and_a_key_that_is_gone_can_sign_until_the_next_rotation() {
    let mut ring = ring();
    ring.rotate("b".into(), Rotation { signs: Signs::NewAsUnknown, ..Rotation::default() }, T0);
    assert_eq!((ring.signing().n, ring.signing().kid.as_deref()), (1, Some(UNKNOWN_KID)));
    assert_eq!(kids(&ring.fetch(T0).keys), ["b"]);
    ring.rotate("c".into(), Rotation::default(), T0);
    ring.rotate("d".into(), Rotation { signs: Signs::Old, ..Rotation::default() }, T0);
    assert_eq!(ring.signing().kid.as_deref(), Some("c"));
    assert_eq!(kids(&ring.fetch(T0).keys), ["d"]);
    ring.rotate("e".into(), Rotation::default(), T0);
    assert_eq!(ring.signing().kid.as_deref(), Some("e"));
}

#[test]
fn another_type_stays_until_it_changes_again() {
    let mut ring = ring();
    let mut types = Vec::new();
    for other_type in [true, false, true] {
        ring.rotate("x".into(), Rotation { other_type, ..Rotation::default() }, T0);
        types.push(ring.signing().kty);
    }
    assert_eq!(types, [KeyType::Ec, KeyType::Ec, KeyType::Rsa]);
}
