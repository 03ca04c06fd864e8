//! `ctl`: the admin API as commands.

use std::{fs, process::Output};

use serde_json::{Value, json};

use super::{Run, binary, run};
use crate::support::{DEPLOYMENT, Socket, scenario};

/// A frozen emulator, and its shell.
struct Shell(Run);

impl Shell {
    fn start() -> Self {
        Self(Run::start(&["--clock", "2026-01-02T03:04:05Z", "--clock-rate", "0"], &[]))
    }

    fn ctl(&self, args: &[&str]) -> Output {
        let mut command = binary();
        command.env("GENESYS_EMULATOR_ADMIN_URL", self.0.ready["admin"].as_str().unwrap());
        command.arg("ctl").args(args).output().unwrap()
    }

    /// What people are told.
    fn text(&self, args: &[&str]) -> String {
        let output = self.ctl(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().replace(self.0.address(), "ADDRESS")
    }

    /// What programs are told.
    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.text(&[args, &["--output", "json"]].concat())).unwrap()
    }

    /// What is said when it cannot be done, and the exit code.
    fn refused(&self, args: &[&str]) -> String {
        let output = self.ctl(args);
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "", "{args:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        format!("{} {said}", output.status.code().unwrap())
    }
}

#[test]
fn faults_are_set_listed_and_taken_away() {
    let shell = Shell::start();
    let file = scenario::file(
        "faults:\n  - id: two\n    when: { path: /oauth/token }\n    effect: { reset: {} }\n  - id: three\n    plan: [ { ok: 3 }, { reset: {} } ]\n",
    );
    let one =
        "{ id: one, when: { method: GET }, schedule: { first: 2 }, effect: { respond: { status: 503 } } }";
    let said = [
        shell.text(&["faults", "list"]),
        shell.text(&["faults", "add", one, &format!("@{}", scenario::path(&file))]),
        shell.text(&["faults", "list"]),
        shell.text(&["faults", "get", "one"]),
        shell.text(&["faults", "rm", "one", "two"]),
        shell.text(&["faults", "replace", "{ id: four, effect: { reset: {} } }"]),
        shell.text(&["faults", "clear"]),
        shell.text(&["faults", "list"]),
    ];
    insta::assert_snapshot!(said.concat(), @r"
    none
    set: one, two, three
    ID     MATCHED  FIRED  WHEN                SCHEDULE  EFFECT
    one    0        0      method: GET         first: 2  respond: {status: 503}
    two    0        0      path: /oauth/token            reset: {at: before_head}
    three  0        0                                    plan: {ok: 3}, {reset: {at: before_head}}
    effect.respond.status  503
    fired                  0
    id                     one
    matched                0
    schedule.first         2
    when.method            GET
    one is gone
    two is gone
    set: four
    all faults are gone
    none
    ");
}

#[test]
fn the_clock_is_read_and_moved() {
    let shell = Shell::start();
    let said = [
        shell.text(&["clock", "get"]),
        shell.text(&["clock", "advance", "1h"]),
        shell.text(&["clock", "set", "2030-01-01T00:00:00Z"]),
        shell.text(&["clock", "freeze"]),
    ];
    insta::assert_snapshot!(said.concat(), @r"
    2026-01-02T03:04:05.000Z, it stands
    2026-01-02T04:04:05.000Z, it stands; came from 2026-01-02T03:04:05.000Z, timers that fired: 0
    2030-01-01T00:00:00.000Z, it stands; came from 2026-01-02T04:04:05.000Z, timers that fired: 0
    2030-01-01T00:00:00.000Z, it stands
    ");
    assert_eq!(shell.json(&["clock", "rate", "60"])["rate"], 60.0);
    assert!(shell.text(&["clock", "rate", "auto"]).contains(", rate auto"));
    assert_eq!(shell.json(&["clock", "resume"])["rate"], 1.0);
}

#[test]
fn keys_orgs_and_scenarios() {
    let shell = Shell::start();
    let said = [
        shell.text(&["keys", "list"]),
        shell.text(&["keys", "rotate"]),
        shell.text(&["keys", "rotate", "idp:main", "mode=hard"]),
        shell.text(&["orgs", "get"]),
        shell.text(&["orgs", "create", "name=Blue sky", "seed=9", "ttl=1h"]),
        shell.text(&["orgs", "list"]),
        shell.text(&["reset"]),
        shell.text(&["scenarios", "apply", "guest-429"]),
        shell.text(&["version"]),
    ];
    insta::assert_snapshot!(said.concat(), @"
    RING      SIGNS                  PUBLISHED              STALE
    platform  emulator-f1f0ef23f83c  emulator-f1f0ef23f83c  false
    idp:main  emulator-09be4e023849  emulator-09be4e023849  false
    RING      SIGNS                  PUBLISHED                                     STALE
    platform  emulator-b9085a92f235  emulator-b9085a92f235, emulator-f1f0ef23f83c  false
    idp:main  emulator-09be4e023849  emulator-09be4e023849                         false
    RING      SIGNS                  PUBLISHED                                     STALE
    platform  emulator-b9085a92f235  emulator-b9085a92f235, emulator-f1f0ef23f83c  false
    idp:main  emulator-074e4c16c85c  emulator-074e4c16c85c                         false
    clientId                       emulator-client
    clientSecret                   emulator-secret
    deploymentId                   00000000-0000-4000-8000-0000000000cc
    id                             00000000-0000-4000-8000-0000000000aa
    ids.chatDeployments.chat       00000000-0000-4000-8000-0000000000cf
    ids.clients.code               emulator-code-client
    ids.clients.guest              emulator-guest-client
    ids.clients.main               emulator-client
    ids.clients.nopermission       emulator-nopermission-client
    ids.clients.readonly           emulator-readonly-client
    ids.deployments.authenticated  00000000-0000-4000-8000-0000000000cd
    ids.deployments.guestToken     00000000-0000-4000-8000-0000000000cb
    ids.deployments.messaging      00000000-0000-4000-8000-0000000000cc
    ids.deployments.restricted     00000000-0000-4000-8000-0000000000ce
    ids.divisions.home             e3b75d5c-39cc-45e0-b40b-f170c324fa6e
    ids.queues.chat                51590013-993c-4a0c-a5ec-ba62ff147112
    ids.roles.admin                ac25ca10-9c55-4326-929e-67d55a06f413
    ids.roles.employee             bad5dd1a-35b9-4f25-b289-cb26d46d35d4
    ids.users.agent                00000000-0000-4000-8000-0000000000bb
    name                           Emulated Org
    now                            2026-01-02T03:04:05.000Z
    seed                           1
    url                            http://ADDRESS/@00000000-0000-4000-8000-0000000000aa
    clientId                       eab8be66-c767-4a60-b1af-631e4d6b8f2c
    clientSecret                   41cd0442cbfe8264608e03014e2d7847c24079bee7790e9b
    deploymentId                   843587fd-38be-453d-849d-c7f1799c5278
    id                             329a6d06-4645-4c24-8d12-2e671e5b3b4b
    ids.chatDeployments.chat       5866ac1f-5cef-4204-a3d3-1b8b385e34d0
    ids.clients.code               62ad8935-eacf-4051-88de-2b045b54b344
    ids.clients.guest              0e55490f-125c-4ad9-9206-ef171dfef9ff
    ids.clients.main               eab8be66-c767-4a60-b1af-631e4d6b8f2c
    ids.clients.nopermission       2b5fed81-31cf-4f34-81c7-aa7721d568b4
    ids.clients.readonly           b7c4c72f-edf5-480f-9b05-935d29e31000
    ids.deployments.authenticated  ee7faf47-fd3f-42d4-9eda-330ddec07a5c
    ids.deployments.guestToken     965e4054-27ea-48a1-98b5-d694e5cb4e3a
    ids.deployments.messaging      843587fd-38be-453d-849d-c7f1799c5278
    ids.deployments.restricted     3ed0d76e-18c1-4014-823e-32fa7718a64c
    ids.divisions.home             5c9d5d21-d82e-4075-aa06-b7c7bb466707
    ids.queues.chat                5c0b3fac-d89d-4eab-8c5a-01cbc2bc0feb
    ids.roles.admin                b941772f-502e-4daa-9e0b-3448e784597d
    ids.roles.employee             a55e8572-f1ca-4c10-8854-08fb4cbf1f1a
    ids.users.agent                e1976411-2ab2-42c3-b5e3-57e4c89369d1
    name                           Blue sky
    now                            2026-01-02T03:04:05.000Z
    seed                           9
    url                            http://ADDRESS/@329a6d06-4645-4c24-8d12-2e671e5b3b4b
    ID                                    NAME          NOW                       SEED  CLIENT                                URL
    00000000-0000-4000-8000-0000000000aa  Emulated Org  2026-01-02T03:04:05.000Z  1     emulator-client                       http://ADDRESS/@00000000-0000-4000-8000-0000000000aa
    329a6d06-4645-4c24-8d12-2e671e5b3b4b  Blue sky      2026-01-02T03:04:05.000Z  9     eab8be66-c767-4a60-b1af-631e4d6b8f2c  http://ADDRESS/@329a6d06-4645-4c24-8d12-2e671e5b3b4b
    00000000-0000-4000-8000-0000000000aa is at its first moment, 2026-01-02T03:04:05.000Z
    guest-429 is applied to 00000000-0000-4000-8000-0000000000aa
    genesys-emulator 0.1.0
    ");
    let orgs = shell.json(&["orgs", "list"]);
    let blue = orgs["entities"].as_array().unwrap().iter().find(|org| org["name"] == "Blue sky").unwrap();
    let id = blue["id"].as_str().unwrap();
    let at = format!("{}/@{id}", shell.0.address());
    assert_eq!(shell.json(&["--org", id, "scenarios", "apply", "respond"])["id"], id);
    assert_eq!(shell.json(&["--url", &at, "faults", "list"])["entities"][0]["id"], "respond");
    assert_eq!(shell.text(&["orgs", "rm", id]), format!("{id} is gone\n"));
    let file = scenario::file("name: own\nworld: { orgs: [ { name: Own } ] }\n");
    shell.text(&["scenarios", "apply", scenario::path(&file)]);
    assert_eq!(shell.json(&["orgs", "get"])["name"], "Own");
    assert!(shell.text(&["scenarios", "list"]).contains("guest-429"));
}

#[tokio::test]
async fn a_chat_is_followed_and_answered_by_hand() {
    let shell = Shell::start();
    assert_eq!(
        shell.refused(&["conversations", "get", "last"]),
        "1 genesys-emulator: there is no conversation yet\n"
    );
    let target = format!("/v1?deploymentId={DEPLOYMENT}");
    let mut socket = Socket::open(&shell.0.client.base, &target, &[]).await.unwrap();
    socket.configure(DEPLOYMENT, "t-1").await;
    socket.say("t-1", "Hello").await;
    assert_eq!(socket.next().await["body"]["text"], "Hello");
    let said = [
        shell.text(&["conversations", "list"]),
        shell.text(&["conversations", "say", "last", "How can I help?", "from.nickname=Dana"]),
        shell.text(&["conversations", "typing", "last", "duration=5s"]),
        shell.text(&["conversations", "disconnect", "last"]),
        shell.text(&["events", "type=message", "--no-follow"]),
        shell.text(&["journal", "list", "kind=frameIn"]),
        shell.text(&["journal", "get", "1.2"]),
        shell.text(&["contacts"]),
        shell.text(&["integrations", "flush", "main"]),
    ];
    insta::assert_snapshot!(said.concat(), @r#"
    ID                                    BEGAN                     ENDED  HOW  DEPLOYMENT                            WHO
    e0c545d8-d942-4fe0-98c8-4f2601aea596  2026-01-02T03:04:05.000Z              00000000-0000-4000-8000-0000000000cc  customer, workflow
    said as c0781e0f0e9e6a71959622ef46bde0ad
    shown
    e0c545d8-d942-4fe0-98c8-4f2601aea596 has ended
    2026-01-02T03:04:05.000Z  message.inbound           conversationId: e0c545d8-d942-4fe0-98c8-4f2601aea596, deploymentId: 00000000-0000-4000-8000-0000000000cc, messageId: 4f410b89b1a91c27f7db45993a9a0456, session: (redacted 73773861), text: Hello
    2026-01-02T03:04:05.000Z  message.outbound          conversationId: e0c545d8-d942-4fe0-98c8-4f2601aea596, deploymentId: 00000000-0000-4000-8000-0000000000cc, messageId: c0781e0f0e9e6a71959622ef46bde0ad, originatingEntity: Human, session: (redacted 73773861), text: How can I help?
    N    AT                        STATUS  WHAT                CLIENT  FAULTS  REFUSED
    1.1  2026-01-02T03:04:05.000Z          → configureSession
    1.3  2026-01-02T03:04:05.000Z          → onMessage
    at             2026-01-02T03:04:05.000Z
    correlationId  abd9631f-8d40-43e4-9549-ab902a054284
    decision       granted
    deployment     00000000-0000-4000-8000-0000000000cc
    elapsedUs      0
    frame          {"type":"response","class":"SessionResponse","code":200,"body":{"connected":true,"newSession":true,"readOnly":false,"maxCustomDataBytes":2048,"allowedMedia":{"inbound":{"fileTypes":[{"type":"*/*"}],"maxFileSizeKB":10240}},"blockedExtensions":[".exe",".bat",".cmd",".msi",".sh"],"clearedExistingSession":false,"durationSeconds":259200,"expirationDate":1767582245}}
    kind           frameOut
    n              1.2
    session        (redacted 73773861)
    surface        webmessaging
    target         SessionResponse
    ID                                    TYPE       NAME  EMAIL  EXTERNAL ID  MERGED INTO
    54b3e899-6577-48e0-a1e2-e933cd0f0368  Ephemeral
    NAME  PROVIDER       CLIENT     DISCOVERY FETCHES  KEY SET FETCHES  KEYS UNTIL
    main  builtIn: main  messenger  0                  0
    "#);
    let events = shell.text(&["events", "type=message", "--no-follow", "--output", "json"]);
    let first: Value = serde_json::from_str(events.lines().next().unwrap()).unwrap();
    assert_eq!((&first["event"], &first["data"]["text"]), (&json!("message.inbound"), &json!("Hello")));
    let jwt = shell.text(&["person-token", "alice", "person.firstName=Alice"]);
    assert_eq!(jwt.split('.').count(), 3, "{jwt}");
    assert_eq!(shell.text(&["journal", "clear"]), "the journal is empty\n");
    assert_eq!(shell.text(&["journal", "list"]), "none\n");
}

#[test]
fn a_snapshot_is_saved_and_put_back() {
    let shell = Shell::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let file = file.to_str().unwrap();
    shell.text(&["state", "save", file]);
    shell.text(&["clock", "advance", "1h"]);
    shell.text(&["state", "restore", file]);
    assert_eq!(shell.json(&["clock", "get"])["now"], "2026-01-02T03:04:05.000Z");
    fs::write(file, "{}").unwrap();
    assert!(
        shell
            .refused(&["state", "restore", file])
            .starts_with("2 genesys-emulator: The snapshot cannot be put back: ")
    );
}

#[test]
fn refusals_are_sentences() {
    let shell = Shell::start();
    let said = [
        shell.refused(&["faults", "get", "nobody"]),
        shell.refused(&["faults", "add", "{ efect: { reset: {} } }"]),
        shell.refused(&["faults", "add", "{ effect: [ }"]),
        shell.refused(&["clock", "advance", "soon"]),
        shell.refused(&["clock", "rate", "-1"]),
        shell.refused(&["journal", "list", "statsu=429"]),
        shell.refused(&["--org", "nobody", "clock", "get"]),
        shell.refused(&["scenarios", "apply", "guest-492"]),
        shell.refused(&["state", "restore", "/no/such/file"]),
    ];
    insta::assert_snapshot!(said.concat(), @r"
    1 genesys-emulator: Not found: There is no fault nobody
    2 genesys-emulator: A member is not as expected: unknown field `efect`, expected one of `id`, `of`, `when`, `schedule`, `phase`, `effect`, `plan` at line 1 column 8; did you mean `effect`?
    2 genesys-emulator: `{ effect: [ }` is neither YAML nor JSON: error: line 1 column 11: mismatched bracket '[' closed by '}'
     --> <input>:1:11
      |
    1 | { effect: [ }
      |           ^ mismatched bracket '[' closed by '}'
    2 genesys-emulator: A member is not as expected: `advance`: `soon` is not a duration; expected `250ms`, `2s`, `1h30m` or an integer of milliseconds at line 1 column 17
    2 genesys-emulator: A member is not as expected: `rate`: a rate is between 0 and 1,000,000, or auto
    2 genesys-emulator: A member is not as expected: `statsu` is not a filter, did you mean `status`?
    1 genesys-emulator: Not found: There is no org nobody
    1 genesys-emulator: No such scenario: there is no scenario `guest-492`, neither built in nor as a file; did you mean `guest-429`?
    2 genesys-emulator: `/no/such/file` cannot be read: No such file or directory (os error 2)
    ");
}

#[test]
fn whoever_is_not_there_is_named_with_how_to_start_it() {
    let output = run(&["ctl", "clock", "get", "--url", "127.0.0.1:1"]);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap(), @"genesys-emulator: nothing answers at 127.0.0.1:1; `genesys-emulator serve --listen 127.0.0.1:1` starts an emulator there, --url or GENESYS_EMULATOR_ADMIN_URL names another one");
    let output = run(&["ctl", "events", "--url", "127.0.0.1:1"]);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn the_admin_token_comes_by_flag_or_variable() {
    let emulator = Run::start(&["--admin-token", "s3cret"], &[]);
    let url = emulator.ready["admin"].as_str().unwrap();
    let output = run(&["ctl", "--url", url, "clock", "get"]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap(), @"genesys-emulator: The admin token is missing or wrong: Send `Authorization: Bearer` with the token that --admin-token gave");
    assert!(run(&["ctl", "--url", url, "--admin-token", "s3cret", "clock", "get"]).status.success());
    let variables = [("GENESYS_EMULATOR_ADMIN_URL", url), ("GENESYS_EMULATOR_ADMIN_TOKEN", "s3cret")];
    let output = binary().envs(variables).args(["ctl", "events", "--no-follow"]).output().unwrap();
    assert!(output.status.success());
}

#[test]
fn a_verification_that_does_not_hold_ends_with_3_and_tells_what_differs() {
    let shell = Shell::start();
    shell.ctl(&["faults", "add", "{ id: one, when: { path: /oauth/token }, effect: { reset: {} } }"]);
    let none = "{ match: { path: /oauth/token }, times: none, allowUnfired: true }";
    assert_eq!(shell.text(&["verify", none]), "expectations that hold: 1, faults that fired: 0\n");
    assert_eq!(
        shell.refused(&["verify"]),
        "3 genesys-emulator: Verification failed: 1 thing is not as it is to be\n- fault `one` never fired: nothing came that it is about\n"
    );
    let wrong = shell.refused(&["verify", "{ match: { pth: /x } }"]);
    assert!(wrong.starts_with("2 genesys-emulator: expect[0].match.pth: unknown field `pth`"), "{wrong}");
    assert_eq!(shell.text(&["findings"]), "none\n");
}
