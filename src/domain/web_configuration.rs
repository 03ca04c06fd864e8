//! Configurations of web deployments: what a version says, and what a deployment becomes by it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    deployment::{ConversationDisconnect, Deployment, Notifications},
    messenger::{Humanize, Label, LauncherButton, Messenger, Position, SessionPersistence},
};
use crate::base::{
    ids::UserId,
    time::{Span, Timestamp},
};

/// Sessions expire so long after the last message, unless something else is said.
const SESSION: i64 = 72 * 3600;

/// A version of a configuration.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Version {
    /// Its number; the draft has none.
    pub number: Option<u32>,
    /// As it was written, without what is read-only.
    pub written: Map<String, Value>,
    /// When it was first written.
    pub created: Timestamp,
    /// When it was written last.
    pub modified: Timestamp,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// Who wrote it, if it was a person.
    pub by: Option<UserId>,
}

impl Version {
    /// `1`, `2` and so on, or `DRAFT`.
    pub fn name(&self) -> String {
        self.number.map_or_else(|| "DRAFT".to_owned(), |number| number.to_string())
    }
}

/// A configuration with all its versions.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Configuration {
    /// Its id.
    pub id: String,
    /// What is worked on.
    pub draft: Version,
    /// What deployments can have, the first one first.
    pub published: Vec<Version>,
}

impl Configuration {
    /// The version of this name.
    pub fn version(&self, name: &str) -> Option<&Version> {
        if name.eq_ignore_ascii_case("draft") {
            return Some(&self.draft);
        }
        self.published.iter().find(|version| version.name() == name)
    }

