use proptest::prelude::*;

use super::*;

fn events(count: usize) -> Events {
    let mut events = Events::default();
    for _ in 0..count {
        events.push(Timestamp::default(), About::default(), What::TokenIssued);
    }
    events
}

/// What a reader is told, in short.
fn read(events: &Events, after: Option<&str>, filter: &Filter) -> Vec<String> {
    let mut at = after.map_or(events.start(), |after| events.after(after).unwrap());
    let told = events.read(&mut at, filter, usize::MAX);
    let short = |(cursor, told)| match told {
        Told::Event(event) => format!("{cursor} {}", event.what.name()),
        Told::Lagged(missed) => format!("{cursor} lagged {missed}"),
        Told::Reset => format!("{cursor} reset"),
    };
    told.into_iter().map(short).collect()
}

#[test]
fn a_reader_that_is_too_slow_is_told_how_much_it_missed() {
    let events = events(MAX_EVENTS + 5);
    let told = read(&events, Some("0-2"), &Filter::default());
    assert_eq!((told.len(), &*told[0], &*told[1]), (MAX_EVENTS + 1, "0-5 lagged 3", "0-6 token.issued"));
    assert_eq!(
        read(&events, None, &Filter::default()).len(),
        MAX_EVENTS,
        "who comes first has missed nothing"
    );
}

#[test]
fn a_cursor_from_before_a_reset_is_told_of_it() {
    let mut before = events(3);
    before.close();
    before.push(Timestamp::default(), About::default(), What::TokenIssued);
    assert_eq!(read(&before, None, &Filter::default()).len(), 3, "what is over stays as it is");
    let mut events = before.successor();
    events.push(Timestamp::default(), About::default(), What::GuestCreated);
    assert_eq!(read(&events, Some("0-3"), &Filter::default()), ["1-0 reset", "1-1 guest.created"]);
    assert_eq!(read(&events, Some("1-1"), &Filter::default()), [""; 0]);
    for wrong in ["1-2", "2-0", "x", "1", "-1", ""] {
        assert!(events.after(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn types_are_named_in_full_or_by_their_first_word() {
    let mut events = events(1);
    events.push(Timestamp::default(), About::default(), What::SessionCleared);
    events.push(Timestamp::default(), About::default(), What::SessionExpired);
    let of = |types: &[&str]| {
        let types = types.iter().map(ToString::to_string).collect();
        read(&events, None, &Filter { types, conversation: None }).len()
    };
    assert_eq!((of(&["session"]), of(&["session.expired"]), of(&["session.e"])), (2, 1, 0));
    assert_eq!(of(&["token", "session.cleared"]), 2);
}

proptest! {
    #[test]
    fn in_small_bites_everything_is_told_once_and_in_order(
        count in 0_usize..3_000, bite in 1_usize..100, wanted in any::<bool>(),
    ) {
        let events = events(count);
        let types = if wanted { vec!["token".to_owned()] } else { vec!["guest".to_owned()] };
        let filter = Filter { types, conversation: None };
        let mut at = events.after("0-0").unwrap();
        let mut numbers = Vec::new();
        let mut missed = 0;
        loop {
            let told = events.read(&mut at, &filter, bite);
            if told.is_empty() {
                break;
            }
            for (_, told) in told {
                match told {
                    Told::Event(event) => numbers.push(event.n),
                    Told::Lagged(count) => missed += count,
                    Told::Reset => prop_assert!(false, "nobody has reset it"),
                }
            }
        }
        prop_assert_eq!(missed as usize, count.saturating_sub(MAX_EVENTS));
        let expected: Vec<u64> = if wanted { (missed + 1..=count as u64).collect() } else { Vec::new() };
        prop_assert_eq!(numbers, expected);
        prop_assert_eq!(at.n as usize, count);
    }
}
