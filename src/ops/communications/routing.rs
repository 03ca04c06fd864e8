//! Conversations that wait in queues are offered to agents who are on queue.

use std::collections::BTreeSet;

use crate::{
    base::ids::{ConversationId, SessionToken, UserId},
    domain::{
        communication::{Communication, DisconnectType},
        conversation::{Conversation, Participant, Purpose, Side},
        user_status::RoutingStatus,
    },
    ops::{org::Cell, step::Step, time::Due, user_status},
    store::org_state::OrgState,
};

/// Message conversations that an agent has at a time.
const MOST_AT_ONCE: usize = 4;

/// What a user has had, and must say what it was about.
pub(in crate::ops) fn owed<'a>(
    state: &'a OrgState,
    user: &'a UserId,
) -> impl Iterator<Item = &'a Conversation> {
    let required = |queue: &str| state.queues.get(queue).is_some_and(|queue| queue.wrapup.is_required());
    state.conversations.owed(user, required)
}

/// What a user has taken, and is in.
pub(in crate::ops) fn answered<'a>(
    state: &'a OrgState,
    user: &'a UserId,
) -> impl Iterator<Item = &'a Conversation> {
    state.conversations.of_user(user).filter(|known| {
        let mut own = known.participants().filter(|one| one.user.as_ref() == Some(user));
        own.any(|one| one.left.is_none() && !one.is_alerting())
    })
}

/// Has this user something to do, or to say?
fn is_busy(state: &OrgState, user: &UserId) -> bool {
    answered(state, user).next().is_some() || owed(state, user).next().is_some()
}

/// How many conversations a user has, or is asked to take, or must say something about. More than the most are not counted.
fn load(state: &OrgState, user: &UserId) -> usize {
    let mut all = BTreeSet::new();
    let mut known = state.conversations.of_user(user).chain(owed(state, user));
    while all.len() < MOST_AT_ONCE
        && let Some(one) = known.next()
    {
        all.insert(&one.id);
    }
    all.len()
}

/// The members of a queue who can take something of it, the one who has waited longest first, and how much each has.
fn takers(state: &OrgState, queue: &str) -> Vec<(UserId, usize)> {
    let members = state.users.values().filter(|user| user.serves(queue));
    let mut fit: Vec<_> = members
        .filter_map(|user| {
            let status = state.statuses.get(&user.id)?;
            let takes = matches!(status.routing, RoutingStatus::Idle | RoutingStatus::Interacting);
            takes.then(|| (status.routing != RoutingStatus::Idle, status.since, user.id.clone()))
        })
        .collect();
    fit.sort();
    let loads = fit.into_iter().map(|(_, _, user)| {
        let load = load(state, &user);
        (user, load)
    });
    loads.filter(|(_, load)| *load < MOST_AT_ONCE).collect()
}

/// Who is to take what waits in a queue. Whoever has had a conversation since it began to wait does not get it again.
fn matched<'a>(
    state: &OrgState,
    queue: &str,
    waiting: impl Iterator<Item = &'a Conversation>,
) -> Vec<(ConversationId, UserId)> {
    let (mut takers, mut matched) = (takers(state, queue), Vec::new());
    for known in waiting {
        if takers.is_empty() {
            break;
        }
        let Some((_, since)) = known.waits() else { continue };
        let had_it = |user: &UserId| {
            let mut own = known.participants().filter(|one| one.user.as_ref() == Some(user));
            own.any(|one| one.left.is_some_and(|left| left >= since))
        };
        let Some(nth) = takers.iter().position(|(user, _)| !had_it(user)) else { continue };
        let (user, load) = &mut takers[nth];
        *load += 1;
        matched.push((known.id.clone(), user.clone()));
        if *load >= MOST_AT_ONCE {
            takers.remove(nth);
        }
    }
    matched
}

