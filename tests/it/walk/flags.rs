//! Every flag of `serve` changes what is seen: two processes that differ in it alone, and both are asked the same.

use std::{collections::BTreeSet, fs};

use super::{root, texts};
use crate::{
    cli::process::Run,
    faults::raw::exchange,
    support::{client::Client, scenario},
};

/// Flags, the one command line and the other. `<file>` is a scenario, `<new>` a file that is not there yet, `<folder>` a
/// folder in which nothing is.
const ROWS: &[(&str, &[&str], &[&str])] = &[
    ("admin-listen", &[], &["--admin-listen", "127.0.0.1:0"]),
    ("scenario", &[], &["--scenario", "respond"]),
    ("seed", &[], &["--seed", "7"]),
    ("clock", &[], &["--clock", "2030-01-01T00:00:00Z"]),
    ("clock-rate", &[], &["--clock-rate", "auto"]),
    ("limits", &["--scenario", "<file>"], &["--scenario", "<file>", "--limits", "off"]),
    ("inject", &[], &["--inject", "off"]),
    ("show-secrets", &[], &["--show-secrets", "on"]),
    ("public-url", &[], &["--public-url", "http://emulator:4363"]),
    ("allowed-host", &[], &["--allowed-host", "dev.example.test"]),
    ("admin-token", &[], &["--admin-token", "sesame"]),
    ("tls", &[], &["--tls", "off"]),
    ("ca-dir", &[], &["--ca-dir", "<folder>"]),
    ("domain", &[], &["--domain", "acme.example.org"]),
    ("proxy-pass", &[], &["--proxy-pass", "127.0.0.1"]),
    ("log-format", &["--log-format", "json"], &["--log-format", "text"]),
    ("ready-file", &[], &["--ready-file", "<new>"]),
];

/// Flags that a test of their own is about, because what they do, or do not do, takes time.
const TESTS: &[(&str, &str)] = &[
    ("watch", "a_watched_file_and_what_it_includes_are_read_again_when_they_change"),
    ("listen", "an_address_in_use_has_an_exit_code_of_its_own"),
    ("fetch", "fetches_can_be_confined_to_this_machine"),
];

/// A limit that is used up at once.
const FILE: &str = "world: { orgs: [ { limits: { tokenIssueRate: 1 } } ] }";

/// All that an emulator with these flags says, where what hangs on the moment is left out.
async fn seen(args: &[&str]) -> Vec<String> {
    let file = scenario::file(FILE);
    let (new, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let new = new.path().join("ready.json");
    let args: Vec<_> = args
        .iter()
        .map(|arg| arg.replace("<file>", scenario::path(&file)).replace("<new>", new.to_str().unwrap()))
        .map(|arg| arg.replace("<folder>", folder.path().to_str().unwrap()))
        .collect();
    // where nothing is said, clocks stand: what is seen hangs on no moment
    let mut all: Vec<&str> = args.iter().map(String::as_str).collect();
    for usual in [["--clock", "2026-01-02T03:04:05Z"], ["--clock-rate", "0"]] {
        if !all.contains(&usual[0]) {
            all.extend(usual);
        }
    }
    let emulator = Run::start(&all, &[]);
    let port = emulator.ready["admin"].as_str().unwrap().rsplit(':').next().unwrap().replace("/__admin", "");
    let main = emulator.ready["url"].as_str().unwrap();
    let mut said = vec![main.trim_end_matches(|char: char| char.is_ascii_digit()).to_owned()];
    let same_port = main.ends_with(&port);
    said.push(format!("{} {same_port} {}", emulator.ready["seed"], new.exists()));
    let here = if same_port { emulator.client.base.clone() } else { format!("http://127.0.0.1:{port}") };
    let admin = Client::new(here.replace("0.0.0.0", "127.0.0.1"));
    let clock = admin.try_send("GET", "/__admin/clock", &[], "").await.unwrap();
    said.push(format!("{} {}", clock.status, clock.text));
    let origin = [("origin", "http://dev.example.test"), ("host", "localhost:1")];
    said.push(admin.try_send("GET", "/__admin/health", &origin, "").await.unwrap().status.to_string());
    let authority = admin.try_send("GET", "/__admin/ca.pem", &[], "").await.unwrap();
    said.push(format!("{} {}", authority.status, folder.path().join("ca.pem").exists()));
    if !main.contains("emulator") && same_port {
        let form = "grant_type=client_credentials&client_id=emulator-client&client_secret=emulator-secret";
        for _ in 0..2 {
            said.push(admin.post_form("/oauth/token", form).await.text);
        }
        let inject = [("x-emulator-inject", "418")];
        said.push(admin.try_send("GET", "/api/v2/x", &inject, "").await.unwrap().status.to_string());
        said.push(admin.try_send("GET", "/__admin/faults", &[], "").await.unwrap().text);
        let entry = admin.try_send("GET", "/__admin/journal/1", &[], "").await.unwrap();
        said.push(entry.json()["request"]["body"].to_string());
        let own = [("host", "api.acme.example.org")];
        let discovery = admin.try_send("GET", "/.well-known/openid-configuration", &own, "").await.unwrap();
        said.push(discovery.json()["issuer"].to_string());
        let stray = "GET http://127.0.0.1:1/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        said.push(exchange(&admin.base, stray).await.text.lines().next().unwrap().to_owned());
    }
    let (_, _, logs) = emulator.stopped();
    said.push(logs.lines().next().is_some_and(|line| line.starts_with('{')).to_string());
    said
}

#[test]
fn every_flag_has_a_row() {
    let source =
        ["settings", "ca"].map(|name| fs::read_to_string(root().join(format!("src/cli/{name}.rs"))).unwrap());
    let source = source.concat();
    let variables = source.split("env = \"GENESYS_EMULATOR_").skip(1);
    let flags: BTreeSet<_> =
        variables.map(|rest| rest.split('"').next().unwrap().to_lowercase().replace('_', "-")).collect();
    let rows = ROWS.iter().map(|(flag, ..)| *flag).chain(TESTS.iter().map(|(flag, _)| *flag));
    let rows: BTreeSet<_> = rows.map(str::to_owned).collect();
    assert!(flags.len() > 10, "{flags:?}");
    assert_eq!(flags, rows);
    let tests = texts(&root().join("tests/it/cli"));
    let missing: Vec<_> = TESTS.iter().filter(|(_, test)| !tests.contains(&format!("fn {test}("))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[tokio::test]
async fn every_flag_changes_what_is_seen() {
    for (flag, one, other) in ROWS {
        assert_ne!(seen(one).await, seen(other).await, "--{flag} changes nothing that is seen");
    }
    assert_eq!(seen(&[]).await, seen(&[]).await, "the same command line says the same");
}
