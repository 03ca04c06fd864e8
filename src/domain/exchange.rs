//! The id token of somebody's identity provider, as the platform judges it (OpenID Connect Core section 3.1.3.7).

use serde::Deserialize;

use super::{guest_token::Audience, person::Person};
use crate::base::time::{Span, Timestamp};

/// An `exp` beyond this counts milliseconds.
const LATEST_SECONDS: i64 = 100_000_000_000;

/// The claims that matter.
#[derive(Clone, Debug, Deserialize)]
pub struct IdTokenClaims {
    iss: Option<String>,
    aud: Option<Audience>,
    sub: Option<String>,
    exp: Option<f64>,
    iat: Option<f64>,
    nbf: Option<f64>,
    auth_time: Option<f64>,
    nonce: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    email: Option<String>,
}

impl IdTokenClaims {
    /// `iss`.
    pub fn issuer(&self) -> Option<&str> {
        self.iss.as_deref()
    }

    /// `nonce`.
    pub fn nonce(&self) -> Option<&str> {
        self.nonce.as_deref()
    }
}

/// What a token must say to be good.
#[derive(Clone, Debug)]
pub struct Expected<'a> {
    /// `issuer` of the discovery document, or what the client says it is.
    pub issuer: &'a str,
    /// The client's id at the provider.
    pub audience: &'a str,
    /// The nonce that the client says it sent; without one any will do, and none.
    pub nonce: Option<&'a str>,
    /// How long ago the person may have signed in.
    pub max_age: Option<Span>,
    /// How far clocks may differ.
    pub skew: Span,
    /// How long a token must live from being issued to expiring, at least.
    pub minimum_lifetime: Span,
}

/// Why an exchange is refused. One word a rule: in the answer's `details`, in the journal, in fault modes and documents.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ExchangeRefusal {
    /// The client sent a nonce, the token has none.
    #[error("the token has no nonce, expected the one that was sent")]
    NonceMissing,
    /// Another nonce.
    #[error("the token's nonce is not the one that was sent")]
    NonceMismatch,
    /// The nonce was used before.
    #[error("the nonce was used before")]
    NonceReplayed,
    /// Another issuer.
    #[error("iss is {seen}, expected {expected}")]
    IssuerMismatch {
        /// Claimed.
        seen: String,
        /// What would have done.
        expected: String,
    },
    /// Made for another client.
    #[error("aud is {seen}, expected {expected}")]
    AudienceMismatch {
        /// Claimed.
        seen: String,
        /// What would have done.
        expected: String,
    },
    /// `exp` has passed, or is missing.
    #[error("{0}")]
    TokenExpired(String),
    /// `nbf` or `iat` lies ahead.
    #[error("{0}")]
    TokenNotYetValid(String),
    /// `exp` counts milliseconds.
    #[error("exp {0} is in milliseconds; a NumericDate is in seconds (RFC 7519 section 2)")]
    ExpInMilliseconds(i64),
    /// There is no subject.
    #[error("sub is missing; it names the person")]
    SubMissing,
    /// Not RS256.
    #[error("alg is {0}, expected RS256")]
    AlgNotAllowed(String),
    /// The key did not make the signature.
    #[error("the signature is not by key {0}")]
    SignatureInvalid(String),
    /// No key of this name in the key set, as far as the platform has it.
    #[error("{0}")]
    KidUnknown(String),
    /// The person signed in too long ago.
    #[error("{0}")]
    MaxAgeExceeded(String),
    /// The code has expired.
    #[error("the provider says that the code has expired")]
    CodeExpired,
    /// The code was used before.
    #[error("the provider says that the code was used before")]
    CodeReused,
    /// The verifier does not fit the challenge.
    #[error("the provider says that code_verifier does not fit the code_challenge")]
    PkceMismatch,
    /// Not the redirect URI that the code was asked for with.
    #[error("the provider says that redirect_uri is not the one that the code was asked for with")]
    RedirectMismatch,
    /// The provider refuses for another reason.
    #[error("the provider refuses the code: {0}")]
    CodeRefused(String),
    /// The provider cannot be asked.
    #[error("{0}")]
    IdpUnreachable(String),
    /// The token cannot be read.
    #[error("the id token is not a JWT: {0}")]
    TokenMalformed(String),
    /// Implicit flow is off.
    #[error("the integration does not support the implicit flow; send a code")]
    ImplicitNotSupported,
}

