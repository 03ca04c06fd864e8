//! `client_credentials` (RFC 6749 section 4.4): an application's own token, without a refresh token.

use std::sync::Arc;

use crate::{
    domain::client::{Client, Grant},
    ops::{
        cx::Cx,
        oauth::{Granted, OAuthError, is_of_grant, issue},
    },
};

/// Issues a token to a client that has proved itself.
pub async fn issue(cx: &Cx, client: &Arc<Client>) -> Result<Granted, OAuthError> {
    is_of_grant(cx, client, Grant::ClientCredentials)?;
    Ok(issue::access_token(cx, client, None).await?)
}
