//! The route table of conversations, by whatever medium.

use axum::{
    Router,
    routing::{get, patch, post, put},
};

use super::{
    agentless, cached_media, chat_create, chat_deployments, chat_guest, conversation_chats as chats,
    conversation_media, conversation_messages as messages, conversation_more, conversations,
    medium::{Any, Chats, Messages},
    messaging_settings as settings, open_integrations, open_messages, supported_content, webchat,
};

/// All of them.
pub fn routes() -> Router {
    Router::new()
        .merge(conversation())
        .merge(message_conversation())
        .merge(chat_conversation())
        .merge(guest_chats())
        .merge(open_messaging())
        .merge(messaging())
}

/// Conversations of all media.
fn conversation() -> Router {
    const ONE: &str = "/api/v2/conversations/{id}";
    const PARTICIPANT: &str = "/api/v2/conversations/{id}/participants/{participant}";
    Router::new()
        .route("/api/v2/conversations", get(conversations::list))
        .route(ONE, get(conversations::get).delete(conversations::delete))
        .route(&[ONE, "/disconnect"].concat(), post(conversations::disconnect))
        .route(&[ONE, "/recordingstate"].concat(), patch(conversation_more::record_any))
        .route(&[ONE, "/tags"].concat(), put(conversation_more::tag))
        .route(&[PARTICIPANT, "/wrapup"].concat(), get(messages::wrapup::<Any>))
        .route(&[PARTICIPANT, "/wrapupcodes"].concat(), get(messages::codes::<Any>))
        .route(PARTICIPANT, patch(conversations::patch))
        .route(&[PARTICIPANT, "/attributes"].concat(), patch(conversations::attributes))
}

/// Conversations by messages.
fn message_conversation() -> Router {
    const ALL: &str = "/api/v2/conversations/messages";
    let one = |rest: &str| [ALL, "/{id}", rest].concat();
    let participant = |rest: &str| [ALL, "/{id}/participants/{participant}", rest].concat();
    let communication = |rest: &str| [ALL, "/{id}/communications/{communication}", rest].concat();
    let media = get(conversation_media::list).post(conversation_media::post);
    let wrapup = get(messages::wrapup::<Messages>).post(messages::wrap_up::<Messages>);
    let item = get(cached_media::get).delete(cached_media::delete);
    Router::new()
        .route(ALL, get(messages::list::<Messages>).post(conversation_more::post))
        .route("/api/v2/conversations/messages/cachedmedia", get(cached_media::list))
        .route("/api/v2/conversations/messages/cachedmedia/{id}", item)
        .route(&one(""), get(messages::get::<Messages>).patch(messages::patch::<Messages>))
        .route(&one("/details"), get(messages::details))
        .route(&one("/messages/bulk"), post(messages::bulk))
        .route(&one("/messages/{message}"), get(messages::message))
        .route(&participant(""), patch(messages::patch_participant::<Messages>))
        .route(&participant("/attributes"), patch(messages::attributes::<Messages>))
        .route(
            &participant("/communications/{communication}"),
            patch(messages::patch_communication::<Messages>),
        )
        .route(&participant("/communications/{communication}/wrapup"), wrapup)
        .route(&one("/recordingstate"), put(conversation_more::record))
        .route(&participant("/monitor"), post(conversation_more::monitor))
        .route(&participant("/parkingstate"), patch(messages::park))
        .route(&participant("/replace"), post(messages::replace::<Messages>))
        .route(&participant("/wrapup"), get(messages::wrapup::<Messages>))
        .route(&participant("/wrapupcodes"), get(messages::codes::<Messages>))
        .route(&communication("/messages"), post(messages::post_message))
        .route(&communication("/messages/media"), media)
        .route(&communication("/messages/media/uploads"), post(conversation_media::upload))
        .route(&communication("/messages/media/{media}"), get(conversation_media::get))
        .route(&communication("/socialmedia/messages"), post(conversation_more::publish))
        .route(&communication("/typing"), post(messages::typing))
}

