//! Real, unmodified clients. Each test runs one program of `tests/clients` against an emulator of its own, whose clock
//! runs and whose URLs come from the request, and looks at the facts that the program found.

mod admin_client;
mod guest_chat;
mod platform;
mod reach;
mod recipes;
mod windows;
mod wrong_tokens;

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    process::Command,
};

use genesys_emulator::Emulator;
use serde_json::Value;

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients");
pub const INSTALLED: &str = env!("CARGO_TARGET_TMPDIR");

/// What runs a program, once its packages are there.
#[derive(Clone, Copy)]
pub enum Runtime {
    Node,
    Python,
}

impl Runtime {
    /// Is what the machine brings along recent enough?
    fn is_there(self) -> bool {
        let (program, check) = match self {
            Self::Node => (
                "node",
                [
                    "-e",
                    "const [major, minor] = process.versions.node.split('.').map(Number);
                     process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)",
                ],
            ),
            Self::Python => {
                ("python3", ["-c", "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))"])
            }
        };
        let works = |program: &str, args: &[&str]| {
            let output = Command::new(program).args(args).output();
            output.is_ok_and(|output| output.status.success())
        };
        works(program, &check) && (matches!(self, Self::Python) || works("npm", &["--version"]))
    }

    /// Can it run this? If not, that is told, and an error in CI.
    pub fn is_ready(self, program: &str) -> bool {
        if self.is_there() {
            return true;
        }
        let needs = self.needs();
        assert!(std::env::var_os("CI").is_none(), "{program} needs {needs}, and in CI nothing is skipped");
        // not by a macro, whose words are kept from the terminal when the test passes
        let _ = writeln!(io::stderr(), "skipped: {program} needs {needs}");
        false
    }

    fn needs(self) -> &'static str {
        match self {
            Self::Node => "Node 20.19 or newer with npm",
            Self::Python => "Python 3.11 or newer with venv and pip",
        }
    }

    /// The list of packages, exact versions; and where they are installed.
    fn packages(self) -> (PathBuf, PathBuf) {
        match self {
            Self::Node => (
                Path::new(SOURCES).join("node/package-lock.json"),
                Path::new(SOURCES).join("node/node_modules"),
            ),
            Self::Python => (
                Path::new(SOURCES).join("python/requirements.txt"),
                Path::new(INSTALLED).join("clients-python"),
            ),
        }
    }

    /// Installs the packages of the programs.
    fn install(self) {
        let (list, place) = self.packages();
        self.install_in(&list, &place);
    }

    /// Installs the packages of a list, unless just these are there. Others that want to, wait.
    pub fn install_in(self, list: &Path, place: &Path) {
        let lock = File::create(Path::new(INSTALLED).join("clients.lock")).unwrap();
        lock.lock().unwrap();
        let (wanted, stamp) = (fs::read(list).unwrap(), place.join(".installed"));
        if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
            return;
        }
        match self {
            Self::Node => {
                let mut npm = Command::new("npm");
                npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
                must(npm.current_dir(list.parent().unwrap()));
            }
            Self::Python => {
                must(Command::new("python3").args(["-m", "venv", "--clear"]).arg(place));
                let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
                must(Command::new(place.join("bin/python")).args(pip).arg(list));
            }
        }
        fs::write(stamp, wanted).unwrap();
    }

    /// A program, ready to run. SDKs look for settings in the home directory, and HTTP libraries for proxies.
    fn command(self, program: &str) -> Command {
        let (interpreter, folder) = match self {
            Self::Node => (PathBuf::from("node"), "node"),
            Self::Python => (self.packages().1.join("bin/python"), "python"),
        };
        let home = Path::new(INSTALLED).join("clients-home");
        fs::create_dir_all(&home).unwrap();
        let mut command = Command::new(interpreter);
        command
            .arg(Path::new(SOURCES).join(folder).join(program))
            .env("HOME", home)
            .env("NO_PROXY", "*")
            .env("no_proxy", "*");
        command
    }
}

