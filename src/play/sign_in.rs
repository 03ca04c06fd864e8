//! A browser that signs in without a page.

use serde_json::{Value, json};

use super::http::Request;
use crate::{base::way::plain, scenario::step::SignIn};

/// A verifier and its challenge (RFC 7636 appendix B): what is secret in real life is the same here every time.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// What is asked of the provider, and what the client remembers meanwhile.
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
        ("client_id".to_owned(), or(&sign_in.client, "messenger")),
        ("redirect_uri".to_owned(), redirect_uri.clone()),
        ("response_type".to_owned(), response_type.clone()),
        ("scope".to_owned(), or(&sign_in.scope, "openid profile email")),
        ("state".to_owned(), format!("state-{nth}")),
        ("nonce".to_owned(), nonce.clone()),
        ("prompt".to_owned(), "none".to_owned()),
        ("login_hint".to_owned(), or(&sign_in.person, "")),
    ];
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
    let provider = or(&sign_in.provider, "main");
    Asked {
        request: Request::new("GET", &format!("/idp/{provider}/authorize?{query}")),
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
