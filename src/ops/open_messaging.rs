//! What comes to an integration of Open Messaging, and what is said to its people. There is no session and no socket: the
//! conversation is all there is.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    access::Proved,
    cached_media,
    communications::{CommunicationError, refuse},
    cx::Cx,
    messaging_settings::{self, of_integration},
    org::Cell,
    step::{Step, of_visit},
    supported_content, webhooks,
};
use crate::{
    base::{
        draw::Mint,
        ids::{ConversationId, DeploymentId, SessionToken},
        time::{Span, Timestamp},
    },
    domain::{
        attachment::SentAttachment,
        communication::Medium,
        content::Content,
        conversation::{Conversation, Ending, Participant, Purpose, Side},
        message::{Direction, Happening, Kind, Message, Originator, Persona},
        open_messaging::{OpenGuest, ReceiptStatus, Recipient},
        session::{Event, Spoken},
        supported_content::Way,
    },
    events::event::What,
};

/// Something that comes.
pub struct Inbound {
    /// From whom.
    pub from: Recipient,
    /// The application's id of it.
    pub message_id: Option<String>,
    /// Its words.
    pub text: Option<String>,
    /// What it shows besides.
    pub content: Content,
    /// Participant data.
    pub metadata: BTreeMap<String, String>,
}

/// What was made of it.
pub struct Taken {
    /// The message.
    pub message: Arc<Message>,
    /// The conversation.
    pub conversation: ConversationId,
}

/// No session has this token.
pub(super) fn nobody() -> SessionToken {
    SessionToken::from("")
}