/// Runs a command to its good end and answers its output.
fn must(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{out}{err}", output.status);
    out.into_owned()
}

/// The facts that a program found; nothing on a machine that cannot run it.
async fn facts(runtime: Runtime, program: &'static str) -> Option<String> {
    facts_with(runtime, program, |_| Vec::new()).await
}

/// The same of a program with more arguments, which are made of the emulator's URL.
async fn facts_with(
    runtime: Runtime,
    program: &'static str,
    more: impl FnOnce(&str) -> Vec<String> + Send + 'static,
) -> Option<String> {
    if !runtime.is_ready(program) {
        return None;
    }
    let emulator = Emulator::builder().start().await.unwrap();
    let url = emulator.url();
    let run = move || {
        runtime.install();
        let more = more(&url);
        must(runtime.command(program).arg(url).args(more))
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let facts: BTreeMap<String, Value> =
        serde_json::from_str(&output).unwrap_or_else(|error| panic!("{program}: {error}: {output}"));
    let lines: Vec<_> = facts.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    Some(lines.join("\n"))
}

#[tokio::test]
async fn a_token_proxy_works_with_both_generations_of_axios_and_credentials_anywhere() {
    let Some(facts) = facts(Runtime::Node, "token-proxy.mjs").await else {
        return;
    };
    insta::assert_snapshot!(facts, @r#"
    guests: ["guest-643f4751-8038-447b-b9cf-d723c852e3c5","guest-371b44f9-8044-4848-a1e9-9c0fd1ef55a3","guest-2c7e5e64-2dc9-4c2b-831e-b3755570b7a7","guest-2028a406-6d08-48ca-9184-cbd5bfb6c231","guest-d64c2c2f-dfdc-4b8b-9548-dc136ce40aa0","guest-64b25d42-09c3-400d-a240-f36794c46dff"]
    seen: [{"by":["axios 0.27.2, inBody","axios 0.27.2, basicRaw","axios 0.27.2, basicEncoded","axios 1, inBody","axios 1, basicRaw","axios 1, basicEncoded"],"facts":{"accessToken":"bearer for 3600 s","guestToken":"Bearer for 1800 s, 1800 s by its claims","name":"Ann","oneGuest":true,"page":"https://shop.example.test/","permissions":"webchat:guest:view conversation:webchat:edit","signed":"RS256 by emulator-f1f0ef23f83c"}}]
    "#);
}

#[tokio::test]
async fn a_verifier_that_keeps_keys_rejects_what_a_fresh_one_accepts_after_a_rotation() {
    let Some(facts) = facts(Runtime::Node, "caching-verifier.mjs").await else {
        return;
    };
    insta::assert_snapshot!(facts, @r#"
    before: {"jose":"accepted: emulator-f1f0ef23f83c","jwks-rsa":"accepted: emulator-f1f0ef23f83c"}
    newToken: {"caching":{"jose":"rejected: ERR_JWKS_NO_MATCHING_KEY","jwks-rsa":"rejected: JwksRateLimitError"},"fresh":{"jose":"accepted: emulator-b9085a92f235","jwks-rsa":"accepted: emulator-b9085a92f235"}}
    oldToken: {"caching":{"jose":"accepted: emulator-f1f0ef23f83c","jwks-rsa":"accepted: emulator-f1f0ef23f83c"},"fresh":{"jose":"rejected: ERR_JWKS_NO_MATCHING_KEY","jwks-rsa":"rejected: SigningKeyNotFoundError"}}
    signedNow: "emulator-b9085a92f235"
    "#);
}

#[tokio::test]
async fn the_javascript_sdk_logs_in_by_its_gateway_setting_and_gets_errors_it_understands() {
    let Some(facts) = facts(Runtime::Node, "platform-sdk.mjs").await else {
        return;
    };
    insta::assert_snapshot!(facts, @r#"
    afterLogOut: {"body":{"code":"bad.credentials","details":[],"errors":[],"message":"Invalid login credentials.","status":401},"correlated":true,"status":401}
    client: "emulator-guest-client"
    country: "US"
    guestToken: "Bearer"
    limits: ["inin-ratelimit-allowed","inin-ratelimit-count","inin-ratelimit-reset"]
    loggedIn: "string, for 60 minutes"
    notServed: {"body":{"code":"not.implemented","details":[],"errors":[],"message":"This emulator does not serve GET /api/v2/organizations/limits/docs","status":501},"correlated":true,"status":501}
    organization: {"id":"00000000-0000-4000-8000-0000000000aa","name":"Emulated Org"}
    tooOften: {"body":{"code":"too.many.requests.retry.after","details":[],"errors":[],"message":"Rate limit exceeded the maximum. Retry the request in [7] seconds","status":429},"correlated":true,"retryAfter":"7","status":429}
    withoutScope: {"body":{"code":"app.not.authorized.for.scope","details":[],"errors":[],"message":"App not authorized to use scope webchat:guest:write","messageParams":{"scope":"webchat:guest:write"},"status":403},"correlated":true,"status":403}
    wrongSecret: {"body":{"description":"authentication failed","error":"invalid_client","error_description":"authentication failed"},"correlated":true,"status":401}
    "#);
}

#[tokio::test]
async fn a_websocket_client_chats_with_the_bot_reads_the_history_and_is_closed_cleanly() {
    let Some(facts) = facts(Runtime::Node, "socket.mjs").await else {
        return;
    };
    insta::assert_snapshot!(facts, @r#"
    chat: ["Inbound Text: Grüße 👋","Outbound Text: You said: Grüße 👋"]
    closed: 1000
    echo: {"class":"StructuredMessage","text":"ping","tracingId":"heartbeat"}
    end: ["Outbound Text: Goodbye.","Outbound Event: [{\"eventType\":\"Presence\",\"presence\":{\"type\":\"Disconnect\"}}]"]
    extensions: "none"
    history: ["Outbound Text: You said: Grüße 👋","Inbound Text: Grüße 👋"]
    inOrder: true
    jwt: {"class":"JwtResponse","inFuture":true}
    refused: {"body":"Unknown action \"dance\"","class":"string","code":400}
    sameIds: true
    session: {"class":"SessionResponse","code":200,"isNew":true,"tracingId":"first"}
    strict: {"codes":[200],"timed":true,"types":["message","response"]}
    "#);
}

#[tokio::test]
async fn a_websocket_client_plays_a_guest_s_whole_life_and_every_frame_is_one_that_strict_clients_read() {
    let Some(facts) = facts(Runtime::Node, "guest-life.mjs").await else {
        return;
    };
    insta::assert_snapshot!(facts, @r#"
    01 new: ["response SessionResponse connected newSession [configure]"]
    02 join: ["message StructuredMessage Inbound Event Join [join]"]
    03 offered: ["message StructuredMessage Inbound Text “quick replies” [replies]","message StructuredMessage Outbound Bot Structured “Pick a colour” QuickReply QuickReply"]
    04 chosen: ["message StructuredMessage Inbound Structured “Blue” ButtonResponse [blue]","message StructuredMessage Outbound Bot Text “You said: Blue”"]
    05 shown: ["message StructuredMessage Inbound Text “card” [card]","message StructuredMessage Outbound Bot Structured “Oslo” Card"]
    06 pressed: ["message StructuredMessage Inbound Structured “Book” ButtonResponse [book]","message StructuredMessage Outbound Bot Text “You said: Book”"]
    07 announced: ["response PresignedUrlResponse [file]"]
    08 uploaded: [200,{},"message UploadSuccessEvent [file]"]
    09 attached: ["message StructuredMessage Inbound Text “My bill” Attachment [bill]","message StructuredMessage Outbound Bot Text “You said: My bill”"]
    10 again: ["response PresignedUrlResponse [again]"]
    11 file: {"download":{"fileSize":21,"headers":{}},"same":[true,true],"sameId":true,"upload":true}
    12 handover: ["message StructuredMessage Inbound Text “agent” [agent]","message StructuredMessage Outbound Bot Text “Someone will be with you shortly.”"]
    13 person: ["message StructuredMessage Outbound Human Text from Dana “How can I help?”","message StructuredMessage Outbound Human Event from Emulated Agent typing On 5000"]
    14 alive: ["response StructuredMessage Inbound Text “ping” [SGVhbHRoQ2hlY2tNZXNzYWdlSWQ=]"]
    15 typing: ["typing.agent","typing.guest"]
    16 left: ["message StructuredMessage Outbound Human Event from Emulated Agent Disconnect readOnly=true"]
    17 refused: ["response 409 “The conversation has ended and the session is read-only” [too late]"]
    18 resumed: ["response SessionResponse connected readOnly [resume]"]
    19 jwt: ["response JwtResponse [jwt]"]
    20 history: {"same":true,"timesIncrease":true,"total":15}
    21 closed: ["response SessionResponse readOnly [close]","message ConnectionClosedEvent",1000]
    22 started: ["response SessionResponse connected newSession [start new]"]
    23 anew: ["message StructuredMessage Inbound Text “Hello again” [hello]","message StructuredMessage Outbound Bot Text “You said: Hello again”"]
    24 cleared: ["message StructuredMessage Inbound Event Clear [clear]","message SessionClearedEvent","message ConnectionClosedEvent",1000]
    25 fresh: ["response SessionResponse connected newSession [after clear]"]
    26 third: ["message StructuredMessage Inbound Text “Third time” [third]"]
    27 signed in: ["message StructuredMessage Inbound Event from Alice SignIn authenticated=true","response SessionResponse connected [sign in]"]
    28 still answered: ["message StructuredMessage Outbound Bot Text “You said: Third time”"]
    29 authenticated: ["message StructuredMessage Inbound Text “It is me” authenticated=true [as Alice]"]
    30 no guest: ["response 4017 “The session is authenticated; it cannot go on as a guest's” [as guest]"]
    31 signed out: [204,"message LogoutEvent",1000]
    32 revoked: ["response 401 “The authentication token is refused: its owner has signed out” [revoked]",1000]
    33 conversations: ["disconnected","cleared","signedOut"]
    "#);
}

#[tokio::test]
async fn pyjwt_verifies_guest_tokens_and_keeps_its_keys_after_a_rotation() {
    let Some(facts) = facts(Runtime::Python, "guest_token.py").await else {
        return;
    };
    insta::assert_snapshot!(facts, @r#"
    afterRotation: {"kid":"emulator-b9085a92f235","newToken":{"caching":"rejected: PyJWKClientError","fresh":"accepted: Ann"},"oldToken":{"caching":"accepted: Ann","fresh":"rejected: PyJWKClientError"}}
    claims: ["aud","exp","iat","iss","jti","orgId","permissions","sub","webchat"]
    kid: "emulator-f1f0ef23f83c"
    otherAudience: "rejected: InvalidAudienceError"
    "#);
}

#[tokio::test]
async fn openid_client_does_all_that_it_can_and_jose_verifies_both_kinds_of_keys() {
    let Some(facts) = facts(Runtime::Node, "openid-client.mjs").await else {
        return;
    };
    insta::assert_snapshot!(facts, @r#"
    afterRevocation: {"access":false,"refreshed":"rejected: invalid_grant","userInfo":"rejected: OAUTH_WWW_AUTHENTICATE_CHALLENGE"}
    algorithms: {"curve":"ES256 of user-alice","main":"RS256 of user-alice"}
    claims: {"aud":"messenger","email":"alice@emulated.test","name":"Alice Adams","sub":"user-alice"}
    hybrid: "user-alice"
    implicit: "user-alice"
    introspected: {"access":true,"nonsense":false,"refresh":true}
    nobody: "rejected: login_required"
    own: {"idToken":"none","scope":"orders:read"}
    refreshed: {"another":true,"sameSession":true}
    signedOut: "http://localhost:3000/bye?state=s"
    tokens: {"expiresIn":3600,"scope":"openid profile email offline_access","type":"bearer"}
    userInfo: {"email":"alice@emulated.test","email_verified":true,"family_name":"Adams","given_name":"Alice","name":"Alice Adams","preferred_username":"alice","sub":"user-alice"}
    wrongSecret: "rejected: OAUTH_WWW_AUTHENTICATE_CHALLENGE"
    "#);
}

#[tokio::test]
async fn what_openid_client_gets_is_exchanged_and_opens_an_authenticated_socket_of_ws() {
    let Some(facts) = facts(Runtime::Node, "authenticated.mjs").await else {
        return;
    };
    insta::assert_snapshot!(facts, @r#"
    downgrade: 4017
    exchange: "200 jwt,refreshToken"
    otherNonce: "401 nonce.mismatch"
    otherVerifier: "401 pkce.mismatch"
    refresh: "200 jwt"
    refreshAfterwards: "401 refresh.token.invalid"
    said: "It is me, authenticated: true"
    sameCodeAgain: "401 code.reused"
    session: {"class":"SessionResponse","code":200,"isNew":true}
    signOut: 204
    told: "LogoutEvent"
    "#);
}

#[tokio::test]
async fn the_oidc_client_of_pages_is_known_again_by_its_cookie_until_it_signs_out() {
    let Some(facts) = facts(Runtime::Node, "oidc-client-ts.mjs").await else {
        return;
    };
    insta::assert_snapshot!(facts, @r#"
    afterwards: "rejected: login_required"
    again: {"sameSession":true,"sub":"user-bob"}
    first: {"name":"Bob Brown","scope":"openid profile offline_access","state":{"page":"/checkout"}}
    refreshed: {"another":true,"sub":"user-bob"}
    signedOut: {"at":"http://localhost:3000/bye","state":{"done":true}}
    "#);
}

#[tokio::test]
async fn jose_verifies_access_tokens_and_their_scopes_decide_who_gets_a_socket() {
    let Some(facts) = facts(Runtime::Node, "access-token.mjs").await else {
        return;
    };
    insta::assert_snapshot!(facts, @r#"
    afterwards: {"api":401,"jose":"accepted: phone for 86400 s","socket":"Unexpected server response: 401"}
    claims: ["aud","client_id","exp","iat","iss","jti","org","scope","sub"]
    client: "phone"
    mayRead: [true,true]
    otherAudience: "rejected: ERR_JWT_CLAIM_VALIDATION_FAILED"
    revoked: 200
    sockets: {"chat":"Unexpected server response: 403","phone":"open"}
    verified: "accepted: phone for 86400 s"
    "#);
}

#[tokio::test]
async fn authlib_signs_in_and_pyjwt_verifies_and_notices_a_wrong_issuer() {
    let Some(facts) = facts(Runtime::Python, "identity_provider.py").await else {
        return;
    };
    insta::assert_snapshot!(facts, @r#"
    afterRevocation: "rejected: invalid_grant"
    claims: ["at_hash","aud","auth_time","email","email_verified","exp","iat","iss","nonce","sid","sub"]
    curve client_secret_basic: "ES256 of user-alice with n-1"
    introspected: "alice"
    main client_secret_basic: "RS256 of user-alice with n-1"
    main client_secret_post: "RS256 of user-alice with n-1"
    refreshed: "user-alice"
    revoked: 200
    userInfo: {"email":"alice@emulated.test","email_verified":true,"sub":"user-alice"}
    wrongIssuer: "rejected: InvalidIssuerError"
    wrongSecret: "rejected: invalid_client"
    "#);
}
