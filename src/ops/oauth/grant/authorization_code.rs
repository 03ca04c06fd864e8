//! `authorization_code` (RFC 6749 section 4.1.3): with the client's secret, or with PKCE and without one. A code works once:
//! whoever brings it again takes back all that was given for it.

use std::sync::Arc;

use crate::{
    domain::{
        authorization::{BadCode, LOGIN, Presented},
        client::{Client, Grant},
        visit::Refusal,
    },
    ops::{
        access::end_channels,
        cx::Cx,
        oauth::{Granted, OAuthError, TokenRequest, is_of_grant, issue, lookup, required},
    },
    store::authorizations::{Dead, Unredeemed},
};

/// Exchanges a code. Who has not proved to be the client gets no refresh token: it could not be used.
pub async fn exchange(
    cx: &Cx,
    (client, proved): (&Arc<Client>, bool),
    request: &TokenRequest,
) -> Result<Granted, OAuthError> {
    is_of_grant(cx, client, Grant::Code)?;
    let text = required(cx, "code", request.code.as_deref())?;
    let now = cx.now();
    let redeemed = lookup::key(cx, text).map_err(Unredeemed::Dead).and_then(|key| {
        cx.state(|state| {
            state.logins.redeem(&key, LOGIN, |code, authorization| {
                let came = Presented {
                    by_its_client: authorization.client == client.id,
                    redirect_uri: request.redirect_uri.as_deref(),
                    verifier: request.code_verifier.as_deref(),
                };
                code.judge(came, now)
            })
        })
    });
    let (granted, authorization) = redeemed.map_err(|why| match why {
        Unredeemed::Dead(dead) => OAuthError::Grant(lookup::refuse(cx, lookup::CODE, text, dead)),
        Unredeemed::Bad(BadCode::Expired(end)) => {
            OAuthError::Grant(lookup::refuse(cx, lookup::CODE, text, Dead::Expired(end)))
        }
        Unredeemed::Bad(bad) => {
            cx.refuse(Refusal::new(rule(bad), bad.to_string()));
            if matches!(bad, BadCode::Used) {
                // what the code brought before is worth nothing now
                end_channels(cx);
            }
            OAuthError::Grant(bad.to_string())
        }
    })?;
    let mut given = issue::access_token(cx, client, Some((&authorization.user, granted))).await?;
    given.refresh_token = proved.then(|| issue::refresh_token(cx, granted));
    Ok(given)
}

fn rule(bad: BadCode) -> &'static str {
    match bad {
        BadCode::OtherClient => "oauth.code_of_another_client",
        BadCode::Used => "oauth.code_used",
        BadCode::Expired(_) => "oauth.code_expired",
        BadCode::NoRedirectUri => "oauth.redirect_uri_missing",
        BadCode::OtherRedirectUri => "oauth.redirect_uri_other",
        BadCode::NoChallenge => "oauth.verifier_without_challenge",
        BadCode::NoVerifier => "oauth.verifier_missing",
        BadCode::OtherVerifier(_) => "oauth.verifier_mismatch",
    }
}
