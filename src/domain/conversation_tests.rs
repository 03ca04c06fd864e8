use proptest::prelude::*;

use super::{
    super::participant::{MAX_ATTRIBUTE_BYTES, MAX_ATTRIBUTES},
    *,
};

fn side(purpose: Purpose) -> Participant {
    Participant::new(Side { id: format!("{purpose:?}"), purpose, name: String::new() }, at(0))
}

fn at(secs: i64) -> Timestamp {
    Timestamp::from_micros(secs * 1_000_000)
}

fn conversation() -> Conversation {
    let mut conversation = Conversation::new("c".into(), "s".into(), "d".into(), side(Purpose::Customer));
    conversation.join(side(Purpose::Workflow));
    conversation
}

fn left(conversation: &Conversation) -> Vec<Option<Timestamp>> {
    conversation.participants().map(|one| one.left).collect()
}

#[test]
fn whoever_ends_it_leaves_once_and_the_guest_may_stay() {
    let mut conversation = conversation();
    let (gone, was_open) = conversation.end(Ending::Disconnected, at(1));
    assert_eq!((gone.len(), was_open), (1, true));
    let (gone, was_open) = conversation.end(Ending::Cleared, at(2));
    assert_eq!((gone[0].purpose, was_open), (Purpose::Customer, false));
    assert_eq!(left(&conversation), [Some(at(2)), Some(at(1))]);
    assert_eq!(conversation.ended, Some((at(1), Ending::Disconnected)));
    conversation.resume("t".into(), at(3));
    assert_eq!((left(&conversation), conversation.ended), (vec![None, Some(at(1))], None));
}

#[test]
fn of_too_many_participants_those_go_that_have_left() {
    let mut conversation = conversation();
    for _ in 0..200 {
        conversation.leave(&[Purpose::Workflow], DisconnectType::System, at(1));
        conversation.join(side(Purpose::Workflow));
    }
    assert_eq!(conversation.participants().count(), MAX_PARTICIPANTS);
    assert_eq!(conversation.present(Purpose::Workflow).count(), 1);
    assert_eq!(conversation.present(Purpose::Customer).count(), 1);
}

proptest! {
    #[test]
    fn participant_data_never_grows_beyond_its_bounds(
        given in proptest::collection::vec(("[a-z]{0,3}", 0_usize..9_000), 0..400),
    ) {
        let mut guest = side(Purpose::Customer);
        for (name, length) in given {
            guest.merge(BTreeMap::from([(name, "x".repeat(length))]));
            let bytes: usize = guest.attributes.iter().map(|(name, value)| name.len() + value.len()).sum();
            prop_assert!(guest.attributes.len() <= MAX_ATTRIBUTES && bytes <= MAX_ATTRIBUTE_BYTES);
        }
    }
}
