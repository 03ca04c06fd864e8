//! `demo` and `scenarios`: what people are told.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{file, path, run};
use crate::cli::process::Run;

/// The output, with the one number in it that is another each time.
fn told(args: &[&str]) -> (Option<i32>, String) {
    let (code, out, err) = run(&[&["demo"], args].concat());
    assert_eq!(err, "");
    let port = out.split("http://127.0.0.1:").nth(1).unwrap();
    let port: String = port.chars().take_while(char::is_ascii_digit).collect();
    (code, out.replace(&port, "PORT"))
}

#[test]
fn a_demo_tells_who_sends_what_to_whom_what_comes_back_and_why() {
    let (code, out) = told(&["scope-403"]);
    assert_eq!(code, Some(0), "{out}");
    let (naive, correct) = out.split_once("\n\u{2500}\u{2500} The correct client ").unwrap();
    assert!(correct.contains("4  Ten minutes later an administrator has granted it.\n"), "{correct}");
    assert_snapshot!(naive, @r#"
    scope-403
    The token is good, but its client lacks the scope for guest tokens until an administrator grants it ten minutes later.

    The emulator is at http://127.0.0.1:PORT; what begins with $ can be typed in a second terminal.

    ── The naive client ────────────────────────────────────────

     1  The proxy fetches an access token, and gets one.
        client → the login service: POST /oauth/token
        $ curl -si 'http://127.0.0.1:PORT/oauth/token' -H 'authorization: Basic ZW11bGF0b3ItZ3Vlc3QtY2xpZW50OmVtdWxhdG9yLWd1ZXN0LXNlY3JldA==' -H 'content-type: application/x-www-form-urlencoded' --data-raw 'grant_type=client_credentials'
        ← 200 {"access_token":"h9luB9G_flqKkSNvz0vVEE7gRUBnlIg_le0dt_lus0Gz-i8V","expires_in":3600,"token_type":"bearer"}

     2  It asks for a guest token, and is forbidden to.
        client → the platform's API: POST /api/v2/webchat/guest
        $ curl -si 'http://127.0.0.1:PORT/api/v2/webchat/guest' -H 'authorization: Bearer h9luB9G_flqKkSNvz0vVEE7gRUBnlIg_le0dt_lus0Gz-i8V' -H 'content-type: application/json' --data-raw '{"name":"Ann"}'
        ← 403 {"code":"app.not.authorized.for.scope","contextId":"ce8c5a36-ff6b-4372-a46c-6311e122de80","details":[],"errors":[],"message":"App not authorized to use scope webchat:guest:write","messageParams":{"scope":"webchat:guest:w…
        why: A fault denies scope webchat:guest:write (scope.denied), fault scope-403

     3  It believes that the token is bad and fetches another one.
        client → the login service: POST /oauth/token
        $ curl -si 'http://127.0.0.1:PORT/oauth/token' -H 'authorization: Basic ZW11bGF0b3ItZ3Vlc3QtY2xpZW50OmVtdWxhdG9yLWd1ZXN0LXNlY3JldA==' -H 'content-type: application/x-www-form-urlencoded' --data-raw 'grant_type=client_credentials'
        ← 200 {"access_token":"h9luB9G_MhCi2XuSb-KFKG6VnwEOX4Xt36ijySpN8rdy758e","expires_in":3600,"token_type":"bearer"}

     4  The new one has the same scopes.
        client → the platform's API: POST /api/v2/webchat/guest
        $ curl -si 'http://127.0.0.1:PORT/api/v2/webchat/guest' -H 'authorization: Bearer h9luB9G_MhCi2XuSb-KFKG6VnwEOX4Xt36ijySpN8rdy758e' -H 'content-type: application/json' --data-raw '{"name":"Ann"}'
        ← 403 {"code":"app.not.authorized.for.scope","contextId":"51725a42-aeb6-40f7-bb3b-6ef3aea70cb8","details":[],"errors":[],"message":"App not authorized to use scope webchat:guest:write","messageParams":{"scope":"webchat:guest:w…
        why: A fault denies scope webchat:guest:write (scope.denied), fault scope-403
        The client expected status to be at most 399, and it is 403.

    What this client sees: A proxy takes the 403 for a bad token, fetches a new one, and asks again for ever.
    "#);
}

#[test]
fn the_four_short_names_are_told_without_a_terminal_and_end_with_what_is_right() {
    for name in ["key-rotation", "rate-limit", "nonce-mismatch", "scope-403"] {
        let (code, out) = told(&[name, "--speed", "0"]);
        assert_eq!(code, Some(0), "{name}: {out}");
        let last = out.lines().last().unwrap();
        assert!(last.starts_with("What a correct client does: "), "{name}: {last}");
        assert!(!out.contains('\u{1b}'), "no colours where nobody sees them");
    }
}

#[test]
fn frames_are_told_too_and_a_speed_takes_its_time() {
    let (code, out) = told(&["session-expires-mid-chat", "--speed", "1000"]);
    assert_eq!(code, Some(0), "{out}");
    for line in [
        "client \u{2192} the messaging socket: open socket /v1",
        "    $ websocat 'ws://127.0.0.1:PORT/v1?deploymentId=00000000-0000-4000-8000-0000000000cc'",
        "the messaging socket \u{2192} client: listen",
        "time passes: clock advance 15m",
        "The client expected body.text to be \u{201c}wait\u{201d}, and it is nothing.",
    ] {
        assert!(out.contains(line), "{line}\n{out}");
    }
}

#[tokio::test]
async fn attached_to_a_running_emulator_it_is_played_there_and_the_clock_runs_on_afterwards() {
    let emulator = Run::start(&["--clock", "2026-01-02T03:04:05Z"], &[]);
    let url = format!("http://{}", emulator.address());
    let (code, out) = told(&["nonce-mismatch", "--attach", &url]);
    assert_eq!(code, Some(0), "{out}");
    let journal = emulator.client.admin("GET", "/journal?rule=nonce.mismatch", None).await.json();
    assert_eq!(journal["entities"].as_array().unwrap().len(), 1, "of the last script");
    let clock = emulator.client.admin("GET", "/clock", None).await.json();
    assert_eq!(clock["frozen"], false);

    let own = file(
        "name: own\nsummary: Own.\nfaults: [ { id: own, effect: { respond: { status: 418 } } } ]\nscripts:\n  only:\n    summary: Nothing.\n    steps:\n      - http: GET /api/v2/tokens/me\n        expect: { status: 418 }\n",
    );
    let (code, out) = told(&[path(&own), "--attach", &url]);
    assert_eq!(code, Some(0), "{out}");
    let faults = emulator.client.admin("GET", "/faults", None).await.json();
    assert_eq!(faults["entities"][0]["id"], "own");
}

#[test]
fn what_cannot_be_told_says_why() {
    let guarded = Run::start(&["--admin-token", "sesame"], &[]);
    let guarded = format!("http://{}", guarded.address());
    for (args, code, words) in [
        (
            vec!["delay"],
            2,
            "the scenario delay has no script, so there is nothing to tell; try key-rotation, rate-limit, scope-403, nonce-mismatch, or what `scenarios` lists",
        ),
        (vec!["key-rotaton"], 2, "did you mean `key-rotation`?"),
        (
            vec!["rate-limit", "--attach", "emulator:4363"],
            2,
            "`emulator:4363` is not the http URL of an emulator",
        ),
        (vec!["rate-limit", "--attach", "http://127.0.0.1:1"], 1, "nobody answers at http://127.0.0.1:1"),
        (vec!["rate-limit", "--attach", &guarded], 2, "wants an --admin-token"),
        (vec!["rate-limit", "--speed", "fast"], 2, "`fast` is not a speed; expected a number from 0 to 1000"),
    ] {
        let (ended, out, err) = run(&[&["demo"], &args[..]].concat());
        assert_eq!((ended, out.as_str()), (Some(code), ""), "{err}");
        assert!(err.contains(words), "{err}");
    }
}

#[test]
fn a_story_that_does_not_go_as_it_says_is_told_and_ends_with_3() {
    let own = file(
        "name: own\nsummary: Own.\nscripts:\n  only:\n    steps:\n      - http: GET /api/v2/tokens/me\n",
    );
    let (code, out) = told(&[path(&own)]);
    assert_eq!(code, Some(3));
    assert!(out.contains("This did not go as the story says: step 1 did not go as expected"), "{out}");
}

#[test]
fn scenarios_lists_what_is_built_in() {
    let (code, out, _) = run(&["scenarios"]);
    assert_eq!(code, Some(0));
    for line in [
        "Worlds\n  default ",
        "  guest-429                      A busy page runs into the guest API's limit, and the token endpoint stumbles on the retry. (also `rate-limit`)\n",
        "Faults, one each\n  bandwidth ",
    ] {
        assert!(out.contains(line), "{line}\n{out}");
    }
    let (code, out, _) = run(&["scenarios", "--output", "json"]);
    assert_eq!(code, Some(0));
    let all: Vec<Value> = serde_json::from_str(&out).unwrap();
    let one = all.iter().find(|one| one["name"] == "scope-403").unwrap();
    assert_eq!((&one["folder"], &one["scripts"]), (&json!("stories"), &json!(["correct", "naive"])));
    assert!(all.iter().all(|one| one["summary"].as_str().unwrap().ends_with('.')), "{out}");
}
