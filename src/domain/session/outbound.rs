//! What is said to the guest: by the bot, by people, by the flow that ends the conversation.

use std::{collections::BTreeMap, sync::Arc};

use super::{Action, At, Session};
use crate::{
    base::time::Span,
    domain::{
        bot::{step::Step, turn::Turn},
        content::Content,
        conversation::Ending,
        deployment::ConversationDisconnect,
        message::{Direction, Happening, Kind, Message, Originator, Persona, Presence},
    },
};

/// Longest text of an agent, in characters.
pub const MAX_SPOKEN: usize = 4_000;

/// What somebody says to the guest.
#[derive(Clone, Debug)]
pub struct Spoken {
    /// Its words.
    pub text: Option<String>,
    /// What it shows besides.
    pub content: Content,
    /// Who is shown.
    pub from: Option<Persona>,
    /// What it is.
    pub originator: Originator,
}

impl Session {
    pub(super) fn speak(&mut self, spoken: Spoken, at: &mut At<'_, '_>) -> Action {
        let mut message = self.outbound(spoken.originator, at);
        message.kind = match spoken.content {
            Content::Rich(_) => Kind::Structured,
            _ => Kind::Text,
        };
        let headline = || match &spoken.content {
            Content::Rich(rich) => rich.headline().map(str::to_owned),
            _ => None,
        };
        message.text = spoken.text.or_else(headline);
        message.content = spoken.content;
        message.from = spoken.from;
        self.keep(message, None, at.rules)
    }

    /// Does the bot's steps up to the next wait.
    pub(super) fn bot_turn(&mut self, mut turn: Turn, at: &mut At<'_, '_>) -> Vec<Action> {
        let mut actions = Vec::new();
        while let Some(step) = turn.next() {
            if let Some((text, content)) = step.says() {
                let spoken = Spoken { text, content, from: None, originator: Originator::Bot };
                actions.push(self.speak(spoken, at));
            }
            match step {
                Step::Typing(lasting) => {
                    actions.extend(self.typing(None, Originator::Bot, true, Some(lasting), at));
                }
                Step::Wait(length) => {
                    actions.push(Action::Think(at.now.plus(length), turn));
                    break;
                }
                Step::Attachment(file) => {
                    actions.push(Action::Attach(file, turn));
                    break;
                }
                Step::HandOver { queue, .. } => actions.push(Action::HandOver(queue)),
                Step::Disconnect { .. } => actions.extend(self.disconnect(None, Originator::Bot, at)),
                _ => {}
            }
        }
        actions
    }

    pub(super) fn typing(
        &mut self,
        from: Option<Persona>,
        originator: Originator,
        on: bool,
        lasting: Option<Span>,
        at: &mut At<'_, '_>,
    ) -> Option<Action> {
        if !at.rules.deployment.agent_typing {
            return None;
        }
        let mut message = self.outbound(originator, at);
        message.kind = Kind::Event;
        message.from = from;
        message.happening = Some(Happening::Typing { on, lasting });
        let conversation = self.conversation.clone();
        Some(Action::Message { conversation, message: Arc::new(message), tracing_id: None })
    }

    /// The flow or an agent ends the conversation; what the guest sees of it is the deployment's choice.
    pub(super) fn disconnect(
        &mut self,
        from: Option<Persona>,
        originator: Originator,
        at: &mut At<'_, '_>,
    ) -> Vec<Action> {
        let mut actions = Vec::new();
        let how = at.rules.deployment.conversation_disconnect;
        if how != ConversationDisconnect::Disabled {
            let read_only = how == ConversationDisconnect::ReadOnly;
            let mut message = self.outbound(originator, at);
            message.kind = Kind::Event;
            message.from = from;
            message.happening = Some(Happening::Presence(Presence::Disconnect));
            message.metadata.insert("readOnly".to_owned(), read_only.to_string());
            actions.push(self.keep(message, None, at.rules));
            self.read_only = read_only;
        }
        self.ended = true;
        actions.extend(self.end(Ending::Disconnected));
        actions
    }

    fn outbound(&mut self, originator: Originator, at: &mut At<'_, '_>) -> Message {
        Message {
            id: at.mint.hex32("message"),
            kind: Kind::Text,
            direction: Direction::Outbound,
            text: None,
            time: self.next_time(at.now),
            message_id: None,
            from: None,
            content: Content::None,
            happening: None,
            metadata: BTreeMap::from([("correlationId".to_owned(), at.mint.uuid("correlation"))]),
            originator: Some(originator),
            line: None,
        }
    }
}
