//! Which client of a provider is asking (RFC 6749 section 2.3).

use std::sync::Arc;

use super::At;
use crate::{
    base::codec::{form_decoded, same_secret},
    domain::{identity_provider::RelyingParty, visit::Refusal},
    ops::params::Params,
};

/// How a client says who it is.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// Id and secret of Basic, as they came.
    pub basic: Option<(String, String)>,
    /// `client_id` of the body.
    pub id: Option<String>,
    /// `client_secret` of the body.
    pub secret: Option<String>,
}

impl Credentials {
    /// Of Basic and of a body.
    pub fn of(basic: Option<(String, String)>, body: &Params) -> Self {
        let text = |name: &str| body.get(name).map(str::to_owned);
        Self { basic, id: text("client_id"), secret: text("client_secret") }
    }
}

/// Why nobody is proved.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Credentials came in Basic and in the body.
    #[error("the client authenticates in Basic and in the body; one of them is enough")]
    TwoMethods,
    /// None came.
    #[error("no client is named")]
    Missing,
    /// The provider has none of this id.
    #[error("client not found")]
    Unknown,
    /// It has to prove itself and did not.
    #[error("the client's secret is missing")]
    NoSecret,
    /// Not its secret.
    #[error("client authentication failed")]
    WrongSecret,
    /// It has no secret, and one came.
    #[error("the client is public and has no secret")]
    Public,
    /// It has no secret, and this is only for those that have one.
    #[error("the client is public; this is for clients that prove themselves")]
    NotConfidential,
}

/// The client, proved by its secret if it has one.
pub fn authenticate(at: &At, credentials: &Credentials) -> Result<Arc<RelyingParty>, ClientError> {
    prove(at, credentials).map_err(|(error, id)| {
        let rule = match error {
            ClientError::TwoMethods => "idp.client_authenticates_twice",
            ClientError::Missing => "idp.client_missing",
            ClientError::Unknown => "idp.client_unknown",
            ClientError::NoSecret => "idp.secret_missing",
            ClientError::WrongSecret => "idp.secret_wrong",
            ClientError::Public | ClientError::NotConfidential => "idp.client_public",
        };
        let mut refusal = Refusal::new(rule, error.to_string());
        if matches!(error, ClientError::Unknown) {
            refusal = refusal.expected(at.client_ids());
        }
        let swapped = matches!(error, ClientError::Unknown) && at.app.is_secret(&id);
        let seen = if swapped { "a client's secret: id and secret may be swapped".to_owned() } else { id };
        at.refuse(if seen.is_empty() { refusal } else { refusal.seen(seen) });
        error
    })
}

/// The client, which has to have a secret.
pub fn authenticate_confidential(
    at: &At,
    credentials: &Credentials,
) -> Result<Arc<RelyingParty>, ClientError> {
    let client = authenticate(at, credentials)?;
    if client.secret.is_none() {
        at.refuse(Refusal::new("idp.client_public", ClientError::NotConfidential.to_string()));
        return Err(ClientError::NotConfidential);
    }
    Ok(client)
}

/// The client; or what is wrong, and the id that it was said to have.
fn prove(at: &At, credentials: &Credentials) -> Result<Arc<RelyingParty>, (ClientError, String)> {
    let Credentials { basic, id, secret } = credentials;
    let (id, secret, percent_encoded) = match (basic, id) {
        (Some((id, _)), Some(other)) if id != other && form_decoded(id) != *other => {
            return Err((ClientError::TwoMethods, id.clone()));
        }
        (Some((id, _)), _) if secret.is_some() => return Err((ClientError::TwoMethods, id.clone())),
        (Some((id, secret)), _) => (id, Some(secret).filter(|secret| !secret.is_empty()), true),
        (None, Some(id)) => (id, secret.as_ref(), false),
        (None, None) => return Err((ClientError::Missing, String::new())),
    };
    let wrong = |error| (error, id.clone());
    let clients = &at.provider.clients;
    // some libraries put ids and secrets into Basic as they are, others percent-encode them
    let decoded = percent_encoded.then(|| form_decoded(id));
    let client = clients.get(id.as_str()).or_else(|| clients.get(decoded.as_deref()?));
    let client = client.ok_or_else(|| wrong(ClientError::Unknown))?;
    match (&client.secret, secret) {
        (None, None) => Ok(Arc::clone(client)),
        (None, Some(_)) => Err(wrong(ClientError::Public)),
        (Some(_), None) => Err(wrong(ClientError::NoSecret)),
        (Some(known), Some(given))
            if same_secret(given, known) || percent_encoded && same_secret(&form_decoded(given), known) =>
        {
            Ok(Arc::clone(client))
        }
        _ => Err(wrong(ClientError::WrongSecret)),
    }
}

impl At {
    /// The ids of the provider's clients, for whoever mistyped one.
    pub(super) fn client_ids(&self) -> String {
        let ids: Vec<_> = self.provider.clients.keys().map(ToString::to_string).collect();
        if ids.is_empty() { "no client: the provider has none".to_owned() } else { ids.join(" or ") }
    }
}
