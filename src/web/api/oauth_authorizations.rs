//! `/api/v2/oauth/authorizations`: the clients for which people have signed in.

use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use super::{
    body::refused,
    listing::Whole,
    oauth_clients::{ClientBody, EntityRef, READ},
    request::{Refused, admitted},
};
use crate::{
    base::time::Timestamp,
    domain::scope,
    ops::{
        cx::Cx,
        oauth_clients::{Authorized, authorized},
    },
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

const AUTHORIZATIONS: &str = "/api/v2/oauth/authorizations";
const AUTHORIZE: &[&str] = &["oauth:client:authorize"];

/// `OAuthAuthorization`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AuthorizationBody {
    client: ClientBody,
    scope: Vec<String>,
    roles: Vec<String>,
    resource_owner: EntityRef,
    date_created: Timestamp,
    date_modified: Timestamp,
    created_by: EntityRef,
    modified_by: EntityRef,
    pending: bool,
    state: &'static str,
    self_uri: String,
}

impl AuthorizationBody {
    fn of(one: &Authorized) -> Self {
        let (id, name) = &one.owner;
        let owner = EntityRef::user(id, Some(name));
        Self {
            client: ClientBody::without_secret(&one.client),
            scope: scope::listed(&one.client.scopes),
            roles: one.client.roles.iter().map(|held| held.role.to_string()).collect(),
            resource_owner: owner.clone(),
            date_created: one.since,
            date_modified: one.last,
            created_by: owner.clone(),
            modified_by: owner,
            pending: false,
            state: "Authorized",
            self_uri: format!("{AUTHORIZATIONS}/{}", one.client.id),
        }
    }
}

/// All of them: the user's own, or to an application those of all users.
pub async fn list(cx: Cx, authorization: Authorization) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, READ, AUTHORIZE).await?;
    let entities: Vec<_> = authorized(&cx, &proved.actor()).iter().map(AuthorizationBody::of).collect();
    Ok(answer::json(StatusCode::OK, &Whole::of(AUTHORIZATIONS, entities)))
}

/// That of a client.
pub async fn get(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, READ, AUTHORIZE).await?;
    match authorized(&cx, &proved.actor()).iter().find(|one| one.client.id.as_str() == id) {
        Some(one) => Ok(answer::json(StatusCode::OK, &AuthorizationBody::of(one))),
        None => Err(refused(&cx, "not.found", &format!("nobody has signed in for client {id}"))),
    }
}
