//! Access tokens that are JWTs (RFC 9068): made and judged. Whether one was taken back is in its row, as of opaque ones.

use super::{
    cx::Cx,
    forge::{Registered, forge, padding},
    guest_token::{TokenRefusal, asked, injected, note_wrong, signed_jws},
    keys,
};
use crate::{
    base::ids::UserId,
    domain::{
        access_claims::AccessClaims,
        client::Client,
        keyring::RingName,
        registered::{Expected, judge_registered},
        visit::Refusal,
    },
    faults::{effect::claims::ClaimsMode, point::TokenKind},
    jose::{
        signer::{Forgery, SignError, Typ},
        verifier::Jws,
    },
};

/// A token that was made.
pub struct Made {
    /// Its text.
    pub text: String,
    /// Was it taken back before it was given out?
    pub revoked: bool,
}

/// In which ways faults make an opaque access token wrong. It has no claims, so there are few.
pub fn of_opaque(cx: &Cx) -> Vec<ClaimsMode> {
    let (fit, unfit): (Vec<_>, Vec<_>) =
        asked(cx, TokenKind::Access).into_iter().partition(|mode| mode.fits_opaque());
    for mode in unfit {
        let note = format!("an opaque access token has no claims, so it cannot be wrong: {}", mode.reason());
        cx.journal(|draft| draft.note(note));
    }
    fit.iter().for_each(|mode| note_wrong(cx, mode.reason()));
    fit
}

/// Signs a client's token, its own or one that speaks for a user, wrongly if a fault says so.
pub async fn sign(cx: &Cx, client: &Client, user: Option<&UserId>) -> Result<Made, SignError> {
    let now = cx.token_time();
    let (key, region) = cx.state(|state| {
        state.issued_as(&cx.base, &[]);
        (state.platform_keys.signing().clone(), state.settings.region.clone())
    });
    let jti = cx.draw("access token").uuid();
    let mut claims = AccessClaims::of((client, user), &cx.org.id, &cx.base, now, jti);
    let (mut forgery, mut revoked) = (Forgery::None, false);
    for mode in injected(cx, TokenKind::Access) {
        match mode {
            ClaimsMode::Revoked => revoked = true,
            ClaimsMode::Oversized => claims.padding = Some(padding()),
            _ => {
                let AccessClaims { iss, sub, aud, iat, nbf, exp, .. } = &mut claims;
                forgery = forge(mode, Registered { iss, sub, aud, iat, nbf, exp }, now, &region);
            }
        }
    }
    let payload = serde_json::to_vec(&claims).unwrap_or_default();
    let source = keys::source(&cx.org, &RingName::Platform, &key);
    let text = cx.app.signer.sign(source, (Typ::AccessToken, key.kid), payload, forgery).await?;
    Ok(Made { text, revoked })
}

/// Does a credential say that it is such a token, whole or as far as it goes?
pub fn claims_to_be(token: &str) -> bool {
    Jws::header_of(token).is_some_and(|header| header.is_access_token())
}

/// Judges signature and claims. What is right has a row, unless it is long forgotten.
pub async fn verify(cx: &Cx, token: &str) -> Result<(), Refusal> {
    let refused = |refusal: TokenRefusal| match refusal {
        TokenRefusal::Foreign(why) => Refusal::new("token.unknown", why),
        other => other.refusal(),
    };
    let jws = signed_jws(cx, token).await.map_err(refused)?;
    let Some(claims) = jws.claims_as::<AccessClaims>() else {
        return Err(Refusal::new("token.unknown", "Its claims have other types"));
    };
    let (names, region) = cx.state(|state| {
        let others = state.issuers.iter().filter(|known| **known != cx.base).cloned();
        let names: Vec<String> = std::iter::once(cx.base.clone()).chain(others).collect();
        (names, state.settings.region.clone())
    });
    let expected = Expected { now: cx.token_time(), region: &region, issuers: &names, audiences: &names };
    judge_registered(&claims, &expected).map(drop).map_err(|wrong| refused(wrong.into()))
}
