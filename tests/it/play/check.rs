//! `check`, and the library's `check`: what holds, what does not, what cannot be used.

use insta::assert_snapshot;

use super::{file, path, played_in, run};

/// A fault that hits the first request for a guest token, and a client that does not expect it.
const BUSY: &str = "name: busy\nsummary: The guest API is busy once.\nfaults:\n  - id: busy\n    when: { path: /api/v2/webchat/guest }\n    schedule: { first: 1 }\n    effect: { respond: { code: too.many.requests.retry.after, retryAfter: 5s } }\nscripts:\n";

const TOKEN: &str = "      - say: The proxy fetches an access token.\n        http: POST /oauth/token\n        client: guest\n        form: { grant_type: client_credentials }\n        capture: { access: body.access_token }\n";

const GUEST: &str =
    "      - http: POST /api/v2/webchat/guest\n        bearer: ${access}\n        json: { name: Ann }\n";

fn busy(script: &str, rest: &str) -> tempfile::NamedTempFile {
    file(&format!("{BUSY}{script}{TOKEN}{GUEST}{rest}"))
}

#[tokio::test]
async fn a_story_that_is_built_in_is_played_by_its_name() {
    let checked = genesys_emulator::check("guest-429").await.unwrap();
    assert!(checked.holds(), "{checked}");
    assert!(checked.to_string().contains("POST /oauth/token \u{2192} reset"), "{checked}");
    let unknown = genesys_emulator::check("guest-428").await.unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "there is no scenario `guest-428`, neither built in nor as a file; did you mean `guest-429`?"
    );
}

