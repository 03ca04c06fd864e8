//! The public half of a key as JWK (RFC 7517).

use serde::Serialize;

use super::keygen::Key;

/// One RSA signing key.
#[derive(Clone, Debug, Serialize)]
pub struct Jwk {
    kty: &'static str,
    #[serde(rename = "use")]
    used_for: &'static str,
    alg: &'static str,
    kid: String,
    n: String,
    e: String,
}

/// A set of keys.
#[derive(Clone, Debug, Serialize)]
pub struct JwkSet {
    /// Its keys, the current one first.
    pub keys: Vec<Jwk>,
}

impl Jwk {
    /// The public half of `key` under this `kid`.
    pub fn of(key: &Key, kid: &str) -> Self {
        let (n, e) = (key.n.clone(), key.e.clone());
        Self { kty: "RSA", used_for: "sig", alg: "RS256", kid: kid.to_owned(), n, e }
    }
}