fn within<T>(
    cx: &Cx,
    proved: &Proved,
    integration: &str,
    work: impl FnOnce(&mut Cell, &Step<'_>) -> Result<T, CommunicationError>,
) -> Result<T, CommunicationError> {
    let done = of_visit(cx, |cell, step| {
        if proved.user().is_some() {
            return Err(CommunicationError::NotAClient);
        }
        if !cell.state.open_integrations.contains_key(integration) {
            return Err(CommunicationError::NoIntegration);
        }
        work(cell, step)
    });
    done.map_err(|error| refuse(cx, error))
}

/// The conversation under way with somebody.
pub(super) fn under_way(cell: &Cell, integration: &str, from: &str) -> Option<ConversationId> {
    cell.state.conversations.with(integration, from).map(|known| known.id.clone())
}

pub(super) fn begin(
    cell: &mut Cell,
    step: &Step<'_>,
    mint: &mut Mint<'_>,
    open: OpenGuest,
) -> ConversationId {
    let id = ConversationId::from(mint.uuid("conversation"));
    let side = Side { id: mint.uuid("participant"), purpose: Purpose::Customer, name: open.from.shown() };
    let mut customer = Participant::new(side.clone(), step.now);
    customer.communication.id = step.communication_id(&side.id);
    let deployment = DeploymentId::from(open.integration.as_str());
    let mut conversation = Conversation::new(id.clone(), nobody(), deployment, customer);
    conversation.open = Some(open);
    cell.state.conversations.insert(conversation);
    step.tell_of(cell, &nobody(), Some(id.clone()), What::ConversationStarted);
    step.tell_of(cell, &nobody(), Some(id.clone()), What::ParticipantJoined(side));
    id
}

fn keep(cell: &mut Cell, step: &Step<'_>, id: &ConversationId, message: Message) -> Arc<Message> {
    let message = Arc::new(message);
    cell.state.conversations.keep(id, Arc::clone(&message));
    step.tell_of(cell, &nobody(), Some(id.clone()), What::of(&message));
    step.changed(cell, id);
    message
}

/// Each message is later than the one before.
pub(super) fn next_time(cell: &Cell, id: &ConversationId, now: Timestamp) -> Timestamp {
    let last = cell.state.conversations.get(id).and_then(|known| Some(known.messages().next_back()?.time));
    let next = last.map_or(now, |last| now.max(last.plus(Span::from_millis(1))));
    next.up_to_millis()
}

fn blank(
    cell: &Cell,
    step: &Step<'_>,
    mint: &mut Mint<'_>,
    id: &ConversationId,
    direction: Direction,
) -> Message {
    Message {
        id: mint.hex32("message"),
        kind: Kind::Text,
        direction,
        text: None,
        time: next_time(cell, id, step.now),
        message_id: None,
        from: None,
        content: Content::None,
        happening: None,
        metadata: BTreeMap::new(),
        originator: None,
        line: None,
    }
}

/// A message comes. It goes on with a conversation, or begins one. Where nobody answers, it waits in a queue.
pub fn receive(
    cx: &Cx,
    proved: &Proved,
    integration: &str,
    inbound: Inbound,
) -> Result<Taken, CommunicationError> {
    within(cx, proved, integration, |cell, step| {
        let mut mint = Mint::new(&step.org.draws, step.cause);
        let Inbound { from, message_id, text, content, metadata } = inbound;
        if let Content::Attachments(files) = &content {
            let profile = supported_content::of_integration(step.org, &cell.state, integration);
            let objection =
                |file: &SentAttachment| supported_content::objection(&profile, Way::Inbound, &file.mime);
            if let Some(words) = files.iter().find_map(objection) {
                return Err(CommunicationError::Invalid(words));
            }
            cached_media::keep(cell, &mut mint, step.now, files);
        }
        let known = under_way(cell, integration, &from.id);
        let open = OpenGuest { integration: integration.to_owned(), from };
        let id = known.unwrap_or_else(|| begin(cell, step, &mut mint, open));
        if let Some(mut known) = cell.state.conversations.get_mut(&id) {
            known.customer.merge(metadata.clone());
        }
        let message = blank(cell, step, &mut mint, &id, Direction::Inbound);
        let kind = if matches!(content, Content::Client(_)) { Kind::Structured } else { Kind::Text };
        let message = keep(cell, step, &id, Message { kind, text, message_id, content, metadata, ..message });
        step.wait(cell, &nobody(), &id);
        Ok(Taken { message, conversation: id })
    })
}

/// Somebody types. Nobody hears of it where no conversation is under way.
pub fn types(cx: &Cx, proved: &Proved, integration: &str, from: &str) -> Result<String, CommunicationError> {
    within(cx, proved, integration, |cell, step| {
        let is_off = messaging_settings::is_off(of_integration(&cell.state, integration).typing_inbound);
        if let Some(id) = under_way(cell, integration, from).filter(|_| !is_off) {
            step.guest_types(cell, &id);
        }
        Ok(step.org.draws.draw(step.cause, "typing", 0).hex32())
    })
}

/// The application says what became of a message.
pub fn receipt(
    cx: &Cx,
    proved: &Proved,
    integration: &str,
    message: &str,
    status: ReceiptStatus,
) -> Result<(), CommunicationError> {
    within(cx, proved, integration, |cell, step| {
        let said = cell.state.conversations.message(message);
        let of_integration = |(known, said): &(&Conversation, &Arc<Message>)| {
            let of = known.open.as_ref().map(|open| open.integration.as_str());
            of == Some(integration) && said.direction == Direction::Outbound
        };
        let (known, _) = said.filter(of_integration).ok_or(CommunicationError::NoMessage)?;
        let id = known.id.clone();
        if let Some(mut known) = cell.state.conversations.get_mut(&id) {
            known.receipts.insert(message.to_owned(), status);
        }
        step.changed(cell, &id);
        Ok(())
    })
}

/// An application says something unasked. It goes on with a conversation, or begins one.
pub fn say_unasked(
    cx: &Cx,
    proved: &Proved,
    integration: &str,
    (to, text): (&str, String),
) -> Result<Taken, CommunicationError> {
    within(cx, proved, integration, |cell, step| {
        let mut mint = Mint::new(&step.org.draws, step.cause);
        let from = Recipient {
            nickname: None,
            id: to.to_owned(),
            id_type: Default::default(),
            first_name: None,
            last_name: None,
            email: None,
        };
        let open = OpenGuest { integration: integration.to_owned(), from };
        let known = under_way(cell, integration, to);
        let conversation = known.unwrap_or_else(|| begin(cell, step, &mut mint, open));
        let spoken =
            Spoken { text: Some(text), content: Content::None, from: None, originator: Originator::Bot };
        let message = step.speaks_openly(cell, &conversation, spoken);
        Ok(Taken { message: message.ok_or(CommunicationError::NoMessage)?, conversation })
    })
}

impl Step<'_> {
    /// Something is said to somebody outside: it is kept, and goes to the application.
    pub(super) fn speaks_openly(
        &self,
        cell: &mut Cell,
        id: &ConversationId,
        spoken: Spoken,
    ) -> Option<Arc<Message>> {
        let mut mint = Mint::new(&self.org.draws, self.cause);
        let Spoken { text, content, from, originator } = spoken;
        let message = blank(cell, self, &mut mint, id, Direction::Outbound);
        let kind = if matches!(content, Content::Rich(_)) { Kind::Structured } else { Kind::Text };
        let message = Message { kind, text, content, from, originator: Some(originator), ..message };
        let message = keep(cell, self, id, message);
        webhooks::send(self, cell, id, &message);
        Some(message)
    }

    /// Somebody who talks to somebody outside types.
    pub(super) fn types_openly(
        &self,
        cell: &mut Cell,
        id: &ConversationId,
        from: Option<Persona>,
        (on, lasting): (bool, Option<Span>),
    ) {
        let mut mint = Mint::new(&self.org.draws, self.cause);
        let happening = Some(Happening::Typing { on, lasting });
        let originator = Some(Originator::Human);
        let message = blank(cell, self, &mut mint, id, Direction::Outbound);
        let message = Arc::new(Message { kind: Kind::Event, happening, from, originator, ..message });
        self.tell_of(cell, &nobody(), Some(id.clone()), What::of(&message));
        let open = cell.state.conversations.get(id).and_then(|known| known.open.as_ref());
        let toggles = open.map(|open| of_integration(&cell.state, &open.integration)).unwrap_or_default();
        if !messaging_settings::is_off(toggles.typing_outbound) {
            webhooks::send(self, cell, id, &message);
        }
    }

    /// Somebody who answers says something, wherever the guest is. Answers the message.
    pub(super) fn speaks(
        &self,
        cell: &mut Cell,
        token: &SessionToken,
        id: &ConversationId,
        spoken: Spoken,
    ) -> Option<Arc<Message>> {
        match medium(cell, id)? {
            Medium::Open => return self.speaks_openly(cell, id, spoken),
            Medium::Chat => return self.speaks_in_chat(cell, id, spoken),
            Medium::Webmessaging => self.run(cell, token, Event::Speak(spoken)),
        }
        cell.state.conversations.get(id)?.messages().next_back().cloned()
    }

    /// Somebody who answers types, or types no more.
    pub(super) fn types(
        &self,
        cell: &mut Cell,
        token: &SessionToken,
        id: &ConversationId,
        from: Option<Persona>,
        (on, lasting): (bool, Option<Span>),
    ) {
        match medium(cell, id) {
            Some(Medium::Open) => self.types_openly(cell, id, from, (on, lasting)),
            Some(Medium::Chat) => self.types_in_chat(cell, id, from, on),
            _ => self.run(cell, token, Event::Type { from, originator: Originator::Human, on, lasting }),
        }
    }

    /// Somebody who answers ends the conversation.
    pub(super) fn ends(
        &self,
        cell: &mut Cell,
        token: &SessionToken,
        id: &ConversationId,
        from: Option<Persona>,
    ) {
        match medium(cell, id) {
            Some(Medium::Open | Medium::Chat) => self.end(cell, token, id, Ending::Disconnected),
            _ => self.run(cell, token, Event::Disconnect { from, originator: Originator::Human }),
        }
    }
}

fn medium(cell: &Cell, id: &ConversationId) -> Option<Medium> {
    cell.state.conversations.get(id).map(Conversation::medium)
}