/// Legacy web chats, as agents see them.
fn chat_conversation() -> Router {
    const ALL: &str = "/api/v2/conversations/chats";
    let one = |rest: &str| [ALL, "/{id}", rest].concat();
    let participant = |rest: &str| [ALL, "/{id}/participants/{participant}", rest].concat();
    let wrapup = get(messages::wrapup::<Chats>).post(messages::wrap_up::<Chats>);
    let communication = participant("/communications/{communication}");
    Router::new()
        .route(ALL, get(messages::list::<Chats>).post(chats::post))
        .route(&one(""), get(messages::get::<Chats>).patch(messages::patch::<Chats>))
        .route(&one("/messages"), get(chats::messages))
        .route(&one("/messages/{message}"), get(chats::message))
        .route(&one("/recordingstate"), put(chats::record))
        .route(&one("/communications/{communication}/messages"), post(chats::say))
        .route(&one("/communications/{communication}/typing"), post(chats::typing))
        .route(&participant(""), patch(messages::patch_participant::<Chats>))
        .route(&participant("/attributes"), patch(messages::attributes::<Chats>))
        .route(&communication, patch(messages::patch_communication::<Chats>))
        .route(&[&communication, "/wrapup"].concat(), wrapup)
        .route(&participant("/replace"), post(messages::replace::<Chats>))
        .route(&participant("/wrapup"), get(messages::wrapup::<Chats>))
        .route(&participant("/wrapupcodes"), get(messages::codes::<Chats>))
}

/// Legacy web chats, as guests and administrators see them; and guests of the guide dialect.
fn guest_chats() -> Router {
    const DEPLOYMENTS: &str = "/api/v2/webchat/deployments";
    const CHATS: &str = "/api/v2/webchat/guest/conversations";
    let one = |rest: &str| [CHATS, "/{id}", rest].concat();
    let deployment = get(chat_deployments::get).put(chat_deployments::put).delete(chat_deployments::delete);
    let settings = get(chat_deployments::settings)
        .put(chat_deployments::put_settings)
        .delete(chat_deployments::delete_settings);
    let request = get(chat_guest::get_request).patch(chat_guest::patch_request);
    Router::new()
        .route("/api/v2/webchat/guest", post(webchat::post))
        .route("/api/v2/webchat/guest/{id}", get(webchat::get))
        .route(CHATS, post(chat_create::post))
        .route(&one("/mediarequests"), get(chat_guest::requests))
        .route(&one("/mediarequests/{request}"), request)
        .route(&one("/members"), get(chat_guest::members))
        .route(&one("/members/{member}"), get(chat_guest::member).delete(chat_guest::leave))
        .route(&one("/members/{member}/messages"), post(chat_guest::say))
        .route(&one("/members/{member}/typing"), post(chat_guest::typing))
        .route(&one("/messages"), get(chat_guest::messages))
        .route(&one("/messages/{message}"), get(chat_guest::message))
        .route(DEPLOYMENTS, get(chat_deployments::list).post(chat_deployments::post))
        .route(&[DEPLOYMENTS, "/{id}"].concat(), deployment)
        .route("/api/v2/webchat/settings", settings)
}

/// People whom applications talk to for the org.
fn open_messaging() -> Router {
    const ALL: &str = "/api/v2/conversations/messaging/integrations/open";
    const INBOUND: &str = "/api/v2/conversations/messages/{id}/inbound/open";
    let one = get(open_integrations::get).patch(open_integrations::patch).delete(open_integrations::delete);
    Router::new()
        .route(ALL, get(open_integrations::list).post(open_integrations::post))
        .route(&[ALL, "/{id}"].concat(), one)
        .route("/api/v2/conversations/messages/agentless", post(agentless::post))
        .route("/api/v2/conversations/messages/inbound/open", post(open_messages::inbound))
        .route(&[INBOUND, "/event"].concat(), post(open_messages::event))
        .route(&[INBOUND, "/message"].concat(), post(open_messages::message))
        .route(&[INBOUND, "/receipt"].concat(), post(open_messages::receipt))
        .route(&[INBOUND, "/structured/response"].concat(), post(open_messages::structured))
}

/// What may be in messages, and what is done with them.
fn messaging() -> Router {
    const SETTINGS: &str = settings::SETTINGS;
    const PROFILES: &str = supported_content::PROFILES;
    let default = get(settings::default).put(settings::put_default).delete(settings::delete_default);
    let setting = get(settings::get).patch(settings::patch).delete(settings::delete);
    let profile =
        get(supported_content::get).patch(supported_content::patch).delete(supported_content::delete);
    let default_profile = get(supported_content::default).put(supported_content::put_default);
    Router::new()
        .route(
            "/api/v2/conversations/messaging/threadingtimeline",
            get(settings::windows).put(settings::put_windows),
        )
        .route(SETTINGS, get(settings::list).post(settings::post))
        .route(&[SETTINGS, "/default"].concat(), default)
        .route(&[SETTINGS, "/{id}"].concat(), setting)
        .route(PROFILES, get(supported_content::list).post(supported_content::post))
        .route(&[PROFILES, "/default"].concat(), default_profile)
        .route(&[PROFILES, "/{id}"].concat(), profile)
}