impl ExchangeRefusal {
    /// The rule's word.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::NonceMissing => "nonce.missing",
            Self::NonceMismatch => "nonce.mismatch",
            Self::NonceReplayed => "nonce.replayed",
            Self::IssuerMismatch { .. } => "issuer.mismatch",
            Self::AudienceMismatch { .. } => "audience.mismatch",
            Self::TokenExpired(_) => "token.expired",
            Self::TokenNotYetValid(_) => "token.not.yet.valid",
            Self::ExpInMilliseconds(_) => "exp.in.milliseconds",
            Self::SubMissing => "sub.missing",
            Self::AlgNotAllowed(_) => "alg.not.allowed",
            Self::SignatureInvalid(_) => "signature.invalid",
            Self::KidUnknown(_) => "kid.unknown",
            Self::MaxAgeExceeded(_) => "max.age.exceeded",
            Self::CodeExpired => "code.expired",
            Self::CodeReused => "code.reused",
            Self::PkceMismatch => "pkce.mismatch",
            Self::RedirectMismatch => "redirect.mismatch",
            Self::CodeRefused(_) => "code.refused",
            Self::IdpUnreachable(_) => "idp.unreachable",
            Self::TokenMalformed(_) => "token.malformed",
            Self::ImplicitNotSupported => "implicit.not.supported",
        }
    }
}

/// Who the claims of a token with a good signature speak for at `now`.
pub fn judge(
    claims: &IdTokenClaims,
    expected: &Expected<'_>,
    now: Timestamp,
) -> Result<Person, ExchangeRefusal> {
    let seen = claims.iss.as_deref().unwrap_or("missing");
    if seen.trim_end_matches('/') != expected.issuer.trim_end_matches('/') {
        let (seen, expected) = (seen.to_owned(), expected.issuer.to_owned());
        return Err(ExchangeRefusal::IssuerMismatch { seen, expected });
    }
    let audience = claims.aud.as_ref().map_or(&[][..], Audience::values);
    if !audience.iter().any(|one| one == expected.audience) {
        let seen = if audience.is_empty() { "missing".to_owned() } else { audience.join(" and ") };
        return Err(ExchangeRefusal::AudienceMismatch { seen, expected: expected.audience.to_owned() });
    }
    judge_times(claims, expected, now)?;
    match (expected.nonce, claims.nonce.as_deref()) {
        (Some(_), None) => return Err(ExchangeRefusal::NonceMissing),
        (Some(sent), Some(seen)) if sent != seen => return Err(ExchangeRefusal::NonceMismatch),
        _ => {}
    }
    if let Some(max_age) = expected.max_age {
        let Some(at) = claims.auth_time.map(whole) else {
            let words = "auth_time is missing, and maxAge was asked for".to_owned();
            return Err(ExchangeRefusal::MaxAgeExceeded(words));
        };
        let age = now.seconds().saturating_sub(at);
        if age > max_age.secs().saturating_add(expected.skew.secs()) {
            let words = format!("the person signed in {age} s ago, maxAge is {} s", max_age.secs());
            return Err(ExchangeRefusal::MaxAgeExceeded(words));
        }
    }
    let subject = claims.sub.clone().filter(|sub| !sub.is_empty()).ok_or(ExchangeRefusal::SubMissing)?;
    Ok(Person {
        subject,
        issuer: claims.iss.clone(),
        first_name: claims.given_name.clone(),
        last_name: claims.family_name.clone(),
        email: claims.email.clone(),
        ..Person::default()
    })
}

/// A NumericDate may have a fraction.
#[expect(clippy::cast_possible_truncation, reason = "beyond the range it saturates, which is as wrong")]
fn whole(seconds: f64) -> i64 {
    seconds.floor() as i64
}

