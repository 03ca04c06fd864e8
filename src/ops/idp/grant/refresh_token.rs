//! `refresh_token` (RFC 6749 section 6). If the provider rotates them, each works once: whoever brings an old one again
//! takes back all that goes back to the same sign-in.

use crate::{
    domain::{identity_provider::RelyingParty, visit::Refusal},
    ops::{
        idp::{
            At,
            issue::{self, Beside},
            lookup,
            request::scopes,
            token::{Issued, TokenError, required},
        },
        params::Params,
    },
    store::authorizations::Dead,
};

/// Why a refresh token is not exchanged.
enum Wrong {
    Dead(Dead),
    OtherClient,
    Scope { all: String, asked: String },
}

impl From<Dead> for Wrong {
    fn from(dead: Dead) -> Self {
        Self::Dead(dead)
    }
}

/// Exchanges a refresh token for the next tokens.
pub async fn exchange(at: &At, client: &RelyingParty, params: &Params) -> Result<Issued, TokenError> {
    let text = required(at, params, "refresh_token")?;
    let rotates = at.provider.refresh_rotation;
    let asked = scopes(params.get("scope"));
    let found = lookup::key(at, text).map_err(Wrong::Dead).and_then(|key| {
        at.state(|state| {
            let tables = &mut state.authorizations;
            tables.renew(&key, &at.provider.name, (rotates, at.now()), |authorization, token| {
                if authorization.client.id != client.id {
                    return Err(Wrong::OtherClient);
                }
                match asked.iter().find(|scope| !token.scopes.contains(scope)) {
                    Some(scope) => Err(Wrong::Scope { all: token.scopes.join(" "), asked: scope.clone() }),
                    None => Ok(()),
                }
            })
        })
    });
    let (granted, authorization, all) = found.map_err(|wrong| match wrong {
        Wrong::Dead(why) => TokenError::Grant(lookup::refuse(at, "refresh token", text, why)),
        Wrong::OtherClient => {
            let words = "the refresh token was issued to another client";
            at.refuse(Refusal::new("idp.token_of_another_client", words));
            TokenError::Grant(words.to_owned())
        }
        Wrong::Scope { all, asked } => {
            let refusal = Refusal::new("idp.invalid_scope", "More was asked for than was granted");
            at.refuse(refusal.expected(all).seen(asked.as_str()));
            TokenError::Scope(asked)
        }
    })?;
    let scopes = if asked.is_empty() { all.clone() } else { asked };
    let (access_token, expires_in) = issue::access_token(at, granted, &scopes);
    let refresh_token = rotates.then(|| issue::refresh_token(at, granted, &all));
    let beside = Beside { access_token: Some(&access_token), refreshed: true, ..Beside::default() };
    let id_token = issue::id_token(at, &authorization, beside).await?;
    Ok(Issued { access_token, expires_in, refresh_token, id_token, scopes })
}
