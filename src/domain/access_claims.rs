//! The claims of an access token that is a JWT (RFC 9068), with the `org` that guides look for.

use serde::{Deserialize, Serialize};

use super::{client::Client, guest_token::Audience, scope};
use crate::base::{
    ids::{OrgId, UserId},
    time::Timestamp,
};

/// The claims, in the order in which they are written. Each is optional, because faults leave some out.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AccessClaims {
    /// Issuer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// The API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aud: Option<Audience>,
    /// The user, or without one the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// The client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Its scopes, with blanks between them. A client without any has no such claim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The org's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org: Option<String>,
    /// Issued at, seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
    /// Not before, seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    /// Expires, seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
    /// The token's own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// What makes it too long, because of a fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub padding: Option<String>,
}

impl AccessClaims {
    /// The right claims of a client's token for the API at `base`: its own, or one that speaks for a user.
    pub fn of(
        (client, user): (&Client, Option<&UserId>),
        org: &OrgId,
        base: &str,
        now: Timestamp,
        jti: String,
    ) -> Self {
        let scopes = scope::names(&client.scopes);
        Self {
            iss: Some(base.to_owned()),
            aud: Some(Audience::One(base.to_owned())),
            sub: Some(user.map_or_else(|| client.id.to_string(), ToString::to_string)),
            client_id: Some(client.id.to_string()),
            scope: (!scopes.is_empty()).then(|| scopes.join(" ")),
            org: Some(org.to_string()),
            iat: Some(now.seconds()),
            nbf: None,
            exp: Some(now.plus(client.token_lifetime).seconds()),
            jti: Some(jti),
            padding: None,
        }
    }
}
