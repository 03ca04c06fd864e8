//! Makes and judges the platform's own JWTs: the guest token, and the one that `getJwt` answers with.

use super::{
    cx::{Cx, token_key},
    forge::{Registered, forge},
    keys,
    org::TAG,
};
use crate::{
    base::{
        codec::looks_like_jws,
        time::{Span, Timestamp},
    },
    domain::{
        guest_token::{Audience, GuestClaims, GuestIdentity, Wrong, judge, judge_registered},
        keyring::RingName,
        visit::Refusal,
    },
    faults::{
        effect::claims::ClaimsMode,
        fault::Phase,
        point::{Point, TokenKind},
        verdict::Verdict,
    },
    jose::{
        signer::{Forgery, SignError},
        verifier::Jws,
    },
};

/// `aud` of the token that `getJwt` answers with.
pub const MESSAGING_AUDIENCE: &str = "webmessaging";

/// Signs claims, wrongly if a fault says so.
pub async fn sign(cx: &Cx, kind: TokenKind, mut claims: GuestClaims) -> Result<String, SignError> {
    let mut forgery = Forgery::None;
    for ruling in cx.ask(Point::Token, Phase::Before, "", Some(kind)) {
        if let Verdict::Claims(mode) = ruling.verdict {
            forgery = spoil(mode, &mut claims, cx.now());
        }
    }
    let key = cx.state(|state| state.platform_keys.signing().clone());
    let payload = serde_json::to_vec(&claims).unwrap_or_default();
    let source = keys::source(&cx.org.draws, &RingName::Platform, &key);
    cx.app.signer.sign(source, key.kid, payload, forgery).await
}

fn spoil(mode: ClaimsMode, claims: &mut GuestClaims, now: Timestamp) -> Forgery {
    match mode {
        ClaimsMode::PermissionsMissing => claims.permissions = None,
        ClaimsMode::WebchatMissing => claims.webchat = None,
        ClaimsMode::GuestIdMissing => {
            if let Some(webchat) = &mut claims.webchat {
                webchat.guest_id = None;
            }
        }
        _ => {
            let GuestClaims { iss, sub, aud, iat, nbf, exp, .. } = claims;
            return forge(mode, Registered { iss, sub, aud, iat, nbf, exp }, now);
        }
    }
    Forgery::None
}

/// Why a token that should be a guest JWT is refused.
#[derive(Debug, thiserror::Error)]
pub enum TokenRefusal {
    /// None came.
    #[error("a guest JWT is missing")]
    Missing,
    /// An OAuth access token came.
    #[error("an OAuth access token came where a guest JWT is expected")]
    AccessToken,
    /// Something came that this platform never makes.
    #[error("the token is not a JWT of this platform: {0}")]
    Foreign(String),
    /// It claims to be ours, but the signature says otherwise.
    #[error("the signature is not by a current key: {0}")]
    Signature(String),
    /// It is ours and wrong.
    #[error("{0}")]
    Claims(#[from] Wrong),
    /// The key could not be used.
    #[error("{0}")]
    Key(String),
}

impl TokenRefusal {
    /// Is the token ours, and just not good (any more)?
    pub fn is_ours(&self) -> bool {
        matches!(self, Self::Signature(_) | Self::Claims(_))
    }

