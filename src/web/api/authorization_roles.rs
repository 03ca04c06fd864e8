//! `/api/v2/authorization/roles` and `permissions`: sets of permissions, and which permissions there are.

use std::{collections::BTreeMap, sync::Arc};

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};
use serde::Serialize;

use super::{
    authorization::READ,
    body::{Body, refused},
    listing::{PAGES, Paging, sorting, values},
    request::{Refused, admitted, bad_parameter},
};
use crate::{
    base::codec::query_value,
    domain::{
        permission::{KNOWN, Permission},
        role::Role,
    },
    ops::{
        cx::Cx,
        roles::{self as ops, RoleError},
    },
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

const ROLES: &str = "/api/v2/authorization/roles";
const PERMISSIONS: &str = "/api/v2/authorization/permissions";
const VIEW: &[&str] = &["authorization:role:view"];
const ADD: &[&str] = &["authorization:role:add"];
const EDIT: &[&str] = &["authorization:role:edit"];
const DELETE: &[&str] = &["authorization:role:delete"];
const WRITE: &[&str] = &["authorization"];
/// Roles that may be asked for by their ids.
const MOST_IDS: usize = 100;

/// `DomainPermissionPolicy`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    domain: String,
    entity_name: String,
    action_set: Vec<String>,
    allow_conditions: bool,
}

/// Permissions of one domain and entity together.
pub fn policies(permissions: &[Permission]) -> Vec<Policy> {
    let mut policies: Vec<Policy> = Vec::new();
    for permission in permissions {
        let [domain, entity, action] = permission.parts();
        match policies.iter_mut().find(|policy| policy.domain == domain && policy.entity_name == entity) {
            Some(policy) => policy.action_set.push(action.to_owned()),
            None => policies.push(Policy {
                domain: domain.to_owned(),
                entity_name: entity.to_owned(),
                action_set: vec![action.to_owned()],
                allow_conditions: false,
            }),
        }
    }
    policies
}

/// `DomainOrganizationRole`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleBody {
    id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_role_id: Option<String>,
    permissions: Vec<String>,
    permission_policies: Vec<Policy>,
    user_count: usize,
    role_needs_update: bool,
    base: bool,
    default: bool,
    self_uri: String,
}

impl RoleBody {
    /// Of this one.
    pub fn of(cx: &Cx, role: &Role) -> Self {
        Self {
            id: role.id.to_string(),
            name: role.name.clone(),
            description: role.description.clone(),
            default_role_id: role.default_role_id.clone(),
            permissions: role.permissions.iter().map(Permission::to_string).collect(),
            permission_policies: policies(&role.permissions),
            user_count: ops::users_of(cx, role),
            role_needs_update: false,
            base: false,
            default: role.default_role_id.is_some(),
            self_uri: format!("{ROLES}/{}", role.id),
        }
    }
}

/// By pages: `name`, `id`, `permission` and `defaultRoleId` leave out all others.
pub async fn list(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let paging = Paging::read(&cx, ROLES, &uri, PAGES)?;
    let (by, ascending) = sorting(&cx, &uri, &["name", "id"])?;
    let ids = values(&uri, "id");
    if ids.len() > MOST_IDS {
        return Err(refused(&cx, "max.role.ids", &format!("at most {MOST_IDS} ids may be given")));
    }
    let (defaults, wanted) = (values(&uri, "defaultRoleId"), values(&uri, "permission"));
    let name = query_value(uri.query(), "name").map(|name| name.to_lowercase());
    let fits = |role: &Arc<Role>| {
        (ids.is_empty() || ids.iter().any(|id| id == role.id.as_str()))
            && (defaults.is_empty() || role.default_role_id.as_ref().is_some_and(|id| defaults.contains(id)))
            && name.as_ref().is_none_or(|name| role.name.to_lowercase().contains(name.trim_matches('*')))
            && wanted.iter().all(|wanted| role.permissions.iter().any(|held| held.grants(wanted)))
    };
    let mut roles: Vec<_> = ops::list(&cx).into_iter().filter(fits).collect();
    if by == "name" {
        roles.sort_by_key(|role| role.name.to_lowercase());
    }
    if !ascending {
        roles.reverse();
    }
    let listing = paging.of(roles.iter().map(|role| RoleBody::of(&cx, role)));
    Ok(answer::json(StatusCode::OK, &listing))
}

/// One.
pub async fn get(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    match ops::get(&cx, &id) {
        Some(role) => Ok(answer::json(StatusCode::OK, &RoleBody::of(&cx, &role))),
        None => Err(refused(&cx, "not.found", &format!("there is no role {id}"))),
    }
}

