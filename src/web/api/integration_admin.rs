//! `/api/v2/integrations`: what lets people sign in to chats, and the credentials for it.

use std::collections::BTreeMap;

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};
use serde_json::{Value, json};

use super::{
    body::Body,
    error::{of_code, plain},
    listing::{PAGES, Paging},
    request::{Refused, admitted},
};
use crate::{
    domain::visit::Refusal,
    ops::{
        cx::Cx,
        integrations::{
            self as ops, CREDENTIAL_TYPES, Configured, IntegrationError, MESSENGER, SaidCredential, Seen,
            Standing,
        },
    },
    store::web_administration::Credential,
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

const INTEGRATIONS: &str = "/api/v2/integrations";
const CREDENTIALS: &str = "/api/v2/integrations/credentials";
const TYPES: &str = "/api/v2/integrations/types";
const READ: &[&str] = &["integrations", "integrations:readonly"];
const WRITE: &[&str] = &["integrations"];
const VIEW: &[&str] = &["integrations:integration:view"];
const ADD: &[&str] = &["integrations:integration:add"];
const EDIT: &[&str] = &["integrations:integration:edit"];
const DELETE: &[&str] = &["integrations:integration:delete"];

fn refused(cx: &Cx, error: &IntegrationError) -> Refused {
    let words = error.to_string();
    match error {
        IntegrationError::Unknown(..) => {
            cx.refuse(Refusal::new("not.found", words.as_str()));
            plain(cx, 404, Some("not.found"), Some(&words)).into()
        }
        IntegrationError::Bad { expected, .. } => {
            cx.refuse(Refusal::new("body.malformed", words.as_str()).expected(expected.as_str()));
            plain(cx, 400, Some("constraint.validation"), Some(&words)).into()
        }
        IntegrationError::Version { .. } => super::body::refused(cx, "version.conflict", &words),
        IntegrationError::TooMany => {
            cx.refuse(Refusal::new("max.integrations.reached", words.as_str()));
            of_code(cx, "max.integrations.reached", &words).into()
        }
    }
}

/// `IntegrationType`; there is one.
fn kind() -> Value {
    json!({
        "id": MESSENGER,
        "name": "OpenID Connect Messenger Configuration",
        "description": "Lets people sign in to chats by an OpenID Connect provider.",
        "provider": "clientapps",
        "category": "Messaging",
        "credentials": { MESSENGER: { "required": true, "credentialTypes": [MESSENGER] } },
        "selfUri": format!("{TYPES}/{MESSENGER}"),
    })
}

/// `CredentialType`.
fn credential_type((name, required): &(&str, &[&str])) -> Value {
    json!({ "id": name, "name": name, "properties": {}, "displayOrder": required, "required": required })
}

/// `CredentialInfo`.
fn info(id: &str, one: &Credential) -> Value {
    json!({
        "id": id,
        "name": one.name,
        "createdDate": one.created,
        "modifiedDate": one.modified,
        "type": { "id": one.kind, "name": one.kind },
        "selfUri": format!("{CREDENTIALS}/{id}"),
    })
}

/// `IntegrationConfiguration`.
fn configuration(one: &Seen) -> Value {
    let record = &one.record;
    let credentials: BTreeMap<_, _> =
        one.credentials.iter().map(|(purpose, (id, credential))| (purpose, info(id, credential))).collect();
    json!({
        "id": one.id,
        "name": record.name,
        "version": record.version,
        "properties": record.properties,
        "advanced": record.advanced,
        "notes": record.notes,
        "credentials": credentials,
        "selfUri": format!("{INTEGRATIONS}/{}/config/current", one.id),
    })
}

/// `Integration`.
fn body(one: &Seen) -> Value {
    let (code, effective, detail) = match &one.standing {
        Standing::Off => ("INACTIVE", "Inactive", None),
        Standing::Active => ("ACTIVE", "Active", None),
        Standing::Incomplete(why) => ("ERROR", "Error", Some(json!({ "message": why }))),
    };
    let mut state = json!({ "code": code, "effective": effective, "lastUpdated": one.record.modified });
    if let Some(detail) = detail {
        state["detail"] = detail;
    }
    json!({
        "id": one.id,
        "name": one.record.name,
        "integrationType": kind(),
        "notes": one.record.notes,
        "intendedState": if one.record.enabled { "ENABLED" } else { "DISABLED" },
        "config": { "current": configuration(one) },
        "reportedState": state,
        "attributes": {},
        "selfUri": format!("{INTEGRATIONS}/{}", one.id),
    })
}

fn told(one: &Seen) -> Response {
    answer::json(StatusCode::OK, &body(one))
}

fn page(cx: &Cx, path: &str, uri: &Uri, all: Vec<Value>) -> Result<Response, Refused> {
    let paging = Paging::read(cx, path, uri, PAGES)?;
    Ok(answer::json(StatusCode::OK, &paging.of(all.into_iter())))
}

/// A page of them.
pub async fn list(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    page(&cx, INTEGRATIONS, &uri, ops::all(&cx).iter().map(body).collect())
}

/// A new one.
pub async fn post(cx: Cx, authorization: Authorization, bytes: Bytes) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, ADD).await?;
    let said = Body::read(&cx, &bytes)?;
    let kind = said.object("integrationType")?;
    let kind = kind.ok_or_else(|| said.refused("constraint.validation", "integrationType is missing"))?;
    if kind.required("id", "constraint.validation")? != MESSENGER {
        return Err(kind.wrong("id", &format!("{MESSENGER}, which is all that is emulated")).into());
    }
    let name = said.text("name")?.filter(|name| !name.trim().is_empty());
    let made = ops::create(&cx, name.unwrap_or("OpenID Connect Messenger Configuration"));
    Ok(told(&made.map_err(|error| refused(&cx, &error))?))
}

