//! An identity provider's JWT straight at the messaging socket (guide dialect): what a deployment wants of it.

use serde::{Deserialize, Serialize};

use super::{
    id_token::IdClaims,
    scope::{Scope, any_covers},
};
use crate::base::{
    ids::{DeploymentId, OrgId},
    time::{Span, Timestamp},
};

/// The audiences that such a JWT may be for; the guides name one each.
pub const AUDIENCES: [&str; 2] = ["genesys-cloud-web-messaging", "genesys-cloud-api"];
/// How long a challenge can be answered.
pub const CHALLENGE_LIFETIME: Span = Span::from_secs(300);

/// Must the JWT have the nonce of a challenge?
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NonceRule {
    /// No.
    #[default]
    Ignored,
    /// Yes; each refusal brings a fresh one.
    Required,
}

/// Whom may `sub` name?
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectRule {
    /// Anybody.
    #[default]
    Any,
    /// A user of the org, by id or address.
    Known,
}

/// What a deployment wants of whoever comes with a JWT of its identity provider.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Handshake {
    /// The identity provider by name; without one such JWTs are foreign.
    pub provider: Option<String>,
    /// Must it have the nonce of a challenge?
    pub nonce: NonceRule,
    /// Whom may `sub` name?
    pub subject: SubjectRule,
    /// What must be in `scope`. If something must, `org` must be the org's id, too. Without a provider it is access tokens
    /// that must have it.
    pub required_scopes: Vec<String>,
}

/// A nonce that was given out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Challenge {
    /// At which deployment.
    pub deployment: DeploymentId,
    /// From then on it is worth nothing.
    pub expires: Timestamp,
    /// Has it been answered?
    pub used: bool,
}

/// Why a JWT that its provider signed does not do here.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unfit {
    /// It has no nonce, or nothing came at all.
    #[error("there is no nonce, expected the one of the challenge")]
    NonceMissing,
    /// It has another.
    #[error("the nonce {0}")]
    NonceMismatch(&'static str),
    /// It was answered before.
    #[error("the nonce was used before")]
    NonceReplayed,
    /// Nobody is called like this.
    #[error("sub is {0}, which is neither id nor address of a user of this org")]
    Subject(String),
    /// A scope is missing.
    #[error("scope has no {0}")]
    Scope(String),
    /// It is for another org, or does not say.
    #[error("org is {seen}, expected {expected}")]
    Org {
        /// Claimed.
        seen: String,
        /// The org's id.
        expected: String,
    },
}

impl Unfit {
    /// The reason, as answers and the journal have it.
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::NonceMissing => "nonce.missing",
            Self::NonceMismatch(_) => "nonce.mismatch",
            Self::NonceReplayed => "nonce.replayed",
            Self::Subject(_) => "sub.unknown",
            Self::Scope(_) => "scope.missing",
            Self::Org { .. } => "org.mismatch",
        }
    }

    /// Is it a lack of rights rather than of proof?
    pub const fn is_forbidden(&self) -> bool {
        matches!(self, Self::Scope(_) | Self::Org { .. })
    }
}

impl Handshake {
    /// Is it access tokens of the org itself that open the socket?
    pub fn wants_access_tokens(&self) -> bool {
        self.provider.is_none() && !self.required_scopes.is_empty()
    }

    /// Do the scopes of an access token have those that are wanted?
    pub fn check_granted(&self, granted: &[Scope]) -> Result<(), Unfit> {
        match self.required_scopes.iter().find(|scope| !any_covers(granted, scope)) {
            Some(missing) => Err(Unfit::Scope(missing.clone())),
            None => Ok(()),
        }
    }

    /// Do the claims have the scopes that are wanted, and name this org? `scope` is a list, or one text with blanks.
    pub fn check_scopes(&self, claims: &IdClaims, org: &OrgId) -> Result<(), Unfit> {
        if self.required_scopes.is_empty() {
            return Ok(());
        }
        let told = |name: &str| claims.told.get(name);
        let scopes: Vec<&str> = match told("scope") {
            Some(serde_json::Value::Array(list)) => list.iter().filter_map(|one| one.as_str()).collect(),
            other => other.and_then(|text| text.as_str()).unwrap_or_default().split_whitespace().collect(),
        };
        if let Some(missing) = self.required_scopes.iter().find(|scope| !scopes.contains(&scope.as_str())) {
            return Err(Unfit::Scope(missing.clone()));
        }
        let seen = told("org").and_then(|text| text.as_str()).unwrap_or("missing");
        if seen != org.as_str() {
            return Err(Unfit::Org { seen: seen.to_owned(), expected: org.to_string() });
        }
        Ok(())
    }
}

impl Challenge {
    /// Answers it with the nonce of a JWT. What was answered is not answered again.
    pub fn answer(&mut self, deployment: &DeploymentId, now: Timestamp) -> Result<(), Unfit> {
        if self.deployment != *deployment {
            return Err(Unfit::NonceMismatch("was given out at another deployment"));
        }
        if self.used {
            return Err(Unfit::NonceReplayed);
        }
        if now >= self.expires {
            return Err(Unfit::NonceMismatch("was given out too long ago"));
        }
        self.used = true;
        Ok(())
    }
}
