//! How the Messenger looks and behaves, as far as the published configuration says. The platform itself does nothing
//! about it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Is there a button that opens it?
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum LauncherButton {
    /// Yes.
    #[default]
    On,
    /// No.
    Off,
    /// When the page says so.
    OnDemand,
}

/// On which side of the page it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum Alignment {
    /// As the language is written.
    #[default]
    Auto,
    /// Left.
    Left,
    /// Right.
    Right,
}

/// Where on the page it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Position {
    /// On which side.
    pub alignment: Alignment,
    /// Pixels from the side.
    pub side_space: u32,
    /// Pixels from the bottom.
    pub bottom_space: u32,
}

impl Default for Position {
    fn default() -> Self {
        Self { alignment: Alignment::Auto, side_space: 20, bottom_space: 12 }
    }
}

/// On which pages a session goes on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum SessionPersistence {
    /// On those of all subdomains.
    #[default]
    AcrossSubdomains,
    /// On those of the very same host.
    DomainOrSubdomainOnly,
}

/// How the bot is shown.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Humanize {
    /// Its name.
    pub name: String,
    /// URL of its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
}

/// A text that can be given in other words.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[allow(clippy::enum_variant_names, reason = "the vendor's own names")]
pub enum Label {
    /// Headline of the home screen.
    MessengerHomeHeaderTitle,
    /// Below it.
    MessengerHomeHeaderSubTitle,
    /// Headline of a notification.
    PushNotificationTitle,
    /// Below it.
    PushNotificationBody,
    /// On the button.
    MessengerLauncherButtonText,
}

/// How the Messenger looks and behaves.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Messenger {
    /// Does the page show messages by itself?
    pub headless: bool,
    /// Is Markdown shown as such?
    pub markdown: bool,
    /// How the bot is shown. Default: as a bot.
    pub humanize: Option<Humanize>,
    /// Is there a button that opens it?
    pub launcher_button: LauncherButton,
    /// Does it begin with a home screen?
    pub home_screen: bool,
    /// Where on the page it is.
    pub position: Position,
    /// On which pages a session goes on.
    pub session_persistence: SessionPersistence,
    /// Are visits of pages told to the platform?
    pub journey_events: bool,
    /// Texts in other words, by language.
    pub labels: BTreeMap<String, BTreeMap<Label, String>>,
}

impl Default for Messenger {
    fn default() -> Self {
        Self {
            headless: false,
            markdown: true,
            humanize: None,
            launcher_button: LauncherButton::default(),
            home_screen: false,
            position: Position::default(),
            session_persistence: SessionPersistence::default(),
            journey_events: false,
            labels: BTreeMap::new(),
        }
    }
}
