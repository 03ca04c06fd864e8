//! Conversations that wait in queues are offered to agents who are on queue.

use crate::{
    base::ids::{ConversationId, UserId},
    domain::{
        communication::{Communication, DisconnectType},
        conversation::{Conversation, ConversationState, Participant, Purpose, Side},
        user_status::{RoutingStatus, UserStatus},
    },
    ops::{org::Cell, step::Step, time::Due, user_status},
    store::org_state::OrgState,
};

/// Message conversations that an agent has at a time.
const MOST_AT_ONCE: usize = 4;

/// Has this user something to do with the conversation, or to say about it?
fn deals_with(state: &OrgState, known: &Conversation, user: &UserId) -> bool {
    known.participants().any(|one| {
        let owes = || {
            let queue = one.queue.as_ref().and_then(|local| state.queues.get(local));
            queue.is_some_and(|queue| queue.wrapup.is_required()) && one.owes_wrapup()
        };
        one.user.as_ref() == Some(user) && (one.left.is_none() && !one.is_alerting() || owes())
    })
}

fn is_offered(known: &Conversation, user: &UserId) -> bool {
    known.present(Purpose::Agent).any(|one| one.user.as_ref() == Some(user))
}

/// The user of a queue that is to take a conversation: the one that has waited longest.
fn who_takes(state: &OrgState, known: &Conversation, queue: &str) -> Option<UserId> {
    let since = known.present(Purpose::Acd).map(|acd| acd.joined).max()?;
    let had_it = |user: &UserId| {
        let left =
            |one: &Participant| one.user.as_ref() == Some(user) && one.left.is_some_and(|left| left >= since);
        known.participants().any(left)
    };
    let members = state.users.values().filter(|user| user.serves(queue) && !had_it(&user.id));
    let fit = members.filter_map(|user| {
        let status = state.statuses.get(&user.id)?;
        let takes = matches!(status.routing, RoutingStatus::Idle | RoutingStatus::Interacting);
        let busy = state
            .conversations
            .iter()
            .filter(|one| is_offered(one, &user.id) || deals_with(state, one, &user.id));
        let order = (status.routing != RoutingStatus::Idle, status.since, user.id.clone());
        (takes && busy.take(MOST_AT_ONCE).count() < MOST_AT_ONCE).then_some((order, user.id.clone()))
    });
    fit.min().map(|(_, user)| user)
}

impl Step<'_> {
    /// A conversation that waits in a queue is offered to an agent, if there is one to take it.
    pub(in crate::ops) fn offer(&self, cell: &mut Cell, id: &ConversationId) {
        let state = &cell.state;
        let Some(known) = state.conversations.get(id) else { return };
        let waits =
            known.state() == ConversationState::Queue && known.present(Purpose::Agent).next().is_none();
        let queue = known.present(Purpose::Acd).next().and_then(|acd| acd.queue.clone());
        let Some(queue) = queue.filter(|_| waits) else { return };
        let Some(user) = who_takes(state, known, &queue) else { return };
        self.offer_to(cell, id, &user, Some(queue));
    }

    /// It is offered to this user.
    pub(in crate::ops) fn offer_to(
        &self,
        cell: &mut Cell,
        id: &ConversationId,
        user: &UserId,
        queue: Option<String>,
    ) {
        let (Some(known), Some(user)) = (cell.state.conversations.get(id), cell.state.users.get(user)) else {
            return;
        };
        let nth = known.participants().count() as u64;
        let token = known.session.clone();
        let alerting =
            queue.as_ref().and_then(|queue| cell.state.queues.get(queue)).map(|queue| queue.alerting);
        let participant = self.org.draws.draw(self.cause, "offered", nth).uuid();
        let side = Side { id: participant.clone(), purpose: Purpose::Agent, name: user.name.clone() };
        let mut agent = Participant::new(side, self.now);
        agent.user = Some(user.id.clone());
        agent.queue = queue;
        agent.communication = Communication::alerting(self.now);
        self.joins(cell, &token, id, agent);
        if let Some(alerting) = alerting {
            let what = Due::Unanswered { conversation: id.clone(), participant };
            self.org.clock.arm(self.now.plus(alerting), self.cause.timer(nth as u32), what);
        }
    }

    /// An agent was offered a conversation for long enough.
    pub(in crate::ops) fn unanswered(&self, cell: &mut Cell, id: &ConversationId, participant: &str) {
        let Some(known) = cell.state.conversations.get_mut(id) else { return };
        let (token, user) = match known.participant(participant) {
            Some(one) if one.is_alerting() => (known.session.clone(), one.user.clone()),
            _ => return,
        };
        let left = known.part(participant, DisconnectType::NoAnswer, self.now);
        self.have_left(cell, &token, id, left.into_iter().collect());
        if let Some(user) = user {
            let mut status = cell.state.statuses.get(&user).cloned().unwrap_or_default();
            if status.routing != RoutingStatus::OffQueue {
                status.route(RoutingStatus::NotResponding, self.now);
                user_status::put(&self.speaker(), cell, &user, status);
            }
        }
        self.offer(cell, id);
    }

    /// Looks whether a user who is on queue has something to do, and finds it something.
    pub(in crate::ops) fn review(&self, cell: &mut Cell, user: &UserId) {
        let Some(status) = cell.state.statuses.get(user).cloned() else { return };
        if !matches!(status.routing, RoutingStatus::Idle | RoutingStatus::Interacting) {
            return;
        }
        let is_busy = cell.state.conversations.iter().any(|known| deals_with(&cell.state, known, user));
        let mut next: UserStatus = status.clone();
        next.route(if is_busy { RoutingStatus::Interacting } else { RoutingStatus::Idle }, self.now);
        if next != status {
            user_status::put(&self.speaker(), cell, user, next);
        }
        let Some(serving) = cell.state.users.get(user).cloned() else { return };
        let waits = |known: &&Conversation| {
            let serves = |acd: &Participant| acd.queue.as_ref().is_some_and(|queue| serving.serves(queue));
            known.state() == ConversationState::Queue && known.present(Purpose::Acd).any(serves)
        };
        let waiting: Vec<_> =
            cell.state.conversations.iter().filter(waits).map(|known| known.id.clone()).collect();
        for id in waiting {
            self.offer(cell, &id);
        }
    }
}
