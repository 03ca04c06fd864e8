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
mod conversation_routes;
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
        .merge(conversation_routes::routes())
        .merge(routing())
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
