//! `authorization_code` (RFC 6749 section 4.1.3), with or without PKCE. A code works once: whoever brings it again takes
//! back all that was given for it.

use std::sync::Arc;

use crate::{
    base::time::Timestamp,
    domain::{
        authorization::{Authorization, Code},
        identity_provider::RelyingParty,
        pkce::ChallengeMethod,
        visit::Refusal,
    },
    ops::idp::{
        At,
        issue::{self, Beside},
        lookup,
        params::Params,
        token::{Issued, TokenError, required},
    },
    store::{
        authorizations::{Dead, Given},
        org_state::TokenKey,
    },
};

/// Why a code is not exchanged.
enum Wrong {
    /// It is worth nothing.
    Dead(Dead),
    /// It is worth nothing any more, and neither is what it was exchanged for.
    Used,
    /// The request is not the one that it was given for.
    Other { rule: &'static str, words: String },
}

/// Exchanges a code.
pub async fn exchange(at: &At, client: &RelyingParty, params: &Params) -> Result<Issued, TokenError> {
    let text = required(at, params, "code")?;
    let now = at.now();
    let redeemed = lookup::key(at, text).map_err(Wrong::Dead).and_then(|key| {
        at.state(|state| {
            let tables = &mut state.authorizations;
            let Given { granted, value: code } =
                tables.codes.get(&key).ok_or(Wrong::Dead(Dead::Unknown))?.clone();
            let authorization = Arc::clone(tables.granted(&granted, &at.provider.name).map_err(Wrong::Dead)?);
            if let Err(wrong) = judge(&code, &authorization, client, params, now) {
                if matches!(wrong, Wrong::Used) {
                    tables.revoke(&granted);
                }
                return Err(wrong);
            }
            if let Some(row) = tables.codes.get_mut(&key) {
                row.value.used = true;
            }
            Ok((granted, authorization))
        })
    });
    match redeemed {
        Ok((granted, authorization)) => issue(at, granted, &authorization).await,
        Err(Wrong::Dead(why)) => Err(TokenError::Grant(lookup::refuse(at, "code", text, why))),
        Err(Wrong::Used) => {
            let words = "the code was used before; what it was exchanged for is revoked";
            at.refuse(Refusal::new("idp.code_used", words));
            Err(TokenError::Grant(words.to_owned()))
        }
        Err(Wrong::Other { rule, words }) => {
            at.refuse(Refusal::new(rule, words.as_str()));
            Err(TokenError::Grant(words))
        }
    }
}

fn judge(
    code: &Code,
    authorization: &Authorization,
    client: &RelyingParty,
    params: &Params,
    now: Timestamp,
) -> Result<(), Wrong> {
    let other = |rule, words: &str| Err(Wrong::Other { rule, words: words.to_owned() });
    if authorization.client.id != client.id {
        return other("idp.code_of_another_client", "the code was issued to another client");
    }
    if code.used {
        return Err(Wrong::Used);
    }
    if now >= code.expires {
        return Err(Wrong::Dead(Dead::Expired(code.expires)));
    }
    match params.get("redirect_uri") {
        None => {
            return other("idp.redirect_uri_missing", "redirect_uri is missing; the code was sent to one");
        }
        Some(given) if given != code.redirect_uri => {
            return other("idp.redirect_uri_other", "redirect_uri is not the one that the code was sent to");
        }
        Some(_) => {}
    }
    match (&code.challenge, params.get("code_verifier")) {
        (None, None) => Ok(()),
        (None, Some(_)) => other(
            "idp.verifier_without_challenge",
            "code_verifier came, but the code was asked for without code_challenge",
        ),
        (Some(_), None) => other("idp.verifier_missing", "code_verifier is missing"),
        (Some(challenge), Some(verifier)) if challenge.is_met_by(verifier) => Ok(()),
        (Some(challenge), Some(_)) => other(
            "idp.verifier_mismatch",
            match challenge.method() {
                ChallengeMethod::S256 => "code_verifier does not fit code_challenge by S256",
                ChallengeMethod::Plain => {
                    "code_verifier is not code_challenge, whose method was plain (the default)"
                }
            },
        ),
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
