//! `env`, `routes` and `completions`: what points clients and shells here.

use std::{fs, process::Command};

use serde_json::{Value, json};

use super::{Run, binary, run};
use crate::support::scenario;

fn out(output: &std::process::Output) -> &str {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::str::from_utf8(&output.stdout).unwrap()
}

/// An address where nobody listens.
fn free() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

#[test]
fn a_shell_that_evaluates_it_has_what_a_client_of_the_running_emulator_needs() {
    let emulator = Run::start(&["--seed", "7", "--admin-token", "it's"], &[]);
    let output =
        binary().args(["env", "--listen", emulator.address(), "--admin-token", "it's"]).output().unwrap();
    for shell in ["sh", "bash"] {
        let script = format!("{}\nenv", out(&output));
        let shown = Command::new(shell)
            .arg("-c")
            .arg(script)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .output()
            .unwrap();
        let shown = out(&shown).replace(emulator.address(), "ADDRESS");
        let mut ours: Vec<_> = shown
            .lines()
            .filter(|line| line.starts_with("GENESYS") || line.starts_with("TRANSPORT"))
            .collect();
        ours.sort_unstable();
        let port = emulator.address().rsplit_once(':').unwrap().1;
        insta::allow_duplicates! {
            insta::assert_snapshot!(ours.join("\n").replace(port, "PORT"), @r"
            GENESYSCLOUD_GATEWAY_HOST=127.0.0.1
            GENESYSCLOUD_GATEWAY_PORT=PORT
            GENESYSCLOUD_GATEWAY_PROTOCOL=http
            GENESYSCLOUD_OAUTHCLIENT_ID=emulator-client
            GENESYSCLOUD_OAUTHCLIENT_SECRET=emulator-secret
            GENESYS_EMULATOR_ADMIN_TOKEN=it's
            GENESYS_EMULATOR_ADMIN_URL=http://ADDRESS/__admin
            GENESYS_EMULATOR_AUTH_DEPLOYMENT_ID=00000000-0000-4000-8000-0000000000cd
            GENESYS_EMULATOR_CLIENT_ID=emulator-client
            GENESYS_EMULATOR_CLIENT_SECRET=emulator-secret
            GENESYS_EMULATOR_DEPLOYMENT_ID=00000000-0000-4000-8000-0000000000cc
            GENESYS_EMULATOR_IDP_URL=http://ADDRESS/idp/main
            GENESYS_EMULATOR_ORG_ID=00000000-0000-4000-8000-0000000000aa
            GENESYS_EMULATOR_SEED=7
            GENESYS_EMULATOR_URL=http://ADDRESS
            TRANSPORT_CUSTOM_ENDPOINT=ADDRESS
            ");
        }
    }
}

#[test]
fn before_it_runs_they_are_those_that_it_will_have() {
    let (address, file) =
        (free(), scenario::file("world: { orgs: [ { clients: { main: { secret: 'two words' } } } ] }\n"));
    let args = ["--listen", &address, "--scenario", scenario::path(&file), "--seed", "9"];
    let variables = |format: &str| {
        let output = run(&[&["env", "--format", format], &args[..]].concat());
        out(&output).to_owned()
    };
    let planned: Value = serde_json::from_str(&variables("json")).unwrap();
    let text = variables("dotenv");
    assert!(text.contains("GENESYS_EMULATOR_CLIENT_SECRET='two words'\n"), "{text}");
    assert!(
        text.starts_with(&format!("# the emulator that `genesys-emulator serve` will start at {address}\n")),
        "{text}"
    );
    let text = variables("powershell");
    assert!(text.contains("$env:GENESYS_EMULATOR_CLIENT_SECRET = 'two words'\n"), "{text}");

    let emulator = Run::start(&args, &[]);
    let running: Value = serde_json::from_str(&variables("json")).unwrap();
    assert_eq!(planned, running);
    assert_eq!(emulator.ready["org"]["clientSecret"], running["variables"]["GENESYS_EMULATOR_CLIENT_SECRET"]);
}

#[tokio::test]
async fn an_org_has_its_own() {
    let emulator = Run::start(&[], &[]);
    let org = emulator.client.admin("POST", "/orgs", Some(&json!({ "seed": 5 }))).await.json();
    let url = org["url"].as_str().unwrap();
    let output = run(&["env", "--format", "json", "--url", url]);
    let told: Value = serde_json::from_str(out(&output)).unwrap();
    let variables = &told["variables"];
    assert_eq!(
        (
            &variables["GENESYS_EMULATOR_URL"],
            &variables["GENESYS_EMULATOR_CLIENT_ID"],
            &variables["GENESYS_EMULATOR_SEED"]
        ),
        (&org["url"], &org["clientId"], &json!("5"))
    );
    assert_eq!(variables["GENESYS_EMULATOR_IDP_URL"], format!("{url}/idp/main"));
    assert_eq!(variables["GENESYS_EMULATOR_ADMIN_URL"], emulator.ready["admin"]);
}

#[test]
fn an_emulator_that_is_named_must_answer_and_a_port_that_is_not_known_is_told() {
    let address = free();
    let output = run(&["env", "--url", &address]);
    assert_eq!((output.status.code(), output.stdout), (Some(1), vec![]));
    let said = String::from_utf8(output.stderr).unwrap().replace(&address, "ADDRESS");
    insta::assert_snapshot!(said, @"genesys-emulator: nothing answers at ADDRESS; `genesys-emulator serve --listen ADDRESS` starts an emulator there, --url or GENESYS_EMULATOR_ADMIN_URL names another one");
    let output = run(&["env", "--listen", "127.0.0.1:0"]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap(), @"genesys-emulator: the port of 127.0.0.1:0 is known when it runs: --url names the emulator, or `exec` exports the variables");
}

#[test]
fn routes_say_whose_interface_they_are() {
    let output = run(&["routes"]);
    let text = out(&output);
    assert!(text.contains("/api/v2/webchat/guest  "), "{text}");
    let guest = text.lines().find(|line| line.contains(" /api/v2/webchat/guest ")).unwrap();
    assert!(guest.contains("  guide  "), "{guest}");
    let output = run(&["routes", "--output", "json"]);
    let routes: Value = serde_json::from_str(out(&output)).unwrap();
    let token = json!({
        "surface": "login",
        "methods": "POST",
        "path": "/oauth/token",
        "dialect": "standard",
        "summary": "access tokens: client credentials, codes, refresh tokens",
    });
    assert!(routes.as_array().unwrap().contains(&token), "{routes}");
}

#[test]
fn bash_completes_commands_and_flags() {
    let output = run(&["completions", "bash"]);
    let script = tempfile::NamedTempFile::new().unwrap();
    fs::write(script.path(), out(&output)).unwrap();
    let complete = |words: &[&str]| {
        let (line, at, last) = (words.join(" "), words.len() - 1, words.last().unwrap());
        let asked = format!(
            "source {}; function=$(complete -p genesys-emulator | sed 's/.*-F \\([^ ]*\\).*/\\1/')
             COMP_WORDS=({line}); COMP_CWORD={at}; $function genesys-emulator '{last}'; echo \"${{COMPREPLY[@]}}\"",
            script.path().display()
        );
        let output = Command::new("bash").args(["--norc", "-c", &asked]).output().unwrap();
        out(&output).trim().to_owned()
    };
    assert_eq!(complete(&["genesys-emulator", "sce"]), "scenarios");
    assert_eq!(complete(&["genesys-emulator", "serve", "--pub"]), "--public-url");
    assert_eq!(complete(&["genesys-emulator", "ctl", "faults", "cl"]), "clear");
    for shell in ["zsh", "fish", "powershell", "elvish"] {
        let output = run(&["completions", shell]);
        assert!(out(&output).contains("genesys-emulator"), "{shell}");
    }
}
