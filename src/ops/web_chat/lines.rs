//! What is said in chats and who takes part, told to the guest and to whoever is subscribed, under the org's lock.

use std::sync::Arc;

use crate::{
    base::ids::ConversationId,
    domain::{
        communication::CommunicationState,
        content::Content,
        conversation::{Participant, Purpose, Side},
        message::{Direction, Happening, Kind, Message, Originator, Persona, Presence},
        notification::{ChatEvent, ChatTold, Told},
        session::Spoken,
        web_chat::{BodyType, Line},
    },
    events::event::What,
    ops::{
        open_messaging::{next_time, nobody},
        org::Cell,
        outgoing,
        step::Step,
    },
};

impl Step<'_> {
    /// Something happens in a chat.
    fn tell_chat(&self, cell: &mut Cell, id: &ConversationId, event: ChatEvent) {
        let streams = cell.sockets.of_chat(id);
        let topic = (event.family(), id.as_str());
        let told = || ChatTold { conversation: id.clone(), event };
        self.speaker().tell_all(cell, topic, streams, |_| Some(Told::Chat(told())));
    }

    /// A line of a chat: it is kept, and told. Answers it; nothing where the sender takes no part in a chat.
    pub(in crate::ops) fn line(
        &self,
        cell: &mut Cell,
        id: &ConversationId,
        sender: &str,
        (body_type, words): (BodyType, String),
    ) -> Option<Arc<Message>> {
        let time = next_time(cell, id, self.now);
        let conversations = &mut cell.state.conversations;
        let Side { purpose, name, .. } = conversations.get(id)?.participant(sender)?.side.clone();
        let nth = conversations.with_chat(id, |chat| {
            chat.lines += 1;
            chat.lines - 1
        })?;
        let (direction, originator) = match purpose {
            Purpose::Customer => (Direction::Inbound, None),
            Purpose::Workflow => (Direction::Outbound, Some(Originator::Bot)),
            Purpose::Acd | Purpose::Agent => (Direction::Outbound, Some(Originator::Human)),
        };
        let presence = match body_type {
            BodyType::MemberJoin => Some(Presence::Join),
            BodyType::MemberLeave => Some(Presence::Disconnect),
            _ => None,
        };
        let persona = || Persona { nickname: Some(name), ..Persona::default() };
        let message = Arc::new(Message {
            id: self.org.draws.named(&["line", id.as_str()], nth).uuid(),
            kind: if presence.is_some() { Kind::Event } else { Kind::Text },
            direction,
            text: Some(words),
            time,
            message_id: None,
            from: (direction == Direction::Outbound).then(persona),
            content: Content::None,
            happening: presence.map(Happening::Presence),
            metadata: Default::default(),
            originator,
            line: Some(Box::new(Line { sender: sender.to_owned(), body_type })),
        });
        cell.state.conversations.keep(id, Arc::clone(&message));
        self.tell_chat(cell, id, ChatEvent::Said(Arc::clone(&message)));
        // coming and going is told otherwise
        if presence.is_none() {
            self.tell_of(cell, &nobody(), Some(id.clone()), What::of(&message));
            self.changed(cell, id);
        }
        Some(message)
    }

    /// Somebody is offered a chat, takes part in it, or does not any more. In other conversations nobody is told so.
    pub(in crate::ops) fn member_changed(&self, cell: &mut Cell, id: &ConversationId, participant: &str) {
        let known = cell.state.conversations.get(id).filter(|known| known.chat.is_some());
        let Some(one) = known.and_then(|known| known.participant(participant)) else { return };
        let (state, took_part) = (one.state(), one.communication.connected.is_some());
        let (member, at) = (participant.to_owned(), self.now.up_to_millis());
        if state == CommunicationState::Disconnected && took_part {
            self.line(cell, id, participant, (BodyType::MemberLeave, String::new()));
        }
        self.tell_chat(cell, id, ChatEvent::Member { member, state, at });
        if state == CommunicationState::Connected {
            self.line(cell, id, participant, (BodyType::MemberJoin, String::new()));
        }
    }

    /// The guest has left: there is nothing more for it to hear.
    pub(in crate::ops) fn close_event_streams(&self, cell: &mut Cell, id: &ConversationId) {
        let known = cell.state.conversations.get(id).filter(|known| known.chat.is_some());
        if known.is_none_or(|known| known.present(Purpose::Customer).next().is_some()) {
            return;
        }
        for stream in cell.sockets.of_chat(id) {
            let line = outgoing::Line { app: self.app, org: self.org, id: stream, wave: self.wave };
            line.close(cell, self.cause, "The guest takes no part any more");
        }
    }

    /// Somebody types. Answers the id of the event.
    pub(in crate::ops) fn shows_typing(&self, cell: &mut Cell, id: &ConversationId, sender: &str) -> String {
        let event = self.org.draws.draw(self.cause, "typing", 0).uuid();
        let by_guest = cell.state.conversations.get(id).is_some_and(|one| one.customer.side.id == sender);
        let what = match by_guest {
            true => What::GuestTypes { on: true },
            false => What::AgentTypes { on: true, originator: Some(Originator::Human) },
        };
        self.tell_of(cell, &nobody(), Some(id.clone()), what);
        let (sender, at) = (sender.to_owned(), self.now.up_to_millis());
        self.tell_chat(cell, id, ChatEvent::Types { id: event.clone(), sender, at });
        event
    }

    /// Who speaks in a chat: whoever is shown by this name, or was the last to come.
    fn sender(cell: &Cell, id: &ConversationId, from: Option<&Persona>, purpose: Purpose) -> Option<String> {
        let known = cell.state.conversations.get(id)?;
        let name = from.map(Persona::shown);
        let named = known.present(purpose).find(|one| name.as_ref() == Some(&one.side.name));
        named.or_else(|| known.present(purpose).last()).map(|one| one.side.id.clone())
    }

    /// Something is said in a chat by hand. A bot that was not there comes for it.
    pub(in crate::ops) fn speaks_in_chat(
        &self,
        cell: &mut Cell,
        id: &ConversationId,
        spoken: Spoken,
    ) -> Option<Arc<Message>> {
        let Spoken { text, from, originator, .. } = spoken;
        let purpose = if originator == Originator::Bot { Purpose::Workflow } else { Purpose::Agent };
        let sender = Self::sender(cell, id, from.as_ref(), purpose).unwrap_or_else(|| {
            let drawn = self.org.draws.draw(self.cause, "sender", 0).uuid();
            let name = from.as_ref().map_or_else(|| "Bot".to_owned(), Persona::shown);
            let side = Side { id: drawn.clone(), purpose, name };
            self.joins(cell, &nobody(), id, Participant::new(side, self.now));
            drawn
        });
        self.line(cell, id, &sender, (BodyType::Standard, text.unwrap_or_default()))
    }

    /// Somebody who answers in a chat types by hand. That somebody types no more is not told there.
    pub(in crate::ops) fn types_in_chat(
        &self,
        cell: &mut Cell,
        id: &ConversationId,
        from: Option<Persona>,
        on: bool,
    ) {
        if let Some(sender) = Self::sender(cell, id, from.as_ref(), Purpose::Agent).filter(|_| on) {
            self.shows_typing(cell, id, &sender);
        }
    }
}
