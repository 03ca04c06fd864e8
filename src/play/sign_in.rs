//! A browser that signs in without a page.

use serde_json::{Value, json};

use super::http::Request;
use crate::{base::way::plain, scenario::step::SignIn};

/// A verifier and its challenge (RFC 7636 appendix B): what is secret in real life is the same here every time.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// What is asked of the provider or the platform, and what the client remembers meanwhile.
pub struct Asked {
    /// The request to `/authorize`.
    pub request: Request,
    kept: Value,
}

/// The `nth` sign-in of a script.
pub fn ask(sign_in: &SignIn, nth: u64) -> Asked {
    let or = |given: &Option<String>, usual: &str| given.clone().unwrap_or_else(|| usual.to_owned());
    let redirect_uri = or(&sign_in.redirect_uri, "http://localhost:3000/cb");
    let nonce = or(&sign_in.nonce, &format!("nonce-{nth}"));
    let response_type = or(&sign_in.response_type, "code");
    let mut pairs = vec![
        ("redirect_uri".to_owned(), redirect_uri.clone()),
        ("response_type".to_owned(), response_type.clone()),
        ("state".to_owned(), format!("state-{nth}")),
    ];
    let place = match &sign_in.user {
        Some(user) => {
            pairs.push(("client_id".to_owned(), or(&sign_in.client, "emulator-code-client")));
            pairs.push(("login_hint".to_owned(), user.clone()));
            "/oauth".to_owned()
        }
        None => {
            pairs.push(("client_id".to_owned(), or(&sign_in.client, "messenger")));
            pairs.push(("scope".to_owned(), or(&sign_in.scope, "openid profile email")));
            pairs.push(("nonce".to_owned(), nonce.clone()));
            pairs.push(("prompt".to_owned(), "none".to_owned()));
            pairs.push(("login_hint".to_owned(), or(&sign_in.person, "")));
            format!("/idp/{}", or(&sign_in.provider, "main"))
        }
    };
    if response_type.split(' ').any(|one| one == "code") {
        pairs.push(("code_challenge".to_owned(), CHALLENGE.to_owned()));
        pairs.push(("code_challenge_method".to_owned(), "S256".to_owned()));
    }
    for (name, value) in &sign_in.with {
        pairs.retain(|(known, _)| known != name);
        pairs.push((name.clone(), plain(value)));
    }
    pairs.retain(|(_, value)| !value.is_empty());
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    Asked {
        request: Request::new("GET", &format!("{place}/authorize?{query}")),
        kept: json!({ "redirectUri": redirect_uri, "nonce": nonce, "codeVerifier": VERIFIER }),
    }
}

impl Asked {
    /// What came back to the client, with what it remembered: `code`, `id_token`, `error`, …
    pub fn came_back(self, answer: &Value) -> Value {
        let mut told = self.kept;
        told["status"] = answer["status"].clone();
        if let Some(error) = answer.get("error") {
            told["error"] = error.clone();
        }
        let location = answer["headers"]["location"].as_str().unwrap_or_default();
        let (_, fields) = location.split_once(['?', '#']).unwrap_or_default();
        for (name, value) in form_urlencoded::parse(fields.as_bytes()) {
            told[&*name] = value.into();
        }
        told
    }
}
