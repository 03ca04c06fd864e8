//! `ca`, and how `env` and `exec` lead programs here that cannot be given a URL.

use std::{fs, os::unix::fs::PermissionsExt, process::Output};

use serde_json::Value;

use super::{Run, binary};

fn said(output: &Output) -> &str {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::str::from_utf8(&output.stdout).unwrap()
}

fn ca(folder: &str, args: &[&str]) -> Output {
    binary().arg("ca").args(args).args(["--ca-dir", folder]).output().unwrap()
}

#[test]
fn the_authority_is_made_when_it_is_first_asked_for_and_is_the_emulators() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("ca");
    let at = home.to_str().unwrap();
    let path = said(&ca(at, &["path"])).trim_end().to_owned();
    assert_eq!(path, home.join("ca.pem").to_str().unwrap());
    let pem = fs::read_to_string(&path).unwrap();
    assert_eq!(said(&ca(at, &["pem"])), pem);
    let mode = fs::metadata(home.join("authority.pem")).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    let der = ca(at, &["der"]).stdout;
    assert!(x509_parser::parse_x509_certificate(&der).is_ok());
    let p12 = ca(at, &["p12"]);
    assert_eq!(p12.stdout[0], 0x30, "DER");
    assert!(String::from_utf8_lossy(&p12.stderr).contains("changeit"));
    let emulator = Run::start(&["--ca-dir", at], &[]);
    let served = std::process::Command::new("curl")
        .args(["-s", "--cacert", &path, &format!("https://{}/__admin/ca.pem", emulator.address())])
        .output()
        .unwrap();
    assert_eq!(said(&served), pem);
}

#[test]
fn one_that_is_removed_is_gone_and_the_next_is_another() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().to_str().unwrap();
    let before = said(&ca(at, &["pem"])).to_owned();
    for words in ["is gone", "was not there"] {
        let output = ca(at, &["remove"]);
        assert_eq!(said(&output), "");
        assert!(String::from_utf8_lossy(&output.stderr).trim_end().ends_with(words));
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    assert_ne!(said(&ca(at, &["pem"])), before);
}

#[test]
fn without_a_folder_it_is_said_what_is_needed() {
    let output = binary().args(["ca", "path"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr), @"genesys-emulator: there is no folder for data of this user; --ca-dir names one");
    let folder = tempfile::tempdir().unwrap();
    for (variable, below) in
        [("HOME", ".local/share/genesys-emulator"), ("XDG_DATA_HOME", "genesys-emulator")]
    {
        let output = binary().args(["ca", "path"]).env(variable, folder.path()).output().unwrap();
        assert_eq!(said(&output).trim_end(), folder.path().join(below).join("ca.pem").to_str().unwrap());
    }
}

#[tokio::test]
async fn where_no_folder_can_be_written_it_is_kept_in_memory_unless_one_was_named() {
    let emulator = Run::start(&[], &[("HOME", "/proc/nobody")]);
    let pem = emulator.client.try_send("GET", "/__admin/ca.pem", &[], "").await.unwrap();
    assert_eq!(pem.status, 200, "{}", pem.text);
    let (.., logs) = emulator.stopped();
    assert!(logs.contains("is kept in memory"), "{logs}");
    let emulator = Run::start(&["--ca-dir", "/proc/nobody"], &[]);
    let told = emulator.client.try_send("GET", "/__admin/ca.pem", &[], "").await.unwrap();
    assert_eq!(told.status, 500, "{}", told.text);
    assert!(told.text.contains("--ca-dir takes another folder"), "{}", told.text);
}

