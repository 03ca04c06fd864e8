//! Clients whose hosts are constants, unmodified: each is run by `exec`, which leads it to an emulator of its own.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use super::{Runtime, SOURCES, must};
use crate::cli::process::binary;

/// Is a program of the machine there? If not, that is told, and an error in CI.
pub(super) fn is_there(program: &str, asked: &str) -> bool {
    let there = Command::new(program).arg(asked).output().is_ok();
    assert!(there || std::env::var_os("CI").is_none(), "{program} is missing, and in CI nothing is skipped");
    if !there {
        let _ = writeln!(io::stderr(), "skipped: {program} is missing");
    }
    there
}

/// A folder for the authority and for what programs keep at home.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// `exec` that leads its command here.
    fn exec(&self, flags: &[&str]) -> Command {
        let mut exec = binary();
        exec.args(["exec", "--via", "proxy", "--ca-dir"]).arg(self.path().join("ca")).args(flags).arg("--");
        exec.env("HOME", self.path()).env("PATH", std::env::var_os("PATH").unwrap());
        exec
    }
}

/// The command that runs a program of `tests/clients`, with its packages installed.
fn command(runtime: Runtime, program: &str) -> [PathBuf; 2] {
    runtime.install();
    let command = runtime.command(program);
    [command.get_program().into(), command.get_args().next().unwrap().into()]
}

/// Its JSON, a line a fact.
fn lines(output: &str) -> String {
    let facts: BTreeMap<String, Value> =
        serde_json::from_str(output).unwrap_or_else(|error| panic!("{error}: {output}"));
    facts.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join("\n")
}

/// The facts that a program finds when it is led here; nothing on a machine that cannot run it.
fn facts(runtime: Runtime, program: &str, flags: &[&str], base: &str) -> Option<String> {
    if !runtime.is_ready(program) {
        return None;
    }
    let home = Home::new();
    let output = must(home.exec(flags).args(command(runtime, program)).arg(base));
    Some(lines(&output))
}

