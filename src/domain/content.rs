//! What a message shows besides its text: as scenarios and the admin API write it, and as clients read it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::attachment::SentAttachment;

/// A button that answers with its payload.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuickReply {
    /// Its label.
    pub text: String,
    /// What it sends.
    pub payload: String,
    /// URL of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}

/// A card. `description` and every action's `text` are mandatory, because the strictest client drops cards without.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Card {
    /// First line.
    pub title: String,
    /// Below it.
    pub description: String,
    /// URL of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// What a click on the card itself does; only a link counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_action: Option<CardAction>,
    /// Its buttons.
    pub actions: Vec<CardAction>,
}

/// A button of a card.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "type", deny_unknown_fields)]
pub enum CardAction {
    /// Opens a page.
    Link {
        /// Its label.
        text: String,
        /// The page.
        url: String,
    },
    /// Answers with its payload.
    Postback {
        /// Its label.
        text: String,
        /// What it sends.
        payload: String,
    },
}

/// Times to choose from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DatePicker {
    /// First line.
    pub title: String,
    /// Below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// URL of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    /// Earliest day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_minimum: Option<String>,
    /// Latest day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_maximum: Option<String>,
    /// The times.
    pub available_times: Vec<AvailableTime>,
}

/// A time to choose.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AvailableTime {
    /// ISO 8601; what the answer carries as payload.
    pub date_time: String,
    /// Seconds.
    pub duration: u32,
}

/// Things to choose from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ListPicker {
    /// Its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Groups of things.
    pub sections: Vec<ListSection>,
    /// What the picker says before anything is chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_message: Option<PickerMessage>,
    /// What it says afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_message: Option<PickerMessage>,
}

/// A group of things to choose from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ListSection {
    /// Its heading.
    pub title: String,
    /// May more than one be chosen?
    #[serde(default)]
    pub multiple_selection: bool,
    /// The things.
    pub items: Vec<ListItem>,
}

/// A thing to choose.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ListItem {
    /// What the answer carries as payload.
    pub id: String,
    /// First line.
    pub title: String,
    /// Below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// URL of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
}

/// What a picker or form says around its own content.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PickerMessage {
    /// Above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// First line.
    pub title: String,
    /// Below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// Label of the button that opens it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub button_label: Option<String>,
    /// URL of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
}

/// Pages to fill in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Form {
    /// Where the form comes from.
    pub canned_response_id: String,
    /// Its first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub introduction: Option<FormIntroduction>,
    /// Its pages.
    pub form_pages: Vec<FormPage>,
    /// What it says before it is filled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_message: Option<PickerMessage>,
    /// What it says afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_message: Option<PickerMessage>,
    /// Is what was filled in shown before it is sent?
    #[serde(default)]
    pub show_summary: bool,
}

/// The first page of a form.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct FormIntroduction {
    /// First line.
    pub title: String,
    /// Below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// URL of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    /// Label of the button that goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub button_text: Option<String>,
}

/// A page of a form.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct FormPage {
    /// First line.
    pub title: String,
    /// Below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// Its fields, as the platform spells them: each has a `formComponentType` and what that type needs.
    pub page_components: Vec<serde_json::Map<String, serde_json::Value>>,
}

/// What the bot or a human shows: exactly one of these by name.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub enum Rich {
    /// Buttons.
    QuickReplies(Vec<QuickReply>),
    /// A card.
    Card(Card),
    /// Cards.
    Carousel(Vec<Card>),
    /// Times to choose from.
    DatePicker(DatePicker),
    /// Things to choose from.
    ListPicker(ListPicker),
    /// Pages to fill in.
    Form(Form),
}

/// The kinds of fields that a form can have.
const FORM_COMPONENTS: [&str; 4] = ["DatePicker", "Input", "ListPicker", "WheelPicker"];

impl Rich {
    /// Is there anything to show? Says what is missing, by name.
    pub fn check(&self) -> Result<(), String> {
        let filled = |what: &str, is_empty: bool| match is_empty {
            true => Err(format!("{what} is an empty list")),
            false => Ok(()),
        };
        match self {
            Self::QuickReplies(options) => filled("`quickReplies`", options.is_empty()),
            Self::Carousel(cards) => filled("`carousel`", cards.is_empty()),
            Self::ListPicker(picker) => {
                filled("`sections` of `listPicker`", picker.sections.is_empty())?;
                let empty = picker.sections.iter().any(|section| section.items.is_empty());
                filled("`items` of a section of `listPicker`", empty)
            }
            Self::Form(form) => {
                filled("`formPages` of `form`", form.form_pages.is_empty())?;
                let mut components = form.form_pages.iter().flat_map(|page| &page.page_components);
                let is_known = |kind: &serde_json::Value| {
                    FORM_COMPONENTS.iter().any(|known| kind.as_str() == Some(known))
                };
                match components.all(|one| one.get("formComponentType").is_some_and(is_known)) {
                    true => Ok(()),
                    false => {
                        let known = FORM_COMPONENTS.join(", ");
                        Err(format!("each of `pageComponents` has a `formComponentType`: one of {known}"))
                    }
                }
            }
            Self::Card(_) | Self::DatePicker(_) => Ok(()),
        }
    }

    /// The text that stands above it when nobody wrote one.
    pub fn headline(&self) -> Option<&str> {
        Some(match self {
            Self::QuickReplies(_) => return None,
            Self::Card(card) => &card.title,
            Self::Carousel(cards) => &cards.first()?.title,
            Self::DatePicker(picker) => &picker.title,
            Self::ListPicker(picker) => &picker.sections.first()?.title,
            Self::Form(form) => &form.introduction.as_ref()?.title,
        })
    }
}

/// What a message shows besides its text.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Content {
    /// Nothing.
    None,
    /// What the client sent, untouched.
    Client(Box<RawValue>),
    /// What the bot or a human shows.
    Rich(Arc<Rich>),
    /// Files; with what else the client sent beside them.
    Attachments(Vec<SentAttachment>),
}

/// Counts what is written to it.
struct Counter(usize);

impl std::io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Content {
    /// How many bytes it takes, more or less.
    pub fn size(&self) -> usize {
        match self {
            Self::None => 0,
            Self::Client(raw) => raw.get().len(),
            Self::Rich(_) | Self::Attachments(_) => {
                let mut counter = Counter(0);
                // what cannot be written takes no room in a frame either
                let _ = serde_json::to_writer(&mut counter, self);
                counter.0
            }
        }
    }
}