impl Step<'_> {
    /// A conversation that waits in a queue is offered to an agent, if there is one to take it.
    pub(in crate::ops) fn offer(&self, cell: &mut Cell, id: &ConversationId) {
        let state = &cell.state;
        let Some(known) = state.conversations.get(id) else { return };
        let Some(queue) = known.waits().map(|(queue, _)| queue.to_owned()) else { return };
        let matched = matched(state, &queue, std::iter::once(known));
        self.offer_all(cell, &queue, matched);
    }

    fn offer_all(&self, cell: &mut Cell, queue: &str, matched: Vec<(ConversationId, UserId)>) {
        for (id, user) in matched {
            self.offer_to(cell, &id, &user, Some(queue.to_owned()));
        }
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
        // one cause may offer several conversations
        let drawn = self.org.draws.draw(self.cause, &["offered", id.as_str()].join(" "), nth);
        let participant = drawn.uuid();
        let side = Side { id: participant.clone(), purpose: Purpose::Agent, name: user.name.clone() };
        let mut agent = Participant::new(side, self.now);
        agent.user = Some(user.id.clone());
        agent.queue = queue;
        agent.communication = Communication::alerting(self.now);
        self.joins(cell, &token, id, agent);
        if let Some(alerting) = alerting {
            let what = Due::Unanswered { conversation: id.clone(), participant };
            self.org.clock.arm(self.now.plus(alerting), self.cause.timer(drawn.integer() as u32), what);
        }
    }

    /// An agent was offered a conversation for long enough.
    pub(in crate::ops) fn unanswered(&self, cell: &mut Cell, id: &ConversationId, participant: &str) {
        let Some(mut known) = cell.state.conversations.get_mut(id) else { return };
        let (token, user) = match known.participant(participant) {
            Some(one) if one.is_alerting() => (known.session.clone(), one.user.clone()),
            _ => return,
        };
        let left = known.part(participant, DisconnectType::NoAnswer, self.now);
        drop(known);
        self.have_left(cell, &token, id, left.into_iter().collect());
        if let Some(user) = user {
            let mut status = cell.state.statuses.get(&user).cloned().unwrap_or_default();
            if status.routing != RoutingStatus::OffQueue {
                status.route(RoutingStatus::NotResponding, self.now);
                user_status::put(&self.speaker(), cell, &user, status);
            }
        }
        self.offer_anew(cell, &token, id);
    }

    /// Nobody took what it was offered. Somebody else is asked; a guest with whom nobody is left waits in a queue again.
    pub(super) fn offer_anew(&self, cell: &mut Cell, token: &SessionToken, id: &ConversationId) {
        self.wait(cell, token, id);
        self.offer(cell, id);
    }

    /// Where nobody is who answers, and nobody is asked, the guest waits in the queue of the last time, or else in the first.
    pub(in crate::ops) fn wait(&self, cell: &mut Cell, token: &SessionToken, id: &ConversationId) {
        let queues = &cell.state.queues;
        let Some(known) = cell.state.conversations.get(id).filter(|known| known.ended.is_none()) else {
            return;
        };
        if known.participants().any(|one| one.left.is_none() && one.side.purpose != Purpose::Customer) {
            return;
        }
        let last = known.participants().filter(|one| one.side.purpose == Purpose::Acd).last();
        let last = last.and_then(|acd| queues.get_key_value(acd.queue.as_ref()?));
        let Some((queue, _)) = last.or_else(|| queues.first_key_value()) else { return };
        let nth = known.participants().count() as u64;
        // after one cause several conversations may wait
        let new = self.org.draws.draw(self.cause, &["queue participant", id.as_str()].join(" "), nth).uuid();
        let queue = queue.clone();
        self.enqueue(cell, token, id, (new, queue));
    }

    /// It waits in this queue, by its local name, whose participant has this id.
    pub(in crate::ops) fn enqueue(
        &self,
        cell: &mut Cell,
        token: &SessionToken,
        id: &ConversationId,
        (participant, queue): (String, String),
    ) {
        let name = cell.state.queues.get(&queue).map_or_else(|| queue.clone(), |queue| queue.name.clone());
        let side = Side { id: participant, purpose: Purpose::Acd, name };
        let acd = Participant { queue: Some(queue), ..Participant::new(side, self.now) };
        self.joins(cell, token, id, acd);
        self.offer(cell, id);
    }

    /// Looks whether a user who is on queue has something to do, and finds it something.
    pub(in crate::ops) fn review(&self, cell: &mut Cell, user: &UserId) {
        let Some(status) = cell.state.statuses.get(user).cloned() else { return };
        if !matches!(status.routing, RoutingStatus::Idle | RoutingStatus::Interacting) {
            return;
        }
        let routing = match is_busy(&cell.state, user) {
            true => RoutingStatus::Interacting,
            false => RoutingStatus::Idle,
        };
        let mut next = status.clone();
        next.route(routing, self.now);
        if next != status {
            user_status::put(&self.speaker(), cell, user, next);
        }
        let queues: Vec<_> =
            cell.state.users.get(user).map(|user| user.serving().cloned().collect()).unwrap_or_default();
        for queue in queues {
            let matched = matched(&cell.state, &queue, cell.state.conversations.waiting(&queue));
            self.offer_all(cell, &queue, matched);
        }
    }
}
