//! The public half of a key as JWK (RFC 7517).

use serde::Serialize;

use super::keygen::Key;

/// One signing key.
#[derive(Clone, Debug, Serialize)]
pub struct Jwk {
    kty: &'static str,
    #[serde(rename = "use")]
    used_for: &'static str,
    alg: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    #[serde(flatten)]
    public: Public,
}

/// The members that hang on the type of the key (RFC 7518 section 6), each base64url.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Public {
    /// RSA.
    Rsa {
        /// Modulus.
        n: String,
        /// Exponent.
        e: String,
    },
    /// A point on a curve.
    Ec {
        /// The curve's name.
        crv: &'static str,
        /// X coordinate.
        x: String,
        /// Y coordinate.
        y: String,
    },
}

/// A set of keys.
#[derive(Clone, Debug, Default, Serialize)]
pub struct JwkSet {
    /// Its keys, the current one first.
    pub keys: Vec<Jwk>,
}

impl Jwk {
    /// The public half of `key` under this `kid`, if it has one.
    pub fn of(key: &Key, kid: Option<String>) -> Self {
        let kty = match key.public {
            Public::Rsa { .. } => "RSA",
            Public::Ec { .. } => "EC",
        };
        Self { kty, used_for: "sig", alg: key.alg(), kid, public: key.public.clone() }
    }
}
