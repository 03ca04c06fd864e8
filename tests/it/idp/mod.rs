//! The built-in identity providers, by their URLs.

mod authorize;
mod authorize_refusals;
mod claim_attributes;
mod claims;
mod end_session;
pub mod exchange;
mod faults;
mod introspect;
mod isolation;
mod key_laboratory;
mod keys;
mod pages;
mod refresh;
mod relying_party;
mod response_types;
mod revoke;
mod scenario;
mod sessions;
mod token;
pub mod token_matrix;
mod token_refusals;
mod userinfo;
mod well_known;

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use crate::support::{Answer, TestEmulator};

/// Where clients of these tests wait.
pub const REDIRECT_URI: &str = "http://localhost:3000/cb";
/// What every request of these tests says, unless it says something else.
const USUAL: [(&str, &str); 4] = [
    ("client_id", "messenger"),
    ("redirect_uri", REDIRECT_URI),
    ("response_type", "code"),
    ("scope", "openid"),
];
/// A verifier and its challenge (RFC 7636 appendix B).
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// The rights that clients of these tests prove.
const SECRET: &str = "client_id=messenger&client_secret=messenger-secret";

pub fn encoded<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Some parameters, with others in their places or besides.
pub fn over<'a>(usual: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = usual.iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
    kept.chain(more).copied().collect()
}

/// The usual authentication request with these parameters instead or besides; an empty one is left out.
fn request(more: &[(&str, &str)]) -> String {
    encoded(over(&USUAL, more).into_iter().filter(|(_, value)| !value.is_empty()))
}

/// The answer to an authentication request.
pub async fn authorize(emulator: &TestEmulator, more: &[(&str, &str)]) -> Answer {
    authorize_as(emulator, "", more).await
}

/// The answer to an authentication request of a browser with this cookie.
async fn authorize_as(emulator: &TestEmulator, cookie: &str, more: &[(&str, &str)]) -> Answer {
    let headers: Vec<_> = [("cookie", cookie)].into_iter().filter(|(_, value)| !value.is_empty()).collect();
    emulator.client.send("GET", &format!("/idp/main/authorize?{}", request(more)), &headers, "").await
}

/// What came back to the client, by query or fragment.
pub fn came_back(answer: &Answer) -> BTreeMap<String, String> {
    assert!(matches!(answer.status, 302 | 303), "{answer:?}");
    let location = answer.header("location");
    assert!(location.starts_with(REDIRECT_URI), "{location}");
    let (_, fields) = location.split_once(['?', '#']).unwrap_or_default();
    form_urlencoded::parse(fields.as_bytes()).into_owned().collect()
}

/// The cookie of an answer, as the browser sends it back.
pub fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

/// A code for Alice.
pub async fn code(emulator: &TestEmulator, more: &[(&str, &str)]) -> String {
    let quiet = [("prompt", "none"), ("login_hint", "alice")];
    let answer = authorize(emulator, &over(&quiet, more)).await;
    came_back(&answer).remove("code").unwrap_or_else(|| panic!("{answer:?}"))
}

/// The answer of the token endpoint to these parameters of the client `messenger`.
async fn token(emulator: &TestEmulator, more: &[(&str, &str)]) -> Answer {
    let body = format!("{SECRET}&{}", encoded(more.iter().copied()));
    emulator.client.post_form("/idp/main/token", &body).await
}

/// What a code is exchanged for.
pub async fn redeem(emulator: &TestEmulator, code: &str, more: &[(&str, &str)]) -> Answer {
    let usual = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", REDIRECT_URI)];
    token(emulator, &[&usual, more].concat()).await
}

/// What Alice's code for these scopes is exchanged for.
async fn tokens(emulator: &TestEmulator, scope: &str) -> Value {
    let code = code(emulator, &[("scope", scope)]).await;
    let answer = redeem(emulator, &code, &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

pub fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}"))
}

/// One of the JSON parts of a token.
fn part(jwt: &str, nth: usize) -> Value {
    let encoded = jwt.split('.').nth(nth).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(encoded).unwrap()).unwrap()
}

/// The claims of a token as they stand, unverified.
pub fn claims(jwt: &str) -> Value {
    part(jwt, 1)
}

/// Status, the beginning of the body, and the rule in the journal.
pub async fn told(emulator: &TestEmulator, answer: &Answer) -> String {
    let refusal = emulator.last_refusal().await;
    format!("{} {} {}", answer.status, answer.text, refusal["rule"].as_str().unwrap())
}
