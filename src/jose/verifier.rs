//! Takes compact tokens apart and checks signatures. Expiry is judged by the caller, who knows the org's time.

use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;

use super::{keygen::Key, signer::Typ};
use crate::base::codec::from_base64url;

/// The members of a JOSE header that decide which key to try.
#[derive(Clone, Debug, Deserialize)]
pub struct Header {
    /// `alg`.
    pub alg: String,
    /// `typ`.
    pub typ: Option<String>,
    /// `kid`.
    pub kid: Option<String>,
}

impl Header {
    /// Does it say that the token is an access token (RFC 9068 section 2.1)?
    pub fn is_access_token(&self) -> bool {
        self.typ.as_deref() == Some(Typ::AccessToken.as_str())
    }
}

/// A token in its parts; nothing is checked yet.
#[derive(Clone, Debug)]
pub struct Jws<'a> {
    /// Its header.
    pub header: Header,
    /// The claims as JSON.
    pub claims: Vec<u8>,
    signed: &'a str,
    signature: &'a str,
}

impl<'a> Jws<'a> {
    /// The parts of a compact token, or `None` when it is not one.
    pub fn parse(token: &'a str) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header = serde_json::from_slice(&from_base64url(header)?).ok()?;
        let claims = from_base64url(claims)?;
        Some(Self { header, claims, signed, signature })
    }

    /// The header of something that begins as a compact token does, but has no three parts.
    pub fn header_of_part(token: &str) -> Option<Header> {
        let (header, rest) = token.split_once('.')?;
        serde_json::from_slice(&from_base64url(header)?).ok().filter(|_| !rest.contains('.'))
    }

    /// The header of something that begins as a compact token does, whole or not.
    pub fn header_of(token: &str) -> Option<Header> {
        let (header, _) = token.split_once('.')?;
        serde_json::from_slice(&from_base64url(header)?).ok()
    }

    /// The claims as a type, or `None` when they are not of it.
    pub fn claims_as<T: serde::de::DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.claims).ok()
    }

    /// Is this by `key`, and of its algorithm?
    pub fn is_signed_by(&self, key: &Key) -> bool {
        self.header.alg == key.alg() && key.verifies(self.signed.as_bytes(), self.signature)
    }

    /// Is this HS256 by a secret that both sides know?
    pub fn is_signed_by_secret(&self, secret: &str) -> bool {
        let (bytes, key) = (self.signed.as_bytes(), DecodingKey::from_secret(secret.as_bytes()));
        self.header.alg == "HS256"
            && jsonwebtoken::crypto::verify(self.signature, bytes, &key, Algorithm::HS256).unwrap_or(false)
    }

    /// Is the signature by `key`, if the algorithm is this one?
    pub fn verifies(&self, key: &DecodingKey, algorithm: Algorithm) -> bool {
        let bytes = self.signed.as_bytes();
        jsonwebtoken::crypto::verify(self.signature, bytes, key, algorithm).unwrap_or(false)
    }
}