fn judge_times(
    claims: &IdTokenClaims,
    expected: &Expected<'_>,
    now: Timestamp,
) -> Result<(), ExchangeRefusal> {
    let (now, skew) = (now.seconds(), expected.skew.secs());
    let exp =
        claims.exp.map(whole).ok_or_else(|| ExchangeRefusal::TokenExpired("exp is missing".to_owned()))?;
    if exp > LATEST_SECONDS {
        return Err(ExchangeRefusal::ExpInMilliseconds(exp));
    }
    if exp.saturating_add(skew) <= now {
        return Err(ExchangeRefusal::TokenExpired(format!("exp {exp} has passed; it is {now}")));
    }
    for (name, time) in [("nbf", claims.nbf), ("iat", claims.iat)] {
        if let Some(time) = time.map(whole).filter(|time| *time > now + skew) {
            return Err(ExchangeRefusal::TokenNotYetValid(format!(
                "{name} {time} has not come; it is {now}"
            )));
        }
    }
    if let Some(iat) = claims.iat.map(whole) {
        let (lives, least) = (exp.saturating_sub(iat), expected.minimum_lifetime.secs());
        if lives < least {
            let words = format!("the token lives {lives} s, expected at least {least} s");
            return Err(ExchangeRefusal::TokenExpired(words));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const NOW: i64 = 1_000_000;

    fn word(change: impl FnOnce(&mut serde_json::Map<String, Value>)) -> Result<Person, &'static str> {
        let mut claims = json!({
            "iss": "https://idp.test", "aud": "messenger", "sub": "user-alice", "exp": NOW + 300, "iat": NOW,
            "auth_time": NOW - 10, "nonce": "n-1", "given_name": "Alice",
        });
        change(claims.as_object_mut().unwrap());
        let claims: IdTokenClaims = serde_json::from_value(claims).unwrap();
        let expected = Expected {
            issuer: "https://idp.test/",
            audience: "messenger",
            nonce: Some("n-1"),
            max_age: Some(Span::from_secs(60)),
            skew: Span::from_secs(5),
            minimum_lifetime: Span::from_secs(30),
        };
        let now = Timestamp::from_micros(NOW * 1_000_000);
        judge(&claims, &expected, now).map_err(|refusal| refusal.word())
    }

    #[test]
    fn every_wrong_claim_has_its_own_word() {
        assert_eq!(word(|_| {}).unwrap().first_name.as_deref(), Some("Alice"));
        let set = |name: &'static str, value: Value| {
            word(move |claims| {
                claims.insert(name.to_owned(), value);
            })
        };
        let unset = |name: &'static str| {
            word(move |claims| {
                claims.remove(name);
            })
        };
        for (judged, expected) in [
            (set("iss", json!("https://other.test")), "issuer.mismatch"),
            (unset("iss"), "issuer.mismatch"),
            (set("aud", json!(["a", "b"])), "audience.mismatch"),
            (unset("aud"), "audience.mismatch"),
            (set("exp", json!(NOW - 5)), "token.expired"),
            (set("exp", json!(-1e300)), "token.expired"),
            (set("exp", json!(NOW + 20)), "token.expired"),
            (unset("exp"), "token.expired"),
            (set("exp", json!((NOW + 300) * 1_000_000)), "exp.in.milliseconds"),
            (set("nbf", json!(NOW + 6)), "token.not.yet.valid"),
            (set("iat", json!(NOW + 6)), "token.not.yet.valid"),
            (set("nonce", json!("n-2")), "nonce.mismatch"),
            (unset("nonce"), "nonce.missing"),
            (set("auth_time", json!(NOW - 66)), "max.age.exceeded"),
            (set("auth_time", json!(-1e300)), "max.age.exceeded"),
            (unset("auth_time"), "max.age.exceeded"),
            (unset("sub"), "sub.missing"),
            (set("sub", json!("")), "sub.missing"),
        ] {
            assert_eq!(judged.unwrap_err(), expected);
        }
        for fine in [
            set("aud", json!(["other", "messenger"])),
            set("exp", json!(NOW as f64 + 300.5)),
            set("nbf", json!(NOW + 5)),
            set("auth_time", json!(NOW - 65)),
            set("iat", json!(-1e300)),
            unset("iat"),
        ] {
            assert_eq!(fine.unwrap().subject, "user-alice");
        }
    }
}
