//! Moves of the clock that something in the org asks for, while others may move it too; and what is due next.

use std::sync::Arc;

use super::{Clock, What};
use crate::base::time::{Span, Timestamp};

impl<E: Send + 'static> Clock<E> {
    /// A move has got there. Where it goes on to, if something was added to it; else it is over.
    pub(super) fn arrive(&self, at: Timestamp) -> Option<Timestamp> {
        let mut inner = self.inner.lock();
        let owed = std::mem::take(&mut inner.owed);
        if owed > Span::ZERO {
            return Some(at.plus(owed));
        }
        let rate = inner.run.rate;
        inner.restart(at, rate);
        inner.pinned = None;
        None
    }

    /// Time goes on by so much more: the move under way gets longer, or else one begins.
    pub fn go_on(self: &Arc<Self>, by: Span) {
        let mut inner = self.inner.lock();
        if inner.over {
            return;
        }
        inner.owed = inner.owed.and(by);
        let under_way = inner.pinned.is_some();
        inner.own += usize::from(!under_way);
        drop(inner);
        if !under_way {
            let clock = Arc::clone(self);
            tokio::spawn(async move {
                clock.move_to(|now| now).await;
                clock.inner.lock().own -= 1;
            });
        }
    }

    /// Waits until every move that something in the org has asked for is over.
    pub async fn caught_up(&self) {
        while self.inner.lock().own > 0 {
            drop(self.moves.lock().await);
            tokio::task::yield_now().await;
        }
    }

    /// When the next timer is due, and when the next one that something waits for. What waits for ever is neither.
    pub fn due(&self) -> (Option<Timestamp>, Option<Timestamp>) {
        let inner = self.inner.lock();
        let mut ends = inner.timers.iter().filter(|(key, _)| key.due() < Timestamp::END);
        let first = ends.clone().next().map(|(key, _)| key.due());
        let awaited = ends.find(|(_, what)| matches!(what, What::Wake(_))).map(|(key, _)| key.due());
        (first, awaited)
    }
}
