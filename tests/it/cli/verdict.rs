//! What `exec` verifies when its command has ended.

use std::{
    collections::BTreeSet,
    fs,
    process::{Command, Output},
};

use serde_json::Value;

use crate::support::scenario;

/// The binary, which finds Node.
fn binary() -> Command {
    let mut command = super::binary();
    command.env("PATH", std::env::var_os("PATH").unwrap());
    command
}

fn exec(flags: &[&str], script: &str) -> Output {
    binary().arg("exec").args(flags).args(["--", "sh", "-c", script]).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// A fault on the token endpoint.
const BUSY: &str = "faults: [ { id: busy, when: { path: /oauth/token }, schedule: { first: 1 }, \
                    effect: { respond: { status: 503 } } } ]";

#[test]
fn a_fault_that_never_fired_fails_the_run_but_the_command_s_own_code_comes_first() {
    let file = scenario::file(BUSY);
    let flags = ["--scenario", scenario::path(&file)];
    let output = exec(&flags, "true");
    assert_eq!(output.status.code(), Some(3));
    let said = text(&output.stderr);
    assert!(said.contains("fault `busy` never fired: "), "{said}");
    assert_eq!(exec(&flags, "exit 7").status.code(), Some(7));
    let asks = "node -e \"fetch(process.env.GENESYS_EMULATOR_URL + '/oauth/token', { method: 'POST' })\"";
    let output = exec(&flags, asks);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    // nothing could be otherwise
    assert_eq!(exec(&[], "true").status.code(), Some(0));
    // nothing was done that could be verified
    assert_eq!(
        binary().arg("exec").args(flags).args(["--", "no-such-program"]).output().unwrap().status.code(),
        Some(127)
    );
}

#[test]
fn a_file_says_what_is_to_have_happened_and_is_read_before_the_command_runs() {
    let folder = tempfile::tempdir().unwrap();
    let file = |text: &str| {
        let path = folder.path().join("verify.yaml");
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let asks = "node -e \"fetch(process.env.GENESYS_EMULATOR_URL + '/api/v2/tokens/me')\"";
    let once = file("{ match: { path: /api/v2/tokens/me, status: 401 }, times: 1 }");
    let output = exec(&["--verify", &once], asks);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let output = exec(&["--verify", &once, "--report", "json"], "true");
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let scripts = report["scenarios"][0]["scripts"].as_array().unwrap();
    let held: Vec<_> = scripts.iter().map(|one| one["held"].as_bool().unwrap()).collect();
    assert_eq!(held, [true, false, true], "{report}");
    for (wrong, words) in [
        ("{ macth: {} }", "verify.yaml: macth: unknown field `macth`"),
        ("{ allowUnfired: true }", "there is nothing to verify"),
    ] {
        let output = exec(&["--verify", &file(wrong)], "true");
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains(words), "{}", text(&output.stderr));
    }
    let output = exec(&["--verify", "/no/such/file"], "echo ran");
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""));
    assert!(text(&output.stderr).contains("/no/such/file cannot be read: "));
}

