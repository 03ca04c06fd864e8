//! The org that a call to the control plane is about.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    RequestPartsExt,
    extract::{FromRequestParts, Path},
};
use http::{header, request::Parts};

use super::error::Problem;
use crate::{
    domain::deployment::host_of,
    ops::{app::App, org::Org},
    web::{address::Address, hallway::Peer},
};

/// The emulator.
pub struct TheApp(pub Arc<App>);

impl<S: Sync> FromRequestParts<S> for TheApp {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let app = parts.extensions.get::<Arc<App>>().map(Arc::clone);
        app.map(Self).ok_or_else(|| Problem::new(500, "Not wired", "The route has no emulator"))
    }
}

/// The org that the path names, if it names one.
pub struct Named(pub Option<Arc<Org>>);

impl<S: Sync> FromRequestParts<S> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let TheApp(app) = TheApp::from_request_parts(parts, state).await?;
        let named = parts.extract::<Path<BTreeMap<String, String>>>().await;
        let Some(id) = named.ok().and_then(|Path(names)| names.get("org").cloned()) else {
            return Ok(Self(None));
        };
        app.org(&id).map(|org| Self(Some(org))).ok_or_else(|| Problem::not_found("org", &id))
    }
}

/// There is no default org.
pub fn no_org() -> Problem {
    Problem::new(404, "No org", "There is no org at all")
}

/// The org that the path names, else the default org.
pub struct TheOrg(pub Arc<Org>);

impl<S: Sync> FromRequestParts<S> for TheOrg {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let TheApp(app) = TheApp::from_request_parts(parts, state).await?;
        let Named(named) = Named::from_request_parts(parts, state).await?;
        named.or_else(|| app.default_org()).map(Self).ok_or_else(no_org)
    }
}

/// What URLs that lead to this emulator start with, as the caller knows it.
pub struct Base(pub String);

impl<S: Sync> FromRequestParts<S> for Base {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let TheApp(app) = TheApp::from_request_parts(parts, state).await?;
        let mut headers = http::HeaderMap::new();
        // the listener of the admin API alone serves no org: what it made is on the port of the other one
        let peer = parts.extensions.get::<Peer>();
        let elsewhere = peer.and_then(|peer| peer.admin_of);
        // over TLS, so is what it made
        let secure = peer.is_some_and(|peer| peer.secure);
        let host = parts.headers.get(header::HOST).cloned().map(|host| match (host.to_str(), elsewhere) {
            (Ok(name), Some(port)) => format!("{}:{port}", host_of(name)).parse().unwrap_or(host),
            _ => host,
        });
        headers.extend(host.map(|host| (header::HOST, host)));
        let root = http::Uri::from_static("/");
        Ok(Self(Address::of(&root, &headers).base(&app.settings, secure)))
    }
}
