//! Telling that a conversation has changed.

use std::{cell::OnceCell, sync::Arc};

use crate::{
    base::ids::ConversationId,
    domain::{
        communication::Medium,
        conversation::{Conversation, Purpose},
        detail_event::{DetailEvent, Happened},
        notification::Told,
        shown::{Shown, ShownQueue},
        topic::{
            FLOW_TYPING, QUEUE_CHATS, QUEUE_CONVERSATIONS, QUEUE_MESSAGES, USER_CHATS, USER_CONVERSATIONS,
            USER_MESSAGES, USER_TYPING,
        },
    },
    ops::{org::Cell, step::Step, users},
    store::org_state::OrgState,
};

/// A conversation with names from the org.
pub(super) fn with_names(state: &OrgState, conversation: Conversation) -> Shown {
    let users = conversation.participants().filter_map(|one| one.user.as_ref());
    let users = users.filter_map(|id| Some((id.clone(), users::known(state, id.as_str())?.name.clone())));
    let queues = conversation.participants().filter_map(|one| one.queue.as_ref());
    let queues = queues.filter_map(|local| {
        let queue = state.queues.get(local)?;
        let (id, name, wrapup) = (queue.id.clone(), queue.name.clone(), queue.wrapup);
        let alerting_ms = queue.alerting.micros() / 1_000;
        Some((local.clone(), ShownQueue { id, name, wrapup, alerting_ms }))
    });
    let (users, queues) = (users.collect(), queues.collect());
    let session = state.sessions.get(&conversation.session);
    let chat = conversation.chat.as_ref();
    let authenticated = session.is_some_and(|session| session.person.is_some())
        || chat.is_some_and(|guest| guest.authenticated);
    Shown { conversation, users, queues, authenticated }
}

impl Step<'_> {
    /// A conversation has changed: the users and queues that have had it are told.
    pub(in crate::ops) fn changed(&self, cell: &mut Cell, id: &ConversationId) {
        if cell.state.channels.is_unheard() {
            return;
        }
        let Some(known) = cell.state.conversations.get(id) else { return };
        let is_chat = known.medium() == Medium::Chat;
        let (of_user, of_queue) = match is_chat {
            true => (USER_CHATS, QUEUE_CHATS),
            false => (USER_MESSAGES, QUEUE_MESSAGES),
        };
        let mut whom = Vec::new();
        for one in known.participants() {
            whom.extend(one.user.iter().map(|user| (USER_CONVERSATIONS, of_user, user.to_string())));
            let queue = one.queue.as_ref().and_then(|local| cell.state.queues.get(local));
            whom.extend(queue.map(|queue| (QUEUE_CONVERSATIONS, of_queue, queue.id.clone())));
        }
        let monitors = known.watched.monitors.iter();
        whom.extend(monitors.map(|(user, _)| (USER_CONVERSATIONS, of_user, user.to_string())));
        whom.sort_by(|(one, _, id), (other, _, other_id)| (one.text, id).cmp(&(other.text, other_id)));
        whom.dedup_by(|(one, _, id), (other, _, other_id)| (one.text, &*id) == (other.text, &*other_id));
        let shown = OnceCell::new();
        let show = |cell: &Cell| {
            let known = cell.state.conversations.get(id)?;
            Some(Arc::clone(shown.get_or_init(|| Arc::new(with_names(&cell.state, known.clone())))))
        };
        let speaker = self.speaker();
        let of_medium = if is_chat { Told::ChatConversation } else { Told::MessageConversation };
        for (all, media, whose) in whom {
            speaker.publish(cell, all, &whose, |cell| show(cell).map(Told::Conversation));
            speaker.publish(cell, media, &whose, |cell| show(cell).map(of_medium));
        }
    }

    /// The guest types: whoever answers is told.
    pub(in crate::ops) fn guest_types(&self, cell: &mut Cell, id: &ConversationId) {
        if cell.state.channels.is_unheard() {
            return;
        }
        let Some(known) = cell.state.conversations.get(id) else { return };
        let there = known.participants().filter(|one| one.left.is_none() && !one.is_alerting());
        let whom: Vec<_> = there
            .filter_map(|one| match (one.side.purpose, &one.user) {
                (Purpose::Workflow, _) => Some((FLOW_TYPING, one.side.name.clone())),
                (_, Some(user)) => Some((USER_TYPING, user.to_string())),
                (_, None) => None,
            })
            .collect();
        let event = self.org.draws.draw(self.cause, "typing", 0).hex32();
        for (family, whose) in whom {
            let show = |cell: &Cell| {
                let shown = with_names(&cell.state, cell.state.conversations.get(id)?.clone());
                Some(Told::GuestTypes(Arc::new(shown), event.clone(), self.now))
            };
            self.speaker().publish(cell, family, &whose, show);
        }
    }

    /// Something has happened to a participant: whoever counts is told.
    pub(in crate::ops) fn happened(
        &self,
        cell: &mut Cell,
        id: &ConversationId,
        participant: &str,
        what: Happened,
    ) {
        if cell.state.channels.is_unheard() {
            return;
        }
        let known = cell.state.conversations.get(id).and_then(|known| known.participant(participant));
        let Some(family) = known.and_then(|one| what.family(one.side.purpose)) else { return };
        self.speaker().publish(cell, family, id.as_str(), |cell| {
            let known = cell.state.conversations.get(id)?;
            let (one, medium) = (known.participant(participant)?.clone(), known.medium());
            let queue = one.queue.as_ref().and_then(|local| cell.state.queues.get(local));
            Some(Told::Detail(Box::new(DetailEvent {
                happened: what,
                at: self.now,
                conversation: id.clone(),
                queue: queue.map(|queue| queue.id.clone()),
                medium,
                participant: one,
            })))
        });
    }
}
