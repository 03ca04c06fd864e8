//! The Platform API.

mod body;
mod cursors;
mod downloads;
pub mod error;
mod external_contact_body;
mod external_contacts;
mod external_identifiers;
mod external_sources;
mod integration_admin;
mod integrations;
mod listing;
mod organizations;
pub mod publickey;
mod push_devices;
mod request;
mod tokens;
mod web_configurations;
mod web_deployments;
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
        .merge(integrations())
        .merge(deployments())
        .route("/api/v2/downloads/{key}", get(downloads::get))
        .route("/api/v2/integrations/actions/{id}/execute", post(integrations::execute))
        .route("/api/v2/oauth/publickey", get(publickey::get))
        .route("/api/v2/organizations/me", get(organizations::me))
        .route("/api/v2/tokens/me", get(tokens::get).head(tokens::head).delete(tokens::delete))
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
