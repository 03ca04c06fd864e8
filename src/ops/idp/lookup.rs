//! Finds codes and tokens again, and says why one is worth nothing.

use super::At;
use crate::{
    base::codec::looks_like_jws,
    domain::{id_token::IdClaims, keyring::RingName},
    jose::verifier::Jws,
    ops::{keys, oauth::lookup},
    store::authorizations::Dead,
};

pub use crate::ops::oauth::lookup::key;

/// Tells the journal that a code or token is worth nothing. Answers the words for it.
pub fn refuse(at: &At, what: &'static str, text: &str, why: Dead) -> String {
    lookup::refuse(at, (what, ["idp.token_unknown", "idp.token_revoked", "idp.token_expired"]), text, why)
}

/// The claims of an ID token that this provider signed for one of its clients. Its time may be over.
pub async fn id_token(at: &At, text: &str) -> Option<IdClaims> {
    let jws = looks_like_jws(text).then(|| Jws::parse(text)).flatten()?;
    let claims: IdClaims = jws.claims_as()?;
    let client = claims.aud.as_ref()?.values().first()?;
    let client = at.provider.clients.get(client.as_str())?;
    let ring = RingName::Idp(at.provider.name.clone());
    let authentic = match (at.provider.algorithm.key_type(), &client.secret) {
        (Some(_), _) => keys::signed(at, &ring, &jws).await.ok()?.unwrap_or(false),
        (None, Some(secret)) => jws.is_signed_by_secret(secret),
        (None, None) => false,
    };
    authentic.then_some(claims)
}
