//! The registered claims of tokens (RFC 7519 section 4.1), judged for all kinds of tokens alike.

use super::{
    access_claims::AccessClaims,
    guest_token::{Audience, CLOCKS_DIFFER, GuestClaims, Wrong},
    id_token::IdClaims,
    region::of_api,
    signed_claims::SignedClaims,
};
use crate::base::time::Timestamp;

/// What would do.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The org's time.
    pub now: Timestamp,
    /// The org's region.
    pub region: &'a str,
    /// Values of `iss`.
    pub issuers: &'a [String],
    /// Values of `aud`.
    pub audiences: &'a [String],
}

/// What every token of the platform claims (RFC 7519 section 4.1), whatever else is in it.
#[derive(Clone, Copy, Debug)]
pub struct Registered<'a> {
    /// Issuer.
    pub iss: Option<&'a str>,
    /// Subject.
    pub sub: Option<&'a str>,
    /// Audience.
    pub aud: Option<&'a Audience>,
    /// Issued at, seconds.
    pub iat: Option<i64>,
    /// Not before, seconds.
    pub nbf: Option<i64>,
    /// Expires, seconds.
    pub exp: Option<i64>,
}

/// The registered ones of some claims.
macro_rules! registered {
    ($claims:ident) => {
        impl<'a> From<&'a $claims> for Registered<'a> {
            fn from(claims: &'a $claims) -> Self {
                let &$claims { iat, nbf, exp, .. } = claims;
                let (iss, sub) = (claims.iss.as_deref(), claims.sub.as_deref());
                Self { iss, sub, aud: claims.aud.as_ref(), iat, nbf, exp }
            }
        }
    };
}

registered!(GuestClaims);
registered!(AccessClaims);
registered!(IdClaims);
registered!(SignedClaims);

/// Judges them. Answers `sub` and `exp`.
pub fn judge_registered<'a>(
    claims: impl Into<Registered<'a>>,
    expected: &Expected<'_>,
) -> Result<(&'a str, i64), Wrong> {
    let claims: Registered<'a> = claims.into();
    let &Expected { now, region, issuers, audiences } = expected;
    let exp = claims.exp.ok_or(Wrong::NoExpiry)?;
    if exp > 100_000_000_000 {
        return Err(Wrong::ExpiryInMilliseconds(exp));
    }
    let seconds = now.seconds();
    if exp <= seconds {
        return Err(Wrong::Expired { exp, now: seconds });
    }
    if let Some(iat) = claims.iat.filter(|iat| *iat > seconds + CLOCKS_DIFFER) {
        return Err(Wrong::ClockSkew { iat, now: seconds });
    }
    if let Some(nbf) = claims.nbf.filter(|nbf| *nbf > seconds) {
        return Err(Wrong::NotYetValid { nbf, now: seconds });
    }
    let issuer = claims.iss.unwrap_or("missing");
    if !issuers.iter().any(|known| known == issuer) {
        if let Some(seen) = of_api(issuer).filter(|seen| *seen != region) {
            return Err(Wrong::Region { seen, expected: region.to_owned() });
        }
        return Err(Wrong::Issuer { seen: issuer.to_owned(), expected: issuers.join(" or ") });
    }
    let seen = claims.aud.map_or(&[][..], Audience::values);
    if !seen.iter().any(|one| audiences.contains(one)) {
        let seen = if seen.is_empty() { "missing".to_owned() } else { seen.join(" and ") };
        return Err(Wrong::Audience { seen, expected: audiences.join(" or ") });
    }
    Ok((claims.sub.ok_or(Wrong::NoSubject)?, exp))
}
