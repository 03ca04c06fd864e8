//! `refresh_token` (RFC 6749 section 6). The answer always has a refresh token, as SDKs want one: the same again, or the next
//! one if those of the client work once.

use std::sync::Arc;

use crate::{
    domain::{
        authorization::LOGIN,
        client::{Client, Grant},
        visit::Refusal,
    },
    ops::{
        access::end_channels,
        cx::Cx,
        oauth::{Granted, OAuthError, TokenRequest, is_of_grant, issue, lookup, required},
    },
    store::authorizations::Dead,
};

/// Why a refresh token is not exchanged.
enum Wrong {
    Dead(Dead),
    OtherClient,
}

impl From<Dead> for Wrong {
    fn from(dead: Dead) -> Self {
        Self::Dead(dead)
    }
}

/// Exchanges a refresh token for the next access token.
pub async fn exchange(cx: &Cx, client: &Arc<Client>, request: &TokenRequest) -> Result<Granted, OAuthError> {
    is_of_grant(cx, client, Grant::Code)?;
    let text = required(cx, "refresh_token", request.refresh_token.as_deref())?;
    let rotates = client.refresh_rotation;
    let renewed = lookup::key(cx, text).map_err(Wrong::Dead).and_then(|key| {
        cx.state(|state| {
            state.logins.renew(&key, LOGIN, (rotates, cx.now()), |authorization, _| {
                if authorization.client == client.id { Ok(()) } else { Err(Wrong::OtherClient) }
            })
        })
    });
    let (granted, authorization, _) = renewed.map_err(|wrong| match wrong {
        Wrong::Dead(dead) => {
            // one that comes again after its rotation takes back all that it ever brought
            end_channels(cx);
            OAuthError::Grant(lookup::refuse(cx, lookup::REFRESH_TOKEN, text, dead))
        }
        Wrong::OtherClient => {
            let words = "the refresh token was issued to another client";
            cx.refuse(Refusal::new("oauth.refresh_token_of_another_client", words));
            OAuthError::Grant(words.to_owned())
        }
    })?;
    let mut given = issue::access_token(cx, client, Some((&authorization.user, granted))).await?;
    given.refresh_token = Some(if rotates { issue::refresh_token(cx, granted) } else { text.to_owned() });
    Ok(given)
}
