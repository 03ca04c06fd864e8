//! The published configuration of a deployment, as Messengers and SDKs read it. Nothing is null: the browser's bootstrap
//! throws on it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::domain::{
    deployment::{ConversationDisconnect, Deployment, DeploymentStatus, Notifications},
    messenger::{Humanize, Label, LauncherButton, Position, SessionPersistence},
};

#[derive(Serialize)]
struct Enabled {
    enabled: bool,
}

/// `config.json`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Config<'a> {
    id: &'a str,
    version: &'a str,
    headless_mode: Enabled,
    languages: &'a [String],
    default_language: &'a str,
    #[serde(rename = "customI18nLabels", skip_serializing_if = "Vec::is_empty")]
    custom_labels: Vec<Labels<'a>>,
    api_endpoint: &'a str,
    messenger: Messenger<'a>,
    position: Position,
    journey_events: Enabled,
    auth: Auth<'a>,
    status: DeploymentStatus,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Labels<'a> {
    language: &'a str,
    localized_labels: Vec<LocalizedLabel<'a>>,
}

#[derive(Serialize)]
struct LocalizedLabel<'a> {
    key: Label,
    value: &'a str,
}

fn labels<'a>((language, labels): (&'a String, &'a BTreeMap<Label, String>)) -> Labels<'a> {
    let localized_labels = labels.iter().map(|(key, value)| LocalizedLabel { key: *key, value }).collect();
    Labels { language, localized_labels }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Messenger<'a> {
    enabled: bool,
    apps: Apps<'a>,
    styles: Styles<'a>,
    launcher_button: Launcher,
    file_upload: FileUpload<'a>,
    home_screen: Enabled,
    session_persistence_type: SessionPersistence,
}

#[derive(Serialize)]
struct Apps<'a> {
    conversations: Conversations<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Conversations<'a> {
    enabled: bool,
    messaging_endpoint: String,
    show_agent_typing_indicator: bool,
    show_user_typing_indicator: bool,
    auto_start: Enabled,
    markdown: Enabled,
    conversation_disconnect: Disconnect,
    conversation_clear: Enabled,
    humanize: HumanizeBody<'a>,
    notifications: NotificationsBody,
    session_duration_seconds: i64,
}

#[derive(Serialize)]
struct HumanizeBody<'a> {
    enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    bot: Option<&'a Humanize>,
}

#[derive(Serialize)]
struct Disconnect {
    enabled: bool,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NotificationsBody {
    enabled: bool,
    notification_content_type: Notifications,
}

fn notifications(setting: Notifications) -> NotificationsBody {
    match setting {
        Notifications::Disabled => NotificationsBody {
            enabled: false,
            notification_content_type: Notifications::ExcludeMessagesContent,
        },
        notification_content_type => NotificationsBody { enabled: true, notification_content_type },
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Styles<'a> {
    primary_color: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Launcher {
    visibility: LauncherButton,
    display_type: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FileUpload<'a> {
    enable_attachments: bool,
    modes: Vec<Mode<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Mode<'a> {
    file_types: &'a [String],
    #[serde(rename = "maxFileSizeKB")]
    max_file_size_kb: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Auth<'a> {
    enabled: bool,
    allow_session_upgrade: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    login_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logout_url: Option<&'a str>,
}

/// Of this deployment; `base` is what its URLs start with.
pub fn of<'a>(deployment: &'a Deployment, base: &'a str) -> Config<'a> {
    let disconnect = match deployment.conversation_disconnect {
        ConversationDisconnect::Disabled => Disconnect { enabled: false, kind: "Send" },
        ConversationDisconnect::Send => Disconnect { enabled: true, kind: "Send" },
        ConversationDisconnect::ReadOnly => Disconnect { enabled: true, kind: "ReadOnly" },
    };
    let messenger = &deployment.messenger;
    let types = &deployment.attachment_types;
    let modes = match types.is_empty() {
        true => Vec::new(),
        false => vec![Mode { file_types: types, max_file_size_kb: deployment.attachment_max_kb }],
    };
    Config {
        id: deployment.id.as_str(),
        version: &deployment.version,
        headless_mode: Enabled { enabled: messenger.headless },
        languages: &deployment.languages,
        default_language: deployment.languages.first().map_or("en-us", String::as_str),
        custom_labels: messenger.labels.iter().map(labels).collect(),
        api_endpoint: base,
        messenger: Messenger {
            enabled: true,
            apps: Apps {
                conversations: Conversations {
                    enabled: true,
                    messaging_endpoint: base.replacen("http", "ws", 1),
                    show_agent_typing_indicator: deployment.agent_typing,
                    show_user_typing_indicator: deployment.guest_typing,
                    auto_start: Enabled { enabled: deployment.auto_start },
                    markdown: Enabled { enabled: messenger.markdown },
                    conversation_disconnect: disconnect,
                    conversation_clear: Enabled { enabled: deployment.conversation_clear },
                    humanize: HumanizeBody {
                        enabled: messenger.humanize.is_some(),
                        bot: messenger.humanize.as_ref(),
                    },
                    notifications: notifications(deployment.notifications),
                    session_duration_seconds: deployment.session_duration.secs(),
                },
            },
            styles: Styles { primary_color: &deployment.primary_color },
            launcher_button: Launcher { visibility: messenger.launcher_button, display_type: "Icon" },
            file_upload: FileUpload { enable_attachments: !types.is_empty(), modes },
            home_screen: Enabled { enabled: messenger.home_screen },
            session_persistence_type: messenger.session_persistence,
        },
        position: messenger.position,
        journey_events: Enabled { enabled: messenger.journey_events },
        auth: Auth {
            enabled: deployment.authentication,
            allow_session_upgrade: deployment.allow_session_upgrade,
            login_url: deployment.sign_in.login_url.as_deref(),
            logout_url: deployment.sign_in.logout_url.as_deref(),
        },
        status: deployment.status,
    }
}

/// The same with whatever else was written, such as what is of other applications on the page.
pub fn with_written(config: &Config<'_>, written: &Map<String, Value>) -> Value {
    let mut whole = serde_json::to_value(config).unwrap_or_default();
    if let Value::Object(members) = &mut whole {
        let said = written.iter().filter(|(name, _)| !UNPUBLISHED.contains(&name.as_str()));
        said.for_each(|(name, value)| lay(members, name, value));
    }
    whole
}

/// Members of a configuration that pages are not told.
const UNPUBLISHED: [&str; 3] = ["name", "description", "authenticationSettings"];

/// Lays a value over what is there; objects are laid over member by member.
fn lay(over: &mut Map<String, Value>, name: &str, value: &Value) {
    match (over.get_mut(name), value) {
        (Some(Value::Object(there)), Value::Object(more)) => {
            more.iter().for_each(|(name, value)| lay(there, name, value));
        }
        // nothing is null: the browser's bootstrap throws on it
        (_, Value::Null) => {}
        _ => drop(over.insert(name.to_owned(), value.clone())),
    }
}
