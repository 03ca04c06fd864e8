//! Notifications, as the platform spells them.

use serde::{Serialize, Serializer};

use super::{
    chat_events::ChatBody,
    conversation_events::{DetailBody, TypingBody},
};
use crate::{
    base::time::Timestamp,
    domain::{
        notification::{Notification, System, Told},
        user_status::{Presence, RoutingStatus},
    },
    web::api::{
        conversation_body::ConversationBody, message_conversation_body::MessageConversationBody,
        station_body::UserStations,
    },
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a> {
    topic_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'static str>,
    event_body: Body<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Metadata<'a>>,
}

/// Spelled with a capital by the platform.
#[derive(Serialize)]
struct Metadata<'a> {
    #[serde(rename = "CorrelationId")]
    correlation_id: &'a str,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<&'static str>,
}

#[derive(Serialize)]
struct Words<'a> {
    message: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SystemBody<'a> {
    channel_id: &'a str,
    system_topic_type: &'static str,
    correlation_id: &'a str,
    organization_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<&'a str>,
    oauth_client_id: &'a str,
    reason: &'static str,
    message: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PresenceBody<'a> {
    source: &'static str,
    presence_definition: Definition<'a>,
    primary: bool,
    message: &'a str,
    modified_date: Timestamp,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Definition<'a> {
    id: &'a str,
    system_presence: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RoutingBody<'a> {
    id: &'a str,
    routing_status: Status,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    status: RoutingStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_time: Option<Timestamp>,
}

/// Notifications spell what a presence stands for as a constant.
fn presence_body(presence: &Presence) -> PresenceBody<'_> {
    let Presence { definition, system, message, modified } = presence;
    PresenceBody {
        source: "PURECLOUD",
        presence_definition: Definition {
            id: definition,
            system_presence: system.to_uppercase().replace(' ', "_"),
        },
        primary: true,
        message,
        modified_date: modified.up_to_millis(),
    }
}

struct Body<'a>(&'a Told);

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Told::Words(message) => Words { message }.serialize(s),
            Told::System(system) => system_body(system).serialize(s),
            Told::Conversation(shown) => ConversationBody::told(shown).serialize(s),
            Told::MessageConversation(shown) | Told::ChatConversation(shown) => {
                MessageConversationBody::told(shown).serialize(s)
            }
            Told::Chat(told) => ChatBody(told).serialize(s),
            Told::GuestTypes(shown, id, at) => TypingBody::of(shown, id, *at).serialize(s),
            Told::Detail(detail) => DetailBody::of(detail).serialize(s),
            Told::Presence(presence) => presence_body(presence).serialize(s),
            Told::Stations(stations, _) => UserStations::of(stations).serialize(s),
            Told::RoutingStatus(user, status, since) => {
                let start_time = since.map(Timestamp::up_to_millis);
                let routing_status = Status { status: *status, start_time };
                RoutingBody { id: user.as_str(), routing_status }.serialize(s)
            }
        }
    }
}

fn system_body(system: &System) -> SystemBody<'_> {
    let System { topic, channel, org, user, client, correlation_id } = system;
    SystemBody {
        channel_id: channel.as_str(),
        system_topic_type: topic.name(),
        correlation_id,
        organization_id: org.as_str(),
        user_id: user.as_ref().map(|user| user.as_str()),
        oauth_client_id: client.as_str(),
        reason: topic.reason(),
        message: topic.message(),
    }
}

/// What is written of a notification.
pub fn notification(notification: &Notification) -> impl Serialize + '_ {
    let Notification { topic, correlation_id, body, .. } = notification;
    let (kind, action) = match body {
        Told::Chat(told) => (Some(told.event.kind()), None),
        Told::Stations(_, action) => (None, Some(action.name())),
        _ => (None, None),
    };
    Envelope {
        topic_name: topic,
        // what happens in the org has one, what is of the socket has none
        version: correlation_id.as_ref().map(|_| "2"),
        event_body: Body(body),
        metadata: correlation_id.as_deref().map(|correlation_id| Metadata { correlation_id, kind, action }),
    }
}
