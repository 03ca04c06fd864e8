//! Scripts that cannot be meant are told when the file is loaded, with the line.

use super::{file, path};

/// What is said of a file with these steps.
async fn said(steps: &str) -> String {
    let file = file(&format!("name: own\nscripts:\n  only:\n    steps:\n{steps}"));
    let told = genesys_emulator::check(path(&file)).await.unwrap_err().to_string();
    told.replace(path(&file), "own.yaml")
}

#[tokio::test]
async fn a_mistake_in_a_script_is_told_with_its_line_and_what_may_have_been_meant() {
    let step = |text: &str| format!("      - {text}\n");
    let get = "http: GET /x";
    for (text, told) in [
        (
            "say: Nothing.".to_owned(),
            "line 5 column 9: scripts.only, step 1: a step says what is done; expected one of http, admin, open, send, expect, close, signIn, clock, verify, set",
        ),
        (
            format!("{get}\n        admin: GET /clock"),
            "line 5 column 9: scripts.only, step 1: a step does one thing; this one has `http` and `admin`",
        ),
        (
            "http: /x".to_owned(),
            "line 5 column 9: scripts.only, step 1: `/x` is no request; expected method and path, such as `POST /oauth/token`",
        ),
        (
            "open: v1".to_owned(),
            "line 5 column 9: scripts.only, step 1: `v1` is no target; expected a path such as /oauth/token",
        ),
        (
            format!("{get}\n        json: {{}}\n        text: x"),
            "line 5 column 9: scripts.only, step 1: a request has one body; give one of json, form, text, base64",
        ),
        (
            format!("{get}\n        client: guest\n        bearer: x"),
            "line 5 column 9: scripts.only, step 1: `client` and `bearer` are both credentials; give one",
        ),
        (
            format!("{get}\n        keys: {{}}"),
            "line 5 column 9: scripts.only, step 1: `keys` is nothing for `http`; it takes client, bearer, headers, query, json, form, text, base64, timeout",
        ),
        (
            "clock: { advance: 1s }\n        timeout: 1s".to_owned(),
            "line 5 column 9: scripts.only, step 1: `timeout` is nothing for `clock`; it takes none of these",
        ),
        ("verify: x".to_owned(), "line 5 column 9: scripts.only, step 1: `verify` needs `keys`"),
        (
            "signIn: {}".to_owned(),
            "line 5 column 9: scripts.only, step 1: `signIn` needs a `person`, or at the platform a `user`",
        ),
        (
            "signIn: { person: a, user: b }".to_owned(),
            "line 5 column 9: scripts.only, step 1: `signIn` has a `person` at a provider, or a `user` at the platform, not both",
        ),
        (format!("{get}\n        times: 0"), "line 5 column 9: scripts.only, step 1: `times` counts from 1"),
        (
            format!("{get}\n        sees: {{}}"),
            "line 5 column 9: scripts.only, step 1: `sees` is of scripts with `expect: fail`; use `expect`",
        ),
        (
            format!("{get}\n        capture: {{ token: body | clams }}"),
            "line 5 column 9: scripts.only, step 1: there is no filter `clams`; did you mean `claims`?",
        ),
        (
            format!("{get}\n        capture: {{ token: body }}\n      - {get}\n        bearer: ${{tokn}}"),
            "line 7 column 9: scripts.only, step 2: nothing is called `tokn` here; did you mean `token`?",
        ),
    ] {
        assert_eq!(said(&step(&text)).await, format!("scenario own.yaml: {told}"));
    }
}

#[tokio::test]
async fn an_unknown_member_of_a_step_is_told_with_line_and_column() {
    let told = said("      - htp: GET /x\n").await;
    assert!(told.contains("line 5 column 9: unknown field `htp`"), "{told}");
    assert!(told.contains("did you mean `http`?"), "{told}");
}

#[tokio::test]
async fn a_script_without_steps_and_two_traps_are_told() {
    let one = |text: &str| file(&format!("name: own\nscripts:\n  only:\n{text}"));
    for (text, told) in [
        ("    expect: fail\n", "line 3 column 3: scripts.only has no steps"),
        (
            "    expect: fail\n    steps:\n      - { http: GET /x, sees: {} }\n      - { http: GET /x, sees: {} }\n",
            "line 3 column 3: scripts.only: `sees` is at one step at the most",
        ),
    ] {
        let said = genesys_emulator::check(path(&one(text))).await.unwrap_err().to_string();
        assert!(said.ends_with(told), "{said}");
    }
    for (expect, told) in [
        ("times: 1", "line 2 column 11: `match`: is missing: say what entries are like, or give `order`"),
        (
            "match: { status: 4x }",
            "line 2 column 11: `match.status`: `4x` is no status; expected 100 to 599, or a class such as 4xx",
        ),
        (
            "match: { status: 4xx }, within: 1s",
            "line 2 column 11: `within` and `neverFor` wait, and a scenario is over by then",
        ),
    ] {
        let wrong = file(&format!("name: own\nexpect: [ {{ {expect} }} ]\n"));
        let said = genesys_emulator::check(path(&wrong)).await.unwrap_err().to_string();
        assert!(said.ends_with(told), "{said}");
    }
}
