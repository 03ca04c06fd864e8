//! Ready line, ready file, exit codes, `health`.

use std::fs;

use serde_json::{Value, json};

use super::{Run, binary, run};
use crate::support::scenario;

fn said(output: &std::process::Output) -> (Option<i32>, &str, &str) {
    let text = |bytes| std::str::from_utf8(bytes).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[tokio::test]
async fn one_line_on_stdout_says_that_everything_is_bound_and_ready() {
    let emulator = Run::start(&["serve"], &[]);
    let url = emulator.client.base.clone();
    let org = json!({
        "id": "00000000-0000-4000-8000-0000000000aa",
        "clientId": "emulator-client",
        "clientSecret": "emulator-secret",
        "deploymentId": "00000000-0000-4000-8000-0000000000cc",
    });
    let admin = format!("{url}/__admin");
    assert_eq!(
        emulator.ready,
        json!({ "event": "ready", "url": url, "admin": admin, "seed": 1, "org": org })
    );
    assert_eq!(emulator.client.admin("GET", "/health", None).await.status, 200);
    let (code, rest, logs) = emulator.stopped();
    assert_eq!((code, rest.as_str()), (Some(0), ""), "stdout carries the ready line alone");
    let first: Value = serde_json::from_str(logs.lines().next().unwrap()).unwrap();
    assert_eq!(first["fields"]["message"], "ready", "logs are json where there is no terminal");
}

#[test]
fn the_ready_file_holds_the_ready_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ready.json");
    let emulator = Run::start(&["--ready-file", file.to_str().unwrap()], &[]);
    let written: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(written, emulator.ready);
    let names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["ready.json"], "nothing half-written is left");
}

#[test]
fn the_org_of_the_ready_line_is_null_when_there_is_none() {
    let file = scenario::file("include: []\n");
    let emulator = Run::start(&["--scenario", scenario::path(&file)], &[]);
    assert_eq!(emulator.ready["org"], Value::Null);
}

#[test]
fn an_unknown_flag_is_usage_and_the_nearest_one_is_named() {
    let output = run(&["serve", "--sede", "7"]);
    let (code, out, err) = said(&output);
    assert_eq!((code, out), (Some(2), ""));
    assert!(err.contains("unexpected argument '--sede'"), "{err}");
    assert!(err.contains("a similar argument exists: '--seed'"), "{err}");
}

#[test]
fn values_that_cannot_be_meant_are_usage() {
    for (args, words) in [
        (["--seed", "seven"], "`seven` is not a seed; expected a number or `random`"),
        (
            ["--clock", "noon"],
            "`noon` is not a time; expected RFC 3339 such as 2026-01-02T03:04:05Z, or `system`",
        ),
        (
            ["--clock-rate", "fast"],
            "`fast` is not a rate; expected a number from 0 (frozen) to 1,000,000, or `auto`",
        ),
        (
            ["--public-url", "emulator:4363"],
            "`emulator:4363` is not an http or https URL such as http://emulator:4363",
        ),
        (["--limits", "maybe"], "[possible values: on, off]"),
    ] {
        let output = run(&args);
        let (code, out, err) = said(&output);
        assert_eq!((code, out), (Some(2), ""), "{args:?}");
        assert!(err.contains(words), "{args:?}: {err}");
    }
}

#[test]
fn a_scenario_that_is_not_there_is_a_matter_of_configuration() {
    let output = run(&["--listen", "127.0.0.1:0", "--scenario", "guest-492"]);
    let (code, out, err) = said(&output);
    assert_eq!((code, out), (Some(2), ""));
    assert_eq!(
        err,
        "genesys-emulator: there is no scenario `guest-492`, neither built in nor as a file; did you mean `guest-429`?\n"
    );
}

#[test]
fn an_address_in_use_has_an_exit_code_of_its_own() {
    let running = Run::start(&[], &[]);
    let output = run(&["--listen", running.address()]);
    let (code, out, err) = said(&output);
    assert_eq!((code, out), (Some(4), ""));
    let words = "is in use by another program; --listen takes another address, port 0 takes a free one";
    assert_eq!(err, format!("genesys-emulator: {} {words}\n", running.address()));
}

#[test]
fn an_address_that_is_not_to_be_had_is_a_matter_of_configuration() {
    let output = run(&["--listen", "192.0.2.1:1"]);
    let (code, _, err) = said(&output);
    assert_eq!(code, Some(2));
    assert!(err.starts_with("genesys-emulator: cannot listen on 192.0.2.1:1: "), "{err}");
}

#[test]
fn health_is_fine_while_it_runs_and_not_afterwards() {
    let emulator = Run::start(&[], &[]);
    let address = emulator.address().to_owned();
    let url = format!("http://{address}/");
    assert_eq!(said(&run(&["health", "--url", &url])), (Some(0), "", ""));
    assert_eq!(run(&["health", "--listen", &address]).status.code(), Some(0));
    let of_variable = binary().arg("health").env("GENESYS_EMULATOR_LISTEN", &address).output().unwrap();
    assert_eq!(of_variable.status.code(), Some(0));
    emulator.stopped();
    let output = run(&["health", "--listen", &address]);
    let (code, out, err) = said(&output);
    assert_eq!((code, out), (Some(1), ""));
    assert!(err.starts_with(&format!("{address} does not answer: ")), "{err}");
}

#[test]
fn health_does_not_need_the_admin_token() {
    let emulator = Run::start(&["--admin-token", "s3cret"], &[]);
    assert_eq!(run(&["health", "--listen", emulator.address()]).status.code(), Some(0));
}

#[test]
fn help_and_version_are_data() {
    let output = run(&["--version"]);
    assert_eq!(said(&output), (Some(0), "genesys-emulator 0.1.0\n", ""));
    let output = run(&["serve", "--help"]);
    let (code, out, err) = said(&output);
    assert_eq!((code, err), (Some(0), ""));
    for flag in ["--listen", "--admin-listen", "--scenario", "--seed", "--clock", "--clock-rate", "--limits"]
    {
        assert!(out.contains(flag), "{flag}: {out}");
    }
}
