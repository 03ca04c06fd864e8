//! Who an access token speaks for (OpenID Connect Core section 5.3).

use std::{collections::BTreeMap, sync::Arc};

use serde_json::Value;

use super::{At, lookup};
use crate::{
    domain::{authentication_request::ToldIn, authorization::TokenUse, visit::Refusal},
    store::authorizations::Dead,
};

/// What is told of somebody.
#[derive(Clone, Debug)]
pub struct UserInfo {
    /// `sub`.
    pub subject: String,
    /// All other claims.
    pub told: BTreeMap<String, Value>,
}

/// Why nothing is told (RFC 6750 section 3.1).
#[derive(Debug, thiserror::Error)]
pub enum BearerError {
    /// No access token came.
    #[error("no access token came")]
    Missing,
    /// It is worth nothing.
    #[error("{0}")]
    Bad(String),
    /// It does not speak for anybody.
    #[error("the access token has no scope openid")]
    Scope,
}

/// What a token tells.
pub fn userinfo(at: &At, token: Option<&str>) -> Result<UserInfo, BearerError> {
    let Some(token) = token else {
        let error = BearerError::Missing;
        at.refuse(Refusal::new("idp.token_missing", error.to_string()).expected("Authorization: Bearer …"));
        return Err(error);
    };
    let found = lookup::key(at, token).and_then(|key| {
        at.state(|state| {
            let live = state.authorizations.live(&key, TokenUse::Access, &at.provider.name, at.now())?;
            Ok::<_, Dead>((Arc::clone(live.authorization), live.token.scopes.clone()))
        })
    });
    let (authorization, scopes) =
        found.map_err(|why| BearerError::Bad(lookup::refuse(at, "access token", token, why)))?;
    let is_openid = scopes.iter().any(|scope| scope == "openid");
    let Some(presence) = authorization.presence.as_ref().filter(|_| is_openid) else {
        let error = BearerError::Scope;
        at.refuse(
            Refusal::new("idp.scope_missing", error.to_string()).expected("openid").seen(scopes.join(" ")),
        );
        return Err(error);
    };
    let mut told = presence.person.told(&scopes);
    authorization.claims.add_to(&mut told, ToldIn::UserInfo, &presence.person);
    Ok(UserInfo { subject: presence.person.subject.clone(), told })
}
