//! The token endpoint.

pub mod grant;

use super::{
    access::{AccessError, count},
    cx::Cx,
};
use crate::{
    base::codec::{form_decoded, same_secret},
    domain::{
        client::{Client, ClientState},
        quota::Usage,
        visit::Refusal,
    },
    jose::signer::SignError,
    store::org_state::BucketKey,
};
use std::sync::Arc;

/// What came to the token endpoint.
#[derive(Clone, Debug, Default)]
pub struct TokenRequest {
    /// `grant_type`.
    pub grant_type: Option<String>,
    /// `client_id` of Basic or body.
    pub client_id: Option<String>,
    /// `client_secret` of Basic or body.
    pub client_secret: Option<String>,
    /// Did they come with Basic, hence perhaps percent-encoded?
    pub basic: bool,
}

/// What the token endpoint gives.
#[derive(Clone, Debug)]
pub struct Granted {
    /// Opaque, or a JWT.
    pub access_token: String,
    /// Seconds.
    pub expires_in: i64,
}

/// Why it gives nothing.
#[derive(Debug, thiserror::Error)]
pub enum OAuthError {
    /// There is no `grant_type`.
    #[error("grant_type is missing")]
    NoGrantType,
    /// Nobody knows this grant.
    #[error("grant type {0} is not supported")]
    UnsupportedGrant(String),
    /// No credentials came.
    #[error("client credentials are missing")]
    NoCredentials,
    /// Nobody knows this client.
    #[error("client not found")]
    UnknownClient,
    /// Not its secret.
    #[error("authentication failed")]
    WrongSecret,
    /// It may not use this grant, or nothing at all.
    #[error("the client may not use this grant")]
    Unauthorized,
    /// The signature of a JWT failed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// Too many tokens.
    #[error("too many tokens")]
    Limited(Usage),
}

/// Exchanges whatever came for a token.
pub async fn exchange(cx: &Cx, request: &TokenRequest) -> Result<Granted, OAuthError> {
    let Some(grant_type) = &request.grant_type else {
        cx.refuse(
            Refusal::new("oauth.grant_type_missing", "grant_type is missing").expected("client_credentials"),
        );
        return Err(OAuthError::NoGrantType);
    };
    let client = authenticate(cx, request)?;
    match grant_type.as_str() {
        "client_credentials" => grant::client_credentials::issue(cx, &client).await,
        other => {
            let refusal = Refusal::new("oauth.grant_type_unsupported", "The grant type is not served");
            cx.refuse(refusal.expected("client_credentials").seen(other));
            Err(OAuthError::UnsupportedGrant(other.to_owned()))
        }
    }
}

fn authenticate(cx: &Cx, request: &TokenRequest) -> Result<Arc<Client>, OAuthError> {
    let (Some(id), Some(secret)) = (&request.client_id, &request.client_secret) else {
        let refusal = Refusal::new("oauth.credentials_missing", "Client id or secret is missing");
        cx.refuse(refusal.expected("Basic, or client_id and client_secret in the body"));
        return Err(OAuthError::NoCredentials);
    };
    let find = |id: &str| cx.state(|state| state.clients.get(id).cloned());
    // official SDKs put id and secret into Basic as they are, OAuth libraries percent-encode them
    let decoded = request.basic.then(|| form_decoded(id)).filter(|decoded| decoded != id);
    let Some(client) = find(id).or_else(|| find(decoded.as_deref()?)) else {
        let elsewhere = cx.app.org_of_client(id).is_some();
        let (rule, reason) = match elsewhere {
            true => ("of.another.org", "The client belongs to another org than the one that was addressed"),
            false => ("oauth.client_unknown", "There is no client of this id"),
        };
        cx.refuse(Refusal::new(rule, reason).seen(id.as_str()));
        return Err(OAuthError::UnknownClient);
    };
    let right = same_secret(secret, &client.secret)
        || request.basic && same_secret(&form_decoded(secret), &client.secret);
    if !right {
        cx.refuse(Refusal::new(
            "oauth.secret_wrong",
            format!("The secret is not that of client {}", client.id),
        ));
        return Err(OAuthError::WrongSecret);
    }
    if client.state != ClientState::Active {
        cx.refuse(Refusal::new("oauth.client_inactive", format!("Client {} is inactive", client.id)));
        return Err(OAuthError::Unauthorized);
    }
    count(cx, BucketKey::Issue(client.id.clone()), |limits| limits.token_issue).map_err(
        |error| match error {
            AccessError::Limited(usage) => OAuthError::Limited(usage),
            _ => OAuthError::Unauthorized,
        },
    )?;
    Ok(client)
}
