//! The Platform API.

mod authorization;
mod authorization_roles;
mod body;
mod downloads;
pub mod error;
mod external_contact_body;
mod external_contacts;
mod external_identifiers;
mod external_sources;
mod integrations;
mod listing;
mod oauth_authorizations;
mod oauth_clients;
mod oauth_scopes;
mod oauth_usage;
mod organizations;
pub mod publickey;
mod push_devices;
mod request;
mod tokens;
mod webchat;
mod webdeployments;
mod webmessaging;

use axum::{
    Router,
    routing::{delete, get, post, put},
};

use super::root::{unserved, wrong_method};

pub fn routes() -> Router {
    Router::new()
        .merge(external())
        .merge(rights())
        .route("/api/v2/downloads/{key}", get(downloads::get))
        .route("/api/v2/integrations/actions/{id}/execute", post(integrations::execute))
        .route("/api/v2/oauth/publickey", get(publickey::get))
        .route("/api/v2/organizations/me", get(organizations::me))
        .route("/api/v2/tokens/me", get(tokens::get).head(tokens::head).delete(tokens::delete))
        .route("/api/v2/tokens/timeout", get(tokens::get_timeout).put(tokens::put_timeout))
        .route("/api/v2/tokens/{user}", delete(tokens::delete_all))
        .route("/api/v2/webchat/guest", post(webchat::post))
        .route("/api/v2/webchat/guest/{id}", get(webchat::get))
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
    let divisions = get(authorization::divisions).post(authorization::post_division);
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
        .route("/api/v2/authorization/divisions/{id}", get(authorization::division))
        .route("/api/v2/authorization/permissions", get(authorization_roles::permissions_known))
        .route("/api/v2/authorization/products", get(authorization::products))
        .route("/api/v2/authorization/roles", roles)
        .route("/api/v2/authorization/roles/{id}", get(authorization_roles::get))
        .route("/api/v2/authorization/subjects/me", get(authorization::me))
}
