//! `/api/v2/oauth/clients`: administrators make, change and end clients.

use std::sync::Arc;

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};
use serde::Serialize;

use super::{
    body::{Body, refused},
    listing::{PAGES, Paging, sorting},
    request::{Refused, admitted},
};
use crate::{
    base::time::Timestamp,
    domain::{
        client::{Actor, Client, ClientState, Grant, Written},
        role::RoleDivision,
        scope,
    },
    ops::{
        cx::Cx,
        divisions,
        oauth_clients::{self as ops, ClientError, Said},
    },
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

/// Where they are.
pub const CLIENTS: &str = "/api/v2/oauth/clients";
/// The scopes of whoever only reads.
pub const READ: &[&str] = &["oauth", "oauth:readonly"];
const WRITE: &[&str] = &["oauth"];
const VIEW: &[&str] = &["oauth:client:view"];
const ADD: &[&str] = &["oauth:client:add"];
const EDIT: &[&str] = &["oauth:client:edit"];
const DELETE: &[&str] = &["oauth:client:delete"];

/// `DomainEntityRef`.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EntityRef {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    self_uri: String,
}

impl EntityRef {
    /// Whoever did it.
    pub fn of(actor: &Actor) -> Self {
        match actor {
            Actor::User(user) => Self::user(user.as_str(), None),
            Actor::Client(client) => {
                Self { id: client.to_string(), name: None, self_uri: format!("{CLIENTS}/{client}") }
            }
        }
    }

    /// A user.
    pub fn user(id: &str, name: Option<&str>) -> Self {
        let self_uri = format!("/api/v2/users/{id}");
        Self { id: id.to_owned(), name: name.map(str::to_owned), self_uri }
    }
}

/// `RoleDivision`.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct RoleDivisionBody {
    role_id: String,
    division_id: String,
}

/// `OAuthClient`.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientBody {
    id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    access_token_validity_seconds: i64,
    registered_redirect_uri: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    role_ids: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_created: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<EntityRef>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified_by: Option<EntityRef>,
    authorized_grant_type: Grant,
    scope: Vec<String>,
    role_divisions: Vec<RoleDivisionBody>,
    state: ClientState,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_to_delete: Option<Timestamp>,
    self_uri: String,
}

impl ClientBody {
    /// Of this client, with its secret.
    pub fn of(client: &Client) -> Self {
        let written = client.written.as_ref();
        let mut role_ids: Vec<String> = Vec::new();
        for held in &client.roles {
            if !role_ids.iter().any(|id| *id == held.role.as_str()) {
                role_ids.push(held.role.to_string());
            }
        }
        let role_division = |held: &RoleDivision| RoleDivisionBody {
            role_id: held.role.to_string(),
            division_id: held.division.to_string(),
        };
        Self {
            id: client.id.to_string(),
            name: client.name.clone(),
            description: client.description.clone(),
            access_token_validity_seconds: client.token_lifetime.secs(),
            registered_redirect_uri: client.redirect_uris.iter().map(|uri| uri.as_str().to_owned()).collect(),
            secret: Some(client.secret.clone()),
            role_ids,
            date_created: written.map(|written| written.created),
            date_modified: written.map(|written| written.modified),
            created_by: written.map(|Written { created_by, .. }| EntityRef::of(created_by)),
            modified_by: written.map(|Written { modified_by, .. }| EntityRef::of(modified_by)),
            authorized_grant_type: client.grant,
            scope: scope::listed(&client.scopes),
            role_divisions: client.roles.iter().map(role_division).collect(),
            state: client.state,
            date_to_delete: client.ends,
            self_uri: format!("{CLIENTS}/{}", client.id),
        }
    }

    /// The same for whoever is not to have the secret.
    pub fn without_secret(client: &Client) -> Self {
        Self { secret: None, ..Self::of(client) }
    }
}

/// Why it was not done, in the platform's words.
pub fn not_done(cx: &Cx, error: &ClientError) -> Refused {
    let code = match error {
        ClientError::Unknown(_) => "client.not.found",
        ClientError::Role(_) => "bad.client.role",
        ClientError::State(_) => "bad.client.state",
        ClientError::NoRoles => "missing.client.roles",
        ClientError::NoScopes(_) => "missing.client.scope",
        ClientError::Lifetime(_) => "constraint.validation",
        ClientError::TooMany => "auth.too.many.clients",
        ClientError::Active => "cannot.delete.client",
    };
    refused(cx, code, &error.to_string())
}

fn shown(client: &Client) -> Response {
    answer::json(StatusCode::OK, &ClientBody::of(client))
}

