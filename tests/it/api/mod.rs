mod access;
mod authorization;
mod downloads;
mod external_contacts;
mod external_sources;
mod integration_admin;
mod integrations;
mod limits;
mod oauth_clients;
mod oauth_scopes;
mod oauth_usage;
mod organizations;
mod publickey;
mod push_devices;
mod scope_checks;
mod tokens;
mod unserved;
mod user_tokens;
mod web_deployments;
mod web_resolution;
mod webchat;
mod webchat_bodies;
mod webchat_profiles;
mod webchat_renewal;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::support::{Answer, TestEmulator};

/// The claims of a JWT, byte for byte.
fn claims(jwt: &str) -> String {
    let payload = jwt.split('.').nth(1).unwrap();
    String::from_utf8(URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

/// `POST /api/v2/webchat/guest` with this text as body.
async fn post_guest(emulator: &TestEmulator, token: &str, body: impl Into<Vec<u8>>) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    emulator.client.send("POST", "/api/v2/webchat/guest", &headers, body.into()).await
}

/// The guest JWT of a good answer.
fn jwt(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["access_token"].as_str().unwrap().to_owned()
}
