//! Data that the platform signs for applications, so that guests of web chats can prove who they are.

use serde_json::value::RawValue;

use super::{
    access::Proved,
    cx::Cx,
    guest_token::{TokenRefusal, issuer, known_names, sign_claims, signed_jws},
};
use crate::{
    base::time::Span,
    domain::{
        guest_token::Audience,
        registered::{Expected, judge_registered},
        signed_claims::SignedClaims,
    },
    jose::signer::{Forgery, SignError},
};

/// `aud` of what is signed.
const AUDIENCE: &str = "signeddata";
/// How long it is good.
const LIFETIME: Span = Span::from_secs(3600);

/// Signs an object.
pub async fn sign(cx: &Cx, proved: &Proved, data: Box<RawValue>) -> Result<String, SignError> {
    let now = cx.token_time();
    let claims = SignedClaims {
        iss: Some(issuer(cx)),
        aud: Some(Audience::One(AUDIENCE.to_owned())),
        sub: Some(proved.client().to_string()),
        iat: Some(now.seconds()),
        nbf: None,
        exp: Some(now.plus(LIFETIME).seconds()),
        jti: Some(cx.draw("jti").uuid()),
        org_id: Some(cx.org.id.to_string()),
        data,
    };
    sign_claims(&cx.app, &cx.org, &claims, Forgery::None).await
}

/// Was this signed here, and is it still good?
pub async fn verify(cx: &Cx, token: &str) -> Result<(), TokenRefusal> {
    let jws = signed_jws(cx, token).await?;
    let foreign = || TokenRefusal::Foreign("it is no signed data".to_owned());
    let claims: SignedClaims = jws.claims_as().ok_or_else(foreign)?;
    let (issuers, _) = known_names(cx, false);
    let (audiences, region) = ([AUDIENCE.to_owned()], cx.state(|state| state.settings.region.clone()));
    let expected =
        Expected { now: cx.token_time(), region: &region, issuers: &issuers, audiences: &audiences };
    judge_registered(&claims, &expected)?;
    Ok(())
}
