//! Somebody else's public keys, as JWK set (RFC 7517) or as one uploaded key.

use jsonwebtoken::{Algorithm, DecodingKey, jwk::Jwk};
use serde::Deserialize;
use serde_json::Value;

use super::verifier::Jws;

/// What became of looking for the key of a token.
#[derive(Debug, PartialEq, Eq)]
pub enum Verified {
    /// The key made the signature.
    Yes,
    /// There is such a key, and it did not.
    No,
    /// There is no such key; these are the ones that there are.
    UnknownKey(Vec<String>),
}

/// Keys that can verify RS256; others in the set are passed over.
pub struct KeySet {
    keys: Vec<(Option<String>, DecodingKey)>,
}

/// Why a document is no key set.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadKeySet(String);

#[derive(Deserialize)]
struct Shape {
    keys: Vec<Value>,
}

impl KeySet {
    /// From the text of a JWK set, or of one JWK.
    pub fn parse(text: &str) -> Result<Self, BadKeySet> {
        let value: Value = serde_json::from_str(text).map_err(|error| BadKeySet(error.to_string()))?;
        let keys = match value.get("kty") {
            Some(_) => vec![value],
            None => {
                let shape = Shape::deserialize(value);
                shape.map_err(|_| BadKeySet("it has no list `keys`".to_owned()))?.keys
            }
        };
        let usable = |key: Value| {
            let rsa = key.get("kty").and_then(Value::as_str) == Some("RSA");
            let signs = key.get("use").and_then(Value::as_str).is_none_or(|used_for| used_for == "sig");
            let kid = key.get("kid").and_then(Value::as_str).map(str::to_owned);
            let jwk: Jwk = serde_json::from_value(key).ok().filter(|_| rsa && signs)?;
            Some((kid, DecodingKey::from_jwk(&jwk).ok()?))
        };
        Ok(Self { keys: keys.into_iter().filter_map(usable).collect() })
    }

    /// Is this RS256 by one of the keys? A token without `kid` is tried with the only key there is.
    pub fn verify(&self, jws: &Jws<'_>) -> Verified {
        let found = match &jws.header.kid {
            Some(kid) => self.keys.iter().find(|(name, _)| name.as_ref() == Some(kid)),
            None => self.keys.first().filter(|_| self.keys.len() == 1),
        };
        match found {
            None => Verified::UnknownKey(self.keys.iter().filter_map(|(kid, _)| kid.clone()).collect()),
            Some((_, key)) if jws.verifies(key, Algorithm::RS256) => Verified::Yes,
            Some(_) => Verified::No,
        }
    }
}
