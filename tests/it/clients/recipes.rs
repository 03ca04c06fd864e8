//! The lines of code that `env` prints, each run with the client that it names.

use std::fs;

use super::{Runtime, facts_with};
use crate::cli::process::binary;

/// What `env` says of that emulator, in a file.
fn told(url: &str) -> Vec<String> {
    let output = binary().args(["env", "--format", "json", "--url", url]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (_, path) = tempfile::Builder::new().suffix(".json").tempfile().unwrap().keep().unwrap();
    fs::write(&path, output.stdout).unwrap();
    vec![path.to_str().unwrap().to_owned()]
}

#[tokio::test]
async fn every_line_of_javascript_points_its_client_here() {
    let Some(facts) = facts_with(Runtime::Node, "recipes.mjs", told).await else {
        return;
    };
    insta::assert_snapshot!(facts, @r#"
    axios: 200
    jose: "public"
    jwks-rsa: true
    oidc-client-ts: true
    openid-client: true
    purecloud-guest-chat-client: "Jo"
    purecloud-platform-client-v2: "Emulated Org"
    ws: "SessionResponse 200"
    "#);
}

#[tokio::test]
async fn every_line_of_python_points_its_client_here() {
    let Some(facts) = facts_with(Runtime::Python, "recipes.py", told).await else {
        return;
    };
    insta::assert_snapshot!(facts, @r#"
    Authlib: "Bearer"
    PureCloudPlatformClientV2: "Emulated Org"
    PyJWT: true
    "#);
}
