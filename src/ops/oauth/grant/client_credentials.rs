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
    faults::{
        fault::Phase,
        point::{Point, TokenKind},
    },
    ops::{
        cx::Cx,
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
    // an injected `claims` fault on access tokens can only mean that it is dead on arrival
    let dead = !cx.ask(Point::Token, Phase::Before, "", Some(TokenKind::Access)).is_empty();
    let lifetime = if dead { Span::ZERO } else { client.token_lifetime };
    let key = TokenKey::new(cx.draw("access token").bytes());
    let token =
        AccessToken { client: Arc::clone(client), issued, expires: issued.plus(lifetime), revoked: false };
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
