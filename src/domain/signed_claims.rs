//! What the platform has signed for an application that knows who somebody is.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::guest_token::Audience;

/// The claims, in the order in which they are written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignedClaims {
    /// Issuer.
    pub iss: Option<String>,
    /// Audience.
    pub aud: Option<Audience>,
    /// The application's id.
    pub sub: Option<String>,
    /// Issued at, seconds.
    pub iat: Option<i64>,
    /// Not before, seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    /// Expires, seconds.
    pub exp: Option<i64>,
    /// The token's own id.
    pub jti: Option<String>,
    /// The org.
    #[serde(rename = "orgId")]
    pub org_id: Option<String>,
    /// An object, as it came.
    pub data: Box<RawValue>,
}