#[test]
fn the_token_proxy_of_guides_with_its_constant_host_is_led_here_by_its_proxy_variables() {
    let base = "https://api.mypurecloud.com";
    let Some(facts) = facts(Runtime::Node, "token-proxy.mjs", &[], base) else { return };
    insta::assert_snapshot!(facts, @r#"
    guests: ["guest-643f4751-8038-447b-b9cf-d723c852e3c5","guest-371b44f9-8044-4848-a1e9-9c0fd1ef55a3","guest-2c7e5e64-2dc9-4c2b-831e-b3755570b7a7","guest-2028a406-6d08-48ca-9184-cbd5bfb6c231","guest-d64c2c2f-dfdc-4b8b-9548-dc136ce40aa0","guest-64b25d42-09c3-400d-a240-f36794c46dff"]
    seen: [{"by":["axios 0.27.2, inBody","axios 0.27.2, basicRaw","axios 0.27.2, basicEncoded","axios 1, inBody","axios 1, basicRaw","axios 1, basicEncoded"],"facts":{"accessToken":"bearer for 3600 s","guestToken":"Bearer for 1800 s, 1800 s by its claims","name":"Ann","oneGuest":true,"page":"https://shop.example.test/","permissions":"webchat:guest:view conversation:webchat:edit","signed":"RS256 by emulator-f1f0ef23f83c"}}]
    "#);
}

#[test]
fn three_generations_of_axios_arrive_and_stray_calls_do_not() {
    let Some(facts) = facts(Runtime::Node, "generations.mjs", &[], "unused") else { return };
    insta::assert_snapshot!(facts, @r#"
    0.27: {"issuer":"https://api.mypurecloud.com","stray":403}
    1.16: {"issuer":"https://api.mypurecloud.com","stray":403}
    1.21: {"issuer":"https://api.mypurecloud.com","stray":403}
    "#);
}

#[test]
fn what_ignores_proxies_is_led_here_by_a_file_that_node_reads_first() {
    let Some(facts) = facts(Runtime::Node, "by-region.mjs", &["--node-preload", "on"], "unused") else {
        return;
    };
    insta::assert_snapshot!(facts, @r#"
    certificate: "DNS:webmessaging.mypurecloud.de"
    fetch: "https://login.mypurecloud.de"
    sdk: "Emulated Org"
    socket: "SessionResponse 200"
    "#);
}

#[test]
fn a_whole_chat_goes_over_the_messaging_host_of_a_region() {
    let base = "https://webmessaging.mypurecloud.de";
    let Some(facts) = facts(Runtime::Node, "socket.mjs", &["--node-preload", "on"], base) else { return };
    let told: Vec<_> =
        facts.lines().filter(|line| line.starts_with("chat:") || line.starts_with("history:")).collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    chat: ["Inbound Text: Grüße 👋","Outbound Text: You said: Grüße 👋"]
    history: ["Outbound Text: You said: Grüße 👋","Inbound Text: Grüße 👋"]
    "#);
}

#[test]
fn requests_and_the_python_sdk_arrive_by_proxy() {
    let Some(facts) = facts(Runtime::Python, "by_proxy.py", &[], "unused") else { return };
    insta::assert_snapshot!(facts, @r#"
    requests: "Emulated Org"
    sdk: "Emulated Org"
    stray: "Tunnel connection failed: 403 Forbidden"
    "#);
}

#[test]
fn the_client_of_the_jdk_arrives_with_its_socket() {
    if !is_there("java", "--version") {
        return;
    }
    let home = Home::new();
    let output = must(home.exec(&[]).arg("java").arg(Path::new(SOURCES).join("java/ByProxy.java")));
    insta::assert_snapshot!(lines(&output), @r#"
    configured: true
    issuer: "https://login.mypurecloud.de"
    stray: "Tunnel failed, got: 403"
    "#);
}

#[test]
fn a_page_of_the_platforms_own_host_works_in_a_browser() {
    if !Runtime::Node.is_ready("in-a-page.mjs")
        || !is_there("chromium", "--version")
        || !is_there("certutil", "--help")
    {
        return;
    }
    let home = Home::new();
    let pem = must(binary().args(["ca", "path", "--ca-dir"]).arg(home.path().join("ca")));
    // whom the browser trusts: its user's own store, which is this test's
    let store = home.path().join(".pki/nssdb");
    std::fs::create_dir_all(&store).unwrap();
    let store = format!("sql:{}", store.display());
    must(Command::new("certutil").args(["-d", &store, "-N", "--empty-password"]));
    must(Command::new("certutil").args([
        "-d",
        &store,
        "-A",
        "-t",
        "C,,",
        "-n",
        "emulator",
        "-i",
        pem.trim_end(),
    ]));
    let mut exec = home.exec(&[]);
    exec.args(command(Runtime::Node, "in-a-page.mjs")).arg("unused").arg(home.path().join("profile"));
    let output = must(exec.arg("/usr/bin/chromium"));
    insta::assert_snapshot!(lines(&output), @r#"
    issuer: "https://login.mypurecloud.com"
    page: "genesys-emulator"
    secure: "apps.mypurecloud.com"
    socket: "SessionResponse 200"
    stray: "net::ERR_TUNNEL_CONNECTION_FAILED"
    "#);
}

/// A machine of its own, as far as names and ports go.
const NAMES: &str = r#"
    ip link set lo up
    mount --bind "$1" /etc/hosts
    shift
    exec "$@"
"#;

#[test]
fn names_that_lead_here_are_enough_for_a_client() {
    if !["ip", "unshare", "curl"].iter().all(|program| is_there(program, "-V")) {
        return;
    }
    let home = Home::new();
    let told =
        must(binary().args(["env", "--via", "hosts", "--format", "json", "--ca-dir"]).arg(home.path()));
    let told: Value = serde_json::from_str(&told).unwrap();
    let lines: Vec<_> = told["hosts"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    let (full, without) = (home.path().join("hosts"), home.path().join("without"));
    std::fs::write(&full, lines.join("\n")).unwrap();
    std::fs::write(&without, "127.0.0.1 localhost\n").unwrap();
    let run = |hosts: &Path| {
        let mut machine = Command::new("unshare");
        machine.args(["--map-root-user", "--net", "--mount", "sh", "-euc", NAMES, "machine"]).arg(hosts);
        machine.arg(env!("CARGO_BIN_EXE_genesys-emulator"));
        machine.args(["exec", "--via", "hosts", "--listen", "127.0.0.1:443", "--ca-dir"]).arg(home.path());
        machine.args(["--", "curl", "-s", "https://login.mypurecloud.com/.well-known/openid-configuration"]);
        machine.output().unwrap()
    };
    let output = run(&full);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.contains(r#""issuer":"https://login.mypurecloud.com""#), "{told}{output:?}");
    let output = run(&without);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr), @"
    genesys-emulator: the names of mypurecloud.com do not lead to 127.0.0.1; this line in /etc/hosts makes them:
    127.0.0.1 api.mypurecloud.com login.mypurecloud.com api-cdn.mypurecloud.com apps.mypurecloud.com webmessaging.mypurecloud.com streaming.mypurecloud.com carrierpigeon.mypurecloud.com api-downloads.mypurecloud.com
    ");
}

/// A network of its own with one way out: runs a script there, and counts what has left before, after it, and after a call
/// that does not ask the proxy.
const ISLAND: &str = r#"
    ip link set lo up
    ip link add out type veth peer name far
    for end in out far; do ip link set $end addrgenmode none; ip link set $end up; done
    ip addr add 192.0.2.2/24 dev out
    ip route add default via 192.0.2.1
    left() { ip -j -s link show out; }
    left
    "$@" > /dev/null
    left
    curl -s --noproxy '*' -m 1 http://192.0.2.9/ || true
    left
"#;

#[test]
fn nothing_leaves_the_machine() {
    let programs = ["ip", "unshare", "curl"];
    if !Runtime::Node.is_ready("generations.mjs") || !programs.iter().all(|program| is_there(program, "-V")) {
        return;
    }
    for (program, flags) in [("generations.mjs", &[][..]), ("by-region.mjs", &["--node-preload", "on"])] {
        let home = Home::new();
        let exec = {
            let mut exec = home.exec(flags);
            exec.args(command(Runtime::Node, program)).arg("unused");
            exec
        };
        let mut island = Command::new("unshare");
        island.args(["--map-root-user", "--net", "sh", "-euc", ISLAND, "island"]);
        island.arg(exec.get_program()).args(exec.get_args()).env("HOME", home.path());
        let output = must(&mut island);
        let left: Vec<u64> = output
            .lines()
            .filter(|line| line.starts_with('['))
            .map(|line| {
                let links: Value = serde_json::from_str(line).unwrap();
                links[0]["stats64"]["tx"]["packets"].as_u64().unwrap()
            })
            .collect();
        let [before, after, direct] = left[..] else { panic!("{output}") };
        assert_eq!(before, after, "{program} has sent something out");
        assert!(direct > after, "a call that does not ask the proxy would have been seen");
    }
}
