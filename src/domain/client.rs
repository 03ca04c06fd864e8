//! OAuth clients.

use serde::{Deserialize, Serialize};

use super::{
    org::AccessTokens, permission::Permission, redirect_uri::RedirectUri, role::RoleDivision, scope::Scope,
};
use crate::base::{
    ids::{ClientId, UserId},
    time::{Span, Timestamp},
};

/// How a client may get tokens, in the vendor's spelling.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Grant {
    /// Application credentials.
    #[serde(rename = "CLIENT-CREDENTIALS")]
    ClientCredentials,
    /// Authorization code, with or without PKCE.
    #[serde(rename = "CODE")]
    Code,
    /// Implicit.
    #[serde(rename = "TOKEN")]
    Token,
    /// SAML 2 bearer assertion.
    #[serde(rename = "SAML2-BEARER")]
    Saml2Bearer,
}

impl Grant {
    /// Those that there are, as the vendor spells them.
    pub const NAMES: [&str; 4] = ["CODE", "TOKEN", "SAML2-BEARER", "CLIENT-CREDENTIALS"];

    /// Its name, as the vendor spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ClientCredentials => "CLIENT-CREDENTIALS",
            Self::Code => "CODE",
            Self::Token => "TOKEN",
            Self::Saml2Bearer => "SAML2-BEARER",
        }
    }

    /// By its name; older clients write one of them without its dash.
    pub fn parse(name: &str) -> Option<Self> {
        let all = [Self::ClientCredentials, Self::Code, Self::Token, Self::Saml2Bearer];
        let name = if name == "SAML2BEARER" { "SAML2-BEARER" } else { name };
        all.into_iter().find(|grant| grant.name() == name)
    }
}

/// Whether a client works.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientState {
    /// It does.
    #[default]
    Active,
    /// Switched off.
    Inactive,
    /// Switched off by the platform.
    Disabled,
}

impl ClientState {
    /// Its name, as the vendor spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Disabled => "disabled",
        }
    }

    /// By its name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Active, Self::Inactive, Self::Disabled].into_iter().find(|state| state.name() == name)
    }
}

/// Who has done something: an application, or a person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Actor {
    /// A client with its own token.
    Client(ClientId),
    /// A user.
    User(UserId),
}

/// When and by whom a client was written; one of a scenario was there from the start.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Written {
    /// When it was made.
    pub created: Timestamp,
    /// By whom.
    pub created_by: Actor,
    /// When it was changed last.
    pub modified: Timestamp,
    /// By whom.
    pub modified_by: Actor,
}

/// An OAuth client of an org.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Client {
    /// `client_id`.
    pub id: ClientId,
    /// `client_secret`.
    pub secret: String,
    /// For people.
    pub name: String,
    /// For people, too.
    pub description: Option<String>,
    /// The one grant that it may use.
    pub grant: Grant,
    /// Where people may be sent back to.
    pub redirect_uris: Vec<RedirectUri>,
    /// Who is signed in without a page, unless somebody else is asked for.
    pub signs_in: Option<UserId>,
    /// Does each refresh token work once, and bring the next one?
    pub refresh_rotation: bool,
    /// Scopes that it was given. The platform ignores them for client credentials; the guide does not.
    pub scopes: Vec<Scope>,
    /// Roles that it holds.
    pub roles: Vec<RoleDivision>,
    /// Permissions that it has beside those of its roles.
    pub permissions: Vec<Permission>,
    /// How long its access tokens live.
    pub token_lifetime: Span,
    /// How they look.
    pub access_tokens: AccessTokens,
    /// Does it work?
    pub state: ClientState,
    /// From then on it does not.
    pub ends: Option<Timestamp>,
    /// When and by whom it was written.
    pub written: Option<Written>,
}

impl Client {
    /// Does it work at this time?
    pub fn works(&self, now: Timestamp) -> bool {
        self.state == ClientState::Active && self.ends.is_none_or(|end| now < end)
    }
}
