//! Who has signed in at a provider: the browser keeps a secret, the ID token says a name that is made of it.

use std::sync::Arc;

use super::{At, issue};
use crate::{
    domain::{authorization::Presence, identity_provider::EndUser},
    ops::cx::token_key,
};

/// Signs somebody in. Answers the secret for the browser, too.
pub fn begin(at: &At, person: Arc<EndUser>) -> (Presence, String) {
    let (key, secret) = issue::opaque(at, "idp session");
    let now = at.now();
    let (presence, forgot) =
        at.state(|state| state.authorizations.sign_in(key, &at.provider.name, person, now));
    at.forgot("sign-ins", forgot);
    (presence, secret)
}

/// Who has signed in in this browser.
pub fn find(at: &At, secret: Option<&str>) -> Option<Presence> {
    let key = token_key(&at.org, secret?)?;
    at.state(|state| state.authorizations.signed_in(key, &at.provider.name))
}

/// Signs somebody out.
pub fn end(at: &At, sid: &str) {
    at.state(|state| state.authorizations.sign_out(sid, &at.provider.name));
}
