//! Proof key for code exchange (RFC 7636).

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::base::codec::{base64url, same_secret};

/// How a challenge is made of its verifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ChallengeMethod {
    /// It is the verifier.
    #[serde(rename = "plain")]
    Plain,
    /// It is the verifier's SHA-256.
    S256,
}

/// The challenge of an authorization request.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Challenge {
    method: ChallengeMethod,
    value: String,
}

/// Why a challenge is none.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadChallenge {
    /// Nobody knows the method.
    #[error("code_challenge_method {0} is not known; expected S256 or plain")]
    Method(String),
    /// It is too short, too long, or has other characters.
    #[error("code_challenge is not {0}")]
    Form(&'static str),
}

/// 43 to 128 of the unreserved characters of URIs (RFC 7636 section 4.1).
fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

impl Challenge {
    /// A challenge; without a method it is plain.
    pub fn new(value: &str, method: Option<&str>) -> Result<Self, BadChallenge> {
        let method = match method {
            None | Some("plain") => ChallengeMethod::Plain,
            Some("S256") => ChallengeMethod::S256,
            Some(other) => return Err(BadChallenge::Method(other.to_owned())),
        };
        if method == ChallengeMethod::S256 && value.len() != 43 {
            return Err(BadChallenge::Form("the base64url of a SHA-256, which has 43 characters"));
        }
        if !is_verifier(value) {
            return Err(BadChallenge::Form("43 to 128 letters, digits, `-`, `.`, `_` and `~`"));
        }
        Ok(Self { method, value: value.to_owned() })
    }

    /// How it is made.
    pub fn method(&self) -> ChallengeMethod {
        self.method
    }

    /// Was it made of this verifier?
    pub fn is_met_by(&self, verifier: &str) -> bool {
        is_verifier(verifier)
            && match self.method {
                ChallengeMethod::Plain => same_secret(verifier, &self.value),
                ChallengeMethod::S256 => same_secret(&base64url(&Sha256::digest(verifier)), &self.value),
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 7636 appendix B
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_the_rfc_holds_and_nothing_else_does() {
        let challenge = Challenge::new(CHALLENGE, Some("S256")).unwrap();
        assert!(challenge.is_met_by(VERIFIER));
        assert!(!challenge.is_met_by(CHALLENGE));
        let plain = Challenge::new(VERIFIER, None).unwrap();
        assert_eq!(plain, Challenge::new(VERIFIER, Some("plain")).unwrap());
        assert!(plain.is_met_by(VERIFIER) && !plain.is_met_by(CHALLENGE) && !plain.is_met_by(""));
    }

    #[test]
    fn a_challenge_of_another_form_or_method_is_none() {
        assert!(Challenge::new(&VERIFIER[1..], None).is_err());
        assert!(Challenge::new(&format!("{VERIFIER}="), None).is_err());
        assert!(Challenge::new(&format!("{VERIFIER}a"), Some("S256")).is_err());
        assert_eq!(
            Challenge::new(CHALLENGE, Some("s256")).unwrap_err().to_string(),
            "code_challenge_method s256 is not known; expected S256 or plain"
        );
    }
}
