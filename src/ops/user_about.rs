//! What is known of a user by what it does.

use super::cx::Cx;
use crate::{
    base::{ids::UserId, time::Timestamp},
    domain::conversation::Conversation,
};

/// How many conversations a user has.
#[derive(Clone, Copy, Default)]
pub struct Summary {
    /// In which it takes part.
    pub active: usize,
    /// Of which it has to say what they were about.
    pub acw: usize,
}

/// How many conversations a user has.
pub fn summary(cx: &Cx, user: &UserId) -> Summary {
    cx.state(|state| {
        let takes_part = |known: &&Conversation| {
            known
                .participants()
                .any(|one| one.user.as_ref() == Some(user) && one.left.is_none() && !one.is_alerting())
        };
        let owes = |known: &&Conversation| {
            known.participants().any(|one| {
                let queue = one.queue.as_ref().and_then(|local| state.queues.get(local));
                let asks = queue.is_some_and(|queue| queue.wrapup.is_required());
                one.user.as_ref() == Some(user) && asks && one.owes_wrapup()
            })
        };
        let count = |fits: &dyn Fn(&&Conversation) -> bool| state.conversations.iter().filter(fits).count();
        Summary { active: count(&takes_part), acw: count(&owes) }
    })
}

/// When a user was given a token last.
pub fn last_token(cx: &Cx, user: &UserId) -> Option<Timestamp> {
    cx.state(|state| {
        let of_user = state.tokens.iter().filter(|(_, token)| token.user_id() == Some(user));
        of_user.map(|(_, token)| token.issued).max()
    })
}
