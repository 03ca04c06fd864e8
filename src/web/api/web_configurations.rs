//! `/api/v2/webdeployments/configurations`: drafts of configurations, and what is published of them.

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};
use serde_json::{Map, Value, json};

use super::{
    cursors,
    error::{of_code, plain},
    request::{Refused, admitted, admitted_with_all, read},
};
use crate::{
    base::{codec::query_value, ids::UserId},
    domain::{
        visit::Refusal,
        web_configuration::{Configuration, Version},
    },
    ops::{
        access::Proved,
        cx::Cx,
        web_configurations::{self as ops, AdministrationError},
    },
    web::{
        answer,
        extract::{Authorization, Id, Two},
    },
};

/// Where configurations are.
pub const CONFIGURATIONS: &str = "/api/v2/webdeployments/configurations";
/// Whoever only reads.
pub const READ: &[&str] = &["webdeployments", "webdeployments:readonly"];
/// Whoever writes.
pub const WRITE: &[&str] = &["webdeployments"];

const VIEW: &[&str] = &["webDeployments:configuration:view"];
const ADD: &[&str] = &["webDeployments:configuration:add"];
const EDIT: &[&str] = &["webDeployments:configuration:edit"];
const PUBLISH: &[&str] = &["webDeployments:configuration:edit", "webDeployments:configuration:add"];
const DELETE: &[&str] = &["webDeployments:configuration:delete"];

/// What the platform says of a version, whatever is written.
const READ_ONLY: [&str; 10] = [
    "id",
    "version",
    "dateCreated",
    "dateModified",
    "datePublished",
    "lastModifiedUser",
    "createdUser",
    "publishedUser",
    "status",
    "selfUri",
];

/// Why it was not done, in the platform's words.
pub fn refused(cx: &Cx, error: &AdministrationError) -> Refused {
    let words = error.to_string();
    let code = match error {
        AdministrationError::Unknown(..) => "not.found",
        AdministrationError::InUse(_) => "resource.conflict",
        AdministrationError::TooMany(..) => "resource.limit.exceeded",
        AdministrationError::Flow(_) => "bad.flow.id",
        AdministrationError::SupportedContent(_) => "scp.id.not.found",
        AdministrationError::Unreadable(wrong) => {
            cx.refuse(Refusal::new("body.malformed", wrong.as_str()).expected("a configuration"));
            return plain(cx, 400, Some("bad.request"), Some(&words)).into();
        }
        AdministrationError::Bad { expected, .. } => {
            cx.refuse(Refusal::new("body.malformed", words.as_str()).expected(expected.as_str()));
            return plain(cx, 400, Some("bad.request"), Some(&words)).into();
        }
    };
    cx.refuse(Refusal::new(code, words.as_str()));
    match error {
        AdministrationError::Unknown(..) => plain(cx, 404, Some(code), Some(&words)).into(),
        _ => of_code(cx, code, &words).into(),
    }
}

/// The person that a token speaks for.
pub fn who(proved: &Proved) -> Option<UserId> {
    proved.user().cloned()
}

/// `AddressableEntityRef` of a user.
pub fn user(id: &UserId) -> Value {
    json!({ "id": id.as_str(), "selfUri": format!("/api/v2/users/{id}") })
}

/// `WebDeploymentConfigurationVersion`.
pub fn body(id: &str, version: &Version, status: &str) -> Value {
    let mut members = version.written.clone();
    let mut say = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
    say("id", id.into());
    say("version", version.name().into());
    say("dateCreated", json!(version.created));
    say("dateModified", json!(version.modified));
    if let Some(published) = version.published {
        say("datePublished", json!(published));
    }
    if let Some(by) = &version.by {
        say("createdUser", user(by));
        say("lastModifiedUser", user(by));
    }
    say("status", status.into());
    say("selfUri", format!("{CONFIGURATIONS}/{id}/versions/{}", version.name().to_lowercase()).into());
    Value::Object(members)
}

fn told(configuration: &Configuration, version: &Version, status: &str) -> Response {
    answer::json(StatusCode::OK, &body(&configuration.id, version, status))
}

/// What is written, without what is not the writer's to say.
fn written(cx: &Cx, bytes: &[u8]) -> Result<Map<String, Value>, Refused> {
    let mut members: Map<String, Value> = read(cx, bytes)?;
    members.retain(|name, value| !READ_ONLY.contains(&name.as_str()) && !value.is_null());
    Ok(members)
}

/// The drafts of all, or what is published of them.
pub async fn list(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let published = query_value(uri.query(), "showOnlyPublished").as_deref() == Some("true");
    let all: Vec<_> = ops::all(&cx)
        .iter()
        .filter_map(|one| {
            let version = if published { one.published.last()? } else { &one.draft };
            Some((one.id.clone(), body(&one.id, version, "Active")))
        })
        .collect();
    cursors::page(&cx, CONFIGURATIONS, &uri, all)
}

/// A new draft.
pub async fn post(cx: Cx, authorization: Authorization, bytes: Bytes) -> Result<Response, Refused> {
    let by = who(&admitted(&cx, &authorization, WRITE, ADD).await?);
    let made = ops::create(&cx, written(&cx, &bytes)?, by).map_err(|error| refused(&cx, &error))?;
    Ok(told(&made, &made.draft, "Pending"))
}

/// Takes one away.
pub async fn delete(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, DELETE).await?;
    ops::delete(&cx, &id).map_err(|error| refused(&cx, &error))?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

/// The draft, and all that was published, the newest first.
pub async fn versions(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    uri: Uri,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let one = ops::get(&cx, &id).map_err(|error| refused(&cx, &error))?;
    let all = std::iter::once(&one.draft).chain(one.published.iter().rev());
    let all = all.map(|version| (version.name(), body(&one.id, version, "Active"))).collect();
    cursors::page(&cx, &format!("{CONFIGURATIONS}/{}/versions", one.id), &uri, all)
}

/// One version.
pub async fn version(cx: Cx, authorization: Authorization, Two(id, name): Two) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let one = ops::get(&cx, &id).map_err(|error| refused(&cx, &error))?;
    let version = one.version(&name).ok_or_else(|| {
        refused(&cx, &AdministrationError::Unknown("version", format!("{name} of configuration {id}")))
    })?;
    Ok(told(&one, version, "Active"))
}

/// The draft.
pub async fn draft(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let one = ops::get(&cx, &id).map_err(|error| refused(&cx, &error))?;
    Ok(told(&one, &one.draft, "Active"))
}

/// Writes the draft anew.
pub async fn put_draft(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    bytes: Bytes,
) -> Result<Response, Refused> {
    let by = who(&admitted(&cx, &authorization, WRITE, EDIT).await?);
    let one = ops::write(&cx, &id, written(&cx, &bytes)?, by).map_err(|error| refused(&cx, &error))?;
    Ok(told(&one, &one.draft, "Pending"))
}

/// Publishes the draft.
pub async fn publish(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted_with_all(&cx, &authorization, WRITE, PUBLISH).await?;
    let one = ops::publish(&cx, &id).map_err(|error| refused(&cx, &error))?;
    let version = one.published.last().unwrap_or(&one.draft);
    Ok(told(&one, version, "Pending"))
}
