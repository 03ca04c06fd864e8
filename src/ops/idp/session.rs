//! Who has signed in at a provider: the browser keeps a secret, the ID token says a name that is made of it.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::{At, issue};
use crate::{
    base::codec::base64url,
    domain::{
        authorization::{Presence, SignIn},
        identity_provider::EndUser,
    },
    ops::cx::token_key,
    store::org_state::TokenKey,
};

/// `sid` of the session that this secret opens.
fn sid(secret: TokenKey) -> String {
    base64url(&Sha256::digest(secret.text())[..16])
}

/// Signs somebody in. Answers the secret for the browser, too.
pub fn begin(at: &At, person: Arc<EndUser>) -> (Presence, String) {
    let (key, secret) = issue::opaque(at, "idp session");
    let (sid, since) = (sid(key), at.now());
    let sign_in =
        SignIn { provider: at.provider.name.clone(), person: Arc::clone(&person), since, over: false };
    let forgot = at.state(|state| state.authorizations.sign_ins.insert(sid.clone(), sign_in).is_some());
    at.forgot("sign-ins", forgot);
    (Presence { person, since, sid }, secret)
}

/// Who has signed in in this browser.
pub fn find(at: &At, secret: Option<&str>) -> Option<Presence> {
    let sid = sid(token_key(&at.org, secret?)?);
    at.state(|state| {
        let sign_in = state.authorizations.sign_ins.get(&sid)?;
        let holds = !sign_in.over && sign_in.provider == at.provider.name;
        holds.then(|| Presence {
            person: Arc::clone(&sign_in.person),
            since: sign_in.since,
            sid: sid.clone(),
        })
    })
}

/// Signs somebody out.
pub fn end(at: &At, sid: &str) {
    at.state(|state| {
        let sign_in = state.authorizations.sign_ins.get_mut(sid);
        if let Some(sign_in) = sign_in.filter(|sign_in| sign_in.provider == at.provider.name) {
            sign_in.over = true;
        }
    });
}
