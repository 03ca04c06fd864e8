//! Makes and judges the platform's own JWTs: the guest token, and the one that `getJwt` answers with.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    access, access_jwt,
    app::App,
    cx::{Cx, token_key},
    forge::{Registered, forge, padding},
    guest, keys,
    org::{Org, TAG},
};
use crate::{
    base::{
        codec::looks_like_jws,
        ids::GuestId,
        time::{Span, Timestamp},
    },
    domain::{
        guest_token::{Audience, GuestClaims, GuestIdentity, MESSAGING_AUDIENCE, WebchatClaim, Wrong, judge},
        handshake::Unfit,
        keyring::RingName,
        registered::{Expected, judge_registered},
        visit::Refusal,
    },
    faults::{
        effect::claims::ClaimsMode,
        fault::Phase,
        point::{Point, TokenKind},
        verdict::Verdict,
    },
    jose::{
        signer::{Forgery, SignError, Typ},
        verifier::Jws,
    },
};

/// The longest token that is looked at, in bytes: what a request's head of 64 KiB carries besides all else.
pub(super) const LONGEST: usize = 48 << 10;
/// The longest claims of a guest, in bytes of JSON: with header and signature they make a token that is looked at.
pub(super) const LONGEST_CLAIMS: usize = 36_000;

/// Signs claims, wrongly if a fault says so.
pub async fn sign(cx: &Cx, kind: TokenKind, claims: GuestClaims) -> Result<String, SignError> {
    let modes = injected(cx, kind);
    sign_in_modes(&cx.app, &cx.org, cx.token_time(), claims, &modes).await
}

/// In which ways the faults of the org make a token of this kind wrong. The journal is told.
pub fn injected(cx: &Cx, kind: TokenKind) -> Vec<ClaimsMode> {
    let modes = asked(cx, kind);
    modes.iter().for_each(|mode| note_wrong(cx, mode.reason()));
    modes
}

/// The same, without a word to the journal.
pub(super) fn asked(cx: &Cx, kind: TokenKind) -> Vec<ClaimsMode> {
    let rulings = cx.ask(Point::Token, Phase::Before, "", Some(kind)).into_iter();
    let modes = rulings.filter_map(|ruling| match ruling.verdict {
        Verdict::Claims(mode) => Some(mode),
        _ => None,
    });
    modes.collect()
}

/// Tells the journal that a token is made wrongly.
pub(super) fn note_wrong(cx: &Cx, reason: &str) {
    cx.journal(|draft| draft.note(format!("a token is wrong on purpose: {reason}")));
}

/// Signs claims, wrongly in these ways.
pub(super) async fn sign_in_modes(
    app: &App,
    org: &Org,
    now: Timestamp,
    mut claims: GuestClaims,
    modes: &[ClaimsMode],
) -> Result<String, SignError> {
    let settings = org.state(|state| Arc::clone(&state.settings));
    let mut forgery = Forgery::None;
    for mode in modes {
        if let (ClaimsMode::Revoked, Some(id)) = (mode, &claims.jti) {
            org.state(|state| state.revoked_tokens.insert(id.clone(), ()));
        }
        forgery = spoil(*mode, &mut claims, now, &settings.region);
    }
    sign_claims(app, org, &claims, forgery).await
}

/// `iss` of a token that is made now. It is known again.
pub(super) fn issuer(cx: &Cx) -> String {
    cx.state(|state| {
        let issuer = state.settings.guest_tokens.issuer(&cx.base);
        state.issued_as(&issuer, &[]);
        issuer
    })
}

/// Signs claims of any kind, with the platform's current key.
pub(super) async fn sign_claims(
    app: &App,
    org: &Org,
    claims: &impl Serialize,
    forgery: Forgery,
) -> Result<String, SignError> {
    let key = org.state(|state| state.platform_keys.signing().clone());
    let payload = serde_json::to_vec(claims).unwrap_or_default();
    let source = keys::source(org, &RingName::Platform, &key);
    app.signer.sign(source, (Typ::Jwt, key.kid), payload, forgery).await
}

