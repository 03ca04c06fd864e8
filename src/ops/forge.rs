//! Makes the claims that every token has wrong, as a `claims` fault says.

use crate::{
    base::time::Timestamp, domain::guest_token::Audience, faults::effect::claims::ClaimsMode,
    jose::signer::Forgery,
};

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

/// Makes claims wrong, or says how the signature is to be. What is of guest tokens alone is for their own file.
pub fn forge(mode: ClaimsMode, claims: Registered<'_>, now: Timestamp) -> Forgery {
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
        ClaimsMode::PermissionsMissing | ClaimsMode::WebchatMissing | ClaimsMode::GuestIdMissing => {}
    }
    Forgery::None
}
