//! The platform's login: the token endpoint, and in [`authorize`] and [`session`] where users sign in for clients.

pub mod authorize;
pub mod grant;
pub mod issue;
pub mod lookup;
pub mod session;

use super::{
    access::{AccessError, count},
    cx::Cx,
};
use crate::{
    base::codec::{form_decoded, same_secret},
    domain::{
        client::{Client, Grant},
        quota::Usage,
        visit::Refusal,
    },
    jose::signer::SignError,
    store::org_state::BucketKey,
};
use serde::Deserialize;
use std::sync::Arc;

/// What came to the token endpoint.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TokenRequest {
    /// `grant_type`.
    pub grant_type: Option<String>,
    /// `client_id` of Basic or body.
    pub client_id: Option<String>,
    /// `client_secret` of Basic or body.
    pub client_secret: Option<String>,
    /// `code`.
    pub code: Option<String>,
    /// `redirect_uri`.
    pub redirect_uri: Option<String>,
    /// `code_verifier`.
    pub code_verifier: Option<String>,
    /// `refresh_token`.
    pub refresh_token: Option<String>,
    /// `assertion`: a SAML 2 one, in base64.
    pub assertion: Option<String>,
    /// `orgName`, which comes with it.
    #[serde(rename = "orgName")]
    pub org_name: Option<String>,
    /// Did they come with Basic, hence perhaps percent-encoded?
    #[serde(skip)]
    pub basic: bool,
}

/// What the token endpoint gives.
#[derive(Clone, Debug)]
pub struct Granted {
    /// Opaque, or a JWT.
    pub access_token: String,
    /// Seconds.
    pub expires_in: i64,
    /// Opaque.
    pub refresh_token: Option<String>,
}

/// The grants that are served, as discovery spells them.
pub const GRANTS: [&str; 4] =
    ["authorization_code", "refresh_token", "client_credentials", grant::saml2_bearer::GRANT_TYPE];

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
    /// A parameter is missing.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// What came is worth nothing.
    #[error("{0}")]
    Grant(String),
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
            Refusal::new("oauth.grant_type_missing", "grant_type is missing").expected(GRANTS.join(" or ")),
        );
        return Err(OAuthError::NoGrantType);
    };
    let grant_type = grant_type.as_str();
    // with PKCE the verifier proves that it is the one who was sent the code
    let may_be_public = grant_type == "authorization_code" && request.code_verifier.is_some();
    let (client, proved) = authenticate(cx, request, may_be_public)?;
    match grant_type {
        "client_credentials" => grant::client_credentials::issue(cx, &client).await,
        "authorization_code" => grant::authorization_code::exchange(cx, (&client, proved), request).await,
        "refresh_token" => grant::refresh_token::exchange(cx, &client, request).await,
        grant::saml2_bearer::GRANT_TYPE => grant::saml2_bearer::exchange(cx, &client, request).await,
        other => {
            let refusal = Refusal::new("oauth.grant_type_unsupported", "The grant type is not served");
            cx.refuse(refusal.expected(GRANTS.join(" or ")).seen(other));
            Err(OAuthError::UnsupportedGrant(other.to_owned()))
        }
    }
}

/// The client may use this grant.
fn is_of_grant(cx: &Cx, client: &Client, grant: Grant) -> Result<(), OAuthError> {
    if client.grant == grant {
        return Ok(());
    }
    let reason = format!("Client {} has another grant type", client.id);
    cx.refuse(
        Refusal::new("oauth.grant_not_allowed", reason).expected(grant.name()).seen(client.grant.name()),
    );
    Err(OAuthError::Unauthorized)
}

/// A parameter that has to be there.
fn required<'a>(cx: &Cx, name: &'static str, value: Option<&'a str>) -> Result<&'a str, OAuthError> {
    value.ok_or_else(|| {
        let error = OAuthError::Missing(name);
        cx.refuse(Refusal::new("oauth.parameter_missing", error.to_string()));
        error
    })
}

/// The client of an id, wherever it came from; `None` is told to the journal.
pub(super) fn find_client(cx: &Cx, id: &str, percent_encoded: bool) -> Option<Arc<Client>> {
    let find = |id: &str| cx.state(|state| state.clients.get(id).cloned());
    // official SDKs put id and secret into Basic as they are, OAuth libraries percent-encode them
    let decoded = percent_encoded.then(|| form_decoded(id)).filter(|decoded| decoded != id);
    let client = find(id).or_else(|| find(decoded.as_deref()?));
    if client.is_none() {
        let elsewhere = cx.app.org_of_client(id).is_some_and(|org| org.id != cx.org.id);
        let (rule, reason) = match elsewhere {
            true => ("of.another.org", "The client belongs to another org than the one that was addressed"),
            false => ("oauth.client_unknown", "There is no client of this id"),
        };
        let seen = if cx.app.is_secret(id) { "a client's secret: id and secret may be swapped" } else { id };
        cx.refuse(Refusal::new(rule, reason).seen(seen));
    }
    client
}

/// The client, and whether it has proved to be it.
fn authenticate(
    cx: &Cx,
    request: &TokenRequest,
    may_be_public: bool,
) -> Result<(Arc<Client>, bool), OAuthError> {
    let (id, secret) = match (&request.client_id, &request.client_secret) {
        (Some(id), secret) if secret.is_some() || may_be_public => (id, secret),
        _ => {
            let refusal = Refusal::new("oauth.credentials_missing", "Client id or secret is missing");
            cx.refuse(refusal.expected("Basic, or client_id and client_secret in the body"));
            return Err(OAuthError::NoCredentials);
        }
    };
    let client = find_client(cx, id, request.basic).ok_or(OAuthError::UnknownClient)?;
    let right = secret.as_ref().is_none_or(|secret| {
        same_secret(secret, &client.secret)
            || request.basic && same_secret(&form_decoded(secret), &client.secret)
    });
    if !right {
        cx.refuse(Refusal::new(
            "oauth.secret_wrong",
            format!("The secret is not that of client {}", client.id),
        ));
        return Err(OAuthError::WrongSecret);
    }
    works(cx, &client)?;
    count(cx, BucketKey::Issue(client.id.clone()), |limits| limits.token_issue).map_err(
        |error| match error {
            AccessError::Limited(usage) => OAuthError::Limited(usage),
            _ => OAuthError::Unauthorized,
        },
    )?;
    Ok((client, secret.is_some()))
}

/// The client is not switched off.
pub(super) fn works(cx: &Cx, client: &Client) -> Result<(), OAuthError> {
    if client.works(cx.now()) {
        return Ok(());
    }
    cx.refuse(Refusal::new("oauth.client_inactive", format!("Client {} is inactive", client.id)));
    Err(OAuthError::Unauthorized)
}
