//! What an identity provider granted: who signed in, for whom, and what was handed out for it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    authentication_request::ClaimsRequest,
    identity_provider::{EndUser, RelyingParty},
    pkce::Challenge,
};
use crate::base::time::Timestamp;

/// Somebody has signed in. Its key is `sid`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignIn {
    /// At this provider.
    pub provider: String,
    /// Who.
    pub person: Arc<EndUser>,
    /// When.
    pub since: Timestamp,
    /// And out again?
    pub over: bool,
}

/// For whom somebody signed in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Presence {
    /// Who.
    pub person: Arc<EndUser>,
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
