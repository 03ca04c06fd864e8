//! Scenario files of the command line, and reading them again.

use std::fs;

use serde_json::{Value, json};

use super::{Run, run};
use crate::support::scenario::{file, path};

#[test]
fn a_bad_file_is_told_with_line_and_column_and_the_nearest_name() {
    let bad = file("name: bad\nfaults:\n  - id: x\n    efect: { reset: {} }\n");
    let output = run(&["--listen", "127.0.0.1:0", "--scenario", path(&bad)]);
    assert_eq!((output.status.code(), output.stdout), (Some(2), vec![]));
    let said = String::from_utf8(output.stderr).unwrap().replace(path(&bad), "bad.yaml");
    insta::assert_snapshot!(said, @r"
    genesys-emulator: scenario bad.yaml: error: line 4 column 5: unknown field `efect`, expected one of id, of, when, schedule, phase, effect, plan; did you mean `effect`?
     --> <input>:4:5
      |
    2 | faults:
    3 |   - id: x
    4 |     efect: { reset: {} }
      |     ^ unknown field `efect`, expected one of id, of, when, schedule, phase, effect, plan
    ");
}

#[test]
fn a_fault_that_cannot_be_meant_is_told_with_its_id_and_file() {
    let bad = file("faults:\n  - id: x\n    schedule: { first: 1, nth: 2 }\n    effect: { reset: {} }\n");
    let output = run(&["--listen", "127.0.0.1:0", "--scenario", path(&bad)]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap().replace(path(&bad), "bad.yaml");
    insta::assert_snapshot!(said, @"genesys-emulator: scenario bad.yaml: line 2 column 5: fault `x`: `schedule`: `first` and `nth` contradict each other; give one");
}

#[tokio::test]
async fn later_scenarios_lie_over_earlier_ones() {
    let own = file("seed: 9\nclock: 2030-01-01T00:00:00Z\nworld: { orgs: [ { name: Own } ] }\n");
    let emulator = Run::start(&["--scenario", "respond", "--scenario", path(&own), "--clock-rate", "0"], &[]);
    assert_eq!(emulator.ready["seed"], 9);
    let orgs = emulator.client.admin("GET", "/orgs", None).await.json();
    let org = &orgs["entities"][0];
    assert_eq!((&org["name"], &org["now"]), (&json!("Own"), &json!("2030-01-01T00:00:00.000Z")));
    let faults = emulator.client.admin("GET", "/faults", None).await.json();
    assert_eq!(faults["entities"][0]["id"], "respond");
}

/// Names of all orgs, in the order of their ids.
async fn names(emulator: &Run) -> Vec<String> {
    let orgs = emulator.client.admin("GET", "/orgs", None).await.json();
    let name = |org: &Value| org["name"].as_str().unwrap().to_owned();
    orgs["entities"].as_array().unwrap().iter().map(name).collect()
}

/// Waits until the org has that name, which the running emulator reads from the file.
async fn named(emulator: &Run, name: &str) {
    for _ in 0..10_000 {
        if names(emulator).await.iter().any(|one| one == name) {
            return;
        }
    }
    panic!("no org is called {name}");
}

#[tokio::test]
async fn sighup_reads_a_changed_file_again_and_orgs_made_since_stay() {
    let own = file("world: { orgs: [ { name: Before } ] }\n");
    let emulator = Run::start(&["--scenario", path(&own)], &[]);
    named(&emulator, "Before").await;
    let made = emulator.client.admin("POST", "/orgs", Some(&json!({ "name": "Made" }))).await;
    assert_eq!(made.status, 201);
    fs::write(
        own.path(),
        "world: { orgs: [ { name: After } ] }\nfaults: [ { id: new, effect: { reset: {} } } ]\n",
    )
    .unwrap();
    emulator.signal("HUP");
    named(&emulator, "After").await;
    let faults = emulator.client.admin("GET", "/faults", None).await.json();
    assert_eq!(faults["entities"][0]["id"], "new");
    named(&emulator, "Made").await;
    let (code, _, logs) = emulator.stopped();
    assert_eq!(code, Some(0));
    assert!(logs.contains("the scenario files were loaded again"), "{logs}");
}

#[tokio::test]
async fn a_watched_file_and_what_it_includes_are_read_again_when_they_change() {
    let base = file("world: { orgs: [ { name: Before } ] }\n");
    let own = file(&format!("include: [ default, {} ]\n", path(&base)));
    let mut emulator = Run::start(&["--watch", "on", "--scenario", path(&own)], &[]);
    named(&emulator, "Before").await;
    fs::write(base.path(), "world: { orgs: [ { name: Between } ] }\n").unwrap();
    emulator.stderr_until("the scenario files were loaded again");
    named(&emulator, "Between").await;
    fs::write(own.path(), "world: { ogs: [] }\n").unwrap();
    let told = emulator.stderr_until("everything stays as it was");
    assert!(told.contains("did you mean `orgs`?"), "{told}");
    named(&emulator, "Between").await;
    fs::write(own.path(), "world: { orgs: [ { name: Afterwards } ] }\n").unwrap();
    emulator.stderr_until("the scenario files were loaded again");
    named(&emulator, "Afterwards").await;
}

#[tokio::test]
async fn a_bad_file_at_sighup_is_told_and_everything_stays_as_it_was() {
    let own = file("world: { orgs: [ { name: Before } ] }\n");
    let mut emulator = Run::start(&["--scenario", path(&own)], &[]);
    fs::write(own.path(), "world: { ogs: [] }\n").unwrap();
    emulator.signal("HUP");
    let told = emulator.stderr_until("everything stays as it was");
    assert!(told.contains("did you mean `orgs`?"), "{told}");
    named(&emulator, "Before").await;
}

#[tokio::test]
async fn an_org_that_cannot_be_made_at_sighup_is_named_and_none_is_changed() {
    let two = |one: &str, other: &str| {
        format!(
            "include: []\nworld:\n  orgs:\n    - {{ id: org-a, {one} }}\n    - {{ id: org-b, {other} }}\n"
        )
    };
    let own = file(&two("name: A", "name: B"));
    let mut emulator = Run::start(&["--scenario", path(&own)], &[]);
    for (other, told) in [
        (
            "deployments: { d: { bot: nobody } }",
            "line 5 column 40: world: deployments.d: there is no bot `nobody`",
        ),
        ("clients: { c: { id: mine } }", "org org-b: the client id mine is taken by another org"),
    ] {
        fs::write(own.path(), two("name: Changed, clients: { c: { id: mine } }", other)).unwrap();
        emulator.signal("HUP");
        let said = emulator.stderr_until("everything stays as it was");
        assert!(said.contains(told), "{said}");
        assert_eq!(names(&emulator).await, ["A", "B"]);
    }
    fs::write(own.path(), two("name: Changed", "name: Too")).unwrap();
    emulator.signal("HUP");
    named(&emulator, "Too").await;
    assert_eq!(names(&emulator).await, ["Changed", "Too"]);
}

#[tokio::test]
async fn an_org_that_comes_with_sighup_is_the_default_one_if_there_is_none() {
    let own = file("include: []\n");
    let emulator = Run::start(&["--scenario", path(&own)], &[]);
    let key = async || {
        let answer = emulator.client.try_send("GET", "/api/v2/oauth/publickey", &[], "").await;
        answer.unwrap().status
    };
    assert_eq!(key().await, 404);
    let made = json!({ "scenario": "default", "name": "Made" });
    let made = emulator.client.admin("POST", "/orgs", Some(&made)).await;
    assert_eq!((made.status, key().await), (201, 404));
    fs::write(own.path(), "include: []\nworld: { orgs: [ { name: One }, { name: Two } ] }\n").unwrap();
    emulator.signal("HUP");
    named(&emulator, "Two").await;
    assert_eq!(key().await, 200);
    assert_eq!(emulator.client.admin("GET", "/clock", None).await.status, 200);
    assert_eq!(names(&emulator).await.len(), 3, "the one that was made at run time is none of the two");
}

#[tokio::test]
async fn what_the_command_line_says_goes_before_the_file_at_sighup_too() {
    let own = file("clock: 2030-01-01T00:00:00Z\n");
    let time = ["--clock", "2031-01-01T00:00:00Z", "--clock-rate", "0"];
    let emulator = Run::start(&[&["--scenario", path(&own)], &time[..]].concat(), &[]);
    fs::write(own.path(), "clock: 2032-01-01T00:00:00Z\nworld: { orgs: [ { name: After } ] }\n").unwrap();
    emulator.signal("HUP");
    named(&emulator, "After").await;
    let clock = emulator.client.admin("GET", "/clock", None).await.json();
    assert_eq!(clock["now"], "2031-01-01T00:00:00.000Z");
}