#[test]
fn a_step_that_goes_wrong_is_told_with_the_difference_and_the_journal_around_it() {
    let wrong = busy("  hopeful:\n    steps:\n", "        expect: { status: 200, body.expires_in: 1800 }\n");
    let (code, out, err) = run(&["check", path(&wrong)]);
    assert_eq!((code, err.as_str()), (Some(3), ""));
    assert_snapshot!(out, @r"
    busy: The guest API is busy once.
      hopeful (is to pass)
        ok    1  POST /oauth/token → 200
                 The proxy fetches an access token.
        not   2  POST /api/v2/webchat/guest → 429
                 body.expires_in: expected 1800
                                  came nothing
                 status: expected 200
                         came 429
        WRONG  step 2 did not go as expected
        The journal around it:
               1  03:04:05.000  POST /oauth/token → 200
               2  03:04:05.000  POST /api/v2/webchat/guest → 429  refused: response.injected (A fault answers instead of the platform)  fault: busy
      DOES NOT HOLD

    Do not hold: 1 of 1: busy.
    ");
}

#[test]
fn a_script_that_is_to_fail_holds_when_it_fails_and_says_how() {
    let trapped = busy(
        "  naive:\n    expect: fail\n    steps:\n",
        "        sees: { status: 429, headers.retry-after: 5 }\n",
    );
    let (code, out, _) = run(&["check", path(&trapped)]);
    assert_eq!(code, Some(0), "{out}");
    let otherwise = busy("  naive:\n    expect: fail\n    steps:\n", "        sees: { status: 503 }\n");
    let (code, out, _) = run(&["check", path(&otherwise)]);
    assert_eq!(code, Some(3));
    assert!(out.contains("step 2 failed, but not as `sees` says: status: expected 503, came 429"), "{out}");
    let never = busy("  naive:\n    expect: fail\n    steps:\n", "        expect: { status: 429 }\n");
    let (code, out, _) = run(&["check", path(&never)]);
    assert_eq!(code, Some(3));
    assert!(out.contains("every step went well, and it was to fail"), "{out}");
}

#[test]
fn a_script_that_fails_at_another_step_than_it_says_does_not_hold() {
    let early = busy(
        "  naive:\n    expect: fail\n    steps:\n",
        "      - http: GET /api/v2/oauth/publickey\n        sees: { status: 404 }\n",
    );
    let (code, out, _) = run(&["check", path(&early)]);
    assert_eq!(code, Some(3));
    assert!(out.contains("it was to fail at step 3, and failed at step 2"), "{out}");
}

#[test]
fn what_the_journal_is_to_hold_is_counted_in_the_end() {
    let counted = |times: &str| {
        busy(
            "  careful:\n    steps:\n",
            &format!(
                "        expect: {{ status: 429 }}\nexpect: [ {{ match: {{ fault: busy }}, times: {times} }} ]\n"
            ),
        )
    };
    let (code, out, _) = run(&["check", path(&counted("1"))]);
    assert_eq!(code, Some(0), "{out}");
    let (code, out, _) = run(&["check", path(&counted("{ atLeast: 2 }"))]);
    assert_eq!(code, Some(3));
    assert!(out.contains("fault busy: expected at least 2, found 1 (2)"), "{out}");
}

#[test]
fn a_file_without_a_script_is_booted_and_the_output_says_so() {
    let (code, out, _) = run(&["check", "delay", "default"]);
    assert_eq!(code, Some(0));
    assert_snapshot!(out, @r"
    delay: The token endpoint takes 30 seconds of the org's time.
      has no script; the file is valid, and an emulator started with it
      holds

    default: One org with clients for every right and every lack of one, a bot that answers guests, and an identity provider.
      has no script; the file is valid, and an emulator started with it
      holds

    All hold: scenarios: 2, scripts: 0.
    ");
}

#[test]
fn a_bad_file_ends_with_2_whatever_else_holds() {
    let bad = file("faults: [ { effect: { rest: {} } } ]\n");
    let (code, out, _) = run(&["check", "delay", path(&bad)]);
    assert_eq!(code, Some(2));
    assert!(out.contains("CANNOT BE USED"), "{out}");
    assert!(out.contains("did you mean `reset`?"), "{out}");
    let (code, _, err) = run(&["check"]);
    assert_eq!(code, Some(2), "{err}");
}

#[test]
fn a_fault_that_nobody_misses_is_told_when_it_is_to_be_proved() {
    let missed = busy("  careful:\n    steps:\n", "        expect: { status: 429 }\n");
    let (code, out, _) = run(&["check", "--prove", path(&missed)]);
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains("proved: it does not hold without what makes it"), "{out}");
    let decoration = busy("  careless:\n    steps:\n", "        expect: { status: { atLeast: 200 } }\n");
    let (code, out, _) = run(&["check", "--prove", path(&decoration)]);
    assert_eq!(code, Some(3));
    assert!(out.contains("it holds without fault 1 too, so its scripts prove nothing of that"), "{out}");
}

#[tokio::test]
async fn time_stands_until_the_client_waits_and_the_same_file_is_played_the_same_way() {
    let steps = "      - open: /v1?deploymentId=${deployments.messaging}\n      - send: { action: configureSession, deploymentId: \"${deployments.messaging}\", token: t-1 }\n        expect: { class: SessionResponse }\n      - send: { action: onMessage, token: t-1, message: { type: Text, text: hi } }\n        expect: { body.text: hi }\n      - set: { before: \"${now}\" }\n        expect: {}\n      - expect: { body.text: \"You said: hi\" }\n      - set: { after: \"${now}\" }\n      - http: GET /.well-known/jwks.json\n        headers: { x-times: \"${before} ${after}\" }\n        timeout: 3s\n        expect: { error: timeout }\n      - set: { late: \"${now}\" }\n      - http: GET /.well-known/jwks.json\n        headers: { x-times: \"${before} ${after} ${late}\" }\n        expect: { status: 418 }\n";
    let slow = "faults:\n  - { when: { path: /.well-known/jwks.json }, schedule: { first: 1 }, effect: { delay: { for: 10s } } }\n  - { when: { path: /.well-known/jwks.json }, schedule: { skip: 1 }, effect: { respond: { status: 418 } } }\n";
    let (held, told) = played_in(slow, steps).await;
    assert!(held, "{told}");
    assert_eq!(played_in(slow, steps).await, (true, told));
}
