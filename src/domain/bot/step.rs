//! What a bot can do.

use std::{fmt, sync::Arc};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};

use crate::{
    base::time::Span,
    domain::{
        content::{Card, Content, DatePicker, Form, ListPicker, QuickReply, Rich},
        file::File,
    },
};

/// One thing that a bot does. In its texts, `{text}` stands for what the guest said, `{payload}` for that of the button.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub enum Step {
    /// Says a text.
    Say(String),
    /// Shows for so long that it types, and does not wait.
    Typing(Span),
    /// Waits, in the org's time.
    Wait(Span),
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
    /// Offers times.
    DatePicker(DatePicker),
    /// Offers things.
    ListPicker(ListPicker),
    /// Shows pages to fill in.
    Form(Form),
    /// Sends a file.
    Attachment(File),
    /// Leaves the conversation to a queue and says nothing from then on.
    HandOver {
        /// The queue's local name.
        queue: String,
        /// Said before it leaves.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        say: Option<String>,
    },
    /// Ends the conversation.
    Disconnect {
        /// Said before it ends.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        say: Option<String>,
    },
}

impl Step {
    /// What is said or shown with it: a text, something below, or both.
    pub fn says(&self) -> Option<(Option<String>, Content)> {
        let words = |text: &str| Some((Some(text.to_owned()), Content::None));
        let (text, rich) = match self {
            Self::Say(text) => return words(text),
            Self::HandOver { say, .. } | Self::Disconnect { say } => return words(say.as_ref()?),
            Self::QuickReplies { text, options } => (Some(text.clone()), Rich::QuickReplies(options.clone())),
            Self::Card(card) => (None, Rich::Card(card.clone())),
            Self::Carousel(cards) => (None, Rich::Carousel(cards.clone())),
            Self::DatePicker(picker) => (None, Rich::DatePicker(picker.clone())),
            Self::ListPicker(picker) => (None, Rich::ListPicker(picker.clone())),
            Self::Form(form) => (None, Rich::Form(form.clone())),
            Self::Typing(_) | Self::Wait(_) | Self::Attachment(_) => return None,
        };
        Some((text, Content::Rich(Arc::new(rich))))
    }

    /// The steps after this one would be done by nobody.
    fn leaves(&self) -> Option<&'static str> {
        match self {
            Self::HandOver { .. } => Some("handOver"),
            Self::Disconnect { .. } => Some("disconnect"),
            _ => None,
        }
    }
}

/// An answer: steps, in order. Written as one step or as a list of them.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Reply(Arc<[Step]>);

impl Reply {
    /// Its steps.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }
}

impl TryFrom<Vec<Step>> for Reply {
    type Error = String;

    fn try_from(steps: Vec<Step>) -> Result<Self, String> {
        let Some((_, before)) = steps.split_last() else {
            return Err("a reply has at least one step".to_owned());
        };
        if let Some((place, name)) =
            before.iter().enumerate().find_map(|(place, step)| Some((place, step.leaves()?)))
        {
            let after = place + 2;
            return Err(format!("step {after} comes after `{name}`, when the bot has left"));
        }
        for (place, step) in steps.iter().enumerate() {
            if let Some((_, Content::Rich(rich))) = step.says() {
                rich.check().map_err(|wrong| format!("step {}: {wrong}", place + 1))?;
            }
        }
        Ok(Self(steps.into()))
    }
}

/// A step that is alone in its map.
struct One(Step);

impl<'de> Deserialize<'de> for One {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let mut steps = d.deserialize_any(OneOrMore { more: false })?;
        steps.pop().map(Self).ok_or_else(|| de::Error::custom("a step is missing"))
    }
}

impl<'de> Deserialize<'de> for Reply {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(OneOrMore { more: true })?.try_into().map_err(de::Error::custom)
    }
}

/// Reads a step, or where it may be a list of them.
struct OneOrMore {
    more: bool,
}

impl<'de> Visitor<'de> for OneOrMore {
    type Value = Vec<Step>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a step such as `say: Hello`")?;
        if self.more { f.write_str(", or a list of steps") } else { Ok(()) }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let step = Step::deserialize(MapAccessDeserializer::new(&mut map))?;
        match map.next_key::<IgnoredAny>()? {
            None => Ok(vec![step]),
            Some(_) => Err(de::Error::custom("a step does one thing; write several as a list")),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        if !self.more {
            return Err(de::Error::invalid_type(de::Unexpected::Seq, &self));
        }
        let mut steps = Vec::new();
        while let Some(One(step)) = seq.next_element()? {
            steps.push(step);
        }
        Ok(steps)
    }
}
