//! `client_credentials` (RFC 6749 section 4.4): a client's own token. There is nobody whom an ID token could be about.

use std::sync::Arc;

use crate::{
    domain::{
        authentication_request::ClaimsRequest, authorization::Authorization, identity_provider::RelyingParty,
        visit::Refusal,
    },
    ops::{
        idp::{
            At, issue,
            request::scopes,
            token::{Issued, TokenError},
        },
        params::Params,
    },
    store::org_state::TokenKey,
};

/// Issues a token to a client that has proved itself.
pub fn exchange(at: &At, client: &Arc<RelyingParty>, params: &Params) -> Result<Issued, TokenError> {
    if client.secret.is_none() {
        let words = "a public client cannot ask for itself";
        at.refuse(Refusal::new("idp.client_public", words));
        return Err(TokenError::Unauthorized(words));
    }
    let scopes: Vec<_> = scopes(params.get("scope"))
        .into_iter()
        .filter(|scope| scope != "openid" && scope != "offline_access")
        .collect();
    let authorization = Authorization {
        provider: at.provider.name.clone(),
        client: Arc::clone(client),
        presence: None,
        scopes: scopes.clone(),
        nonce: None,
        claims: ClaimsRequest::default(),
    };
    let granted = TokenKey::new(at.draw("idp authorization").bytes());
    let forgot = at.state(|state| state.authorizations.grant(granted, Arc::new(authorization)));
    at.forgot("grants", forgot);
    let (access_token, expires_in) = issue::access_token(at, granted, &scopes);
    Ok(Issued { access_token, expires_in, refresh_token: None, id_token: None, scopes })
}
