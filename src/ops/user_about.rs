//! What is known of a user by what it does.

use std::collections::BTreeSet;

use super::{
    communications::{answered, owed},
    cx::Cx,
};
use crate::{
    base::{ids::UserId, time::Timestamp},
    domain::{communication::Medium, conversation::Conversation},
};

/// How many conversations a user has.
#[derive(Clone, Copy, Default)]
pub struct Summary {
    /// In which it takes part.
    pub active: usize,
    /// Of which it has to say what they were about.
    pub acw: usize,
}

/// How many chats a user has, or else how many conversations by messages.
pub fn summary(cx: &Cx, user: &UserId, chats: bool) -> Summary {
    cx.state(|state| {
        let is_it = |known: &&Conversation| (known.medium() == Medium::Chat) == chats;
        // one can be owed to several queues
        let owed: BTreeSet<_> = owed(state, user).filter(is_it).map(|known| &known.id).collect();
        Summary { active: answered(state, user).filter(is_it).count(), acw: owed.len() }
    })
}

/// When a user was given a token last.
pub fn last_token(cx: &Cx, user: &UserId) -> Option<Timestamp> {
    cx.state(|state| {
        let of_user = state.tokens.iter().filter(|(_, token)| token.user_id() == Some(user));
        of_user.map(|(_, token)| token.issued).max()
    })
}
