//! The inbound message flow, as far as a scenario scripts it: rules that look at what the guest does, and the steps that
//! answer it. [`step`] is what a bot can do, [`turn`] how far it has got.

pub mod step;
pub mod turn;

use serde::{Deserialize, Serialize};

use self::{
    step::{Reply, Step},
    turn::{Cue, Turn},
};
use crate::base::time::Span;

/// A bot: the first rule that fits answers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Bot {
    /// How long it thinks, in the org's time.
    #[serde(default)]
    pub delay: Span,
    /// Looked through in order.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// The answer to a message that no rule fits; none when absent.
    #[serde(default)]
    pub otherwise: Option<Reply>,
}

/// What a rule looks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum When {
    /// The whole text, in any letter case, without surrounding space.
    Text(String),
    /// The payload of the button that the guest pressed, to the letter.
    Payload(String),
    /// A part of the text, in any letter case.
    Contains(String),
    /// The guest comes.
    Join,
}

/// One answer, and what it is the answer to.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "RuleShape", into = "RuleShape")]
pub struct Rule {
    /// What it looks for.
    pub when: When,
    /// The answer.
    pub reply: Reply,
}

/// A rule as it is written: exactly one of the first four.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct RuleShape {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payload: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    contains: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    event: Option<EventName>,
    reply: Reply,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum EventName {
    Join,
}

impl TryFrom<RuleShape> for Rule {
    type Error = String;

    fn try_from(shape: RuleShape) -> Result<Self, String> {
        let RuleShape { text, payload, contains, event, reply } = shape;
        let when = [
            text.map(When::Text),
            payload.map(When::Payload),
            contains.map(When::Contains),
            event.map(|EventName::Join| When::Join),
        ];
        let mut when = when.into_iter().flatten();
        match (when.next(), when.next()) {
            (Some(When::Contains(part)), None) if part.trim().is_empty() => {
                Err("`contains` is empty and would fit every text; `otherwise` is for that".to_owned())
            }
            (Some(when), None) => Ok(Self { when, reply }),
            _ => Err("a rule has exactly one of `text`, `payload`, `contains`, `event`".to_owned()),
        }
    }
}

impl From<Rule> for RuleShape {
    fn from(rule: Rule) -> Self {
        let mut shape = Self { text: None, payload: None, contains: None, event: None, reply: rule.reply };
        match rule.when {
            When::Text(text) => shape.text = Some(text),
            When::Payload(payload) => shape.payload = Some(payload),
            When::Contains(part) => shape.contains = Some(part),
            When::Join => shape.event = Some(EventName::Join),
        }
        shape
    }
}

impl When {
    /// Does it fit what the guest did?
    fn fits(&self, cue: &Cue) -> bool {
        match (self, cue) {
            (Self::Join, Cue::Join) => true,
            (Self::Text(wanted), Cue::Said { text, .. }) => same_letters(wanted.trim(), text.trim()),
            (Self::Contains(part), Cue::Said { text, .. }) => {
                text.to_lowercase().contains(&part.to_lowercase())
            }
            (Self::Payload(wanted), Cue::Said { payloads, .. }) => payloads.contains(wanted),
            _ => false,
        }
    }
}

fn same_letters(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
        || !(one.is_ascii() && other.is_ascii()) && one.to_lowercase() == other.to_lowercase()
}

impl Bot {
    /// The answer to what the guest did, with all of it still to be done.
    pub fn turn(&self, cue: Cue) -> Option<Turn> {
        let rule = self.rules.iter().find(|rule| rule.when.fits(&cue));
        let otherwise = || self.otherwise.as_ref().filter(|_| cue != Cue::Join);
        let reply = rule.map(|rule| &rule.reply).or_else(otherwise)?;
        Some(Turn::new(reply.clone(), cue))
    }

    /// The queues that it hands over to.
    pub fn queues(&self) -> impl Iterator<Item = &str> {
        let replies = self.rules.iter().map(|rule| &rule.reply).chain(&self.otherwise);
        replies.flat_map(Reply::steps).filter_map(|step| match step {
            Step::HandOver { queue, .. } => Some(queue.as_str()),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests;