/// `OAuthClientRequest`, or an `OAuthClient` as it was read before.
fn said(cx: &Cx, bytes: &[u8], bad_scope: &'static str) -> Result<Said, Refused> {
    let body = Body::read(cx, bytes)?;
    let name = body.required("name", "constraint.validation")?.to_owned();
    let grant = body.required("authorizedGrantType", "grant.type.required")?;
    let grant = Grant::parse(grant).ok_or_else(|| {
        let words =
            format!("authorizedGrantType {grant} is not served; expected {}", Grant::NAMES.join(", "));
        body.refused("bad.grant.type", &words)
    })?;
    let mut redirect_uris = Vec::new();
    for text in body.texts("registeredRedirectUri")?.unwrap_or_default() {
        let uri = text.parse().map_err(|_| body.wrong("registeredRedirectUri", "a list of absolute URIs"))?;
        redirect_uris.push(uri);
    }
    let mut scopes = Vec::new();
    for text in body.texts("scope")?.unwrap_or_default() {
        // patterns are of scenarios; the platform has names
        let scope = text.parse().ok().filter(|_| !text.contains('*'));
        scopes.push(scope.ok_or_else(|| body.refused(bad_scope, &format!("there is no scope {text}")))?);
    }
    let state = match body.text("state")? {
        None => None,
        Some(text) => Some(ClientState::parse(text).ok_or_else(|| {
            body.refused("bad.client.state", &format!("state {text} is not active, inactive or disabled"))
        })?),
    };
    Ok(Said {
        name,
        description: body.text("description")?.map(str::to_owned),
        grant,
        redirect_uris,
        scopes,
        roles: held(cx, &body)?,
        lifetime: body.number("accessTokenValiditySeconds", i64::MIN..=i64::MAX)?,
        state,
        ends: body.time("dateToDelete")?,
    })
}

/// `roleDivisions`; or `roleIds`, within the home division.
fn held(cx: &Cx, body: &Body<'_>) -> Result<Vec<RoleDivision>, Refused> {
    let mut held = Vec::new();
    if let Some(objects) = body.objects("roleDivisions")? {
        for one in objects {
            let role = one.required("roleId", "bad.client.role")?.into();
            let division = one.required("divisionId", "bad.client.role")?.into();
            held.push(RoleDivision { role, division });
        }
        return Ok(held);
    }
    let home = cx.state(|state| divisions::home(state).map(|home| home.id.clone()));
    for id in body.texts("roleIds")?.unwrap_or_default() {
        let division = home.clone().unwrap_or_else(|| "home".into());
        held.push(RoleDivision { role: id.into(), division });
    }
    Ok(held)
}

/// All of them, by pages.
pub async fn list(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let paging = Paging::read(&cx, CLIENTS, &uri, PAGES)?;
    let (by, ascending) = sorting(&cx, &uri, &["name", "id"])?;
    let mut clients = ops::list(&cx);
    let key = |client: &Arc<Client>| match by {
        "name" => (client.name.to_lowercase(), client.id.clone()),
        _ => (String::new(), client.id.clone()),
    };
    clients.sort_by_key(key);
    if !ascending {
        clients.reverse();
    }
    let listing = paging.of(clients.iter().map(|client| ClientBody::of(client)));
    Ok(answer::json(StatusCode::OK, &listing))
}

/// A new one.
pub async fn post(cx: Cx, authorization: Authorization, body: Bytes) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, ADD).await?;
    let said = said(&cx, &body, "auth.invalid.scope")?;
    let client = ops::create(&cx, said, proved.actor()).map_err(|error| not_done(&cx, &error))?;
    Ok(shown(&client))
}

/// One.
pub async fn get(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let client = ops::get(&cx, &id).map_err(|error| not_done(&cx, &error))?;
    Ok(shown(&client))
}

/// Writes one anew.
pub async fn put(cx: Cx, authorization: Authorization, Id(id): Id, body: Bytes) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, EDIT).await?;
    ops::get(&cx, &id).map_err(|error| not_done(&cx, &error))?;
    // of an unknown scope the platform publishes no code of its own here
    let said = said(&cx, &body, "missing.client.scope")?;
    let client = ops::put(&cx, &id, said, proved.actor()).map_err(|error| not_done(&cx, &error))?;
    Ok(shown(&client))
}

/// Takes one away that was switched off before.
pub async fn delete(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, DELETE).await?;
    ops::remove(&cx, &id).map_err(|error| not_done(&cx, &error))?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

/// Gives one another secret.
pub async fn post_secret(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, EDIT).await?;
    let client = ops::new_secret(&cx, &id, proved.actor()).map_err(|error| match error {
        // of this operation the platform publishes no code of its own
        ClientError::Unknown(_) => refused(&cx, "not.found", &error.to_string()),
        other => not_done(&cx, &other),
    })?;
    Ok(shown(&client))
}
