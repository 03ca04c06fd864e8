//! Takes tokens back (RFC 7009). With a refresh token goes all that goes back to the same sign-in.

use super::{
    At,
    client::{Credentials, authenticate},
    lookup,
    token::{TokenError, readable, required},
};
use crate::{
    domain::{authorization::TokenUse, visit::Refusal},
    ops::params::Params,
    store::authorizations::Dead,
};

/// Takes a token back. One that is worth nothing is none the less.
pub fn revoke(at: &At, params: &Params, credentials: &Credentials) -> Result<(), TokenError> {
    readable(at, params)?;
    let client = authenticate(at, credentials)?;
    let text = required(at, params, "token")?;
    let revoked = lookup::key(at, text).and_then(|key| {
        at.state(|state| {
            let tables = &mut state.authorizations;
            let token_use = match tables.granted_for(&key, TokenUse::Refresh) {
                Some(_) => TokenUse::Refresh,
                None => TokenUse::Access,
            };
            let live = tables.live(&key, token_use, &at.provider.name, at.now())?;
            if live.authorization.client.id != client.id {
                return Ok(false);
            }
            live.token.revoked = true;
            let granted = live.granted;
            if token_use == TokenUse::Refresh {
                tables.revoke(&granted);
            }
            Ok::<_, Dead>(true)
        })
    });
    match revoked {
        Ok(true) => Ok(()),
        Ok(false) => {
            let words = "the token was issued to another client";
            at.refuse(Refusal::new("idp.token_of_another_client", words));
            Err(TokenError::Grant(words.to_owned()))
        }
        Err(why) => {
            at.journal(|draft| draft.note(format!("nothing to take back: the token {why}")));
            Ok(())
        }
    }
}
