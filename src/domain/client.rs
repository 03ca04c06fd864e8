//! OAuth clients.

use serde::{Deserialize, Serialize};

use super::{org::AccessTokens, permission::Permission, scope::Scope};
use crate::base::{ids::ClientId, time::Span};

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

/// Whether a client works.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientState {
    /// It does.
    #[default]
    Active,
    /// Switched off.
    Inactive,
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
    /// The one grant that it may use.
    pub grant: Grant,
    /// Scopes that it was given. The platform ignores them for client credentials; the guide does not.
    pub scopes: Vec<Scope>,
    /// Permissions of its roles.
    pub permissions: Vec<Permission>,
    /// How long its access tokens live.
    pub token_lifetime: Span,
    /// How they look.
    pub access_tokens: AccessTokens,
    /// Does it work?
    pub state: ClientState,
}
