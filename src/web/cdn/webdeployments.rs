//! `config.json` and `domains.json` of a deployment. Nothing is null: the browser's bootstrap throws on it.

use std::sync::Arc;

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::{
    domain::{
        deployment::{ConversationDisconnect, Deployment, DeploymentStatus},
        visit::Refusal,
    },
    journal::draft::Keep,
    ops::cx::Cx,
    web::{answer, extract::Id},
};

#[derive(Serialize)]
struct Enabled {
    enabled: bool,
}

const ON: Enabled = Enabled { enabled: true };
const OFF: Enabled = Enabled { enabled: false };

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Config<'a> {
    id: &'a str,
    version: &'a str,
    headless_mode: Enabled,
    languages: &'a [String],
    default_language: &'a str,
    api_endpoint: &'a str,
    messenger: Messenger<'a>,
    position: Position,
    journey_events: Enabled,
    auth: Auth,
    status: DeploymentStatus,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Messenger<'a> {
    enabled: bool,
    apps: Apps,
    styles: Styles<'a>,
    launcher_button: LauncherButton,
    file_upload: FileUpload<'a>,
    home_screen: Enabled,
    session_persistence_type: &'static str,
}

#[derive(Serialize)]
struct Apps {
    conversations: Conversations,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Conversations {
    enabled: bool,
    messaging_endpoint: String,
    show_agent_typing_indicator: bool,
    show_user_typing_indicator: bool,
    auto_start: Enabled,
    markdown: Enabled,
    conversation_disconnect: Disconnect,
    conversation_clear: Enabled,
    humanize: Enabled,
    notifications: Notifications,
    session_duration_seconds: i64,
}

#[derive(Serialize)]
struct Disconnect {
    enabled: bool,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Notifications {
    enabled: bool,
    notification_content_type: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Styles<'a> {
    primary_color: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LauncherButton {
    visibility: &'static str,
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
struct Position {
    alignment: &'static str,
    side_space: u32,
    bottom_space: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Auth {
    enabled: bool,
    allow_session_upgrade: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Domains<'a> {
    allow_all_domains: bool,
    allowed_domains: &'a [String],
}

fn config_of<'a>(deployment: &'a Deployment, base: &'a str) -> Config<'a> {
    let disconnect = match deployment.conversation_disconnect {
        ConversationDisconnect::Disabled => Disconnect { enabled: false, kind: "Send" },
        ConversationDisconnect::Send => Disconnect { enabled: true, kind: "Send" },
        ConversationDisconnect::ReadOnly => Disconnect { enabled: true, kind: "ReadOnly" },
    };
    let types = &deployment.attachment_types;
    let modes = match types.is_empty() {
        true => Vec::new(),
        false => vec![Mode { file_types: types, max_file_size_kb: deployment.attachment_max_kb }],
    };
    Config {
        id: deployment.id.as_str(),
        version: &deployment.version,
        headless_mode: OFF,
        languages: &deployment.languages,
        default_language: deployment.languages.first().map_or("en-us", String::as_str),
        api_endpoint: base,
        messenger: Messenger {
            enabled: true,
            apps: Apps {
                conversations: Conversations {
                    enabled: true,
                    messaging_endpoint: base.replacen("http", "ws", 1),
                    show_agent_typing_indicator: deployment.typing_indicators,
                    show_user_typing_indicator: deployment.typing_indicators,
                    auto_start: Enabled { enabled: deployment.auto_start },
                    markdown: ON,
                    conversation_disconnect: disconnect,
                    conversation_clear: Enabled { enabled: deployment.conversation_clear },
                    humanize: OFF,
                    notifications: Notifications {
                        enabled: false,
                        notification_content_type: "ExcludeMessagesContent",
                    },
                    session_duration_seconds: deployment.session_duration.secs(),
                },
            },
            styles: Styles { primary_color: &deployment.primary_color },
            launcher_button: LauncherButton { visibility: "On", display_type: "Icon" },
            file_upload: FileUpload { enable_attachments: !types.is_empty(), modes },
            home_screen: OFF,
            session_persistence_type: "AcrossSubdomains",
        },
        position: Position { alignment: "Auto", side_space: 20, bottom_space: 12 },
        journey_events: OFF,
        auth: Auth {
            enabled: deployment.authentication,
            allow_session_upgrade: deployment.allow_session_upgrade,
        },
        status: deployment.status,
    }
}

/// The CDN is an object store: what it does not have is forbidden, not missing.
fn forbidden(cx: &Cx, id: &str) -> Response {
    cx.refuse(Refusal::new("deployment.unknown", "There is no such deployment in this org").seen(id));
    denied()
}

fn denied() -> Response {
    let text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
    answer::bytes(StatusCode::FORBIDDEN, "application/xml", text)
}

fn find(cx: &Cx, id: &str) -> Option<Arc<Deployment>> {
    cx.state(|state| state.deployments.get(id).cloned())
}

/// Written once for each deployment and base URL.
fn document(cx: &Cx, name: &str, id: &str, value: impl FnOnce() -> Vec<u8>) -> Response {
    let text = cx.document(format!("{name} {id} {}", cx.base), value);
    let mut response = answer::journalled(answer::bytes(StatusCode::OK, "application/json", text), Keep::All);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("max-age=60"));
    response
}

/// A file that the CDN does not have.
pub async fn nothing(cx: Cx, Id(rest): Id) -> Response {
    cx.refuse(Refusal::new("file.unknown", "The CDN does not have this file").seen(rest));
    denied()
}

/// The published configuration.
pub async fn config(cx: Cx, Id(id): Id) -> Response {
    match find(&cx, &id) {
        Some(deployment) => document(&cx, "config", &id, || {
            serde_json::to_vec(&config_of(&deployment, &cx.base)).unwrap_or_default()
        }),
        None => forbidden(&cx, &id),
    }
}

/// The pages that may show the Messenger.
pub async fn domains(cx: Cx, Id(id): Id) -> Response {
    match find(&cx, &id) {
        Some(deployment) => document(&cx, "domains", &id, || {
            let domains = deployment.allowed_domains.as_deref();
            let (allow_all_domains, allowed_domains) = (domains.is_none(), domains.unwrap_or_default());
            serde_json::to_vec(&Domains { allow_all_domains, allowed_domains }).unwrap_or_default()
        }),
        None => forbidden(&cx, &id),
    }
}
