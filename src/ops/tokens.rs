//! What administrators do about access tokens: their end, and how long nobody may use one.

use std::sync::Arc;

use super::{access::end_channels, cx::Cx};
use crate::domain::org::IdleTimeout;

/// Takes back all tokens of a user, access and refresh tokens, and signs the user out in every browser. Is there such a user?
pub fn revoke_all(cx: &Cx, user: &str) -> bool {
    let there = cx.state(|state| {
        let there = state.users.contains_key(user);
        if there {
            state.logins.revoke_those(|granted| granted.user.as_str() == user);
            state.logins.sign_out_those(|person| person.id.as_str() == user);
        }
        there
    });
    end_channels(cx);
    there
}

/// The rule about tokens that nobody uses.
pub fn idle_timeout(cx: &Cx) -> IdleTimeout {
    cx.state(|state| state.settings.idle_timeout)
}

/// Sets it. It holds for the tokens that there are, too.
pub fn set_idle_timeout(cx: &Cx, rule: IdleTimeout) {
    cx.state(|state| Arc::make_mut(&mut state.settings).idle_timeout = rule);
}
