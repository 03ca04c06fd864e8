//! `client_credentials` (RFC 6749 section 4.4): an application's own token, without a refresh token.

use std::sync::Arc;

use crate::{
    base::time::{Span, Timestamp},
    domain::{
        client::{Client, Grant},
        org::AccessTokens,
        token::AccessToken,
        visit::Refusal,
    },
    events::event::{About, What},
    faults::effect::claims::ClaimsMode,
    jose::signer::SignError,
    ops::{
        access_jwt,
        cx::Cx,
        oauth::{Granted, OAuthError},
    },
    store::org_state::TokenKey,
};

/// Issues a token to a client that has proved itself.
pub async fn issue(cx: &Cx, client: &Arc<Client>) -> Result<Granted, OAuthError> {
    if client.grant != Grant::ClientCredentials {
        let reason = format!("Client {} has another grant type", client.id);
        cx.refuse(Refusal::new("oauth.grant_not_allowed", reason).expected("CLIENT-CREDENTIALS"));
        return Err(OAuthError::Unauthorized);
    }
    let issued = cx.now();
    let Made { text, key, expires, revoked } = match client.access_tokens {
        AccessTokens::Opaque => opaque(cx, client),
        AccessTokens::Jwt => jwt(cx, client).await?,
    };
    let token = AccessToken { client: Arc::clone(client), user: None, issued, expires, revoked };
    let forgotten = cx.org.cell(|cell| {
        let about = About { client: Some(client.id.clone()), ..About::default() };
        cell.events.push(issued, about, What::TokenIssued);
        cell.state.tokens.insert(key, token)
    });
    if let Some((_, old)) = forgotten {
        let note = ["too many live tokens: the oldest was forgotten, of ", old.client.id.as_str()].concat();
        cx.journal(|draft| draft.note(note));
    }
    Ok(Granted { access_token: text, expires_in: client.token_lifetime.secs() })
}

/// A token, and what its row says.
struct Made {
    text: String,
    key: TokenKey,
    expires: Timestamp,
    revoked: bool,
}

fn opaque(cx: &Cx, client: &Client) -> Made {
    let modes = access_jwt::of_opaque(cx);
    let lifetime = if modes.contains(&ClaimsMode::Expired) { Span::ZERO } else { client.token_lifetime };
    let key = TokenKey::new(cx.draw("access token").bytes());
    let text = key.marked(&cx.org.tag);
    Made { text, key, expires: cx.now().plus(lifetime), revoked: modes.contains(&ClaimsMode::Revoked) }
}

async fn jwt(cx: &Cx, client: &Client) -> Result<Made, SignError> {
    let access_jwt::Made { text, revoked } = access_jwt::sign(cx, client).await?;
    let key = TokenKey::of_text(&text);
    Ok(Made { text, key, expires: cx.now().plus(client.token_lifetime), revoked })
}
