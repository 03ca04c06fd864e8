//! What the configuration of a deployment says that was never written: that of a scenario.

use serde_json::{Map, Value, json};

use super::{
    deployment::{ConversationDisconnect, Deployment, Notifications},
    messenger::Messenger,
};

/// File types that a configuration can name.
const FILE_TYPES: [&str; 3] = ["image/jpeg", "image/gif", "image/png"];

/// Of this deployment; `integration` is the id of the integration by which people sign in.
pub fn written(deployment: &Deployment, integration: Option<&str>) -> Map<String, Value> {
    let messenger = &deployment.messenger;
    let whole = json!({
        "name": format!("{} configuration", deployment.name),
        "languages": deployment.languages,
        "defaultLanguage": deployment.languages.first(),
        "customI18nLabels": labels(messenger),
        "headlessMode": { "enabled": messenger.headless },
        "messenger": {
            "enabled": true,
            "apps": { "conversations": conversations(deployment) },
            "styles": { "primaryColor": deployment.primary_color },
            "launcherButton": { "visibility": messenger.launcher_button },
            "fileUpload": file_upload(deployment),
            "homeScreen": { "enabled": messenger.home_screen },
            "sessionPersistenceType": messenger.session_persistence,
        },
        "position": messenger.position,
        "journeyEvents": { "enabled": messenger.journey_events },
    });
    let mut members = match whole {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    if let Some(id) = integration.filter(|_| deployment.authentication) {
        let upgrade = deployment.allow_session_upgrade;
        let settings = json!({ "enabled": true, "integrationId": id, "allowSessionUpgrade": upgrade });
        members.insert("authenticationSettings".to_owned(), settings);
    }
    members
}

fn labels(messenger: &Messenger) -> Value {
    let of_language = |(language, labels): (&String, &std::collections::BTreeMap<_, String>)| {
        let labels: Vec<_> =
            labels.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
        json!({ "language": language, "localizedLabels": labels })
    };
    messenger.labels.iter().map(of_language).collect()
}

fn conversations(deployment: &Deployment) -> Value {
    let messenger = &deployment.messenger;
    let disconnect = match deployment.conversation_disconnect {
        ConversationDisconnect::Disabled => json!({ "enabled": false, "type": "Send" }),
        ConversationDisconnect::Send => json!({ "enabled": true, "type": "Send" }),
        ConversationDisconnect::ReadOnly => json!({ "enabled": true, "type": "ReadOnly" }),
    };
    let notifications = match deployment.notifications {
        Notifications::Disabled => json!({ "enabled": false }),
        content => json!({ "enabled": true, "notificationContentType": content }),
    };
    let humanize = match &messenger.humanize {
        Some(bot) => json!({ "enabled": true, "bot": bot }),
        None => json!({ "enabled": false }),
    };
    json!({
        "enabled": true,
        "showAgentTypingIndicator": deployment.agent_typing,
        "showUserTypingIndicator": deployment.guest_typing,
        "autoStart": { "enabled": deployment.auto_start },
        "markdown": { "enabled": messenger.markdown },
        "conversationDisconnect": disconnect,
        "conversationClear": { "enabled": deployment.conversation_clear },
        "humanize": humanize,
        "notifications": notifications,
        "sessionDurationSeconds": deployment.session_duration.secs(),
    })
}

/// Types that no configuration can name are left out; all types are those that it can.
fn file_upload(deployment: &Deployment) -> Value {
    let types = &deployment.attachment_types;
    let any = |name: &str| types.iter().any(|one| one == name || one == "*/*" || one == "image/*");
    let named: Vec<_> = FILE_TYPES.into_iter().filter(|name| any(name)).collect();
    match named.is_empty() {
        true => json!({ "enableAttachments": false, "modes": [] }),
        false => json!({
            "enableAttachments": true,
            "modes": [{ "fileTypes": named, "maxFileSizeKB": deployment.attachment_max_kb }],
        }),
    }
}
