//! What is said to the guest: by the bot, by people, by the flow that ends the conversation.

use std::{collections::BTreeMap, sync::Arc};

use super::{Action, At, Session, unasked};
use crate::{
    base::time::Span,
    domain::{
        bot::{Reply, filled},
        content::{Content, Rich},
        deployment::ConversationDisconnect,
        frame::Body,
        message::{Direction, Happening, Kind, Message, Originator, Persona, Presence},
    },
};

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

    pub(super) fn bot_turn(&mut self, said: &str, at: &mut At<'_, '_>) -> Vec<Action> {
        let Some(reply) = at.rules.bot.and_then(|bot| bot.answer(said)) else {
            return Vec::new();
        };
        let rich = |rich: Rich| Content::Rich(Arc::new(rich));
        let (text, content) = match reply {
            Reply::Say(words) => (Some(words), Content::None),
            Reply::HandOver { say, .. } | Reply::Disconnect { say } => (Some(say), Content::None),
            Reply::QuickReplies { text, options } => (Some(text), rich(Rich::QuickReplies(options.clone()))),
            Reply::Card(card) => (None, rich(Rich::Card(card.clone()))),
            Reply::Carousel(cards) => (None, rich(Rich::Carousel(cards.clone()))),
        };
        let text = text.map(|template| filled(template, said));
        let mut actions =
            vec![self.speak(Spoken { text, content, from: None, originator: Originator::Bot }, at)];
        match reply {
            Reply::HandOver { queue, .. } => {
                self.bot_left = true;
                actions.push(Action::HandOver(queue.clone()));
            }
            Reply::Disconnect { .. } => actions.extend(self.disconnect(None, Originator::Bot, at)),
            _ => {}
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
        if !at.rules.deployment.typing_indicators {
            return None;
        }
        let mut message = self.outbound(originator, at);
        message.kind = Kind::Event;
        message.from = from;
        message.happening = Some(Happening::Typing { on, lasting });
        Some(Action::Everyone(unasked(Body::Message(Arc::new(message)))))
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
        actions.push(Action::End);
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
        }
    }
}
