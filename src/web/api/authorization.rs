//! `/api/v2/authorization`: divisions, products, and what the caller may.

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};
use serde::Serialize;

use super::{
    body::{Body, refused},
    division_changes::not_done,
    listing::{PAGES, Paging, sorting, values},
    oauth_clients::CLIENTS,
    request::{Refused, admitted, admitted_with_all},
    user_body::USERS,
};
use crate::{
    base::codec::query_value,
    domain::{
        client::Actor,
        permission::Permission,
        role::{Division, RoleDivision},
    },
    ops::{cx::Cx, divisions, roles as ops},
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

const DIVISIONS: &str = "/api/v2/authorization/divisions";
/// The scopes of whoever only reads.
pub const READ: &[&str] = &["authorization", "authorization:readonly"];
/// The scope of whoever does something.
pub const WRITE: &[&str] = &["authorization"];
/// What it takes to see who holds which roles.
pub const VIEW_GRANTS: &[&str] = &["authorization:grant:view"];
const ADD: &[&str] = &["authorization:division:add", "authorization:grant:add"];

/// `AuthzDivision`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DivisionBody {
    id: String,
    name: String,
    description: String,
    home_division: bool,
    self_uri: String,
}

impl DivisionBody {
    /// Of this one.
    pub fn of(division: &Division) -> Self {
        Self {
            id: division.id.to_string(),
            name: division.name.clone(),
            description: division.description.clone(),
            home_division: division.home,
            self_uri: format!("{DIVISIONS}/{}", division.id),
        }
    }
}

/// By pages: `name` and `id` leave out all others.
pub async fn list_divisions(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, &[]).await?;
    let paging = Paging::read(&cx, DIVISIONS, &uri, PAGES)?;
    let (by, ascending) = sorting(&cx, &uri, &["", "name", "id"])?;
    let (ids, name) = (values(&uri, "id"), query_value(uri.query(), "name").map(|name| name.to_lowercase()));
    let mut all = divisions::all(&cx);
    all.retain(|one| {
        (ids.is_empty() || ids.iter().any(|id| id == one.id.as_str()))
            && name.as_ref().is_none_or(|name| one.name.to_lowercase().contains(name.trim_matches('*')))
    });
    match by {
        "name" => all.sort_by_key(|one| one.name.to_lowercase()),
        "id" => all.sort_by_key(|one| one.id.clone()),
        _ => {}
    }
    if !ascending {
        all.reverse();
    }
    Ok(answer::json(StatusCode::OK, &paging.of(all.iter().map(|one| DivisionBody::of(one)))))
}

/// One; `home` is the home division.
pub async fn division(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, &[]).await?;
    match divisions::get(&cx, &id) {
        Some(division) => Ok(answer::json(StatusCode::OK, &DivisionBody::of(&division))),
        None => Err(refused(&cx, "not.found", &format!("there is no division {id}"))),
    }
}

/// A new one.
pub async fn post_division(cx: Cx, authorization: Authorization, body: Bytes) -> Result<Response, Refused> {
    let proved = admitted_with_all(&cx, &authorization, WRITE, ADD).await?;
    let body = Body::read(&cx, &body)?;
    let name = body.text("name")?.unwrap_or_default();
    let made = divisions::create(&cx, &proved.actor(), name, body.text("description")?.unwrap_or_default());
    let division = made.map_err(|error| not_done(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &DivisionBody::of(&division)))
}

/// `DomainOrganizationProduct`.
#[derive(Serialize)]
pub struct Product {
    /// Its name.
    pub id: &'static str,
}

/// Products that the org has: that of all of the platform.
pub const PRODUCTS: [&str; 1] = ["engage3"];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Products {
    entities: Vec<Product>,
    page_size: usize,
    page_number: usize,
    total: usize,
    page_count: usize,
}

/// What the org has bought.
pub async fn products(cx: Cx, authorization: Authorization) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, &[]).await?;
    let entities: Vec<_> = PRODUCTS.map(|id| Product { id }).into();
    let total = entities.len();
    let products = Products { entities, page_size: total, page_number: 1, total, page_count: 1 };
    Ok(answer::json(StatusCode::OK, &products))
}

/// `AuthzGrantPolicy`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GrantPolicy {
    actions: Vec<String>,
    domain: String,
    entity_name: String,
}

/// `AuthzGrantRole`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GrantRole {
    id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    policies: Vec<GrantPolicy>,
    default: bool,
    self_uri: String,
}

/// `AuthzGrant`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Grant {
    subject_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    division: Option<DivisionBody>,
    role: GrantRole,
}

/// `AuthzSubject`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Subject {
    id: String,
    name: String,
    grants: Vec<Grant>,
    version: u32,
    self_uri: String,
}

fn grant(cx: &Cx, subject: &str, held: &RoleDivision) -> Option<Grant> {
    let role = ops::get(cx, held.role.as_str())?;
    let policy = |permission: &Permission| {
        let [domain, entity_name, action] = permission.parts().map(str::to_owned);
        GrantPolicy { actions: vec![action], domain, entity_name }
    };
    Some(Grant {
        subject_id: subject.to_owned(),
        division: divisions::get(cx, held.division.as_str()).map(|division| DivisionBody::of(&division)),
        role: GrantRole {
            id: role.id.to_string(),
            name: role.name.clone(),
            description: role.description.clone(),
            policies: role.permissions.iter().map(policy).collect(),
            default: role.default_role_id.is_some(),
            self_uri: format!("/api/v2/authorization/roles/{}", role.id),
        },
    })
}

/// The roles of somebody.
fn subject_body(cx: &Cx, (id, place): (String, &str), name: String, roles: &[RoleDivision]) -> Response {
    let grants = roles.iter().filter_map(|held| grant(cx, &id, held)).collect();
    let subject = Subject { self_uri: format!("{place}/{id}"), id, name, grants, version: 1 };
    answer::json(StatusCode::OK, &subject)
}

/// The roles of the caller: a user, or an application.
pub async fn me(cx: Cx, authorization: Authorization) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, READ, &[]).await?;
    let whose = match proved.actor() {
        Actor::User(user) => (user.to_string(), USERS),
        Actor::Client(client) => (client.to_string(), CLIENTS),
    };
    let (name, roles) = cx.state(|state| match proved.user().and_then(|user| state.users.get(user)) {
        Some(user) => (user.name.clone(), user.roles.clone()),
        None => {
            let client = state.clients.get(proved.client()).unwrap_or(&proved.token.client);
            (client.name.clone(), client.roles.clone())
        }
    });
    Ok(subject_body(&cx, whose, name, &roles))
}

/// The roles of a user or a client.
pub async fn subject(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW_GRANTS).await?;
    let found = cx.state(|state| {
        let user = state.users.get(id.as_str()).map(|user| (USERS, user.name.clone(), user.roles.clone()));
        let client = || {
            let client = state.clients.get(id.as_str())?;
            Some((CLIENTS, client.name.clone(), client.roles.clone()))
        };
        user.or_else(client)
    });
    match found {
        Some((place, name, roles)) => Ok(subject_body(&cx, (id, place), name, &roles)),
        None => Err(refused(&cx, "not.found", &format!("there is no user or client {id}"))),
    }
}
