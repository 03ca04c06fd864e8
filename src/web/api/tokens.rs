//! `/api/v2/tokens`: what a token is worth, taking tokens back, and how long nobody may use one.

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};
use serde::Serialize;

use super::{
    body::{Body, refused},
    error::from_access,
    request::{Refused, admitted},
};
use crate::{
    base::{
        codec::query_value,
        time::{Span, Timestamp},
    },
    domain::{
        client::{Client, ClientState, Grant},
        org::{IdleTimeout, IdleUnit},
        scope,
    },
    ops::{
        access::{self, AccessError, Proved, Requirement, admit, require, touch},
        cx::Cx,
        tokens,
    },
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

const SIGNED_IN: &[&str] = &["user-basic-info"];
const END_OTHERS: &[&str] = &["oauth:token:delete"];
const SEE_TIMEOUT: &[&str] =
    &["authorization", "authorization:readonly", "organization", "organization:readonly"];
const SET_TIMEOUT: &[&str] = &["authorization"];
const ADMIN: &[&str] = &["directory:organization:admin"];

const ANY_TOKEN: Requirement =
    Requirement { scopes: &["user-basic-info"], permissions: &[], all: false, dialect: false };

#[derive(Clone, Serialize)]
struct Named {
    id: String,
    name: String,
}

/// `TokenInfo`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenInfo {
    organization: Named,
    home_organization: Named,
    authorized_scope: Vec<String>,
    /// When a user's token will have been unused for too long.
    #[serde(skip_serializing_if = "Option::is_none")]
    date_token_idles: Option<Timestamp>,
    /// Spelled like this by the platform; clients read it so.
    #[serde(rename = "OAuthClient")]
    oauth_client: OAuthClient,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OAuthClient {
    id: String,
    name: String,
    authorized_grant_type: Grant,
    scope: Vec<String>,
    state: ClientState,
    organization: Named,
}

impl TokenInfo {
    /// Of this token.
    pub fn of(cx: &Cx, proved: &Proved) -> Self {
        let (settings, idles) =
            cx.state(|state| (std::sync::Arc::clone(&state.settings), state.idles(&proved.token)));
        let organization = Named { id: cx.org.id.to_string(), name: settings.name.clone() };
        let Client { id, name, grant, scopes, state, .. } = &*proved.token.client;
        let scopes = scope::listed(scopes);
        let oauth_client = OAuthClient {
            id: id.to_string(),
            name: name.clone(),
            authorized_grant_type: *grant,
            scope: scopes.clone(),
            state: *state,
            organization: organization.clone(),
        };
        Self {
            organization: organization.clone(),
            home_organization: organization,
            authorized_scope: scopes,
            date_token_idles: idles,
            oauth_client,
        }
    }
}

async fn me(cx: &Cx, authorization: &Authorization) -> Result<Proved, AccessError> {
    require(cx, authorization.text(), ANY_TOKEN).await
}

/// Whose token it is. With `preserveIdleTTL` looking does not count as use.
pub async fn get(cx: Cx, authorization: Authorization, uri: Uri) -> Response {
    let mut proved = match admit(&cx, authorization.text(), ANY_TOKEN).await {
        Ok(proved) => proved,
        Err(error) => return from_access(&cx, &error),
    };
    if query_value(uri.query(), "preserveIdleTTL").as_deref() != Some("true") {
        touch(&cx, &mut proved);
    }
    answer::json(StatusCode::OK, &TokenInfo::of(&cx, &proved))
}

/// Is it worth anything?
pub async fn head(cx: Cx, authorization: Authorization) -> Response {
    match me(&cx, &authorization).await {
        Ok(_) => answer::empty(StatusCode::OK),
        Err(error) => from_access(&cx, &error),
    }
}

/// Takes it back.
pub async fn delete(cx: Cx, authorization: Authorization) -> Response {
    match me(&cx, &authorization).await {
        Err(error) => from_access(&cx, &error),
        Ok(proved) => {
            access::revoke(&cx, &proved.key);
            answer::empty(StatusCode::OK)
        }
    }
}

/// Takes back all tokens of a user.
pub async fn delete_all(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, SIGNED_IN, END_OTHERS).await?;
    match tokens::revoke_all(&cx, &id) {
        true => Ok(answer::empty(StatusCode::NO_CONTENT)),
        false => Err(refused(&cx, "not.found", &format!("there is no user {id}"))),
    }
}

/// `IdleTokenTimeout`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TimeoutBody {
    idle_token_timeout_seconds: i64,
    enable_idle_token_timeout: bool,
    inactivity_timeout_unit: IdleUnit,
    inactivity_timeout_groups_enabled: bool,
    inactivity_timeout_group_bundles: [(); 0],
}

fn shown(rule: IdleTimeout) -> Response {
    let body = TimeoutBody {
        idle_token_timeout_seconds: rule.after.secs(),
        enable_idle_token_timeout: rule.enabled,
        inactivity_timeout_unit: rule.unit,
        inactivity_timeout_groups_enabled: false,
        inactivity_timeout_group_bundles: [],
    };
    answer::json(StatusCode::OK, &body)
}

/// The rule about tokens of users that nobody uses.
pub async fn get_timeout(cx: Cx, authorization: Authorization) -> Result<Response, Refused> {
    admitted(&cx, &authorization, SEE_TIMEOUT, &[]).await?;
    Ok(shown(tokens::idle_timeout(&cx)))
}

/// Sets it; what is left out stays.
pub async fn put_timeout(cx: Cx, authorization: Authorization, body: Bytes) -> Result<Response, Refused> {
    admitted(&cx, &authorization, SET_TIMEOUT, ADMIN).await?;
    let body = Body::read_optional(&cx, &body)?;
    let mut rule = tokens::idle_timeout(&cx);
    if let Some(seconds) = body.number("idleTokenTimeoutSeconds", IdleTimeout::LEAST.secs()..=i64::MAX)? {
        rule.after = Span::from_secs(seconds);
        if rule.after > IdleTimeout::MOST {
            let words = format!("idleTokenTimeoutSeconds is at most {}", IdleTimeout::MOST.secs());
            return Err(body.refused("max.idle.token.timeout.exceeded", &words));
        }
    }
    rule.enabled = body.flag("enableIdleTokenTimeout")?.unwrap_or(rule.enabled);
    rule.unit = match body.text("inactivityTimeoutUnit")? {
        None => rule.unit,
        Some("Minutes") => IdleUnit::Minutes,
        Some("Hours") => IdleUnit::Hours,
        Some(_) => return Err(body.wrong("inactivityTimeoutUnit", "Minutes or Hours").into()),
    };
    let bundles = body.objects("inactivityTimeoutGroupBundles")?.unwrap_or_default();
    if body.flag("inactivityTimeoutGroupsEnabled")? == Some(true) || !bundles.is_empty() {
        return Err(body.refused("constraint.validation", "timeouts of groups are not emulated"));
    }
    tokens::set_idle_timeout(&cx, rule);
    Ok(shown(rule))
}
