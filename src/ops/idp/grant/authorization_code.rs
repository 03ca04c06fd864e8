//! `authorization_code` (RFC 6749 section 4.1.3), with or without PKCE. A code works once: whoever brings it again takes
//! back all that was given for it.

use crate::{
    domain::{
        authorization::{Authorization, BadCode, Presented},
        identity_provider::RelyingParty,
        visit::Refusal,
    },
    ops::{
        idp::{
            At,
            issue::{self, Beside},
            lookup,
            token::{Issued, TokenError, required},
        },
        params::Params,
    },
    store::{
        authorizations::{Dead, Unredeemed},
        org_state::TokenKey,
    },
};

/// Exchanges a code.
pub async fn exchange(at: &At, client: &RelyingParty, params: &Params) -> Result<Issued, TokenError> {
    let text = required(at, params, "code")?;
    let now = at.now();
    let redeemed = lookup::key(at, text).map_err(Unredeemed::Dead).and_then(|key| {
        at.state(|state| {
            state.authorizations.redeem(&key, &at.provider.name, |code, authorization| {
                let came = Presented {
                    by_its_client: authorization.client.id == client.id,
                    redirect_uri: params.get("redirect_uri"),
                    verifier: params.get("code_verifier"),
                };
                code.judge(came, now)
            })
        })
    });
    match redeemed {
        Ok((granted, authorization)) => issue(at, granted, &authorization).await,
        Err(Unredeemed::Dead(why)) => Err(TokenError::Grant(lookup::refuse(at, "code", text, why))),
        Err(Unredeemed::Bad(BadCode::Expired(end))) => {
            Err(TokenError::Grant(lookup::refuse(at, "code", text, Dead::Expired(end))))
        }
        Err(Unredeemed::Bad(bad)) => {
            at.refuse(Refusal::new(rule(bad), bad.to_string()));
            Err(TokenError::Grant(bad.to_string()))
        }
    }
}

fn rule(bad: BadCode) -> &'static str {
    match bad {
        BadCode::OtherClient => "idp.code_of_another_client",
        BadCode::Used => "idp.code_used",
        BadCode::Expired(_) => "idp.token_expired",
        BadCode::NoRedirectUri => "idp.redirect_uri_missing",
        BadCode::OtherRedirectUri => "idp.redirect_uri_other",
        BadCode::NoChallenge => "idp.verifier_without_challenge",
        BadCode::NoVerifier => "idp.verifier_missing",
        BadCode::OtherVerifier(_) => "idp.verifier_mismatch",
    }
}

async fn issue(at: &At, granted: TokenKey, authorization: &Authorization) -> Result<Issued, TokenError> {
    let scopes = authorization.scopes.clone();
    let (access_token, expires_in) = issue::access_token(at, granted, &scopes);
    let lasting = scopes.iter().any(|scope| scope == "offline_access");
    let refresh_token = lasting.then(|| issue::refresh_token(at, granted, &scopes));
    let beside = Beside { access_token: Some(&access_token), ..Beside::default() };
    let id_token = issue::id_token(at, authorization, beside).await?;
    Ok(Issued { access_token, expires_in, refresh_token, id_token, scopes })
}
