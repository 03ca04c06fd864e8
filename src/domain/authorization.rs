//! What an identity provider, or the platform's own login, granted: who signed in, for whom, and what was handed out
//! for it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    authentication_request::ClaimsRequest,
    identity_provider::{EndUser, RelyingParty},
    pkce::{Challenge, ChallengeMethod},
};
use crate::base::{
    ids::{ClientId, UserId},
    time::Timestamp,
};

/// Something that was granted.
pub trait Grants {
    /// By whom.
    fn provider(&self) -> &str;
}

/// Somebody has signed in. Its key is `sid`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignIn<P = EndUser> {
    /// At this provider.
    pub provider: String,
    /// Who.
    pub person: Arc<P>,
    /// When.
    pub since: Timestamp,
    /// And out again?
    pub over: bool,
}

/// For whom somebody signed in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Presence<P = EndUser> {
    /// Who.
    pub person: Arc<P>,
    /// When.
    pub since: Timestamp,
    /// The session at the provider.
    pub sid: String,
}

/// What a client was granted, once; everything that it gets for it goes back to this.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Authorization {
    /// By this provider.
    pub provider: String,
    /// To this client.
    pub client: Arc<RelyingParty>,
    /// By this person; `None` when the client asked for itself.
    pub presence: Option<Presence>,
    /// `scope`.
    pub scopes: Vec<String>,
    /// `nonce`.
    pub nonce: Option<String>,
    /// Claims that it asked for one by one.
    pub claims: ClaimsRequest,
}

impl Authorization {
    /// Does it say who somebody is?
    pub fn is_openid(&self) -> bool {
        self.scopes.iter().any(|scope| scope == "openid")
    }
}

impl Grants for Authorization {
    fn provider(&self) -> &str {
        &self.provider
    }
}

/// What the platform's login calls itself where an identity provider has its name.
pub const LOGIN: &str = "login";

/// What a client of the platform was granted by one of its users.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UserAuthorization {
    /// To this client.
    pub client: ClientId,
    /// By this user.
    pub user: UserId,
    /// When.
    pub since: Timestamp,
}

impl Grants for UserAuthorization {
    fn provider(&self) -> &str {
        LOGIN
    }
}

/// A code.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Code {
    /// It has to be repeated.
    pub redirect_uri: String,
    /// What its verifier has to fit.
    pub challenge: Option<Challenge>,
    /// From then on it is dead.
    pub expires: Timestamp,
    /// Was it exchanged?
    pub used: bool,
}

/// Why a code is not good for a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadCode {
    /// It is another client's.
    #[error("the code was issued to another client")]
    OtherClient,
    /// It was exchanged before.
    #[error("the code was used before; what it was exchanged for is revoked")]
    Used,
    /// Its time is over.
    #[error("the code expired at {0}")]
    Expired(Timestamp),
    /// Where it was sent to is not repeated.
    #[error("redirect_uri is missing; the code was sent to one")]
    NoRedirectUri,
    /// Something else is.
    #[error("redirect_uri is not the one that the code was sent to")]
    OtherRedirectUri,
    /// A verifier came, and no challenge before.
    #[error("code_verifier came, but the code was asked for without code_challenge")]
    NoChallenge,
    /// A challenge came before, and no verifier now.
    #[error("code_verifier is missing")]
    NoVerifier,
    /// The verifier is another one.
    #[error("{}", match .0 {
        ChallengeMethod::S256 => "code_verifier does not fit code_challenge by S256",
        ChallengeMethod::Plain => "code_verifier is not code_challenge, whose method was plain (the default)",
    })]
    OtherVerifier(ChallengeMethod),
}

/// What comes with a code when it is exchanged.
#[derive(Clone, Copy, Debug)]
pub struct Presented<'a> {
    /// Is it by the client that the code was issued to?
    pub by_its_client: bool,
    /// `redirect_uri`.
    pub redirect_uri: Option<&'a str>,
    /// `code_verifier`.
    pub verifier: Option<&'a str>,
}

impl Code {
    /// Is it good for what it came with (RFC 6749 section 4.1.3, RFC 7636 section 4.6)?
    pub fn judge(&self, came: Presented<'_>, now: Timestamp) -> Result<(), BadCode> {
        if !came.by_its_client {
            return Err(BadCode::OtherClient);
        }
        if self.used {
            return Err(BadCode::Used);
        }
        if now >= self.expires {
            return Err(BadCode::Expired(self.expires));
        }
        match came.redirect_uri {
            None => return Err(BadCode::NoRedirectUri),
            Some(given) if given != self.redirect_uri => return Err(BadCode::OtherRedirectUri),
            Some(_) => {}
        }
        match (&self.challenge, came.verifier) {
            (None, None) => Ok(()),
            (None, Some(_)) => Err(BadCode::NoChallenge),
            (Some(_), None) => Err(BadCode::NoVerifier),
            (Some(challenge), Some(verifier)) if challenge.is_met_by(verifier) => Ok(()),
            (Some(challenge), Some(_)) => Err(BadCode::OtherVerifier(challenge.method())),
        }
    }
}

/// What a token is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenUse {
    /// To ask with.
    Access,
    /// To get further ones.
    Refresh,
}

/// An opaque token of an identity provider.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct IdpToken {
    /// What it is for.
    pub token_use: TokenUse,
    /// `scope`.
    pub scopes: Vec<String>,
    /// When it was issued.
    pub issued: Timestamp,
    /// From then on it is dead.
    pub expires: Timestamp,
    /// Was it taken back, or exchanged for the next one?
    pub revoked: bool,
}
