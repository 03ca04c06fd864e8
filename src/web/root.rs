//! Paths that no surface has.

use axum::response::Response;
use http::{Method, StatusCode, Uri};

use super::{answer, dialect};
use crate::{
    domain::visit::{Refusal, Surface},
    journal::redact_target,
    ops::cx::Cx,
};

const WELCOME: &str = "genesys-emulator: an emulated Genesys Cloud for tests.\n\n\
    POST /oauth/token\nPOST /api/v2/webchat/guest\nGET  /api/v2/oauth/publickey\n\
    GET  /webdeployments/v1/deployments/{id}/config.json\nGET  /v1?deploymentId={id}   (WebSocket)\n\
    GET  /.well-known/openid-configuration\nGET  /idp/{name}/.well-known/openid-configuration\n\
    GET  /__admin/health\n";

/// `/`, and everything that is not served.
pub async fn unserved(cx: Cx, method: Method, uri: Uri) -> Response {
    let path = &*redact_target::path(uri.path());
    match cx.surface {
        Surface::Unknown if path == "/" && matches!(method, Method::GET | Method::HEAD) => {
            answer::bytes(StatusCode::OK, "text/plain; charset=utf-8", WELCOME)
        }
        Surface::Api => {
            let words = format!("This emulator does not serve {method} {path}");
            cx.refuse(Refusal::new("path.unserved", words.as_str()));
            dialect::error(&cx, 501, Some("not.implemented"), Some(&words))
        }
        _ => {
            let words = format!("There is nothing at {method} {path}");
            cx.refuse(Refusal::new("path.unknown", words.as_str()));
            dialect::error(&cx, 404, Some("not.found"), Some(&words))
        }
    }
}

/// The proxy was asked for a host that is not served.
pub fn stray(cx: &Cx, why: &str) -> Response {
    cx.refuse(Refusal::new("proxy.stray", why));
    dialect::error(cx, 403, Some("not.authorized"), Some(why))
}

/// A path that is served, but not with this method.
pub async fn wrong_method(cx: Cx, method: Method, uri: Uri) -> Response {
    not_with(&cx, &method, &uri)
}

/// The same, to be called.
pub fn not_with(cx: &Cx, method: &Method, uri: &Uri) -> Response {
    let words = format!("{} is not served with {method}", redact_target::path(uri.path()));
    cx.refuse(Refusal::new("method.unserved", words.as_str()));
    dialect::error(cx, 405, Some("method.not.allowed"), Some(&words))
}
