use proptest::{prelude::*, sample::Index};

use super::*;
use crate::faults::caller;

/// What is said of the first of these files, which lie in one folder.
fn said(files: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    for (name, text) in files {
        fs::write(path(name), text).unwrap();
    }
    let loaded = Scenario::load(&[path(files[0].0)]);
    let said =
        loaded.map_or_else(|error| error.to_string(), |scenario| format!("{} faults", scenario.faults.len()));
    said.replace(&path(""), "")
}

#[test]
fn files_that_include_each_other_are_refused_where_they_do() {
    let each_other = [("s", "include: [t]\n"), ("t", "name: t\ninclude: [default, s]\n")];
    insta::assert_snapshot!(said(&each_other), @"scenario t: line 2 column 20: s: it includes itself: s includes t includes s; leave it out here");
    let itself = [("s", "include:\n  - default\n  - { scenario: ./s, with: { x: 1 } }\nparams: { x: 2 }\n")];
    insta::assert_snapshot!(said(&itself), @"scenario s: line 3 column 5: ./s: it includes itself: s includes ./s; leave it out here");
}

#[test]
fn what_two_files_include_is_there_once_by_whatever_way() {
    let fault = "faults: [ { id: f, effect: { reset: {} } } ]\n";
    let files = [("s", "include: [t, ./u]\n"), ("t", "include: [./u]\n"), ("u", fault)];
    assert_eq!(said(&files), "1 faults");
}

#[test]
fn two_faults_of_one_id_are_told_where_the_second_one_stands() {
    let mine = "name: mine\nfaults:\n  - id: a\n    effect: { reset: {} }\n  - id: a\n    when: { path: /x }\n    effect: { delay: { for: 1s } }\n";
    insta::assert_snapshot!(said(&[("s", mine)]), @"scenario s: line 5 column 5: fault `a`: there is one with this id already");
    let taken = "include: [respond]\nfaults:\n  - id: other\n    effect: { delay: { for: 1s } }\n  - id: respond\n    effect: { delay: { for: 1s } }\n";
    insta::assert_snapshot!(said(&[("s", taken)]), @"scenario s: line 5 column 5: fault `respond`: there is one with this id already");
}

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
