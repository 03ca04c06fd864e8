//! The inbound message flow, as far as a scenario scripts it: one answer to each text of the guest.

use serde::{Deserialize, Serialize};

use super::content::{Card, QuickReply};
use crate::base::time::Span;

/// A bot: the first rule whose text is the guest's answers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Bot {
    /// How long it thinks, in the org's time.
    #[serde(default)]
    pub delay: Span,
    /// Looked through in order.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// What it says when no rule fits; nothing when absent.
    #[serde(default)]
    pub otherwise: Option<Reply>,
}

/// One answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Rule {
    /// The guest's text, in any letter case, without surrounding space.
    pub text: String,
    /// The answer to it.
    pub reply: Reply,
}

/// What a bot does. In texts, `{text}` stands for what the guest said.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub enum Reply {
    /// Says a text.
    Say(String),
    /// Offers buttons.
    QuickReplies {
        /// Above the buttons.
        text: String,
        /// The buttons.
        options: Vec<QuickReply>,
    },
    /// Shows a card.
    Card(Card),
    /// Shows several cards.
    Carousel(Vec<Card>),
    /// Leaves the conversation to a queue and says nothing from then on.
    HandOver {
        /// The queue's name.
        queue: String,
        /// Said before it leaves.
        say: String,
    },
    /// Ends the conversation.
    Disconnect {
        /// Said before it ends.
        say: String,
    },
}

impl Bot {
    /// The answer to a text.
    pub fn answer(&self, text: &str) -> Option<&Reply> {
        let said = text.trim();
        let rule = self.rules.iter().find(|rule| rule.text.trim().eq_ignore_ascii_case(said));
        rule.map(|rule| &rule.reply).or(self.otherwise.as_ref())
    }
}

/// A bot's text with the guest's words in it.
pub fn filled(template: &str, said: &str) -> String {
    template.replace("{text}", said)
}
