//! Every flag of the command line and every field of a scenario file changes what is seen.

mod fields;
mod flags;
mod tours;

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::{
    idp::exchange::exchange_code,
    support::{DEPLOYMENT, TestEmulator},
};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All text below a folder.
fn texts(folder: &Path) -> String {
    let mut all = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        all += &if path.is_dir() { texts(&path) } else { fs::read_to_string(&path).unwrap() };
    }
    all
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap().to_owned();
    words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
}

/// The fields of the shapes in `src/scenario/file`, each as shape and name in a file.
fn fields() -> Vec<(String, String)> {
    let source = texts(&root().join("src/scenario/file"));
    let mut fields = Vec::new();
    let mut shape = String::new();
    for line in source.lines() {
        let words: Vec<_> = line.split_whitespace().collect();
        match words.as_slice() {
            [name, "{"] if line.starts_with("    ") => shape = (*name).to_owned(),
            [name, kind, ..]
                if line.starts_with("        ") && name.ends_with(':') && kind.ends_with(',') =>
            {
                fields.push((shape.clone(), camel_case(name.trim_end_matches(':'))));
            }
            _ => {}
        }
    }
    fields
}

/// An emulator whose default org has this, too.
async fn with(org: &str) -> TestEmulator {
    TestEmulator::yaml(&format!("world: {{ orgs: [ {org} ] }}")).await
}

#[tokio::test]
async fn users_and_queues_are_known_by_their_local_names() {
    let emulator = with(
        "{ users: { dana: { id: u-1, name: Dana, email: dana@x.test, queue: sales } }, queues: { sales: { name: Sales } },
           bots: { b: { otherwise: { handOver: { queue: sales } } } }, deployments: { messaging: { bot: b } } }",
    )
    .await;
    let orgs = emulator.client.admin("GET", "/orgs", None).await.json();
    assert_eq!(orgs["entities"][0]["ids"]["users.dana"], "u-1");
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "t").await;
    socket.say("t", "hello").await;
    socket.next().await;
    emulator.advance("1m").await;
    let conversation = emulator.conversation().await;
    assert!(conversation["participants"].to_string().contains("\"Sales\""), "{conversation}");
}

#[tokio::test]
async fn only_a_client_of_its_grant_gets_a_token() {
    let emulator = with("{ clients: { c: { id: c, secret: s, grant: CODE } } }").await;
    let form = "grant_type=client_credentials&client_id=c&client_secret=s";
    assert_eq!(emulator.client.post_form("/oauth/token", form).await.status, 400);
    let emulator = with("{ clients: { c: { id: c, secret: s, grant: CLIENT-CREDENTIALS } } }").await;
    assert_eq!(emulator.client.post_form("/oauth/token", form).await.status, 200);
}

#[tokio::test]
async fn a_deployment_trusts_only_the_integration_that_it_names() {
    let emulator = with("{}").await;
    assert_eq!(exchange_code(&emulator).await.status, 200);
    let named = "integrations: { other: { provider: main, clientId: nobody } }";
    let emulator =
        with(&format!("{{ {named}, deployments: {{ messaging: {{ auth: {{ integration: other }} }} }} }}"))
            .await;
    assert_eq!(exchange_code(&emulator).await.status, 401);
}

/// The code of the answer to a frame of somebody whose JWT has expired.
async fn after_the_jwt(org: &str) -> Value {
    let emulator = with(org).await;
    let given = exchange_code(&emulator).await.json();
    let mut socket = emulator.socket(DEPLOYMENT).await;
    let data = json!({ "code": given["jwt"] });
    let configure = json!({ "action": "configureAuthenticatedSession", "deploymentId": DEPLOYMENT, "token": "t", "data": data });
    socket.send(configure).await;
    socket.next().await;
    emulator.advance("10h").await;
    socket.send(json!({ "action": "echo", "token": "t" })).await;
    socket.next().await["code"].clone()
}

#[tokio::test]
async fn a_session_outlives_its_jwt_unless_it_expires_with_it() {
    assert_eq!(after_the_jwt("{}").await, 200);
    let org = "{ deployments: { messaging: { auth: { expiresWithToken: true } } } }";
    assert_eq!(after_the_jwt(org).await, 401);
}

#[tokio::test]
async fn people_sign_in_with_their_password_and_have_their_names() {
    let emulator =
        with("{ identityProviders: { main: { people: { eve: { password: open, familyName: Stone } } } } }")
            .await;
    let request = "client_id=messenger&response_type=code&scope=openid%20profile&redirect_uri=http://localhost/cb&state=s";
    let signs_in = async |password: &str| {
        let request: String = form_urlencoded::byte_serialize(request.as_bytes()).collect();
        let form = format!("request={request}&username=eve&password={password}");
        let answer = emulator.client.post_form("/idp/main/login", &form).await;
        answer.header("location").contains("code=")
    };
    assert!(!signs_in("eve").await, "the user name is the password of those who have none");
    assert!(signs_in("open").await);
}
