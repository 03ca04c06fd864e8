//! Finds codes and tokens again, and says why one is worth nothing.

use super::At;
use crate::{
    base::codec::looks_like_jws,
    domain::{id_token::IdClaims, keyring::RingName, visit::Refusal},
    jose::verifier::Jws,
    ops::{cx::token_key, keys, org::TAG},
    store::{authorizations::Dead, org_state::TokenKey},
};

/// The key of an opaque code or token, if it is one of this org.
pub fn key(at: &At, text: &str) -> Result<TokenKey, Dead> {
    token_key(&at.org, text).ok_or(Dead::Unknown)
}

/// Tells the journal that a code or token is worth nothing. Answers the words for it.
pub fn refuse(at: &At, what: &str, text: &str, why: Dead) -> String {
    let elsewhere =
        why == Dead::Unknown && text.get(..TAG).is_some_and(|tag| at.app.org_of_tag(tag).is_some());
    let words = format!("the {what} {why}");
    at.refuse(match why {
        Dead::Unknown if elsewhere && token_key(&at.org, text).is_none() => Refusal::new(
            "of.another.org",
            format!("The {what} was issued by another org than the one that was asked"),
        ),
        Dead::Unknown => Refusal::new("idp.token_unknown", words.as_str()),
        Dead::Revoked => Refusal::new("idp.token_revoked", words.as_str()),
        Dead::Expired(_) => Refusal::new("idp.token_expired", words.as_str()).seen(at.now().to_string()),
    });
    words
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
