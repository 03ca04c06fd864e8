//! `client_credentials` (RFC 6749 section 4.4): an application's own token, without a refresh token.

use std::sync::Arc;

use crate::{
    base::time::Span,
    domain::{
        client::{Client, Grant},
        token::AccessToken,
        visit::Refusal,
    },
    events::event::{About, What},
    faults::{effect::claims::ClaimsMode, point::TokenKind},
    ops::{
        cx::Cx,
        guest_token::injected,
        oauth::{Granted, OAuthError},
    },
    store::org_state::TokenKey,
};

/// Issues a token to a client that has proved itself.
pub fn issue(cx: &Cx, client: &Arc<Client>) -> Result<Granted, OAuthError> {
    if client.grant != Grant::ClientCredentials {
        let reason = format!("Client {} has another grant type", client.id);
        cx.refuse(Refusal::new("oauth.grant_not_allowed", reason).expected("CLIENT-CREDENTIALS"));
        return Err(OAuthError::Unauthorized);
    }
    let issued = cx.now();
    let modes = injected(cx, TokenKind::Access);
    let lifetime = if modes.contains(&ClaimsMode::Expired) { Span::ZERO } else { client.token_lifetime };
    let revoked = modes.contains(&ClaimsMode::Revoked);
    let key = TokenKey::new(cx.draw("access token").bytes());
    let token = AccessToken { client: Arc::clone(client), issued, expires: issued.plus(lifetime), revoked };
    let forgotten = cx.org.cell(|cell| {
        let about = About { client: Some(client.id.clone()), ..About::default() };
        cell.events.push(issued, about, What::TokenIssued);
        cell.state.tokens.insert(key, token)
    });
    if let Some((_, old)) = forgotten {
        let note = format!("too many live tokens: the oldest, of {}, was forgotten", old.client.id);
        cx.journal(|draft| draft.note(note));
    }
    Ok(Granted {
        access_token: [cx.org.tag.as_str(), &key.text()].concat(),
        expires_in: client.token_lifetime.secs(),
    })
}
