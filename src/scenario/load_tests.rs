use proptest::{prelude::*, sample::Index};

use super::*;
use crate::faults::caller;

/// A shipped scenario, in which bytes are changed, left out or doubled.
fn spoiled(scenario: &Index, changes: &[(Index, u8, u8)]) -> String {
    let mut bytes = scenario.get(builtin::ALL).1.as_bytes().to_vec();
    for (place, how, byte) in changes {
        let at = place.index(bytes.len());
        match how % 3 {
            0 => bytes[at] = *byte,
            1 => drop(bytes.remove(at)),
            _ => bytes.insert(at, bytes[at]),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_text_makes_the_reader_of_scenarios_or_of_asked_faults_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        let text = String::from_utf8_lossy(&bytes);
        let _ = Scenario::parse("x", &text);
        let _ = Scenario::parse("x", &format!("faults: [{text}]"));
        let _ = caller::parse(&text);
        let _ = caller::parse(&format!("delay;{text}"));
    }

    #[test]
    fn no_spoiled_scenario_makes_its_reader_panic(
        scenario in any::<Index>(),
        changes in proptest::collection::vec((any::<Index>(), any::<u8>(), any::<u8>()), 1..8),
    ) {
        if let Err(error) = Scenario::parse("x", &spoiled(&scenario, &changes)) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