/// `DomainOrganizationRoleCreate`: permissions as they are, and by policies.
fn permissions(body: &Body<'_>) -> Result<Vec<Permission>, Refused> {
    const BAD: &str = "general.bad.request";
    let mut permissions = Vec::new();
    let mut add = |text: &str| match Permission::parse(text) {
        Some(permission) => {
            permissions.push(permission);
            Ok(())
        }
        None => Err(body.refused(BAD, &format!("{text} is not a permission; expected domain:entity:action"))),
    };
    for text in body.texts("permissions")?.unwrap_or_default() {
        add(text)?;
    }
    for policy in body.objects("permissionPolicies")?.unwrap_or_default() {
        let (domain, entity) = (policy.required("domain", BAD)?, policy.required("entityName", BAD)?);
        if policy.has("resourceConditionNode") {
            return Err(policy.refused(BAD, "conditions of permissions are not emulated"));
        }
        let actions = policy.texts("actionSet")?.filter(|actions| !actions.is_empty());
        for action in actions.ok_or_else(|| policy.refused(BAD, "actionSet is missing"))? {
            add(&format!("{domain}:{entity}:{action}"))?;
        }
    }
    Ok(permissions)
}

/// A new one.
pub async fn post(cx: Cx, authorization: Authorization, body: Bytes) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, ADD).await?;
    let body = Body::read(&cx, &body)?;
    let name = body.required("name", "general.bad.request")?;
    let made = ops::create(&cx, name, body.text("description")?, permissions(&body)?);
    let role = made.map_err(|error| not_done(&cx, &error))?;
    Ok(answer::json(StatusCode::OK, &RoleBody::of(&cx, &role)))
}

fn not_done(cx: &Cx, error: &RoleError) -> Refused {
    let code = match error {
        RoleError::Unknown(_) => "not.found",
        RoleError::Exists(_) | RoleError::Stays => "general.bad.request",
        RoleError::TooMany => "max.roles.exceeded",
    };
    refused(cx, code, &error.to_string())
}

/// Writes one anew. Permissions that are not said stay.
pub async fn put(cx: Cx, authorization: Authorization, Id(id): Id, body: Bytes) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, EDIT).await?;
    let body = Body::read(&cx, &body)?;
    body.required("name", "general.bad.request")?;
    changed(&cx, &id, &body)
}

/// Changes one.
pub async fn patch(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    body: Bytes,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, EDIT).await?;
    changed(&cx, &id, &Body::read(&cx, &body)?)
}

fn changed(cx: &Cx, id: &str, body: &Body<'_>) -> Result<Response, Refused> {
    let name = body.text("name")?.filter(|name| !name.trim().is_empty());
    let said = body.has("permissions") || body.has("permissionPolicies");
    let permissions = if said { Some(permissions(body)?) } else { None };
    let role = ops::change(cx, id, (name, body.text("description")?, permissions));
    let role = role.map_err(|error| not_done(cx, &error))?;
    Ok(answer::json(StatusCode::OK, &RoleBody::of(cx, &role)))
}

/// Takes one away.
pub async fn delete(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, DELETE).await?;
    ops::remove(&cx, &id).map_err(|error| not_done(&cx, &error))?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

/// `DomainPermission`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PermissionBody {
    domain: &'static str,
    entity_type: &'static str,
    action: &'static str,
    label: String,
    allows_conditions: bool,
    division_aware: bool,
}

/// `DomainPermissionCollection`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DomainBody {
    domain: &'static str,
    permission_map: BTreeMap<&'static str, Vec<PermissionBody>>,
}

/// The permissions that something of this emulator asks for, by domain. `query` leaves out all others: what the domain, or
/// with `queryType=permission` a permission, contains.
pub async fn permissions_known(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, &[]).await?;
    let paging = Paging::read(&cx, PERMISSIONS, &uri, PAGES)?;
    let by_permission = match query_value(uri.query(), "queryType").as_deref() {
        None | Some("domain") => false,
        Some("permission") => true,
        Some(other) => return Err(bad_parameter(&cx, "queryType", other, "domain or permission").into()),
    };
    let query = query_value(uri.query(), "query").unwrap_or_default().to_lowercase();
    let mut domains: BTreeMap<&'static str, DomainBody> = BTreeMap::new();
    for (domain, entity, actions) in KNOWN {
        for action in *actions {
            let name =
                if by_permission { format!("{domain}:{entity}:{action}") } else { (*domain).to_owned() };
            if !name.to_lowercase().contains(&query) {
                continue;
            }
            let body = domains
                .entry(domain)
                .or_insert_with(|| DomainBody { domain, permission_map: BTreeMap::new() });
            body.permission_map.entry(entity).or_default().push(PermissionBody {
                domain,
                entity_type: entity,
                action,
                label: format!("{domain} > {entity} > {action}"),
                allows_conditions: false,
                division_aware: false,
            });
        }
    }
    Ok(answer::json(StatusCode::OK, &paging.of(domains.into_values())))
}