    /// For the journal.
    pub fn refusal(&self) -> Refusal {
        let rule = match self {
            Self::Missing => "guest_token.missing",
            Self::AccessToken => "guest_token.is_an_access_token",
            Self::Foreign(_) => "guest_token.foreign",
            Self::Signature(_) => "guest_token.bad_signature",
            Self::Claims(wrong) => wrong.rule(),
            Self::Key(_) => "guest_token.key_unusable",
        };
        Refusal::new(rule, self.to_string())
    }
}

/// The values of `iss` and `aud` that would do.
fn known_names(cx: &Cx, strict: bool) -> (Vec<String>, Vec<String>) {
    cx.state(|state| {
        let rules = &state.settings.guest_tokens;
        let mut issuers = vec![rules.issuer(&cx.base)];
        let mut audiences = rules.audience(&cx.base).values().to_vec();
        if !strict {
            issuers.extend(
                state.issuers.iter().filter(|known| **known != issuers[0]).cloned().collect::<Vec<_>>(),
            );
            let more: Vec<_> =
                state.audiences.iter().filter(|known| !audiences.contains(known)).cloned().collect();
            audiences.extend(more);
        }
        (issuers, audiences)
    })
}

/// The claims of a token that one of our current keys signed.
async fn signed_claims(cx: &Cx, token: &str) -> Result<GuestClaims, TokenRefusal> {
    if !looks_like_jws(token) {
        let ours = token_key(&cx.org, token).is_some_and(|key| cx.state(|s| s.tokens.get(&key).is_some()));
        let elsewhere = token.get(..TAG).is_some_and(|tag| cx.app.org_of_tag(tag).is_some());
        return Err(match ours || elsewhere {
            true => TokenRefusal::AccessToken,
            false => TokenRefusal::Foreign("it is not a JWT".to_owned()),
        });
    }
    let foreign = |why: &str| TokenRefusal::Foreign(why.to_owned());
    let jws = Jws::parse(token).ok_or_else(|| foreign("its parts are not base64url and JSON"))?;
    let claims: GuestClaims = jws.claims_as().ok_or_else(|| foreign("its claims have other types"))?;
    let (issuers, _) = known_names(cx, false);
    let issuer_known = claims.iss.as_ref().is_some_and(|iss| issuers.contains(iss));
    let kid = jws.header.kid.as_deref().unwrap_or("missing");
    let why = match jws.header.alg.as_str() {
        "RS256" | "ES256" => {
            let signed = keys::signed(cx, &RingName::Platform, &jws).await;
            match signed.map_err(|error| TokenRefusal::Key(error.to_string()))? {
                Some(true) => return Ok(claims),
                Some(false) => format!("the key {kid} did not make it"),
                None => format!("kid {kid} is not a current key of this org"),
            }
        }
        alg => format!("alg is {alg}, expected RS256"),
    };
    Err(if issuer_known { TokenRefusal::Signature(why) } else { TokenRefusal::Foreign(why) })
}

/// Judges a guest JWT.
pub async fn verify(cx: &Cx, token: &str, strict: bool) -> Result<GuestIdentity, TokenRefusal> {
    let claims = signed_claims(cx, token).await?;
    let (issuers, audiences) = known_names(cx, strict);
    Ok(judge(&claims, cx.now(), &issuers, &audiences)?)
}

/// The guest of a token whose signature is right, however old the token is.
pub async fn guest_of_old(cx: &Cx, token: &str) -> Result<String, TokenRefusal> {
    let claims = signed_claims(cx, token).await?;
    claims.webchat.and_then(|webchat| webchat.guest_id).ok_or(TokenRefusal::Claims(Wrong::NoGuestId))
}

/// The session of a token that `getJwt` answered with.
pub async fn verify_messaging(cx: &Cx, token: &str) -> Result<String, TokenRefusal> {
    let claims = signed_and_registered(cx, token, MESSAGING_AUDIENCE).await?;
    claims.sub.ok_or(TokenRefusal::Claims(Wrong::NoSubject))
}

/// The claims of a token that we signed for this audience, and that is good now.
pub(super) async fn signed_and_registered(
    cx: &Cx,
    token: &str,
    audience: &str,
) -> Result<GuestClaims, TokenRefusal> {
    let claims = signed_claims(cx, token).await?;
    let (issuers, _) = known_names(cx, false);
    judge_registered(&claims, cx.now(), &issuers, &[audience.to_owned()])?;
    Ok(claims)
}

/// The token that `getJwt` answers with, and its `exp`. It lives a minute.
pub async fn sign_messaging(cx: &Cx, session: &str) -> Result<(String, i64), SignError> {
    let now = cx.now();
    let exp = now.plus(Span::from_secs(60)).seconds();
    let issuer = cx.state(|state| {
        let issuer = state.settings.guest_tokens.issuer(&cx.base);
        state.issued_as(&issuer, &[]);
        issuer
    });
    let claims = GuestClaims {
        iss: Some(issuer),
        aud: Some(Audience::One(MESSAGING_AUDIENCE.to_owned())),
        sub: Some(session.to_owned()),
        iat: Some(now.seconds()),
        nbf: None,
        exp: Some(exp),
        jti: Some(cx.draw("jti").uuid()),
        permissions: None,
        webchat: None,
        org_id: Some(cx.org.id.to_string()),
        deployment_id: None,
        person: None,
    };
    Ok((sign(cx, TokenKind::Messaging, claims).await?, exp))
}
