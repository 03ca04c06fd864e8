//! The Platform API.

mod agentless;
mod authorization;
mod authorization_roles;
mod body;
mod cached_media;
pub mod chat_body;
mod chat_conversation_body;
mod chat_create;
mod chat_deployments;
pub mod chat_guest;
mod communication_error;
pub mod conversation_body;
mod conversation_chats;
mod conversation_media;
mod conversation_messages;
mod conversation_more;
mod conversations;
mod cursors;
mod division_changes;
mod downloads;
pub mod error;
mod external_contact_body;
mod external_contacts;
mod external_identifiers;
mod external_sources;
mod integration_admin;
mod integrations;
mod listing;
mod medium;
pub mod message_conversation_body;
mod message_data;
mod messaging_settings;
mod notifications;
mod oauth_authorizations;
mod oauth_clients;
mod oauth_scopes;
mod oauth_usage;
mod open_integrations;
mod open_messages;
pub mod open_webhook;
mod organization_limits;
mod organizations;
mod presence;
pub mod publickey;
mod push_devices;
mod query;
mod queue_members;
mod queues;
mod request;
mod signed_data;
pub mod station_body;
mod stations;
mod supported_content;
mod tokens;
mod user_body;
mod user_expand;
mod user_roles;
mod users;
mod web_configurations;
mod web_deployments;
mod webchat;
mod webdeployments;
mod webmessaging;
mod wrapup_codes;

use axum::{
    Router,
    routing::{delete, get, head, patch, post, put},
};

use super::root::{unserved, wrong_method};

pub fn routes() -> Router {
    const LIMITS: &str = "/api/v2/organizations/limits/namespaces";
    Router::new()
        .merge(external())
        .merge(notification())
        .merge(users())
        .merge(people())
        .merge(conversation())
        .merge(message_conversation())
        .merge(chat_conversation())
        .merge(chats())
        .merge(routing())
        .merge(open_messaging())
        .merge(messaging())
        .merge(rights())
        .merge(integrations())
        .merge(deployments())
        .route("/api/v2/downloads/{key}", get(downloads::get))
        .route("/api/v2/integrations/actions/{id}/execute", post(integrations::execute))
        .route("/api/v2/oauth/publickey", get(publickey::get))
        .route(LIMITS, get(organization_limits::namespaces))
        .route(&[LIMITS, "/{namespace}"].concat(), get(organization_limits::get))
        .route(&[LIMITS, "/{namespace}/defaults"].concat(), get(organization_limits::defaults))
        .route("/api/v2/organizations/me", get(organizations::me).put(organizations::put))
        .route("/api/v2/signeddata", post(signed_data::post))
        .route("/api/v2/tokens/me", get(tokens::get).head(tokens::head).delete(tokens::delete))
        .route("/api/v2/tokens/timeout", get(tokens::get_timeout).put(tokens::put_timeout))
        .route("/api/v2/tokens/{user}", delete(tokens::delete_all))
        .route("/api/v2/webdeployments/token/oauthcodegrantjwtexchange", post(webdeployments::post_exchange))
        .route("/api/v2/webdeployments/token/refresh", post(webdeployments::post_refresh))
        .route("/api/v2/webdeployments/token/revoke", delete(webdeployments::revoke))
        .route("/api/v2/webmessaging/messages", get(webmessaging::messages))
        .route(
            "/api/v2/webmessaging/deployments/{deployment}/pushdevices/{token}",
            post(push_devices::post).patch(push_devices::patch).delete(push_devices::delete),
        )
        .route("/api/v2/{*rest}", axum::routing::any(unserved))
        .method_not_allowed_fallback(wrong_method)
}

