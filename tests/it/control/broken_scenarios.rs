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
            "longer than",
            "not ",
            "found ",
        ];
        assert!(shown || known.iter().any(|hint| first.contains(hint)), "{file}\nhas no hint in\n{said}");
        let short: String = first.chars().take(200).collect();
        writeln!(all, "{short}").unwrap();
    }
    insta::assert_snapshot!(all, @"
    error: line 1 column 7: unclosed bracket '['
    error: line 2 column 1: invalid indentation in multiline quoted scalar
    error: line 1 column 7: while scanning a plain scalar, found a tab
    error: line 2 column 1: duplicate mapping key: name; each name is there once
    error: line 2 column 11: mapping values are not allowed in this context
    error: line 1 column 7: alias references unknown anchor
    error: line 1 column 1: the file is a list; expected a map, such as `{ name: … }`
    error: line 2 column 1: unknown field `sumary`, expected one of name, summary, include, params, seed, clock, world, faults, timeline, scripts, expect; did you mean `summary`?
    error: line 2 column 7: `seed` is `minus one`; expected a whole number, such as `seed: 7`
    error: line 2 column 7: `seed` is `-1`; expected a whole number, such as `seed: 7`
    error: line 2 column 8: `yesterday` is not a time; expected RFC 3339 such as 2026-01-02T03:04:05Z
    error: line 2 column 10: `include` is `default`; expected a list, such as `include: [default]`
    error: line 2 column 9: `faults` is `none`; expected a list, such as `faults: [ { effect: { reset: {} } } ]`
    error: line 2 column 8: `world` is a list; expected a map, such as `world: { orgs: [ { name: Mine } ] }`
    error: line 3 column 5: unknown field `efect`, expected one of id, of, when, schedule, phase, effect, plan; did you mean `effect`?
    line 3 column 5: fault `f`: it has no `effect` and no `plan`; give one
    line 3 column 5: fault `f`: it has an `effect` and a `plan`; give one
    error: line 4 column 22: unknown variant `apis`, expected one of login, api, cdn, webmessaging, streaming, uploads, idp, webhooks, unknown; did you mean `api`?
    error: line 4 column 13: unknown field `pth`, expected one of surface, method, path, host, client, user, deployment, guest, session, header, query, form, body, action, class, direction; did you mean `
    line 3 column 5: fault `f`: `when`: `path` begins with `/`
    line 3 column 5: fault `f`: `when`: `action`, `class`, `direction` and `session` are of frames; this effect is not
    error: line 4 column 17: unknown field `frist`, expected one of first, nth, every, skip, chance, between, until, for, while; did you mean `first`?
    line 3 column 5: fault `f`: `schedule`: `first` and `every` contradict each other; give one
    line 3 column 5: fault `f`: `schedule`: `chance` is between 0 and 1
    error: line 4 column 22: `soon` is not a duration; expected `250ms`, `2s`, `1h30m` or an integer of milliseconds
    error: line 4 column 12: unknown variant `after`, expected one of before, commit
    error: line 4 column 19: `ok` is a number of matches, or `{}` for one
    error: line 4 column 13: a step lasts for at least one match
    error: line 4 column 9: unknown variant `everybody`, expected one of org, emulator
    line 4 column 5: fault `two`: it never bites: fault `one` comes before it, and ends all that it is about; leave one of them out, or give `one` a `schedule`
    error: line 4 column 15: unknown field `respnd`, expected one of respond, rate_limit, quota, limit_connections, delay, refuse_connection, reset, lose_response, close_connection, slow_close, half_open,
    error: line 4 column 26: unknown field `stauts`, expected one of status, code, message, headers, body, bytes, retryAfter; did you mean `status`?
    line 3 column 5: fault `f`: `respond`: `status` 99 is not between 200 and 599
    line 3 column 5: fault `f`: `respond`: `not.fund` is not a code of the vendor; give `status` too, did you mean `not.found`?
    line 3 column 5: fault `f`: `delay`: `from` is longer than `to`
    error: line 4 column 31: unknown variant `expird`, expected one of expired, token_expired, not_yet_valid, token_not_yet_valid, exp_missing, exp_in_milliseconds, exp_in_ms, issuer_mismatch, wrong_iss, 
    error: line 4 column 13: an `effect` has one effect, not `delay` and `reset`; give each a fault of its own
    error: line 4 column 7: unknown field `clints`, expected one of id, name, region, defaultLanguage, defaultCountryCode, scopeChecks, tokenTimes, idleTokenTimeout, accessTokens, guestTokens, limits, cli
    error: line 4 column 32: unknown scope `webchat:guest:wirte`, did you mean `webchat:guest:write`?
    error: line 4 column 32: `long` is not a duration; expected `250ms`, `2s`, `1h30m` or an integer of milliseconds
    ");
}