#[test]
fn a_domain_that_is_none_is_said() {
    let output = binary().args(["ca", "pem", "--domain", "no domain"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("`no domain` is not a domain such as genesys.test"), "{told}");
}

/// What `env` prints, without what differs from run to run.
fn env(folder: &str, args: &[&str]) -> String {
    let output = binary().args(["env", "--listen", "127.0.0.1:4399", "--ca-dir", folder]).args(args).output();
    said(&output.unwrap()).replace(folder, "<folder>")
}

#[test]
fn proxy_and_trust_are_told_for_each_family_of_clients() {
    let folder = tempfile::tempdir().unwrap();
    let told = env(folder.path().to_str().unwrap(), &["--via", "proxy", "--node-preload", "on"]);
    let (_, families) = told.split_once("# the proxy").unwrap();
    let (families, _) = families.split_once("# In code:").unwrap();
    insta::assert_snapshot!(families, @r#"
    : curl, axios, requests, Go and most others
    export HTTP_PROXY=http://127.0.0.1:4399
    export http_proxy=http://127.0.0.1:4399
    export HTTPS_PROXY=http://127.0.0.1:4399
    export https_proxy=http://127.0.0.1:4399
    export NO_PROXY=localhost,127.0.0.1,::1
    export no_proxy=localhost,127.0.0.1,::1

    # whom to trust: OpenSSL, Go, Rust; requests; curl
    export SSL_CERT_FILE=<folder>/ca-bundle.pem
    export REQUESTS_CA_BUNDLE=<folder>/ca-bundle.pem
    export CURL_CA_BUNDLE=<folder>/ca-bundle.pem

    # Node
    export NODE_EXTRA_CA_CERTS=<folder>/ca.pem
    export NODE_USE_ENV_PROXY=1
    export NODE_OPTIONS='--require "<folder>/node-preload.cjs"'
    export EMULATOR_ADDRESS=127.0.0.1:4399

    # Java
    export JAVA_TOOL_OPTIONS='-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=4399 -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=4399 "-Dhttp.nonProxyHosts=localhost|127.*" "-Djavax.net.ssl.trustStore=<folder>/truststore.p12" -Djavax.net.ssl.trustStoreType=PKCS12 -Djavax.net.ssl.trustStorePassword=changeit'
    "#);
    for name in ["ca.pem", "truststore.p12", "node-preload.cjs"] {
        assert!(folder.path().join(name).is_file(), "{name}");
    }
}

#[test]
fn lines_of_a_hosts_file_are_told_with_own_domains() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().to_str().unwrap();
    let told = env(folder, &["--via", "hosts", "--domain", "genesys.test"]);
    let lines: Vec<_> = told.lines().filter(|line| line.starts_with("# 127.0.0.1 ")).collect();
    assert_eq!(lines.len(), 22);
    insta::assert_snapshot!([lines[0], lines[20], lines[21]].join("\n"), @"
    # 127.0.0.1 api.mypurecloud.com login.mypurecloud.com api-cdn.mypurecloud.com apps.mypurecloud.com webmessaging.mypurecloud.com streaming.mypurecloud.com carrierpigeon.mypurecloud.com api-downloads.mypurecloud.com
    # 127.0.0.1 webmessaging-usw2.platform.genesys.cloud
    # 127.0.0.1 api.genesys.test login.genesys.test api-cdn.genesys.test apps.genesys.test webmessaging.genesys.test streaming.genesys.test carrierpigeon.genesys.test api-downloads.genesys.test
    ");
    let json = env(folder, &["--via", "hosts", "--format", "json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["hosts"][0], lines[0].trim_start_matches("# "));
    assert!(json["variables"]["NODE_EXTRA_CA_CERTS"].is_string());
}

#[test]
fn by_its_url_nothing_is_made() {
    let folder = tempfile::tempdir().unwrap();
    env(folder.path().to_str().unwrap(), &[]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// Runs a command that finds the emulator in this way.
fn exec(folder: &str, args: &[&str], command: &str) -> Output {
    let mut binary = binary();
    binary.args(["exec", "--ca-dir", folder]).args(args).env("PATH", "/usr/local/bin:/usr/bin:/bin");
    binary.args(["--", "sh", "-c", command]).output().unwrap()
}

#[test]
fn curl_arrives_by_the_platforms_own_names() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().to_str().unwrap();
    let command = "curl -s https://login.mypurecloud.de/.well-known/openid-configuration; \
                   curl -s -o /dev/null -w '%{http_connect}' https://example.com/";
    let output = exec(folder, &["--via", "proxy"], command);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.contains(r#""issuer":"https://login.mypurecloud.de""#) && told.ends_with("403"), "{told}");
}

#[test]
fn a_shell_that_evaluates_it_and_curl_by_its_flags_arrive_at_an_emulator_that_runs() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().to_str().unwrap();
    let emulator = Run::start(&["--ca-dir", at], &[]);
    let (program, url) = (env!("CARGO_BIN_EXE_genesys-emulator"), &emulator.client.base);
    let target = "https://login.mypurecloud.jp/.well-known/openid-configuration";
    for script in [
        format!(r#"eval "$({program} env --via proxy --url {url} --ca-dir {at})"; curl -s {target}"#),
        format!(r#"curl -s --proxy {url} --cacert "$({program} ca path --ca-dir {at})" {target}"#),
    ] {
        let output = std::process::Command::new("sh").args(["-euc", &script]).output().unwrap();
        let told = said(&output);
        assert!(told.contains(r#""issuer":"https://login.mypurecloud.jp""#), "{script}: {told}");
    }
}

#[test]
fn programs_are_led_to_where_it_listens_whatever_its_url_says() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().to_str().unwrap();
    let command = "echo $HTTPS_PROXY; echo $NO_PROXY; echo $EMULATOR_ADDRESS";
    let args = ["--via", "proxy", "--node-preload", "on", "--public-url", "https://login.mypurecloud.com"];
    let output = exec(at, &args, command);
    let told = said(&output).to_owned();
    let [proxy, direct, address] = told.lines().collect::<Vec<_>>()[..] else { panic!("{told}") };
    assert!(proxy.starts_with("http://127.0.0.1:") && proxy.ends_with(address), "{told}");
    assert_eq!(direct, "localhost,127.0.0.1,::1,login.mypurecloud.com");
}

#[test]
fn a_folder_may_have_blanks_in_its_name_and_be_relative() {
    let folder = tempfile::tempdir().unwrap();
    let mut exec = binary();
    exec.args(["exec", "--via", "proxy", "--node-preload", "on", "--ca-dir", "a b", "--", "sh", "-c"]);
    exec.arg("cd / && curl -s https://login.mypurecloud.com/.well-known/openid-configuration && echo && echo $NODE_OPTIONS");
    exec.current_dir(folder.path()).env("PATH", "/usr/local/bin:/usr/bin:/bin");
    let output = exec.output().unwrap();
    let told = said(&output);
    assert!(told.contains(r#""issuer":"https://login.mypurecloud.com""#), "{told}");
    let home = folder.path().canonicalize().unwrap().join("a b/node-preload.cjs");
    assert!(told.trim_end().ends_with(&format!("--require \"{}\"", home.display())), "{told}");
}

#[test]
fn an_emulator_of_another_authority_is_said() {
    let (own, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let emulator = Run::start(&["--ca-dir", other.path().to_str().unwrap()], &[]);
    let output = binary()
        .args(["env", "--via", "proxy", "--url", &emulator.client.base, "--ca-dir"])
        .arg(own.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr).replace(&emulator.client.base, "BASE");
    insta::assert_snapshot!(told, @"genesys-emulator: the emulator at BASE has another certificate authority than this folder: --ca-dir names its folder, or BASE/__admin/ca.pem is what clients have to trust");
}

#[test]
fn options_that_somebody_has_set_stay() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().to_str().unwrap();
    let output = binary()
        .args(["exec", "--ca-dir", folder, "--via", "proxy", "--", "sh", "-c", "echo $JAVA_TOOL_OPTIONS"])
        .env("PATH", "/usr/bin:/bin")
        .env("JAVA_TOOL_OPTIONS", "-Xmx1g")
        .output();
    assert!(said(&output.unwrap()).starts_with("-Xmx1g -Dhttp.proxyHost=127.0.0.1 "));
}

#[test]
fn what_cannot_arrive_is_said_before_the_command_is_run() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().to_str().unwrap();
    let mut told = Vec::new();
    for args in [&["--via", "hosts"][..], &["--via", "proxy", "--tls", "off"], &["--via", "bus"]] {
        let output = exec(folder, args, "echo never");
        assert_eq!((output.status.code(), &*output.stdout), (Some(2), &b""[..]));
        told.push(String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or_default().to_owned());
    }
    insta::assert_snapshot!(told.join("\n"), @"
    genesys-emulator: with --via hosts clients come to port 443; --listen 127.0.0.1:443 listens there
    genesys-emulator: clients ask for the platform's hosts over TLS; --via proxy and --via hosts cannot be with --tls off
    error: invalid value 'bus' for '--via <url|proxy|hosts>'
    ");
}