/// Who is told what happens.
fn notification() -> Router {
    const CHANNELS: &str = "/api/v2/notifications/channels";
    let subscriptions = get(notifications::subscriptions)
        .post(notifications::add)
        .put(notifications::replace)
        .delete(notifications::clear);
    Router::new()
        .route("/api/v2/notifications/availabletopics", get(notifications::available))
        .route(CHANNELS, get(notifications::list).post(notifications::post))
        .route(&[CHANNELS, "/{id}"].concat(), head(notifications::head))
        .route(&[CHANNELS, "/{id}/subscriptions"].concat(), subscriptions)
}

/// Who works for the org.
fn users() -> Router {
    const USER: &str = "/api/v2/users/{id}";
    const STATION: &str = "/api/v2/users/{id}/station";
    let of_user = |rest: &str| [USER, rest].concat();
    let station = |rest: &str| [STATION, rest].concat();
    let one = get(users::get).patch(users::patch).delete(users::delete);
    Router::new()
        .route("/api/v2/users", get(users::list).post(users::post))
        .route("/api/v2/users/me", get(users::me))
        .route(USER, one)
        .route(&of_user("/queues"), get(queue_members::queues).patch(queue_members::join))
        .route(&of_user("/queues/{queue}"), patch(queue_members::join_one))
        .route(&of_user("/roles"), get(user_roles::get).put(user_roles::put))
        .route(STATION, get(stations::of_user))
        .route(&station("/associatedstation"), delete(stations::disassociate))
        .route(&station("/associatedstation/{station}"), put(stations::associate))
        .route(&station("/defaultstation"), delete(stations::delete_default))
        .route(&station("/defaultstation/{station}"), put(stations::put_default))
        .route("/api/v2/stations", get(stations::list))
        .route("/api/v2/stations/{id}", get(stations::get))
        .route("/api/v2/stations/{id}/associateduser", delete(stations::free))
}

/// Where users are.
fn people() -> Router {
    const DEFINITIONS: &str = "/api/v2/presencedefinitions";
    let elsewhere = get(presence::get_elsewhere).patch(presence::patch_elsewhere);
    let definition = get(presence::definition).put(presence::redefine).delete(presence::undefine);
    Router::new()
        .route("/api/v2/systempresences", get(presence::system))
        .route(DEFINITIONS, get(presence::list).post(presence::define))
        .route(&[DEFINITIONS, "/{id}"].concat(), definition)
        .route("/api/v2/users/{id}/presences/purecloud", get(presence::get).patch(presence::patch))
        .route("/api/v2/users/{id}/presences/{source}", elsewhere)
        .route("/api/v2/users/{id}/routingstatus", get(presence::routing).put(presence::route))
}

/// Conversations of all media.
fn conversation() -> Router {
    use medium::Any;
    const ONE: &str = "/api/v2/conversations/{id}";
    const PARTICIPANT: &str = "/api/v2/conversations/{id}/participants/{participant}";
    Router::new()
        .route("/api/v2/conversations", get(conversations::list))
        .route(ONE, get(conversations::get).delete(conversations::delete))
        .route(&[ONE, "/disconnect"].concat(), post(conversations::disconnect))
        .route(&[ONE, "/recordingstate"].concat(), patch(conversation_more::record_any))
        .route(&[ONE, "/tags"].concat(), put(conversation_more::tag))
        .route(&[PARTICIPANT, "/wrapup"].concat(), get(conversation_messages::wrapup::<Any>))
        .route(&[PARTICIPANT, "/wrapupcodes"].concat(), get(conversation_messages::codes::<Any>))
        .route(PARTICIPANT, patch(conversations::patch))
        .route(&[PARTICIPANT, "/attributes"].concat(), patch(conversations::attributes))
}

