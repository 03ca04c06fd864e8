//! What a token is worth (RFC 7662).

use super::{
    At,
    client::{Credentials, authenticate_confidential},
    lookup,
    token::{TokenError, readable, required},
};
use crate::{
    base::time::Timestamp, domain::authorization::TokenUse, ops::params::Params, store::authorizations::Dead,
};

/// What is known of a token that lives.
#[derive(Clone, Debug)]
pub struct Known {
    /// What it is for.
    pub token_use: TokenUse,
    /// The client that it was issued to.
    pub client: String,
    /// User name and subject of whom it speaks for.
    pub person: Option<(String, String)>,
    /// `scope`.
    pub scopes: Vec<String>,
    /// When it was issued.
    pub issued: Timestamp,
    /// Until then.
    pub expires: Timestamp,
}

/// What is known of a token; nothing, if it is worth nothing.
pub fn introspect(at: &At, params: &Params, credentials: &Credentials) -> Result<Option<Known>, TokenError> {
    readable(at, params)?;
    authenticate_confidential(at, credentials)?;
    let text = required(at, params, "token")?;
    let known = |token_use| {
        let key = lookup::key(at, text)?;
        at.state(|state| {
            let live = state.authorizations.live(&key, token_use, &at.provider.name, at.now())?;
            let person = live.authorization.presence.as_ref().map(|presence| &presence.person);
            Ok::<_, Dead>(Known {
                token_use,
                client: live.authorization.client.id.to_string(),
                person: person.map(|person| (person.name.clone(), person.subject.clone())),
                scopes: live.token.scopes.clone(),
                issued: live.token.issued,
                expires: live.token.expires,
            })
        })
    };
    let found = match known(TokenUse::Access) {
        Err(Dead::Unknown) => known(TokenUse::Refresh),
        found => found,
    };
    if let Err(why) = &found {
        at.journal(|draft| draft.note(format!("not active: the token {why}")));
    }
    Ok(found.ok())
}