fn spoil(mode: ClaimsMode, claims: &mut GuestClaims, now: Timestamp, region: &str) -> Forgery {
    match mode {
        ClaimsMode::Oversized => claims.padding = Some(padding()),
        ClaimsMode::PermissionsMissing => claims.permissions = None,
        ClaimsMode::WebchatMissing => claims.webchat = None,
        ClaimsMode::GuestIdMissing => {
            if let Some(webchat) = &mut claims.webchat {
                webchat.guest_id = None;
            }
        }
        _ => {
            let GuestClaims { iss, sub, aud, iat, nbf, exp, .. } = claims;
            return forge(mode, Registered { iss, sub, aud, iat, nbf, exp }, now, region);
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
    /// It claims to be ours, but the key did not make it.
    #[error("the signature is not by a current key: {0}")]
    Signature(String),
    /// It claims to be ours, but no key has that name.
    #[error("the signature is not by a current key: {0}")]
    UnknownKey(String),
    /// It claims to be ours, but is by an algorithm that we do not use.
    #[error("the signature is not by a current key: {0}")]
    Algorithm(String),
    /// It begins as one of ours, and ends too early.
    #[error("it begins as a token that is known here, and is not complete")]
    Truncated,
    /// It is ours, and too long.
    #[error("the token has {0} bytes, at most {LONGEST} are looked at")]
    Oversized(usize),
    /// It is ours and wrong.
    #[error("{0}")]
    Claims(#[from] Wrong),
    /// It is no access token that is good now, where one is wanted.
    #[error("{}", .0.reason)]
    Access(Refusal),
    /// It is of the deployment's identity provider, and does not do here.
    #[error("{0}")]
    Unfit(#[from] Unfit),
    /// The key could not be used.
    #[error("{0}")]
    Key(String),
}

impl TokenRefusal {
    /// Is the token ours, or of a provider that we trust, and just not good (any more)?
    pub fn is_ours(&self) -> bool {
        match self {
            Self::Signature(_) | Self::UnknownKey(_) | Self::Algorithm(_) => true,
            Self::Truncated | Self::Oversized(_) | Self::Claims(_) => true,
            Self::Unfit(unfit) => !unfit.is_forbidden(),
            Self::Access(refusal) => access::is_of_ours(refusal),
            Self::Missing | Self::AccessToken | Self::Foreign(_) | Self::Key(_) => false,
        }
    }

    /// The reason, if the token is ours: answers have it, too.
    pub fn reason(&self) -> Option<&'static str> {
        self.is_ours().then(|| self.rule())
    }

    fn rule(&self) -> &'static str {
        match self {
            Self::Missing => "guest_token.missing",
            Self::AccessToken => "guest_token.is_an_access_token",
            Self::Foreign(_) => "guest_token.foreign",
            Self::Signature(_) => "signature.invalid",
            Self::UnknownKey(_) => "kid.unknown",
            Self::Algorithm(_) => "alg.not.allowed",
            Self::Truncated => "truncated",
            Self::Oversized(_) => "oversized",
            Self::Claims(wrong) => wrong.rule(),
            Self::Unfit(unfit) => unfit.rule(),
            Self::Access(refusal) => refusal.rule,
            Self::Key(_) => "guest_token.key_unusable",
        }
    }

    /// For the journal.
    pub fn refusal(&self) -> Refusal {
        match self {
            Self::Access(refusal) => refusal.clone(),
            other => Refusal::new(other.rule(), other.to_string()),
        }
    }
}

/// The values of `iss` and `aud` that would do.
pub(super) fn known_names(cx: &Cx, strict: bool) -> (Vec<String>, Vec<String>) {
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

/// Does it begin as a token by a current key of this ring, and end too early?
pub(super) fn is_begun(cx: &Cx, ring: &RingName, token: &str) -> bool {
    Jws::header_of_part(token).is_some_and(|header| {
        let (kid, now) = (header.kid.as_deref(), cx.now());
        cx.state(|state| state.ring(ring).is_some_and(|keys| !keys.named(kid, now).is_empty()))
    })
}

/// The claims of a token that one of our current keys signed, and that is no access token.
async fn signed_claims(cx: &Cx, token: &str) -> Result<GuestClaims, TokenRefusal> {
    if access_jwt::claims_to_be(token) {
        return Err(TokenRefusal::AccessToken);
    }
    let jws = signed_jws(cx, token).await?;
    jws.claims_as().ok_or_else(|| TokenRefusal::Foreign("its claims have other types".to_owned()))
}

/// `iss` alone.
#[derive(Deserialize)]
struct Issuer {
    iss: Option<String>,
}

/// `iss`, if a guest's token is issued with its names for requests to another base: before a reset, too.
fn other_base(cx: &Cx, claims: &GuestClaims) -> Option<String> {
    let (iss, aud) = claims.iss.as_ref().zip(claims.aud.as_ref())?;
    cx.state(|state| state.settings.guest_tokens.issues_as(iss, aud)).then(|| iss.clone())
}

/// The parts of a token that one of our current keys signed.
pub(super) async fn signed_jws<'a>(cx: &Cx, token: &'a str) -> Result<Jws<'a>, TokenRefusal> {
    if !looks_like_jws(token) {
        let ours = token_key(&cx.org, token).is_some_and(|key| cx.state(|s| s.tokens.get(&key).is_some()));
        let elsewhere = token.get(..TAG).is_some_and(|tag| cx.app.org_of_tag(tag).is_some());
        let begun = is_begun(cx, &RingName::Platform, token);
        return Err(match ours || elsewhere {
            true => TokenRefusal::AccessToken,
            false if begun => TokenRefusal::Truncated,
            false => TokenRefusal::Foreign("it is not a JWT".to_owned()),
        });
    }
    let foreign = |why: &str| TokenRefusal::Foreign(why.to_owned());
    let jws = Jws::parse(token).ok_or_else(|| foreign("its parts are not base64url and JSON"))?;
    let kid = jws.header.kid.as_deref().unwrap_or("missing");
    let why = match jws.header.alg.as_str() {
        "RS256" | "ES256" => {
            let signed = keys::signed(cx, &RingName::Platform, &jws).await;
            match signed.map_err(|error| TokenRefusal::Key(error.to_string()))? {
                Some(true) if token.len() > LONGEST => return Err(TokenRefusal::Oversized(token.len())),
                Some(true) => return Ok(jws),
                Some(false) => TokenRefusal::Signature(format!("the key {kid} did not make it")),
                None => TokenRefusal::UnknownKey(format!("kid {kid} is not a current key of this org")),
            }
        }
        alg => TokenRefusal::Algorithm(format!("alg is {alg}, expected RS256")),
    };
    let issuer = jws.claims_as().and_then(|Issuer { iss }| iss);
    let (issuers, _) = known_names(cx, false);
    let issuer_known = issuer.is_some_and(|iss| issuers.contains(&iss));
    Err(match why {
        TokenRefusal::Signature(why) | TokenRefusal::UnknownKey(why) | TokenRefusal::Algorithm(why)
            if !issuer_known =>
        {
            TokenRefusal::Foreign(why)
        }
        why => why,
    })
}

/// Judges a guest JWT.
pub async fn verify(cx: &Cx, token: &str, strict: bool) -> Result<GuestIdentity, TokenRefusal> {
    let claims = signed_claims(cx, token).await?;
    let (mut issuers, audiences) = known_names(cx, strict);
    if !strict {
        issuers.extend(other_base(cx, &claims));
    }
    let region = cx.state(|state| state.settings.region.clone());
    let expected =
        Expected { now: cx.token_time(), region: &region, issuers: &issuers, audiences: &audiences };
    let mut guest = judge(&claims, &expected)?;
    not_revoked(cx, &claims)?;
    guest.expires = cx.of_token_time(guest.expires);
    if let Some(told) = &claims.webchat {
        guest::known_again(cx, &guest.id, told);
    }
    Ok(guest)
}

/// It was not taken back.
pub(super) fn not_revoked(cx: &Cx, claims: &GuestClaims) -> Result<(), Wrong> {
    let id = claims.jti.as_ref();
    let revoked = id.is_some_and(|id| cx.state(|state| state.revoked_tokens.get(id).is_some()));
    if revoked { Err(Wrong::Revoked) } else { Ok(()) }
}

/// The guest of a token whose signature is right, however old the token is, and what the token tells of it.
pub async fn guest_of_old(cx: &Cx, token: &str) -> Result<(GuestId, Option<WebchatClaim>), TokenRefusal> {
    let GuestClaims { webchat, conversation_id, .. } = signed_claims(cx, token).await?;
    let id = webchat.as_ref().and_then(|told| told.guest_id.as_deref());
    let id = GuestId::from(id.ok_or(TokenRefusal::Claims(Wrong::NoGuestId))?);
    // that of a legacy web chat is of nobody whom the guide knows
    Ok((id, webchat.filter(|_| conversation_id.is_none())))
}

/// The session of a token that `getJwt` answered with.
pub async fn verify_messaging(cx: &Cx, token: &str) -> Result<String, TokenRefusal> {
    let claims = signed_and_registered(cx, token, MESSAGING_AUDIENCE).await?;
    not_revoked(cx, &claims)?;
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
    let (audiences, region) = ([audience.to_owned()], cx.state(|state| state.settings.region.clone()));
    let expected =
        Expected { now: cx.token_time(), region: &region, issuers: &issuers, audiences: &audiences };
    judge_registered(&claims, &expected)?;
    Ok(claims)
}

/// The token that `getJwt` answers with, and its `exp`. It lives a minute.
pub async fn sign_messaging(cx: &Cx, session: &str) -> Result<(String, i64), SignError> {
    let now = cx.token_time();
    let exp = now.plus(Span::from_secs(60)).seconds();
    let claims = GuestClaims {
        iss: Some(issuer(cx)),
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
        conversation_id: None,
        person: None,
        padding: None,
    };
    Ok((sign(cx, TokenKind::Messaging, claims).await?, exp))
}
