//! Where people may be sent back to (RFC 6749 section 3.1.2): by identity providers and by the platform's own login.

use std::sync::Arc;

use super::params::{LONGEST, Params};
use crate::{
    base::ids::ClientId,
    domain::{client::Client, identity_provider::RelyingParty, redirect_uri::RedirectUri},
};

/// Whoever has registered where people may be sent back to.
pub trait Registers {
    /// `client_id`.
    fn id(&self) -> &ClientId;

    /// What was registered.
    fn redirect_uris(&self) -> &[RedirectUri];
}

impl Registers for RelyingParty {
    fn id(&self) -> &ClientId {
        &self.id
    }

    fn redirect_uris(&self) -> &[RedirectUri] {
        &self.redirect_uris
    }
}

impl Registers for Client {
    fn id(&self) -> &ClientId {
        &self.id
    }

    fn redirect_uris(&self) -> &[RedirectUri] {
        &self.redirect_uris
    }
}

/// Why nobody can be sent back, so that the person is told instead.
#[derive(Debug, thiserror::Error)]
pub enum Untrusted {
    /// There is more of it than is read.
    #[error("the request has more than {LONGEST} bytes")]
    TooLong,
    /// A parameter that decides where to go came twice.
    #[error("{0} came more than once")]
    Repeated(&'static str),
    /// There is no `client_id`.
    #[error("client_id is missing")]
    NoClient,
    /// There is no such client.
    #[error("there is no client {0}")]
    UnknownClient(String),
    /// There is nowhere to go.
    #[error("{0} is missing")]
    NoRedirectUri(&'static str),
    /// The client did not register it.
    #[error("{parameter} {given} is not registered for client {client}")]
    RedirectUri {
        /// What it was given as.
        parameter: &'static str,
        /// What was given.
        given: String,
        /// The client.
        client: String,
        /// What would have done.
        registered: String,
    },
    /// `id_token_hint` is not an ID token of this provider.
    #[error("id_token_hint is not an ID token of this provider")]
    Hint,
    /// The hint is of another client than the one that asks.
    #[error("id_token_hint was issued to client {0}")]
    HintOfAnother(String),
}

/// The client and where it may be answered.
pub fn trusted<C: Registers>(
    params: &Params,
    find: impl FnOnce(&str) -> Option<Arc<C>>,
) -> Result<(Arc<C>, String), Untrusted> {
    if params.is_too_long() {
        return Err(Untrusted::TooLong);
    }
    let repeated = |name: &&str| params.repeated() == Some(*name);
    if let Some(name) = ["client_id", "redirect_uri"].into_iter().find(repeated) {
        return Err(Untrusted::Repeated(name));
    }
    let id = params.get("client_id").ok_or(Untrusted::NoClient)?;
    let client = find(id).ok_or_else(|| Untrusted::UnknownClient(id.to_owned()))?;
    let given = params.get("redirect_uri").ok_or(Untrusted::NoRedirectUri("redirect_uri"))?;
    admitted(client.id(), "redirect_uri", given, client.redirect_uris())?;
    Ok((client, given.to_owned()))
}

/// Is this one of those that the client registered?
pub fn admitted(
    client: &ClientId,
    parameter: &'static str,
    given: &str,
    registered: &[RedirectUri],
) -> Result<(), Untrusted> {
    if registered.iter().any(|one| one.admits(given)) {
        return Ok(());
    }
    let registered: Vec<_> = registered.iter().map(RedirectUri::as_str).collect();
    Err(Untrusted::RedirectUri {
        parameter,
        given: given.to_owned(),
        client: client.to_string(),
        registered: if registered.is_empty() { "none".to_owned() } else { registered.join(" or ") },
    })
}
