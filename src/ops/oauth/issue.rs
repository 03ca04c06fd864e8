//! Makes access and refresh tokens.

use std::sync::Arc;

use super::Granted;
use crate::{
    base::{
        ids::UserId,
        time::{Span, Timestamp},
    },
    domain::{
        authorization::{IdpToken, TokenUse, UserAuthorization},
        client::Client,
        org::AccessTokens,
        token::{AccessToken, OfUser},
    },
    events::event::{About, What},
    faults::effect::claims::ClaimsMode,
    jose::signer::SignError,
    ops::{access_jwt, cx::Cx},
    store::org_state::TokenKey,
};

/// How long a refresh token lives.
const REFRESH_LIFETIME: Span = Span::from_secs(30 * 86_400);

/// Something opaque, and the key under which it is kept. It begins with the org's mark.
pub fn opaque(cx: &Cx, label: &str) -> (TokenKey, String) {
    let key = TokenKey::new(cx.draw(label).bytes());
    (key, key.marked(&cx.org.tag))
}

/// Keeps what a user grants a client. Answers its key.
pub fn grant(cx: &Cx, client: &Client, user: &UserId) -> TokenKey {
    let key = TokenKey::new(cx.draw("oauth authorization").bytes());
    let granted = UserAuthorization { client: client.id.clone(), user: user.clone(), since: cx.now() };
    let forgot = cx.state(|state| state.logins.grant(key, Arc::new(granted)));
    note_forgotten(cx, "grants", forgot);
    key
}

/// Says that something old had to go for something new.
pub fn note_forgotten(cx: &Cx, what: &str, forgot: bool) {
    if forgot {
        cx.journal(|draft| draft.note(format!("too many {what}: the oldest was forgotten")));
    }
}

/// An access token: a client's own, or one that speaks for a user, by what the user granted.
pub async fn access_token(
    cx: &Cx,
    client: &Arc<Client>,
    user: Option<(&UserId, TokenKey)>,
) -> Result<Granted, SignError> {
    let issued = cx.now();
    let Made { text, key, expires, revoked } = match client.access_tokens {
        AccessTokens::Opaque => made_opaque(cx, client),
        AccessTokens::Jwt => made_jwt(cx, client, user.map(|(user, _)| user)).await?,
    };
    let user = user.map(|(user, granted)| {
        Box::new(OfUser { user: user.clone(), granted: granted.text(), used: issued })
    });
    let token = AccessToken { client: Arc::clone(client), user, issued, expires, revoked };
    let forgotten = cx.org.cell(|cell| {
        let about = About { client: Some(client.id.clone()), ..About::default() };
        cell.events.push(issued, about, What::TokenIssued);
        cell.state.tokens.insert(key, token)
    });
    if let Some((_, old)) = forgotten {
        let note = ["too many live tokens: the oldest was forgotten, of ", old.client.id.as_str()].concat();
        cx.journal(|draft| draft.note(note));
    }
    Ok(Granted { access_token: text, expires_in: client.token_lifetime.secs(), refresh_token: None })
}

/// A refresh token for what a user granted.
pub fn refresh_token(cx: &Cx, granted: TokenKey) -> String {
    let (key, text) = opaque(cx, "oauth refresh token");
    let issued = cx.now();
    let expires = issued.plus(REFRESH_LIFETIME);
    let token =
        IdpToken { token_use: TokenUse::Refresh, scopes: Vec::new(), issued, expires, revoked: false };
    let forgot = cx.state(|state| state.logins.issue(key, granted, token));
    note_forgotten(cx, "refresh tokens", forgot);
    text
}

/// A token, and what its row says.
struct Made {
    text: String,
    key: TokenKey,
    expires: Timestamp,
    revoked: bool,
}

fn made_opaque(cx: &Cx, client: &Client) -> Made {
    let modes = access_jwt::of_opaque(cx);
    let lifetime = if modes.contains(&ClaimsMode::Expired) { Span::ZERO } else { client.token_lifetime };
    let (key, text) = opaque(cx, "access token");
    Made { text, key, expires: cx.now().plus(lifetime), revoked: modes.contains(&ClaimsMode::Revoked) }
}

async fn made_jwt(cx: &Cx, client: &Client, user: Option<&UserId>) -> Result<Made, SignError> {
    let access_jwt::Made { text, revoked } = access_jwt::sign(cx, client, user).await?;
    let key = TokenKey::of_text(&text);
    Ok(Made { text, key, expires: cx.now().plus(client.token_lifetime), revoked })
}
