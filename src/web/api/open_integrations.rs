//! `/api/v2/conversations/messaging/integrations/open`: applications that talk to people for the org.

use std::collections::BTreeMap;

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};
use serde::{Deserialize, Serialize};

use super::{
    error::of_code,
    listing::{PAGES, Paging, values},
    messaging_settings::SETTINGS,
    request::{Refused, admitted, object},
    supported_content::PROFILES,
};
use crate::{
    base::time::Timestamp,
    domain::open_messaging::OpenIntegration,
    ops::{
        cx::Cx,
        open_integrations::{self as ops, IntegrationError, Said},
    },
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

const READ: &[&str] = &["messaging", "messaging:readonly"];
const WRITE: &[&str] = &["messaging"];
const VIEW: &[&str] = &["messaging:integration:view"];
const ADD: &[&str] = &["messaging:integration:add"];
const EDIT: &[&str] = &["messaging:integration:edit"];
const DELETE: &[&str] = &["messaging:integration:delete"];
const ALL: &str = "/api/v2/conversations/messaging/integrations/open";

/// `OpenIntegrationRequest`, as it comes.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Request {
    name: Option<String>,
    outbound_notification_webhook_url: Option<String>,
    outbound_notification_webhook_signature_secret_token: Option<String>,
    webhook_headers: Option<BTreeMap<String, String>>,
    supported_content: Option<Reference>,
    messaging_setting: Option<Reference>,
}

/// What it refers to, by id.
#[derive(Deserialize)]
struct Reference {
    id: String,
}

impl Request {
    fn said(self) -> Said {
        Said {
            name: self.name,
            webhook_url: self.outbound_notification_webhook_url,
            secret: self.outbound_notification_webhook_signature_secret_token,
            headers: self.webhook_headers,
            supported_content: self.supported_content.map(|one| one.id),
            messaging_setting: self.messaging_setting.map(|one| one.id),
        }
    }
}

/// `OpenIntegration`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    id: &'a str,
    name: &'a str,
    outbound_notification_webhook_url: &'a str,
    outbound_notification_webhook_signature_secret_token: &'a str,
    webhook_headers: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    supported_content: Option<Referred<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    messaging_setting: Option<Referred<'a>>,
    status: &'static str,
    date_created: Timestamp,
    date_modified: Timestamp,
    create_status: &'static str,
    self_uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Referred<'a> {
    id: &'a str,
    self_uri: String,
}

impl<'a> Referred<'a> {
    fn of(path: &str, id: &'a str) -> Self {
        Self { id, self_uri: format!("{path}/{id}") }
    }
}

impl<'a> Body<'a> {
    fn of(one: &'a OpenIntegration) -> Self {
        Self {
            id: &one.id,
            name: &one.name,
            outbound_notification_webhook_url: &one.webhook_url,
            outbound_notification_webhook_signature_secret_token: &one.secret,
            webhook_headers: &one.headers,
            supported_content: one.supported_content.as_deref().map(|id| Referred::of(PROFILES, id)),
            messaging_setting: one.messaging_setting.as_deref().map(|id| Referred::of(SETTINGS, id)),
            status: "Active",
            date_created: one.created.up_to_millis(),
            date_modified: one.modified.up_to_millis(),
            create_status: "Completed",
            self_uri: format!("{ALL}/{}", one.id),
        }
    }
}

fn refused(cx: &Cx, error: &IntegrationError) -> Response {
    let code = match error {
        IntegrationError::Unknown => "not.found",
        IntegrationError::Missing(_) => "missing.required.field.value",
        IntegrationError::ShortSecret => {
            "notification.webhook.signature.secret.token.longer.than.15.characters"
        }
        IntegrationError::BadUrl => "invalid.outbound.webhook.url",
        IntegrationError::ManyHeaders => "too.many.webhook.headers",
        IntegrationError::Invalid(_) => "invalid.integration",
    };
    of_code(cx, code, &error.to_string())
}

/// A page of them.
pub async fn list(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let page = Paging::read(&cx, ALL, &uri, PAGES)?;
    let mut all = ops::all(&cx);
    let [profiles, settings] = ["supportedContent.id", "messagingSetting.id"].map(|name| values(&uri, name));
    let is_one = |wanted: &[String], id: &Option<String>| {
        wanted.is_empty() || id.as_ref().is_some_and(|id| wanted.contains(id))
    };
    all.retain(|one| is_one(&profiles, &one.supported_content) && is_one(&settings, &one.messaging_setting));
    Ok(answer::json(StatusCode::OK, &page.of(all.iter().map(|one| Body::of(one)))))
}

/// A new one.
pub async fn post(cx: Cx, authorization: Authorization, body: Bytes) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, ADD).await?;
    let request: Request = object(&cx, &body)?;
    let one = ops::put(&cx, None, request.said()).map_err(|error| refused(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &Body::of(&one)))
}

/// One.
pub async fn get(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let one = ops::get(&cx, &id).map_err(|error| refused(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &Body::of(&one)))
}

/// Changes one.
pub async fn patch(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    body: Bytes,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, EDIT).await?;
    let request: Request = object(&cx, &body)?;
    let one = ops::put(&cx, Some(&id), request.said()).map_err(|error| refused(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &Body::of(&one)))
}

/// Takes one away.
pub async fn delete(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, DELETE).await?;
    ops::remove(&cx, &id).map_err(|error| refused(&cx, &error))?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}