/// Conversations by messages.
fn message_conversation() -> Router {
    use conversation_messages as messages;
    use medium::Messages;
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
    use conversation_chats as chats;
    use conversation_messages as messages;
    use medium::Chats;
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
fn chats() -> Router {
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
    use messaging_settings as settings;
    const SETTINGS: &str = messaging_settings::SETTINGS;
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

/// Where conversations wait, and what they were about.
fn routing() -> Router {
    const QUEUES: &str = "/api/v2/routing/queues";
    const CODES: &str = "/api/v2/routing/wrapupcodes";
    let queue = get(queues::get).put(queues::put).delete(queues::delete);
    let code = get(wrapup_codes::get).put(wrapup_codes::put).delete(wrapup_codes::delete);
    Router::new()
        .route(QUEUES, get(queues::list).post(queues::post))
        .route(&[QUEUES, "/me"].concat(), get(queues::mine))
        .route(&[QUEUES, "/{id}"].concat(), queue)
        .route(&[QUEUES, "/{id}/members"].concat(), get(queue_members::list).post(queue_members::post))
        .route(&[QUEUES, "/{id}/members/{user}"].concat(), delete(queue_members::delete))
        .route(CODES, get(wrapup_codes::list).post(wrapup_codes::post))
        .route(&[CODES, "/divisionviews"].concat(), get(wrapup_codes::division_views))
        .route(&[CODES, "/divisionviews/{id}"].concat(), get(wrapup_codes::division_view))
        .route(&[CODES, "/{id}"].concat(), code)
}

/// Whom applications know outside.
fn external() -> Router {
    const CONTACTS: &str = "/api/v2/externalcontacts/contacts";
    const SOURCES: &str = "/api/v2/externalcontacts/externalsources";
    let one = get(external_contacts::get)
        .put(external_contacts::put)
        .patch(external_contacts::patch)
        .delete(external_contacts::delete);
    let identifiers = get(external_identifiers::list).patch(external_identifiers::patch);
    let source = get(external_sources::get).put(external_sources::put).delete(external_sources::delete);
    Router::new()
        .route(CONTACTS, get(external_contacts::list).post(external_contacts::post))
        .route(&[CONTACTS, "/merge"].concat(), post(external_identifiers::merge))
        .route("/api/v2/externalcontacts/merge/contacts", post(external_identifiers::merge_two))
        .route(&[CONTACTS, "/{id}"].concat(), one)
        .route(&[CONTACTS, "/{id}/unresolved"].concat(), get(external_contacts::unresolved))
        .route(&[CONTACTS, "/{id}/identifiers"].concat(), identifiers)
        .route(&[CONTACTS, "/{id}/promotion"].concat(), post(external_identifiers::promote))
        .route("/api/v2/externalcontacts/identifierlookup", post(external_identifiers::lookup))
        .route("/api/v2/externalcontacts/identifierlookup/contacts", post(external_identifiers::lookup))
        .route("/api/v2/externalcontacts/conversations/{id}", put(external_identifiers::associate))
        .route(SOURCES, get(external_sources::list).post(external_sources::post))
        .route(&[SOURCES, "/{id}"].concat(), source)
}

/// Who may what: OAuth clients, roles, divisions.
fn rights() -> Router {
    const CLIENT: &str = "/api/v2/oauth/clients/{id}";
    let clients = get(oauth_clients::list).post(oauth_clients::post);
    let client = get(oauth_clients::get).put(oauth_clients::put).delete(oauth_clients::delete);
    let roles = get(authorization_roles::list).post(authorization_roles::post);
    let divisions = get(authorization::list_divisions).post(authorization::post_division);
    let division = get(authorization::division).put(division_changes::put).delete(division_changes::delete);
    let role = get(authorization_roles::get)
        .post(user_roles::grant)
        .put(authorization_roles::put)
        .patch(authorization_roles::patch)
        .delete(authorization_roles::delete);
    Router::new()
        .route("/api/v2/oauth/clients", clients)
        .route(CLIENT, client)
        .route(&[CLIENT, "/secret"].concat(), post(oauth_clients::post_secret))
        .route(&[CLIENT, "/usage/query"].concat(), post(oauth_usage::query))
        .route(&[CLIENT, "/usage/query/results/{execution}"].concat(), get(oauth_usage::results))
        .route(&[CLIENT, "/usage/summary"].concat(), get(oauth_usage::summary))
        .route("/api/v2/oauth/scopes", get(oauth_scopes::list))
        .route("/api/v2/oauth/scopes/{id}", get(oauth_scopes::get))
        .route("/api/v2/oauth/authorizations", get(oauth_authorizations::list))
        .route("/api/v2/oauth/authorizations/{id}", get(oauth_authorizations::get))
        .route("/api/v2/authorization/divisions", divisions)
        .route("/api/v2/authorization/divisions/{id}", division)
        .route("/api/v2/authorization/divisionspermitted/me", get(division_changes::permitted_whole))
        .route("/api/v2/authorization/divisionspermitted/paged/me", get(division_changes::permitted_paged))
        .route("/api/v2/authorization/permissions", get(authorization_roles::permissions_known))
        .route("/api/v2/authorization/products", get(authorization::products))
        .route("/api/v2/authorization/roles", roles)
        .route("/api/v2/authorization/roles/{id}", role)
        .route("/api/v2/authorization/subjects/me", get(authorization::me))
        .route("/api/v2/authorization/subjects/{id}", get(authorization::subject))
}

/// What lets people sign in to chats.
fn integrations() -> Router {
    const INTEGRATIONS: &str = "/api/v2/integrations";
    const CREDENTIALS: &str = "/api/v2/integrations/credentials";
    use integration_admin as admin;
    let configuration = get(admin::get_configuration).put(admin::put_configuration);
    let credential = get(admin::get_credential).put(admin::put_credential).delete(admin::delete_credential);
    Router::new()
        .route(INTEGRATIONS, get(admin::list).post(admin::post))
        .route(&[INTEGRATIONS, "/types"].concat(), get(admin::types))
        .route(&[INTEGRATIONS, "/types/{id}"].concat(), get(admin::get_type))
        .route(&[INTEGRATIONS, "/{id}"].concat(), get(admin::get).patch(admin::patch).delete(admin::delete))
        .route(&[INTEGRATIONS, "/{id}/config/current"].concat(), configuration)
        .route(CREDENTIALS, get(admin::credentials).post(admin::post_credential))
        .route(&[CREDENTIALS, "/listing"].concat(), get(admin::credentials))
        .route(&[CREDENTIALS, "/types"].concat(), get(admin::credential_types))
        .route(&[CREDENTIALS, "/{id}"].concat(), credential)
}

/// Where guests come in.
fn deployments() -> Router {
    const DEPLOYMENTS: &str = "/api/v2/webdeployments/deployments";
    const CONFIGURATIONS: &str = web_configurations::CONFIGURATIONS;
    let one = get(web_deployments::get).put(web_deployments::put).delete(web_deployments::delete);
    let draft = get(web_configurations::draft).put(web_configurations::put_draft);
    let resolution = get(web_deployments::get_resolution).put(web_deployments::put_resolution);
    Router::new()
        .route(DEPLOYMENTS, get(web_deployments::list).post(web_deployments::post))
        .route(&[DEPLOYMENTS, "/{id}"].concat(), one)
        .route(&[DEPLOYMENTS, "/{id}/configurations"].concat(), get(web_deployments::configurations))
        .route(&[DEPLOYMENTS, "/{id}/identityresolution"].concat(), resolution)
        .route(CONFIGURATIONS, get(web_configurations::list).post(web_configurations::post))
        .route(&[CONFIGURATIONS, "/{id}"].concat(), delete(web_configurations::delete))
        .route(&[CONFIGURATIONS, "/{id}/versions"].concat(), get(web_configurations::versions))
        .route(&[CONFIGURATIONS, "/{id}/versions/draft"].concat(), draft)
        .route(&[CONFIGURATIONS, "/{id}/versions/draft/publish"].concat(), post(web_configurations::publish))
        .route(&[CONFIGURATIONS, "/{id}/versions/{version}"].concat(), get(web_configurations::version))
}
