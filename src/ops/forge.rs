//! Makes the claims that every token has wrong, as a `claims` fault says.

use super::guest_token::LONGEST;
use crate::{
    base::time::Timestamp,
    domain::{
        guest_token::Audience,
        region::{self, api_host},
    },
    faults::effect::claims::ClaimsMode,
    jose::signer::Forgery,
};

/// How far the clock of an issuer is ahead that has a wrong one, in seconds.
const AHEAD: i64 = 600;

/// The claims of RFC 7519 section 4.1.
pub struct Registered<'a> {
    /// Issuer.
    pub iss: &'a mut Option<String>,
    /// Subject.
    pub sub: &'a mut Option<String>,
    /// Audience.
    pub aud: &'a mut Option<Audience>,
    /// Issued at, seconds.
    pub iat: &'a mut Option<i64>,
    /// Not before, seconds.
    pub nbf: &'a mut Option<i64>,
    /// Expires, seconds.
    pub exp: &'a mut Option<i64>,
}

/// What makes a token too long.
pub fn padding() -> String {
    // in base64url, four bytes of text for three
    "x".repeat(LONGEST / 4 * 3)
}

/// Makes claims wrong, or says how the token is to be. What is not of every token is for the files of the others.
/// `region` is the org's.
pub fn forge(mode: ClaimsMode, claims: Registered<'_>, now: Timestamp, region: &str) -> Forgery {
    let seconds = now.seconds();
    match mode {
        ClaimsMode::Expired => {
            let lived = claims.exp.unwrap_or(seconds) - claims.iat.unwrap_or(seconds);
            // further back than any clock skew that verifiers allow
            *claims.exp = Some(seconds - 3600);
            *claims.iat = Some(seconds - 3600 - lived);
        }
        ClaimsMode::NotYetValid => *claims.nbf = Some(seconds + 3600),
        ClaimsMode::ExpMissing => *claims.exp = None,
        ClaimsMode::ExpInMs => *claims.exp = claims.exp.map(|exp| exp * 1000),
        ClaimsMode::WrongIss => *claims.iss = Some("https://wrong-issuer.example.test".to_owned()),
        ClaimsMode::WrongAud => *claims.aud = Some(Audience::One("wrong-audience.example.test".to_owned())),
        ClaimsMode::SubMissing => *claims.sub = None,
        ClaimsMode::BadSignature => return Forgery::BadSignature,
        ClaimsMode::KidUnknown => return Forgery::KidUnknown,
        ClaimsMode::AlgNone => return Forgery::AlgNone,
        ClaimsMode::Hs256Confusion => return Forgery::Hs256Confusion,
        ClaimsMode::WrongRegion => {
            let there = format!("https://{}", api_host(region::another(region)));
            *claims.iss = Some(there.clone());
            *claims.aud = Some(Audience::One(there));
        }
        ClaimsMode::ClockSkew => {
            *claims.iat = Some(seconds + AHEAD);
            *claims.nbf = Some(seconds + AHEAD);
            *claims.exp = claims.exp.map(|exp| exp + AHEAD);
        }
        ClaimsMode::Truncated => return Forgery::Truncated,
        ClaimsMode::PermissionsMissing
        | ClaimsMode::WebchatMissing
        | ClaimsMode::GuestIdMissing
        | ClaimsMode::Revoked
        | ClaimsMode::Oversized => {}
    }
    Forgery::None
}
