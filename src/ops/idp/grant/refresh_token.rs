//! `refresh_token` (RFC 6749 section 6). If the provider rotates them, each works once: whoever brings an old one again
//! takes back all that goes back to the same sign-in.

use std::sync::Arc;

use crate::{
    domain::{authorization::TokenUse, identity_provider::RelyingParty, visit::Refusal},
    ops::idp::{
        At,
        issue::{self, Beside},
        lookup,
        params::Params,
        request::scopes,
        token::{Issued, TokenError, required},
    },
    store::authorizations::Dead,
};

/// Exchanges a refresh token for the next tokens.
pub async fn exchange(at: &At, client: &RelyingParty, params: &Params) -> Result<Issued, TokenError> {
    let text = required(at, params, "refresh_token")?;
    let rotates = at.provider.refresh_rotation;
    let asked = scopes(params.get("scope"));
    let found = lookup::key(at, text).and_then(|key| {
        at.state(|state| {
            let tables = &mut state.authorizations;
            let live = tables.live(&key, TokenUse::Refresh, &at.provider.name, at.now());
            let reused = rotates && matches!(live, Err(Dead::Revoked));
            let found = live.map(|live| {
                let of_client = live.authorization.client.id == client.id;
                let unknown = asked.iter().find(|scope| !live.token.scopes.contains(scope)).cloned();
                if of_client && unknown.is_none() {
                    live.token.revoked |= rotates;
                }
                (live.granted, Arc::clone(live.authorization), live.token.scopes.clone(), of_client, unknown)
            });
            if let (true, Some(granted)) = (reused, tables.granted_for(&key, TokenUse::Refresh)) {
                tables.revoke(&granted);
            }
            found
        })
    });
    let (granted, authorization, all, of_client, unknown) =
        found.map_err(|why| TokenError::Grant(lookup::refuse(at, "refresh token", text, why)))?;
    if !of_client {
        let words = "the refresh token was issued to another client";
        at.refuse(Refusal::new("idp.token_of_another_client", words));
        return Err(TokenError::Grant(words.to_owned()));
    }
    if let Some(scope) = unknown {
        let refusal = Refusal::new("idp.invalid_scope", "More was asked for than was granted");
        at.refuse(refusal.expected(all.join(" ")).seen(scope.as_str()));
        return Err(TokenError::Scope(scope));
    }
    let scopes = if asked.is_empty() { all.clone() } else { asked };
    let (access_token, expires_in) = issue::access_token(at, granted, &scopes);
    let refresh_token = rotates.then(|| issue::refresh_token(at, granted, &all));
    let beside = Beside { access_token: Some(&access_token), refreshed: true, ..Beside::default() };
    let id_token = issue::id_token(at, &authorization, beside).await?;
    Ok(Issued { access_token, expires_in, refresh_token, id_token, scopes })
}
