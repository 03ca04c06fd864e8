//! What `check` writes for programs.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{file, path, run};

const WRONG: &str = "name: wrong\nsummary: A <wrong> one.\nscripts:\n  hopeful:\n    steps:\n      - say: Nobody has such a token.\n        http: GET /api/v2/tokens/me\n        bearer: none\n";

#[test]
fn junit_has_a_case_for_each_script_and_the_difference_in_the_failure() {
    let wrong = file(WRONG);
    let (code, out, err) = run(&["check", "--format", "junit", "idp-down", "delay", path(&wrong)]);
    assert_eq!((code, err.as_str()), (Some(3), ""));
    assert_snapshot!(out, @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="genesys-emulator check">
      <testsuite name="idp-down" tests="2" failures="0">
        <testcase classname="idp-down" name="naive"/>
        <testcase classname="idp-down" name="correct"/>
      </testsuite>
      <testsuite name="delay" tests="1" failures="0">
        <testcase classname="delay" name="boots"/>
      </testsuite>
      <testsuite name="wrong" tests="1" failures="1">
        <testcase classname="wrong" name="hopeful"><failure message="step 1 did not go as expected">step 1 did not go as expected&#10;GET /api/v2/tokens/me → 401&#10;status: expected at most 399, came 401&#10;     1  03:04:05.000  GET /api/v2/tokens/me → 401  refused: token.unknown (The access token is not of this org)</failure></testcase>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn github_gets_an_annotation_at_the_line_of_the_step() {
    let wrong = file(WRONG);
    let (code, out, err) = run(&["check", "--format", "github", "delay", path(&wrong)]);
    assert_eq!((code, err.as_str()), (Some(3), ""));
    assert_snapshot!(out.replace(path(&wrong), "wrong.yaml"), @r"
    ::error file=wrong.yaml,line=6,title=wrong%2C hopeful::step 1 did not go as expected%0AGET /api/v2/tokens/me → 401%0Astatus: expected at most 399, came 401%0A     1  03:04:05.000  GET /api/v2/tokens/me → 401  refused: token.unknown (The access token is not of this org)
    Do not hold: 1 of 2: wrong.
    ");
}

#[test]
fn json_is_one_object_with_every_step() {
    let wrong = file(WRONG);
    let (code, out, _) = run(&["check", "--format", "json", "idp-down", path(&wrong)]);
    assert_eq!(code, Some(3));
    let all: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(all["held"], false);
    let [good, bad] = &all["scenarios"].as_array().unwrap()[..] else { panic!("{all}") };
    assert_eq!((&good["name"], &good["held"]), (&json!("idp-down"), &json!(true)));
    assert_eq!((&good["scripts"][0]["name"], &good["scripts"][0]["toFail"]), (&json!("naive"), &json!(true)));
    let step = json!({
        "step": 1, "line": 6, "did": "GET /api/v2/tokens/me", "say": "Nobody has such a token.", "came": "401",
        "outcome": "differed", "differences": [{ "at": "status", "expected": "at most 399", "seen": "401" }],
    });
    assert_eq!(bad["scripts"][0]["steps"], json!([step]));
    assert_eq!(bad["scripts"][0]["problem"], "step 1 did not go as expected");
}
