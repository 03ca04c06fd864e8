//! What administrators do about access tokens: their end, and how long nobody may use one.

use std::sync::Arc;

use super::{access::revoke, cx::Cx};
use crate::{domain::org::IdleTimeout, store::org_state::TokenKey};

/// Takes back all tokens of a user, access and refresh tokens, and signs the user out in every browser. Is there such a user?
pub fn revoke_all(cx: &Cx, user: &str) -> bool {
    let keys = cx.state(|state| {
        state.users.contains_key(user).then(|| {
            state.logins.revoke_those(|granted| granted.user.as_str() == user);
            state.logins.sign_out_those(|person| person.id.as_str() == user);
            let all = state.tokens.iter();
            let own = all.filter(|(_, token)| token.user_id().is_some_and(|id| id.as_str() == user));
            own.map(|(key, _)| *key).collect::<Vec<TokenKey>>()
        })
    });
    keys.iter().flatten().for_each(|key| revoke(cx, key));
    keys.is_some()
}

/// The rule about tokens that nobody uses.
pub fn idle_timeout(cx: &Cx) -> IdleTimeout {
    cx.state(|state| state.settings.idle_timeout)
}

/// Sets it. It holds for the tokens that there are, too.
pub fn set_idle_timeout(cx: &Cx, rule: IdleTimeout) {
    cx.state(|state| Arc::make_mut(&mut state.settings).idle_timeout = rule);
}
