//! `GET /api/v2/organizations/me`: the org of the token.

use std::{collections::BTreeMap, sync::Arc};

use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use super::error::from_access;
use crate::{
    ops::{
        access::{Requirement, require},
        cx::Cx,
    },
    web::{answer, extract::Authorization},
};

/// The vendor asks for no permission.
const SEE: Requirement = Requirement {
    scopes: &["organization", "organization:readonly"],
    permissions: &[],
    all: false,
    dialect: false,
};

/// `Organization`, without what this emulator has nothing of.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Organization<'a> {
    id: &'a str,
    name: &'a str,
    default_language: &'a str,
    default_country_code: &'a str,
    domain: &'a str,
    /// Clients look flags up in it, and take a missing one for `false`.
    features: BTreeMap<&'a str, bool>,
    version: u32,
    state: &'static str,
    product_platform: &'static str,
    self_uri: String,
}

/// The org.
pub async fn me(cx: Cx, authorization: Authorization) -> Response {
    if let Err(error) = require(&cx, authorization.text(), SEE).await {
        return from_access(&cx, &error);
    }
    let settings = cx.state(|state| Arc::clone(&state.settings));
    let organization = Organization {
        id: cx.org.id.as_str(),
        name: &settings.name,
        default_language: &settings.default_language,
        default_country_code: &settings.default_country_code,
        domain: &settings.guest_tokens.tenant_domain,
        features: BTreeMap::new(),
        version: 1,
        state: "active",
        product_platform: "GenesysCloud",
        self_uri: format!("/api/v2/organizations/{}", cx.org.id),
    };
    answer::json(StatusCode::OK, &organization)
}
