//! `/api/v2/organizations/limits/namespaces`: how much of what an org may use.

use axum::response::Response;
use http::{StatusCode, Uri};
use serde::Serialize;

use super::{
    body::refused,
    listing::{PAGES, Paging},
    organizations::READ,
    request::{Refused, admitted},
};
use crate::{
    domain::org::RateLimits,
    ops::cx::Cx,
    web::{
        answer,
        body::MAX,
        extract::{Authorization, Id},
    },
};

const NAMESPACES: &str = "/api/v2/organizations/limits/namespaces";
/// The namespace of the limits that are emulated under the platform's own names.
const PLATFORM: &str = "platform.api";
/// Parts of the platform that are emulated.
const NAMES: [&str; 13] = [
    "authorization",
    "conversation",
    "directory",
    "external.contacts",
    "integrations",
    "messaging",
    "notifications",
    PLATFORM,
    "presence",
    "routing",
    "users",
    "web.deployments",
    "web.messaging",
];

/// `Limit`.
#[derive(Serialize)]
struct Limit<'a> {
    key: &'static str,
    namespace: &'a str,
    value: u64,
}

/// `LimitsEntityListing`.
#[derive(Serialize)]
struct Limits<'a> {
    entities: Vec<Limit<'a>>,
}

/// A page of names.
pub async fn namespaces(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, &[]).await?;
    let page = Paging::read(&cx, NAMESPACES, &uri, PAGES)?;
    Ok(answer::json(StatusCode::OK, &page.of(NAMES.iter())))
}

fn limits(cx: &Cx, namespace: &str, limits: &RateLimits) -> Result<Response, Refused> {
    if !NAMES.contains(&namespace) {
        return Err(refused(cx, "not.found", &format!("there is no namespace {namespace} of limits")));
    }
    let known = [
        ("token.rate.per.minute", limits.token.allowed),
        ("client.credentials.token.rate.per.minute", limits.token.allowed),
        ("request.bytes.max", MAX as u64),
    ];
    let of_platform = known.into_iter().filter(|_| namespace == PLATFORM);
    let entities = of_platform.map(|(key, value)| Limit { key, namespace, value }).collect();
    Ok(answer::json(StatusCode::OK, &Limits { entities }))
}

/// The limits of a part of the platform. Only those are known that hold here under the platform's own names.
pub async fn get(cx: Cx, authorization: Authorization, Id(namespace): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, &[]).await?;
    let own = cx.state(|state| state.settings.limits);
    limits(&cx, &namespace, &own)
}

/// What they are unless the scenario says otherwise.
pub async fn defaults(cx: Cx, authorization: Authorization, Id(namespace): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, &[]).await?;
    limits(&cx, &namespace, &RateLimits::DEFAULT)
}