    /// Publishes the draft as the next version.
    pub fn publish(&mut self, now: Timestamp) -> &Version {
        let number = self.published.last().and_then(|last| last.number).unwrap_or(0) + 1;
        let version = Version { number: Some(number), published: Some(now), ..self.draft.clone() };
        self.draft.published = Some(now);
        self.published.push(version);
        self.published.last().unwrap_or(&self.draft)
    }
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
struct Switch {
    enabled: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Apps {
    conversations: Conversations,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Conversations {
    show_agent_typing_indicator: bool,
    show_user_typing_indicator: bool,
    auto_start: Switch,
    markdown: Switch,
    conversation_disconnect: Disconnect,
    conversation_clear: Switch,
    humanize: Humanized,
    notifications: Notified,
    session_duration_seconds: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
enum DisconnectType {
    #[default]
    Send,
    ReadOnly,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Disconnect {
    enabled: bool,
    #[serde(rename = "type")]
    kind: DisconnectType,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Humanized {
    enabled: bool,
    bot: Option<Humanize>,
}

#[derive(Debug, Default, Deserialize)]
enum NotificationContent {
    IncludeMessagesContent,
    #[default]
    ExcludeMessagesContent,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Notified {
    enabled: bool,
    notification_content_type: NotificationContent,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Styles {
    primary_color: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Launcher {
    visibility: LauncherButton,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mode {
    #[serde(default)]
    file_types: Vec<String>,
    #[serde(rename = "maxFileSizeKB")]
    max_file_size_kb: Option<u32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct FileUpload {
    enable_attachments: bool,
    modes: Vec<Mode>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct MessengerSettings {
    apps: Apps,
    styles: Styles,
    launcher_button: Launcher,
    file_upload: FileUpload,
    home_screen: Switch,
    session_persistence_type: SessionPersistence,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Labels {
    language: String,
    #[serde(default)]
    localized_labels: Vec<LocalizedLabel>,
}

#[derive(Debug, Deserialize)]
struct LocalizedLabel {
    key: Label,
    value: String,
}

/// Who may sign in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AuthenticationSettings {
    /// Can people sign in?
    pub enabled: bool,
    /// By which integration.
    pub integration_id: Option<String>,
    /// May a guest sign in during the session?
    pub allow_session_upgrade: bool,
}

/// What a version says, as far as the platform does something about it. Whatever else it says is kept and shown.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// Its name.
    pub name: String,
    #[serde(default)]
    headless_mode: Switch,
    #[serde(default)]
    languages: Vec<String>,
    default_language: Option<String>,
    #[serde(rename = "customI18nLabels", default)]
    custom_labels: Vec<Labels>,
    #[serde(default)]
    messenger: MessengerSettings,
    #[serde(default)]
    position: Position,
    #[serde(default)]
    journey_events: Switch,
    /// Who may sign in.
    #[serde(default)]
    pub authentication_settings: AuthenticationSettings,
}

/// What is wrong with a configuration: a member, and what was expected of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadConfiguration {
    /// The member.
    pub member: &'static str,
    /// What was expected.
    pub expected: &'static str,
}

impl Settings {
    /// What cannot be, though it can be read.
    pub fn check(&self) -> Result<(), BadConfiguration> {
        let bad = |member, expected| Err(BadConfiguration { member, expected });
        if self.name.trim().is_empty() {
            return bad("name", "a name");
        }
        if let Some(language) = &self.default_language
            && !self.languages.is_empty()
            && !self.languages.contains(language)
        {
            return bad("defaultLanguage", "one of `languages`");
        }
        let seconds = self.messenger.apps.conversations.session_duration_seconds;
        if seconds.is_some_and(|seconds| !(1..=SESSION).contains(&seconds)) {
            return bad("messenger.apps.conversations.sessionDurationSeconds", "1 to 259200");
        }
        let auth = &self.authentication_settings;
        if auth.enabled && auth.integration_id.as_ref().is_none_or(String::is_empty) {
            return bad("authenticationSettings.integrationId", "the id of an integration");
        }
        Ok(())
    }

    /// Makes a deployment what it says. `integration` is the local name of the integration by which people sign in.
    pub fn apply(&self, deployment: &mut Deployment, integration: Option<String>) {
        let conversations = &self.messenger.apps.conversations;
        let upload = &self.messenger.file_upload;
        deployment.authentication = self.authentication_settings.enabled;
        deployment.allow_session_upgrade = self.authentication_settings.allow_session_upgrade;
        deployment.sign_in.integration = integration;
        let disconnect = &conversations.conversation_disconnect;
        deployment.conversation_disconnect = match (disconnect.enabled, &disconnect.kind) {
            (false, _) => ConversationDisconnect::Disabled,
            (true, DisconnectType::Send) => ConversationDisconnect::Send,
            (true, DisconnectType::ReadOnly) => ConversationDisconnect::ReadOnly,
        };
        deployment.conversation_clear = conversations.conversation_clear.enabled;
        deployment.agent_typing = conversations.show_agent_typing_indicator;
        deployment.guest_typing = conversations.show_user_typing_indicator;
        deployment.auto_start = conversations.auto_start.enabled;
        let modes = if upload.enable_attachments { &upload.modes[..] } else { &[] };
        deployment.attachment_types = modes.iter().flat_map(|mode| mode.file_types.clone()).collect();
        let largest = modes.iter().filter_map(|mode| mode.max_file_size_kb).max();
        deployment.attachment_max_kb = largest.unwrap_or(deployment.attachment_max_kb);
        deployment.session_duration =
            Span::from_secs(conversations.session_duration_seconds.unwrap_or(SESSION));
        let notified = &conversations.notifications;
        deployment.notifications = match (notified.enabled, &notified.notification_content_type) {
            (false, _) => Notifications::Disabled,
            (true, NotificationContent::IncludeMessagesContent) => Notifications::IncludeMessagesContent,
            (true, NotificationContent::ExcludeMessagesContent) => Notifications::ExcludeMessagesContent,
        };
        if let Some(colour) = &self.messenger.styles.primary_color {
            deployment.primary_color.clone_from(colour);
        }
        deployment.languages = self.ordered_languages();
        deployment.messenger = self.messenger(conversations);
    }

    /// The default one first.
    fn ordered_languages(&self) -> Vec<String> {
        let default = self.default_language.clone().or_else(|| self.languages.first().cloned());
        let default = default.unwrap_or_else(|| "en-us".to_owned());
        let others = self.languages.iter().filter(|language| **language != default).cloned();
        std::iter::once(default.clone()).chain(others).collect()
    }

    fn messenger(&self, conversations: &Conversations) -> Messenger {
        let mut labels: BTreeMap<String, BTreeMap<Label, String>> = BTreeMap::new();
        for one in &self.custom_labels {
            let texts = one.localized_labels.iter().map(|label| (label.key, label.value.clone()));
            labels.entry(one.language.clone()).or_default().extend(texts);
        }
        let humanize = &conversations.humanize;
        Messenger {
            headless: self.headless_mode.enabled,
            markdown: conversations.markdown.enabled,
            humanize: humanize.bot.clone().filter(|_| humanize.enabled),
            launcher_button: self.messenger.launcher_button.visibility,
            home_screen: self.messenger.home_screen.enabled,
            position: self.position,
            session_persistence: self.messenger.session_persistence_type,
            journey_events: self.journey_events.enabled,
            labels,
        }
    }
}
