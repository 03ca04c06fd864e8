//! A bot's turn: what it does about one thing that the guest did, across its waits.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::step::{Reply, Step};
use crate::base::document;

/// What a guest does that a bot can answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Cue {
    /// It comes.
    Join,
    /// It says something.
    Said {
        /// Its words, or the label of the button that it pressed.
        text: String,
        /// What the buttons carry that it pressed.
        payloads: Vec<String>,
    },
}

impl Cue {
    /// A template with the guest's words in it. What the guest says is never taken for a template.
    fn fill(&self, template: &str) -> String {
        let (text, payload) = match self {
            Self::Join => ("", String::new()),
            Self::Said { text, payloads } => (text.as_str(), payloads.join(", ")),
        };
        let holes = [("{text}", text), ("{payload}", payload.as_str())];
        let mut filled = String::with_capacity(template.len());
        let mut rest = template;
        while let Some(at) = rest.find('{') {
            filled.push_str(&rest[..at]);
            rest = &rest[at..];
            let (taken, words) =
                holes.iter().find(|(hole, _)| rest.starts_with(hole)).copied().unwrap_or(("{", "{"));
            filled.push_str(words);
            rest = &rest[taken.len()..];
        }
        filled.push_str(rest);
        filled
    }

    fn fill_value(&self, value: &mut Value) {
        match value {
            Value::String(text) if text.contains('{') => *text = self.fill(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.fill_value(item)),
            Value::Object(members) => members.values_mut().for_each(|member| self.fill_value(member)),
            _ => {}
        }
    }

    /// The same with every text filled; unfilled when it would be no such thing any more.
    fn filled<T: Clone + Serialize + DeserializeOwned>(&self, thing: &T) -> T {
        let filled = serde_json::to_value(thing).ok().and_then(|mut value| {
            self.fill_value(&mut value);
            document::from_value(&value).ok()
        });
        filled.unwrap_or_else(|| thing.clone())
    }
}

/// A turn under way: plain data, so that a timer can carry it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Turn {
    cue: Cue,
    reply: Reply,
    /// How many steps are done.
    done: usize,
}

impl Turn {
    pub(super) fn new(reply: Reply, cue: Cue) -> Self {
        Self { cue, reply, done: 0 }
    }
}

/// The steps that are still to be done, with the guest's words in them. Taking one counts as doing it.
impl Iterator for Turn {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        let step = self.reply.steps().get(self.done)?;
        self.done += 1;
        Some(self.cue.filled(step))
    }
}
