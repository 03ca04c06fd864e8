//! `exec`: an emulator for one command.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    os::unix::fs::PermissionsExt,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{binary, run};
use crate::support::scenario;

/// Runs a script with an emulator of its own.
fn exec(flags: &[&str], script: &str) -> Output {
    binary().arg("exec").args(flags).args(["--", "sh", "-c", script]).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn the_command_finds_an_emulator_by_its_environment_and_stdout_is_its_own() {
    let output = exec(&["--seed", "7", "--admin-token", "t"], "env | grep ^GENESYS_EMULATOR_ | sort");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    let url = said.lines().find_map(|line| line.strip_prefix("GENESYS_EMULATOR_URL=")).unwrap();
    insta::assert_snapshot!(said.replace(url, "BASE"), @r"
    GENESYS_EMULATOR_ADMIN_TOKEN=t
    GENESYS_EMULATOR_ADMIN_URL=BASE/__admin
    GENESYS_EMULATOR_AUTH_DEPLOYMENT_ID=00000000-0000-4000-8000-0000000000cd
    GENESYS_EMULATOR_CLIENT_ID=emulator-client
    GENESYS_EMULATOR_CLIENT_SECRET=emulator-secret
    GENESYS_EMULATOR_DEPLOYMENT_ID=00000000-0000-4000-8000-0000000000cc
    GENESYS_EMULATOR_IDP_URL=BASE/idp/main
    GENESYS_EMULATOR_ORG_ID=00000000-0000-4000-8000-0000000000aa
    GENESYS_EMULATOR_SEED=7
    GENESYS_EMULATOR_URL=BASE
    ");
}

#[test]
fn it_is_ready_when_the_command_starts_and_gone_when_it_has_ended() {
    let program = env!("CARGO_BIN_EXE_genesys-emulator");
    let output =
        exec(&[], &format!("echo $GENESYS_EMULATOR_URL; {program} health && {program} ctl clock advance 1h"));
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let url = text(&output.stdout).lines().next().unwrap();
    assert_eq!(run(&["health", "--url", url]).status.code(), Some(1));
}

#[test]
fn an_org_that_is_not_there_has_no_variables_whatever_was_set_before() {
    let file = scenario::file("include: []\n");
    let output = binary()
        .env("GENESYS_EMULATOR_ORG_ID", "of before")
        .args([
            "exec",
            "--scenario",
            scenario::path(&file),
            "--",
            "sh",
            "-c",
            "echo \"<$GENESYS_EMULATOR_ORG_ID>\"",
        ])
        .output()
        .unwrap();
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), "<>\n"));
}

#[test]
fn the_exit_code_of_the_command_comes_back_in_any_shell() {
    let program = env!("CARGO_BIN_EXE_genesys-emulator");
    for shell in ["sh", "bash"] {
        let script = format!(
            "{program} exec -- {shell} -c 'exit 7'; echo $?; {program} exec -- {shell} -c 'kill -9 $$'; echo $?"
        );
        let output = Command::new(shell).args(["-c", &script]).output().unwrap();
        assert_eq!(text(&output.stdout), "7\n137\n", "{}", text(&output.stderr));
    }
}