/// One.
pub async fn get(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    Ok(told(&ops::get(&cx, &id).map_err(|error| refused(&cx, &error))?))
}

/// Switches one on or off.
pub async fn patch(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    bytes: Bytes,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, EDIT).await?;
    let said = Body::read(&cx, &bytes)?;
    let on = match said.required("intendedState", "constraint.validation")? {
        "ENABLED" => true,
        "DISABLED" => false,
        _ => return Err(said.wrong("intendedState", "ENABLED or DISABLED").into()),
    };
    Ok(told(&ops::switch(&cx, &id, on).map_err(|error| refused(&cx, &error))?))
}

/// Takes one away.
pub async fn delete(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, DELETE).await?;
    let gone = ops::delete(&cx, &id).map_err(|error| refused(&cx, &error))?;
    let mut body = body(&gone);
    body["intendedState"] = "DELETED".into();
    Ok(answer::json(StatusCode::OK, &body))
}

/// How one is configured.
pub async fn get_configuration(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let one = ops::get(&cx, &id).map_err(|error| refused(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &configuration(&one)))
}

/// Configures one.
pub async fn put_configuration(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    bytes: Bytes,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, EDIT).await?;
    let said = Body::read(&cx, &bytes)?;
    let version = said.number("version", 0..=i64::MAX)?;
    let version = version.ok_or_else(|| said.refused("constraint.validation", "version is missing"))?;
    let members = |name: &str| -> Result<_, Refused> {
        Ok(said.object(name)?.map(|object| object.members().clone()).unwrap_or_default())
    };
    let mut credentials = BTreeMap::new();
    if let Some(given) = said.object("credentials")? {
        for purpose in given.members().keys() {
            if let Some(one) = given.object(purpose)? {
                credentials.insert(purpose.clone(), one.required("id", "constraint.validation")?.to_owned());
            }
        }
    }
    let configured = Configured {
        name: said.required("name", "constraint.validation")?.to_owned(),
        notes: said.text("notes")?.unwrap_or_default().to_owned(),
        version,
        properties: members("properties")?,
        advanced: members("advanced")?,
        credentials,
    };
    let one = ops::configure(&cx, &id, configured).map_err(|error| refused(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &configuration(&one)))
}

/// What integrations there can be.
pub async fn types(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    page(&cx, TYPES, &uri, vec![kind()])
}

/// One type.
pub async fn get_type(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    match id == MESSENGER {
        true => Ok(answer::json(StatusCode::OK, &kind())),
        false => Err(refused(&cx, &IntegrationError::Unknown("type of integrations", id))),
    }
}

/// What credentials there can be.
pub async fn credential_types(cx: Cx, authorization: Authorization) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    Ok(answer::json(StatusCode::OK, &CREDENTIAL_TYPES.iter().map(credential_type).collect::<Vec<_>>()))
}

/// A page of credentials.
pub async fn credentials(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let all = ops::credentials(&cx);
    page(&cx, CREDENTIALS, &uri, all.iter().map(|(id, one)| info(id, one)).collect())
}

fn said_credential(cx: &Cx, bytes: &[u8]) -> Result<SaidCredential, Refused> {
    let said = Body::read(cx, bytes)?;
    let kind = said.object("type")?;
    let kind = kind.ok_or_else(|| said.refused("constraint.validation", "type is missing"))?;
    let mut fields = BTreeMap::new();
    if let Some(given) = said.object("credentialFields")? {
        for name in given.members().keys() {
            fields.extend(given.text(name)?.map(|value| (name.clone(), value.to_owned())));
        }
    }
    Ok(SaidCredential {
        name: said.text("name")?.unwrap_or_default().to_owned(),
        kind: kind.required("name", "constraint.validation")?.to_owned(),
        fields,
    })
}

/// A new credential.
pub async fn post_credential(
    cx: Cx,
    authorization: Authorization,
    bytes: Bytes,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, ADD).await?;
    let said = said_credential(&cx, &bytes)?;
    let (id, one) = ops::put_credential(&cx, None, said).map_err(|error| refused(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &info(&id, &one)))
}

/// One credential, without what is secret of it.
pub async fn get_credential(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let one = ops::credential(&cx, &id).map_err(|error| refused(&cx, &error))?;
    let shown: BTreeMap<_, _> = one.fields.iter().filter(|(name, _)| *name == "clientId").collect();
    let body = json!({
        "id": id,
        "name": one.name,
        "type": { "id": one.kind, "name": one.kind },
        "credentialFields": shown,
        "selfUri": format!("{CREDENTIALS}/{id}"),
    });
    Ok(answer::json(StatusCode::OK, &body))
}

/// Writes a credential anew.
pub async fn put_credential(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    bytes: Bytes,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, EDIT).await?;
    let said = said_credential(&cx, &bytes)?;
    let (id, one) = ops::put_credential(&cx, Some(&id), said).map_err(|error| refused(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &info(&id, &one)))
}

/// Takes a credential away.
pub async fn delete_credential(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, DELETE).await?;
    ops::delete_credential(&cx, &id).map_err(|error| refused(&cx, &error))?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}
