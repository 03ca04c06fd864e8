//! `/api/v2/webchat/deployments` and `/api/v2/webchat/settings`: where guests of legacy chats come in, as administrators see it.

use axum::{body::Bytes, response::Response};
use http::StatusCode;
use serde::Serialize;

use super::{
    body::Body,
    error::of_code,
    listing::Whole,
    request::{Refused, admitted},
};
use crate::{
    base::ids::DeploymentId,
    domain::web_chat::{ChatDeployment, Skin},
    ops::{
        cx::Cx,
        web_chat::administration::{self as ops, AdministrationError},
    },
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

/// Where deployments are.
const DEPLOYMENTS: &str = "/api/v2/webchat/deployments";
const READ: &[&str] = &["web-chat", "web-chat:readonly"];
const WRITE: &[&str] = &["web-chat"];
const VIEW: &[&str] = &["webchat:deployment:read"];
const CREATE: &[&str] = &["webchat:deployment:create"];
const UPDATE: &[&str] = &["webchat:deployment:update"];
const DELETE: &[&str] = &["webchat:deployment:delete"];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    web_chat_skin: Skin,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ref<'a> {
    id: &'a str,
    self_uri: String,
}

/// `WebChatDeployment`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeploymentBody<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    authentication_required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    authentication_url: Option<&'a str>,
    disabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    web_chat_config: Option<Config>,
    allowed_domains: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    flow: Option<Ref<'a>>,
    self_uri: String,
}

fn body(one: &ChatDeployment) -> DeploymentBody<'_> {
    DeploymentBody {
        id: one.id.as_str(),
        name: &one.name,
        description: one.description.as_deref(),
        authentication_required: one.authentication_required,
        authentication_url: one.authentication_url.as_deref(),
        disabled: one.disabled,
        web_chat_config: one.skin.map(|web_chat_skin| Config { web_chat_skin }),
        allowed_domains: one.allowed_domains.as_deref().unwrap_or_default(),
        flow: one.flow.as_deref().map(|id| Ref { id, self_uri: format!("/api/v2/flows/{id}") }),
        self_uri: format!("{DEPLOYMENTS}/{}", one.id),
    }
}

/// What is said of one. What is read-only is passed over.
fn said(cx: &Cx, bytes: &[u8]) -> Result<ChatDeployment, Refused> {
    let body = Body::read(cx, bytes)?;
    let text = |name: &str| Ok::<_, Refused>(body.text(name)?.map(str::to_owned));
    let config = body.object("webChatConfig")?;
    let skin = match config.as_ref().map(|config| config.text("webChatSkin")).transpose()?.flatten() {
        None => None,
        Some("basic") => Some(Skin::Basic),
        Some("modern-caret-skin") => Some(Skin::ModernCaretSkin),
        Some(_) => {
            let config = config.as_ref().unwrap_or(&body);
            return Err(config.wrong("webChatSkin", "basic or modern-caret-skin").into());
        }
    };
    let flow = body.object("flow")?;
    let flow =
        flow.map(|flow| flow.required("id", "constraint.validation").map(str::to_owned)).transpose()?;
    let domains = body.texts("allowedDomains")?;
    Ok(ChatDeployment {
        id: DeploymentId::from(""),
        name: body.required("name", "constraint.validation")?.to_owned(),
        description: text("description")?,
        authentication_required: body.flag("authenticationRequired")?.unwrap_or(false),
        authentication_url: text("authenticationUrl")?,
        disabled: body.flag("disabled")?.unwrap_or(false),
        skin,
        allowed_domains: domains.map(|all| all.into_iter().map(str::to_owned).collect()),
        flow,
    })
}

/// `unknown` is the endpoint's code for one that is not there.
fn refused(cx: &Cx, error: &AdministrationError, unknown: &'static str) -> Refused {
    let code = match error {
        AdministrationError::Unknown(_) => unknown,
        AdministrationError::TooMany => "maximum.deployments.exceeded",
    };
    of_code(cx, code, &error.to_string()).into()
}

/// All of them.
pub async fn list(cx: Cx, authorization: Authorization) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let all = ops::all(&cx);
    let entities = all.iter().map(|one| body(one)).collect();
    Ok(answer::json(StatusCode::OK, &Whole::of(DEPLOYMENTS, entities)))
}

/// A new one.
pub async fn post(cx: Cx, authorization: Authorization, bytes: Bytes) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, CREATE).await?;
    let made = ops::put(&cx, None, said(&cx, &bytes)?).map_err(|error| refused(&cx, &error, "not.found"))?;
    Ok(answer::json(StatusCode::OK, &body(&made)))
}

/// One.
pub async fn get(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let one = ops::get(&cx, &id).map_err(|error| refused(&cx, &error, "resource.not.found"))?;
    Ok(answer::json(StatusCode::OK, &body(&one)))
}

/// Writes one anew.
pub async fn put(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    bytes: Bytes,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, UPDATE).await?;
    let said = said(&cx, &bytes)?;
    let made = ops::put(&cx, Some(&id), said).map_err(|error| refused(&cx, &error, "not.found"))?;
    Ok(answer::json(StatusCode::OK, &body(&made)))
}

/// Takes one away.
pub async fn delete(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, DELETE).await?;
    ops::delete(&cx, &id).map_err(|error| refused(&cx, &error, "resource.not.found"))?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

/// `WebChatSettings`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Settings {
    require_deployment: bool,
}

/// What the org decides for all chats.
pub async fn settings(cx: Cx, authorization: Authorization) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let require_deployment = ops::requires_deployment(&cx);
    Ok(answer::json(StatusCode::OK, &Settings { require_deployment }))
}

/// Decides it.
pub async fn put_settings(cx: Cx, authorization: Authorization, bytes: Bytes) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, UPDATE).await?;
    let require_deployment = Body::read(&cx, &bytes)?.flag("requireDeployment")?.unwrap_or(false);
    ops::require_deployment(&cx, require_deployment);
    Ok(answer::json(StatusCode::OK, &Settings { require_deployment }))
}

/// Decides nothing any more.
pub async fn delete_settings(cx: Cx, authorization: Authorization) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, DELETE).await?;
    ops::require_deployment(&cx, false);
    Ok(answer::empty(StatusCode::NO_CONTENT))
}
