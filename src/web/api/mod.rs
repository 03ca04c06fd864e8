//! The Platform API.

mod downloads;
pub mod error;
mod external_contact_body;
mod external_contacts;
mod external_identifiers;
mod external_sources;
mod integrations;
mod listing;
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
