//! The built-in identity providers: OpenID Connect Core 1.0 with its discovery and RP-initiated logout, RFC 6749, 7009,
//! 7636 and 7662.
//!
//! [`request`] reads what a client asks, [`authorize`] answers it, [`client`] proves the client, [`token`] exchanges,
//! [`issue`] makes tokens, [`lookup`] finds them again for [`userinfo`], [`introspect`] and [`revoke`], and
//! [`end_session`] signs people out.

pub mod authorize;
pub mod client;
pub mod end_session;
mod grant;
pub mod introspect;
pub mod issue;
mod lookup;
pub mod request;
pub mod revoke;
mod session;
pub mod token;
pub mod userinfo;

use std::{ops::Deref, sync::Arc};

use super::cx::Cx;
use crate::domain::identity_provider::IdentityProvider;

/// One visit at one identity provider.
#[derive(Clone)]
pub struct At {
    cx: Cx,
    /// The provider.
    pub provider: Arc<IdentityProvider>,
    /// `iss`: what its URLs begin with.
    pub issuer: String,
}

impl At {
    /// At the provider of this name, if the org has it.
    pub fn of(cx: &Cx, name: &str) -> Option<Self> {
        let provider = cx.state(|state| state.identity_providers.get(name).cloned())?;
        Some(Self { cx: cx.clone(), issuer: format!("{}/idp/{}", cx.base, provider.name), provider })
    }

    /// Says that something old had to go for something new.
    fn forgot(&self, what: &str, forgot: bool) {
        if forgot {
            self.journal(|draft| draft.note(format!("too many {what}: the oldest was forgotten")));
        }
    }
}

impl Deref for At {
    type Target = Cx;

    fn deref(&self) -> &Cx {
        &self.cx
    }
}