#[test]
fn a_fault_may_fire_in_any_org_and_those_that_only_other_orgs_have_are_to_fire_too() {
    let file = scenario::file(BUSY);
    let flags = ["--scenario", scenario::path(&file)];
    let script = |then: &str| {
        let made = "const admin = (method, path, body) => fetch(process.env.GENESYS_EMULATOR_ADMIN_URL + path, \
                    { method, body: body && JSON.stringify(body) }); \
                    const org = await (await admin('POST', '/orgs', {})).json();";
        format!("node --input-type=module -e \"{made} {then}\"")
    };
    let asks = "await fetch(org.url + '/oauth/token', { method: 'POST' });";
    for then in [asks.to_owned(), format!("{asks} await admin('DELETE', '/orgs/' + org.id);")] {
        let output = exec(&flags, &script(&then));
        assert_eq!(output.status.code(), Some(0), "{then}: {}", text(&output.stderr));
    }
    let sets = "await admin('POST', '/orgs/' + org.id + '/faults', \
                { id: 'own', when: { path: '/oauth/token' }, effect: { reset: {} } });";
    let output = exec(&[], &script(sets));
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let said = text(&output.stderr);
    assert!(said.contains("fault `own` never fired: nothing came that it is about"), "{said}");
    assert!(said.contains("  in org "), "{said}");
    let may = scenario::file("allowUnfired: [own]\nexpect: [ { match: { path: /oauth/token }, times: 0 } ]");
    let output = exec(&["--verify", scenario::path(&may)], &script(sets));
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

/// Guest tokens as somebody writes them who has read a guide: an access token for each, what the customer typed among the
/// attributes, again at once when it was too often, keys for each validation, a token out of a log.
const NAIVE: &str = r#"
const base = process.env.GENESYS_EMULATOR_URL;
const form = { grant_type: 'client_credentials', client_id: 'emulator-guest-client', client_secret: 'emulator-guest-secret' };
for (let n = 0; n < 6; n++) {
  const answer = await fetch(`${base}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token } = await answer.json();
  const headers = { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ name: 'Ann', customAttributes: { contact: 'ann@example.test' } });
  const guest = () => fetch(`${base}/api/v2/webchat/guest`, { method: 'POST', headers, body });
  if ((await guest()).status === 429) await guest();
  await fetch(`${base}/api/v2/oauth/publickey`);
}
await fetch(`${base}/api/v2/tokens/me`, { headers: { authorization: 'Bearer [REDACTED]' } });
"#;
const MISTAKES: [&str; 5] = [
    "keys_fetched_per_request",
    "personal_data",
    "redacted_authorization",
    "retry_before_retry_after",
    "token_per_request",
];

/// One access token, and patience.
const CORRECT: &str = r#"
const base = process.env.GENESYS_EMULATOR_URL;
const form = { grant_type: 'client_credentials', client_id: 'emulator-guest-client', client_secret: 'emulator-guest-secret' };
async function patient(ask) {
  for (let wait = 1; ; wait *= 2) {
    const answer = await ask();
    if (answer.ok) return answer;
    const seconds = Number(answer.headers.get('retry-after') ?? wait);
    await new Promise((done) => setTimeout(done, seconds * 1000 + 100));
  }
}
const token = await patient(() => fetch(`${base}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) }));
const { access_token } = await token.json();
const headers = { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' };
for (let n = 0; n < 6; n++) {
  await patient(() => fetch(`${base}/api/v2/webchat/guest`, { method: 'POST', headers, body: '{"name":"Ann"}' }));
}
"#;

#[test]
fn a_naive_client_is_told_its_mistakes_and_a_correct_one_has_none_in_five_scenarios() {
    let world = "world: { orgs: [ { clients: { guest: { scopes: ['webchat:guest:write'] } } } ] }\n";
    let guest = |effect: &str| {
        format!(
            "{world}faults: [ {{ id: f, when: {{ method: POST, path: /api/v2/webchat/guest }}, \
             schedule: {{ nth: 2 }}, effect: {effect} }} ]"
        )
    };
    let files = [
        guest("{ respond: { status: 429, retryAfter: 1s } }"),
        guest("{ respond: { status: 503, retryAfter: 1s } }"),
        guest("{ delay: { for: 20ms } }"),
        format!("{world}{}", BUSY.replace("{ status: 503 }", "{ status: 429, retryAfter: 1s, body: '{}' }")),
        world.to_owned(),
    ]
    .map(|text| scenario::file(&text));
    let folder = tempfile::tempdir().unwrap();
    let run = |client: &str| {
        let program = folder.path().join("client.mjs");
        fs::write(&program, client).unwrap();
        let mut command = binary();
        command.args(["exec", "--fail-on", "warning"]);
        for file in &files {
            command.args(["--matrix", scenario::path(file)]);
        }
        command.arg("--").arg("node").arg(&program).output().unwrap()
    };
    let output = run(CORRECT);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let output = run(NAIVE);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    let found = |line: &str| {
        let line = line.trim().strip_prefix("warning ").or(line.trim().strip_prefix("error "))?;
        Some(line.split(':').next()?.to_owned())
    };
    let named: BTreeSet<_> = said.lines().filter_map(found).collect();
    assert_eq!(named.iter().collect::<Vec<_>>(), MISTAKES, "{said}");
    assert_eq!(said.matches("token_per_request").count(), 5, "in each scenario: {said}");
}
