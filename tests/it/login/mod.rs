//! The login host.

mod authorize;
mod authorize_refusals;
mod client_auth;
mod code;
mod code_refusals;
mod jwt_access_tokens;
mod logout;
mod oauth;
mod oauth_refusals;
mod page;
mod refresh;
mod saml;
mod token_limit;
mod user_tokens;
mod well_known;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

pub use crate::idp::{REDIRECT_URI, VERIFIER, text};
use crate::{
    idp::{CHALLENGE, came_back, cookie, encoded, over, told},
    support::{Answer, TestEmulator},
};

/// What makes a code one of PKCE.
const PKCE: [(&str, &str); 2] = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];
/// What every authorization request of these tests says, unless it says something else.
const USUAL: [(&str, &str); 3] =
    [("client_id", "emulator-code-client"), ("redirect_uri", REDIRECT_URI), ("response_type", "code")];
const AGENT: &str = "00000000-0000-4000-8000-0000000000bb";
/// A second user, and clients whose users are asked by a page or who get tokens at once.
const PEOPLE: &str = "name: people
world:
  orgs:
    - users:
        zoe: { id: u-zoe, name: Zoe <b>, email: zoe@emulated.test, roles: [employee] }
      clients:
        asking: { id: asking, secret: asking-secret, name: Asking & Co, grant: CODE, scopes: [users], redirectUris: [http://localhost] }
        implicit: { id: implicit, grant: TOKEN, scopes: ['users:readonly', user-basic-info], redirectUris: [http://localhost], signsIn: zoe, tokenLifetime: 1h }
        rotating: { id: rotating, secret: rotating-secret, grant: CODE, scopes: [user-basic-info], redirectUris: [http://localhost], signsIn: agent, refreshRotation: true }
        saml: { id: saml, secret: saml-secret, grant: SAML2-BEARER, scopes: [user-basic-info] }
        off: { id: 'off', secret: s, grant: CODE, redirectUris: [http://localhost], state: inactive }
";

async fn people() -> TestEmulator {
    TestEmulator::yaml(PEOPLE).await
}

/// The usual authorization request with these parameters instead or besides; an empty one is left out.
fn request(more: &[(&str, &str)]) -> String {
    encoded(over(&USUAL, more).into_iter().filter(|(_, value)| !value.is_empty()))
}

/// The answer to an authorization request.
pub async fn authorize(emulator: &TestEmulator, more: &[(&str, &str)]) -> Answer {
    authorize_as(emulator, "", more).await
}

/// The same of a browser with this cookie.
async fn authorize_as(emulator: &TestEmulator, cookie: &str, more: &[(&str, &str)]) -> Answer {
    let headers: Vec<_> = [("cookie", cookie)].into_iter().filter(|(_, value)| !value.is_empty()).collect();
    emulator.client.send("GET", &format!("/oauth/authorize?{}", request(more)), &headers, "").await
}

/// A code.
pub async fn code(emulator: &TestEmulator, more: &[(&str, &str)]) -> String {
    let answer = authorize(emulator, more).await;
    came_back(&answer).remove("code").unwrap_or_else(|| panic!("{answer:?}"))
}

/// The answer of the token endpoint to these parameters, with these credentials as Basic, if any.
async fn token(emulator: &TestEmulator, basic: &str, more: &[(&str, &str)]) -> Answer {
    let authorization = format!("Basic {}", STANDARD.encode(basic));
    let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
    headers.extend((!basic.is_empty()).then_some(("authorization", authorization.as_str())));
    emulator.client.send("POST", "/oauth/token", &headers, encoded(more.iter().copied())).await
}

/// The credentials of the default world's client for codes.
pub const CODE_CLIENT: &str = "emulator-code-client:emulator-code-secret";

/// What a code is exchanged for, by these credentials.
async fn redeem(emulator: &TestEmulator, basic: &str, code: &str, more: &[(&str, &str)]) -> Answer {
    let usual = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", REDIRECT_URI)];
    let mut all = over(&usual, more);
    all.retain(|(_, value)| !value.is_empty());
    token(emulator, basic, &all).await
}

/// What the default agent's code is exchanged for.
pub async fn tokens(emulator: &TestEmulator) -> Value {
    let code = code(emulator, &[]).await;
    let answer = redeem(emulator, CODE_CLIENT, &code, &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

/// An access token of the user who is called so, who signs in without a page.
pub async fn sign_in(emulator: &TestEmulator, called: &str) -> String {
    let code = code(emulator, &[("login_hint", called)]).await;
    let body = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", REDIRECT_URI)];
    let answer = token(emulator, "emulator-code-client:emulator-code-secret", &body).await.json();
    answer["access_token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}
