//! Forty broken scenario files: each is answered with line, column, and what was expected or meant.

use std::fmt::Write;

use super::told;
use crate::support::TestEmulator;

const HEAD: &str = "name: mine\nfaults:\n";

/// Faults, each as the lines of a list item.
fn faults(rest: &str) -> String {
    format!("{HEAD}{rest}")
}

/// One fault with this effect, on the fourth line.
fn effect(options: &str) -> String {
    faults(&format!("  - id: f\n    effect: {{ {options} }}\n"))
}

fn world(lines: &str) -> String {
    format!("name: mine\nworld:\n  orgs:\n{lines}")
}

fn broken() -> Vec<String> {
    let mut files: Vec<String> = [
        // no YAML
        "name: [mine\n",
        "name: 'mine\n",
        "name: mine\n\tsummary: tab\n",
        "name: mine\nname: again\n",
        "name: mine\nsummary: a: b\n",
        "name: *nobody\n",
        // no scenario
        "- name: mine\n",
        "name: mine\nsumary: one\n",
        "name: mine\nseed: minus one\n",
        "name: mine\nseed: -1\n",
        "name: mine\nclock: yesterday\n",
        "name: mine\ninclude: default\n",
        "name: mine\nfaults: none\n",
        "name: mine\nworld: []\n",
    ]
    .map(str::to_owned)
    .into();
    files.extend(
        [
            // no fault
            "  - efect: { reset: {} }\n",
            "  - id: f\n",
            "  - { id: f, effect: { reset: {} }, plan: [ { ok: 1 } ] }\n",
            "  - id: f\n    when: { surface: apis }\n    effect: { reset: {} }\n",
            "  - id: f\n    when: { pth: /x }\n    effect: { reset: {} }\n",
            "  - id: f\n    when: { path: x }\n    effect: { reset: {} }\n",
            "  - id: f\n    when: { action: echo }\n    effect: { reset: {} }\n",
            "  - id: f\n    schedule: { frist: 1 }\n    effect: { reset: {} }\n",
            "  - id: f\n    schedule: { first: 1, every: 2 }\n    effect: { reset: {} }\n",
            "  - id: f\n    schedule: { chance: 30 }\n    effect: { reset: {} }\n",
            "  - id: f\n    schedule: { for: soon }\n    effect: { reset: {} }\n",
            "  - id: f\n    phase: after\n    effect: { reset: {} }\n",
            "  - id: f\n    plan: [ { ok: often } ]\n",
            "  - id: f\n    plan: [ { reset: {}, times: 0 } ]\n",
            "  - id: f\n    of: everybody\n    effect: { reset: {} }\n",
            "  - { id: one, effect: { respond: { status: 503 } } }\n  - { id: two, effect: { delay: { for: 1s } } }\n",
        ]
        .map(faults),
    );
    files.extend(
        [
            "respnd: { status: 503 }",
            "respond: { stauts: 503 }",
            "respond: { status: 99 }",
            "respond: { code: not.fund }",
            "delay: { from: 2s, to: 1s }",
            "claims: { mode: expird }",
            "reset: {}, delay: { for: 1s }",
        ]
        .map(effect),
    );
    files.extend(
        [
            "    - clints: {}\n",
            "    - clients: { a: { scopes: [webchat:guest:wirte] } }\n",
            "    - guestTokens: { lifetime: long }\n",
        ]
        .map(world),
    );
    files
}

/// Where something is wrong, as a problem says it.
fn place(said: &str) -> Option<(u32, u32)> {
    let (_, rest) = said.split_once("line ")?;
    let (line, rest) = rest.split_once(" column ")?;
    let column: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some((line.parse().ok()?, column.parse().ok()?))
}

#[tokio::test]
async fn each_of_forty_broken_files_is_told_with_line_column_and_a_hint() {
    let emulator = TestEmulator::start().await;
    let files = broken();
    assert_eq!(files.len(), 40);
    let mut all = String::new();
    for file in &files {
        let answer =
            emulator.client.try_send("POST", "/__admin/scenarios/apply", &[], file.clone()).await.unwrap();
        let said = told(&answer);
        let first =
            said.lines().next().unwrap().trim_start_matches("400 -: scenario (request body): ").to_owned();
        assert_eq!(answer.status, 400, "{file}\n{said}");
        let (line, column) = place(&first).unwrap_or_else(|| panic!("{file}\nhas no place in\n{said}"));
        assert!(line as usize <= file.lines().count() + 1 && column > 0, "{file}\n{said}");
        // of what is no YAML the parser shows the place itself
        let shown = said.contains("\n  |");
        let known = [
            "expected",
            "did you mean",
            "give ",
            "leave ",
            "between ",
            "begins with",
            "at least",
            " are of ",
            "one with this",
            "contradict",
            "comes before",
            "not ",
            "found ",
        ];
        assert!(shown || known.iter().any(|hint| first.contains(hint)), "{file}\nhas no hint in\n{said}");
        let short: String = first.chars().take(200).collect();
        writeln!(all, "{short}").unwrap();
    }
    insta::assert_snapshot!(all, @"");
}
