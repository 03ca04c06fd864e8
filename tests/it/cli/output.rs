//! What commands say, and to whom: stdout that nobody reads any more, and which logs are wanted.

use std::{io, process::Stdio};

use super::{Run, binary, run};

#[test]
fn whoever_has_read_enough_is_no_failure() {
    for args in [
        &["routes"][..],
        &["routes", "--output", "json"],
        &["scenarios"],
        &["schema"],
        &["completions", "bash"],
        &["completions", "fish"],
        &["env"],
        &["check", "world"],
    ] {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let output = binary().args(args).stdout(writer).output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert_ne!(output.status.code(), Some(101), "{args:?}: {err}");
        assert!(!err.contains("pipe"), "{args:?}: {err}");
    }
}

#[test]
fn a_stdout_that_takes_nothing_is_said() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = binary().arg("schema").stdout(Stdio::from(full)).output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert!(err.starts_with("genesys-emulator: stdout cannot be written: "), "{err}");
}

#[test]
fn a_variable_selects_what_is_logged_and_a_wrong_one_is_said() {
    let logs = |variable: &str| Run::start(&[], &[("RUST_LOG", variable)]).stopped().2;
    assert_eq!(logs("off"), "");
    assert_eq!(logs("warn,hyper=debug"), "");
    let wrong = logs("genesys_emulator=loud");
    assert!(wrong.contains("RUST_LOG"), "{wrong}");
    assert!(wrong.contains("expected levels such as `debug`"), "{wrong}");
    assert!(wrong.contains("\"ready\""), "all else is as without it: {wrong}");
}

#[test]
fn a_variable_of_a_command_is_known_to_the_others() {
    let variables = [("GENESYS_EMULATOR_OUTPUT", "json"), ("GENESYS_EMULATOR_OUTPTU", "json")];
    let logs = Run::start(&[], &variables).stopped().2;
    assert_eq!(logs.matches("unknown variable").count(), 1, "{logs}");
    assert!(logs.contains("\"did_you_mean\":\"GENESYS_EMULATOR_OUTPUT\""), "{logs}");
}

#[test]
fn a_ready_file_that_cannot_be_written_is_named() {
    let output = run(&["--listen", "127.0.0.1:0", "--ready-file", "/nowhere/ready.json"]);
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert!(err.contains("/nowhere/ready.json: "), "{err}");
}
