//! Makes the tokens of a provider.

use super::At;
use crate::{
    base::time::{Span, Timestamp},
    domain::{
        authentication_request::ToldIn,
        authorization::{Authorization, IdpToken, TokenUse},
        guest_token::Audience,
        id_token::{IdClaims, half_hash},
        keyring::RingName,
    },
    faults::{
        effect::{claims::ClaimsMode, nonce::NonceMode},
        fault::Phase,
        point::{Point, TokenKind},
        verdict::Verdict,
    },
    jose::signer::{Forgery, SignError, Typ, sign_by_secret},
    ops::{
        access_jwt::of_opaque,
        forge::{Registered, forge, padding},
        guest_token::note_wrong,
        keys,
    },
    store::org_state::TokenKey,
};

pub use crate::ops::oauth::issue::opaque;

fn token(
    at: &At,
    token_use: TokenUse,
    granted: TokenKey,
    scopes: &[String],
    (expires, revoked): (Timestamp, bool),
) -> String {
    let label = match token_use {
        TokenUse::Access => "idp access token",
        TokenUse::Refresh => "idp refresh token",
    };
    let (key, text) = opaque(at, label);
    let token = IdpToken { token_use, scopes: scopes.to_vec(), issued: at.now(), expires, revoked };
    let forgot = at.state(|state| state.authorizations.issue(key, granted, token));
    at.forgot("tokens", forgot);
    text
}

/// An access token, and how many seconds it lives.
pub fn access_token(at: &At, granted: TokenKey, scopes: &[String]) -> (String, i64) {
    let lifetime = at.provider.token_lifetime;
    let modes = of_opaque(at);
    let expires = at.now().plus(if modes.contains(&ClaimsMode::Expired) { Span::ZERO } else { lifetime });
    let revoked = modes.contains(&ClaimsMode::Revoked);
    (token(at, TokenUse::Access, granted, scopes, (expires, revoked)), lifetime.secs())
}

/// A refresh token.
pub fn refresh_token(at: &At, granted: TokenKey, scopes: &[String]) -> String {
    let expires = at.now().plus(at.provider.refresh_lifetime);
    token(at, TokenUse::Refresh, granted, scopes, (expires, false))
}

/// What an ID token comes with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a> {
    /// An access token.
    pub access_token: Option<&'a str>,
    /// A code.
    pub code: Option<&'a str>,
    /// Is it a later one, which repeats no nonce?
    pub refreshed: bool,
}

/// Keeps the nonce of a client's newest ID token. Answers the one before.
fn remember_nonce(at: &At, authorization: &Authorization, nonce: Option<&String>) -> Option<String> {
    let key = (at.provider.name.clone(), authorization.client.id.clone());
    at.state(|state| {
        let nonces = &mut state.authorizations.last_nonces;
        let before = nonces.get(&key).cloned();
        if let Some(nonce) = nonce {
            nonces.insert(key, nonce.clone());
        }
        before
    })
}

/// An ID token for somebody, made wrongly if a fault says so; `None` when nobody has signed in, or nobody asked.
pub async fn id_token(
    at: &At,
    authorization: &Authorization,
    beside: Beside<'_>,
) -> Result<Option<String>, SignError> {
    let Some(presence) = authorization.presence.as_ref().filter(|_| authorization.is_openid()) else {
        return Ok(None);
    };
    let (now, person) = (at.token_time(), &presence.person);
    let mut told = person.told(&authorization.scopes);
    authorization.claims.add_to(&mut told, ToldIn::IdToken, person);
    let mut claims = IdClaims {
        iss: Some(at.issuer.clone()),
        sub: Some(person.subject.clone()),
        aud: Some(Audience::One(authorization.client.id.to_string())),
        iat: Some(now.seconds()),
        nbf: None,
        exp: Some(now.plus(at.provider.token_lifetime).seconds()),
        auth_time: Some(at.in_token_time(presence.since).seconds()),
        nonce: authorization.nonce.clone().filter(|_| !beside.refreshed),
        at_hash: beside.access_token.map(half_hash),
        c_hash: beside.code.map(half_hash),
        sid: Some(presence.sid.clone()),
        told,
    };
    let before = remember_nonce(at, authorization, claims.nonce.as_ref());
    let mut forgery = Forgery::None;
    for ruling in at.ask(Point::Token, Phase::Before, "", Some(TokenKind::Id)) {
        if let Verdict::Claims(mode) = ruling.verdict {
            note_wrong(at, mode.reason());
        }
        match ruling.verdict {
            Verdict::Claims(ClaimsMode::Oversized) => {
                drop(claims.told.insert("padding".into(), padding().into()))
            }
            Verdict::Claims(mode) => {
                let IdClaims { iss, sub, aud, iat, nbf, exp, .. } = &mut claims;
                forgery = forge(mode, Registered { iss, sub, aud, iat, nbf, exp }, now, "");
            }
            Verdict::Nonce(mode) => {
                note_wrong(at, mode.reason());
                claims.nonce = match mode {
                    NonceMode::Missing => None,
                    NonceMode::Mismatch => Some(at.draw("nonce").uuid()),
                    NonceMode::Replayed => before.clone(),
                };
            }
            _ => {}
        }
    }
    let payload = serde_json::to_vec(&claims).unwrap_or_default();
    let ring = RingName::Idp(at.provider.name.clone());
    let key = at.state(|state| state.ring(&ring).map(|keys| keys.signing().clone()));
    let signed = match key {
        Some(key) => {
            let source = keys::source(&at.org, &ring, &key);
            at.app.signer.sign(source, (Typ::Jwt, key.kid), payload, forgery).await?
        }
        None => {
            let secret = authorization.client.secret.as_deref().unwrap_or_default();
            sign_by_secret(secret, &payload, forgery)?
        }
    };
    Ok(Some(signed))
}