#[test]
fn a_command_that_cannot_be_started_is_told_with_the_codes_of_shells() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("no-program");
    fs::write(&file, "words").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    for (command, code, words) in [
        (
            "no-such-program",
            127,
            "`no-such-program` cannot be started: there is no such program in any folder of PATH\n",
        ),
        ("./no-such-program", 127, "`./no-such-program` cannot be started: there is no such program there\n"),
        (file.to_str().unwrap(), 126, "cannot be started: Permission denied"),
    ] {
        let output = run(&["exec", "--", command]);
        let said = text(&output.stderr);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(code), ""), "{said}");
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn an_emulator_that_cannot_be_started_runs_no_command() {
    let output = exec(&["--scenario", "guest-492"], "echo ran");
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""));
    assert!(text(&output.stderr).contains("did you mean `guest-429`?"), "{}", text(&output.stderr));
    let output = run(&["exec", "--seed", "7"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn people_are_told_what_happened_and_how_to_repeat_it() {
    let program = env!("CARGO_BIN_EXE_genesys-emulator");
    let script = format!("{program} ctl faults list >&2");
    let made = exec(&[], &format!("{program} ctl orgs create ttl=1h"));
    let told = "0 requests and 0 frames in the orgs that are left, 2; made meanwhile: 1";
    assert!(text(&made.stderr).contains(told), "{}", text(&made.stderr));
    let output = exec(&["--scenario", "guest-429", "--seed", "7"], &script);
    let said = text(&output.stderr);
    let (_, summary) = said.split_once("genesys-emulator: `").unwrap();
    let took = summary.split(" after ").nth(1).unwrap().split(' ').next().unwrap();
    insta::assert_snapshot!(summary.replace(program, "PROGRAM").replace(took, "SOME"), @r"
    sh -c 'PROGRAM ctl faults list >&2'` ended with 0 after SOME s
      0 requests and 0 frames; faults: guest-429 0×, token-storm 0×
      scenario guest-429, seed 7: --seed 7 draws the same again
      verification failed: 2 things are not as they are to be
      - fault `guest-429` never fired: nothing came that it is about
      - fault `token-storm` never fired: nothing came that it is about
    ");
}

#[test]
fn a_matrix_runs_the_command_once_for_each_and_the_first_bad_code_is_the_last_word() {
    let script =
        "echo $GENESYS_EMULATOR_SEED; test $GENESYS_EMULATOR_SEED = 1 || exit $GENESYS_EMULATOR_SEED";
    let files = ["seed: 5", "seed: 6"].map(scenario::file);
    let rows = [format!("respond+{}", scenario::path(&files[0])), scenario::path(&files[1]).to_owned()];
    let flags = ["--matrix", "default", "--matrix", &rows[0], "--matrix", &rows[1]];
    let output = exec(&flags, script);
    assert_eq!(
        (output.status.code(), text(&output.stdout)),
        (Some(5), "1\n5\n6\n"),
        "{}",
        text(&output.stderr)
    );
    assert!(
        text(&output.stderr).contains("genesys-emulator: run 2 of 3: respond, "),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn a_report_says_of_each_run_how_the_command_ended() {
    let script = "test $GENESYS_EMULATOR_SEED = 1";
    let seed = scenario::file("seed: 5");
    let flags = ["--matrix", "default", "--matrix", scenario::path(&seed)];
    let report = |more: &[&str]| {
        let output = exec(&[&flags[..], more].concat(), script);
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
        text(&output.stdout).replace(scenario::path(&seed), "seed.yaml")
    };
    insta::assert_snapshot!(report(&["--report", "junit"]), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="genesys-emulator exec">
      <testsuite name="default" tests="1" failures="0">
        <testcase classname="default" name="command"/>
      </testsuite>
      <testsuite name="seed.yaml" tests="1" failures="1">
        <testcase classname="seed.yaml" name="command"><failure message="`sh -c 'test $GENESYS_EMULATOR_SEED = 1'` ended with 1">`sh -c 'test $GENESYS_EMULATOR_SEED = 1'` ended with 1</failure></testcase>
      </testsuite>
    </testsuites>
    "#);
    insta::assert_snapshot!(report(&["--report", "github"]), @r"
    ::error file=seed.yaml,title=seed.yaml%2C command::`sh -c 'test $GENESYS_EMULATOR_SEED = 1'` ended with 1
    Do not hold: 1 of 2: seed.yaml.
    ");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    assert_eq!(report(&["--report", "json", "--report-file", file.to_str().unwrap()]), "");
    let written: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    let held: Vec<_> = written["scenarios"].as_array().unwrap().iter().map(|run| &run["held"]).collect();
    assert_eq!(held, [&json!(true), &json!(false)]);
    assert_eq!(report(&["--report", "json", "--report-file", "/no/such/folder/report.json"]), "");
}

/// A command that runs until it is told to end, once it has said that it is there.
struct Running {
    exec: Child,
    stdout: BufReader<std::process::ChildStdout>,
}

impl Running {
    fn start(script: &str) -> Self {
        let mut exec =
            binary().args(["exec", "--", "sh", "-c", script]).stdin(Stdio::piped()).spawn().unwrap();
        let stdout = BufReader::new(exec.stdout.take().unwrap());
        let mut running = Self { exec, stdout };
        assert_eq!(running.line(), "ready\n");
        running
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.exec.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// What else was said, once nobody is left who could say anything.
    fn rest(&mut self) -> String {
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        rest
    }
}

/// Waits for its stdin without end.
const WAIT: &str = "while read -r line; do :; done";

#[test]
fn signals_reach_the_command_and_its_answer_counts() {
    for signal in ["TERM", "INT", "HUP", "USR1"] {
        let script = format!("trap 'echo got {signal}; exit 5' {signal}; echo ready; {WAIT}");
        let mut running = Running::start(&script);
        running.signal(signal);
        assert_eq!(running.rest(), format!("got {signal}\n"));
        assert_eq!(running.exec.wait().unwrap().code(), Some(5));
    }
    let mut running = Running::start(&format!("echo ready; {WAIT}"));
    running.signal("TERM");
    assert_eq!((running.rest(), running.exec.wait().unwrap().code()), (String::new(), Some(128 + 15)));
}

#[test]
fn the_third_signal_ends_a_command_that_does_not_listen() {
    let mut running = Running::start("trap 'echo got' TERM; echo ready; while :; do read -r line || :; done");
    for _ in 0..2 {
        running.signal("TERM");
        assert_eq!(running.line(), "got\n");
    }
    running.signal("TERM");
    assert_eq!(running.rest(), "");
    assert_eq!(running.exec.wait().unwrap().code(), Some(128 + 9));
}

/// Leaves behind one process in its group, and one in a session of its own; both hold stdout open.
const FORKS: &str = "sleep 1000 & setsid sleep 1000 & sh -c 'trap \"\" TERM; sleep 1000' & echo ready";

#[test]
fn what_the_command_leaves_behind_is_ended() {
    let mut running = Running::start(FORKS);
    assert_eq!(running.rest(), "");
    assert_eq!(running.exec.wait().unwrap().code(), Some(0));
}

#[test]
fn nobody_is_left_within_a_second_when_exec_is_killed() {
    let mut running = Running::start(&format!("{FORKS}; {WAIT}"));
    let began = Instant::now();
    running.signal("KILL");
    assert_eq!(running.rest(), "");
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    running.exec.wait().unwrap();
}

#[test]
fn a_terminal_talks_to_the_command_and_its_signals_come_once() {
    // a terminal that flushes when a signal comes could swallow the answer to it
    let command = "stty noflsh; trap 'n=$((n+1)); echo got $n' INT; echo ready; read -r a; read -r b; echo $b $n; exit 4";
    let program = env!("CARGO_BIN_EXE_genesys-emulator");
    // no shell stays in between that the signal would end: not every one replaces itself by its last command
    let script = format!("exec {program} exec -- bash -c \"{}\"", command.replace('$', "\\$"));
    let mut terminal = Command::new("script");
    terminal.args(["-qec", &script, "/dev/null"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut exec = terminal.spawn().unwrap();
    let (mut stdin, stdout) = (exec.stdin.take().unwrap(), BufReader::new(exec.stdout.take().unwrap()));
    let mut said = Vec::new();
    for line in stdout.lines().map(Result::unwrap) {
        match line.trim() {
            "ready" => stdin.write_all(b"\x03").unwrap(),
            line if line.ends_with("got 1") => stdin.write_all(b"one\ntwo\n").unwrap(),
            _ => {}
        }
        said.push(line);
    }
    assert!(said.iter().any(|line| line.trim() == "two 1"), "{said:?}");
    assert_eq!(exec.wait().unwrap().code(), Some(4));
}
