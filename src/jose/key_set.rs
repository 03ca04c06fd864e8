//! Somebody else's public keys, as JWK set (RFC 7517) or as one uploaded key.

use aws_lc_rs::rsa::PublicKey;
use jsonwebtoken::{Algorithm, DecodingKey, jwk::Jwk};
use serde_json::Value;

use super::verifier::Jws;
use crate::base::codec::from_base64;

const BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const END: &str = "-----END PUBLIC KEY-----";

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

impl KeySet {
    /// From the text of a JWK set, of one JWK, or of a public key as PEM (RFC 7468 section 13).
    pub fn parse(text: &str) -> Result<Self, BadKeySet> {
        if let Some(rest) = text.trim().strip_prefix(BEGIN) {
            let bad = || BadKeySet("it is no RSA key in PEM".to_owned());
            let inner: String = rest.split(END).next().unwrap_or_default().split_whitespace().collect();
            let der = from_base64(&inner).ok_or_else(bad)?;
            let key = PublicKey::from_der(&der).map_err(|_| bad())?;
            let (modulus, exponent) = (key.modulus(), key.exponent());
            let parts =
                (modulus.big_endian_without_leading_zero(), exponent.big_endian_without_leading_zero());
            return Ok(Self { keys: vec![(None, DecodingKey::from_rsa_raw_components(parts.0, parts.1))] });
        }
        let mut value: Value = serde_json::from_str(text).map_err(|error| BadKeySet(error.to_string()))?;
        let keys = match value.get_mut("keys").map(Value::take) {
            Some(Value::Array(keys)) => keys,
            None if value.get("kty").is_some() => vec![value],
            _ => return Err(BadKeySet("it has no list `keys`".to_owned())),
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

    /// Is this RS256 by one of the keys? Where token or key has no `kid`, the only key that there is will do.
    pub fn verify(&self, jws: &Jws<'_>) -> Verified {
        let kid = jws.header.kid.as_deref();
        let named: Vec<_> =
            self.keys.iter().filter(|(name, _)| kid.is_some() && name.as_deref() == kid).collect();
        let found = match (&self.keys[..], kid) {
            ([only], None) | ([only @ (None, _)], Some(_)) => vec![only],
            _ => named,
        };
        if found.is_empty() {
            return Verified::UnknownKey(self.keys.iter().filter_map(|(kid, _)| kid.clone()).collect());
        }
        match found.iter().any(|(_, key)| jws.verifies(key, Algorithm::RS256)) {
            true => Verified::Yes,
            false => Verified::No,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_without_a_usable_key_says_what_it_is() {
        let wrong = |text: &str| KeySet::parse(text).err().map(|error| error.to_string());
        assert_eq!(wrong("<html>").unwrap(), "expected value at line 1 column 1");
        for text in ["{}", r#"{"keys":7}"#, "[]"] {
            assert_eq!(wrong(text).unwrap(), "it has no list `keys`", "{text}");
        }
        assert_eq!(wrong(&format!("{BEGIN}\nAAAA\n{END}")).unwrap(), "it is no RSA key in PEM");
        let other = r#"{"keys":[{"kty":"EC","crv":"P-256","x":"","y":""},{"kty":"RSA","use":"enc","n":"AQAB","e":"AQAB"}]}"#;
        assert!(KeySet::parse(other).unwrap().keys.is_empty());
    }
}
