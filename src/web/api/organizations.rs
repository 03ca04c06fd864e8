//! `/api/v2/organizations/me`: the org of the token.

use std::{collections::BTreeMap, sync::Arc};

use axum::{body::Bytes, response::Response};
use http::StatusCode;
use serde::Serialize;

use super::{
    body::{Body, conflict, refused},
    request::{Refused, admitted},
};
use crate::{
    ops::{
        cx::Cx,
        organization::{self as ops, OrganizationError, Said},
    },
    web::{answer, extract::Authorization},
};

/// The scopes of whoever only reads.
pub const READ: &[&str] = &["organization", "organization:readonly"];
const WRITE: &[&str] = &["organization"];
const ADMIN: &[&str] = &["directory:organization:admin"];

/// `Organization`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    id: String,
    name: String,
    default_language: String,
    default_country_code: String,
    #[serde(rename = "thirdPartyURI", skip_serializing_if = "Option::is_none")]
    third_party_uri: Option<String>,
    domain: String,
    /// Clients look flags up in it, and take a missing one for `false`.
    features: BTreeMap<&'static str, bool>,
    version: u32,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_site_id: Option<String>,
    #[serde(rename = "supportURI", skip_serializing_if = "Option::is_none")]
    support_uri: Option<String>,
    voicemail_enabled: bool,
    product_platform: &'static str,
    self_uri: String,
}

impl Organization {
    /// That of the visit.
    pub fn of(cx: &Cx) -> Self {
        let settings = cx.state(|state| Arc::clone(&state.settings));
        let about = settings.about.clone();
        Self {
            id: cx.org.id.to_string(),
            name: settings.name.clone(),
            default_language: settings.default_language.clone(),
            default_country_code: settings.default_country_code.clone(),
            third_party_uri: about.third_party_uri,
            domain: settings.guest_tokens.tenant_domain.clone(),
            features: BTreeMap::new(),
            version: about.version,
            state: "active",
            default_site_id: about.default_site,
            support_uri: about.support_uri,
            voicemail_enabled: about.voicemail,
            product_platform: "GenesysCloud",
            self_uri: format!("/api/v2/organizations/{}", cx.org.id),
        }
    }
}

/// The org.
pub async fn me(cx: Cx, authorization: Authorization) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, &[]).await?;
    Ok(answer::json(StatusCode::OK, &Organization::of(&cx)))
}

/// Writes it anew. Its domain is the one that it has, since its tokens say so.
pub async fn put(cx: Cx, authorization: Authorization, body: Bytes) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, ADMIN).await?;
    let body = Body::read(&cx, &body)?;
    let missing = || body.refused("constraint.validation", "version is missing");
    let version = body.number("version", i64::MIN..=i64::MAX)?.ok_or_else(missing)?;
    if let Some(state) = body.text("state")?.filter(|state| *state != "active") {
        let words = format!("state {state} is not active: the org of the token stays");
        return Err(body.refused("constraint.validation", &words));
    }
    let text = |name: &str| Ok::<_, Refused>(body.text(name)?.map(str::to_owned));
    let said = Said {
        name: text("name")?,
        default_language: text("defaultLanguage")?,
        default_country_code: text("defaultCountryCode")?,
        third_party_uri: text("thirdPartyURI")?,
        default_site: text("defaultSiteId")?,
        support_uri: text("supportURI")?,
        voicemail: body.flag("voicemailEnabled")?,
    };
    ops::put(&cx, version, said).map_err(|error| match error {
        OrganizationError::Version { .. } => conflict(&cx, &error.to_string()),
        OrganizationError::Invalid(words) => refused(&cx, "constraint.validation", &words),
    })?;
    Ok(answer::json(StatusCode::OK, &Organization::of(&cx)))
}
