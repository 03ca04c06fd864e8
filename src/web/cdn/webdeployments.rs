//! `config.json`, `domains.json` and the labels of a deployment.

use std::sync::Arc;

use axum::{
    extract::{Path, rejection::PathRejection},
    response::Response,
};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use super::config;
use crate::{
    domain::{deployment::Deployment, visit::Refusal},
    ops::cx::Cx,
    web::{answer, extract::Id},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Domains<'a> {
    allow_all_domains: bool,
    allowed_domains: &'a [String],
}

/// The CDN is an object store: what it does not have is forbidden, not missing.
fn forbidden(cx: &Cx, id: &str) -> Response {
    cx.refuse(Refusal::new("deployment.unknown", "There is no such deployment in this org").seen(id));
    denied()
}

fn denied() -> Response {
    let text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
    answer::bytes(StatusCode::FORBIDDEN, "application/xml", text)
}

fn find(cx: &Cx, id: &str) -> Option<Arc<Deployment>> {
    cx.state(|state| state.deployments.get(id).cloned())
}

/// Written once for each deployment, as it is, and base URL.
fn document(cx: &Cx, name: &str, of: &Deployment, value: impl FnOnce() -> Vec<u8>) -> Response {
    let key = match of.revision {
        0 => [name, " ", of.id.as_str(), " ", &cx.base].concat(),
        revision => format!("{name} {} {} {revision}", of.id, cx.base),
    };
    let text = cx.document(key, value);
    let mut response = answer::bytes(StatusCode::OK, "application/json", text);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("max-age=60"));
    response
}

/// A file that the CDN does not have.
pub async fn nothing(cx: Cx, Id(rest): Id) -> Response {
    unknown(&cx, &rest)
}

fn unknown(cx: &Cx, file: &str) -> Response {
    cx.refuse(Refusal::new("file.unknown", "The CDN does not have this file").seen(file));
    denied()
}

/// `<language>.json`: the texts of a deployment that are in other words in this language.
pub async fn labels(cx: Cx, names: Result<Path<(String, String)>, PathRejection>) -> Response {
    let Ok(Path((id, file))) = names else {
        return unknown(&cx, "");
    };
    let Some(deployment) = find(&cx, &id) else {
        return forbidden(&cx, &id);
    };
    match file.strip_suffix(".json").and_then(|language| deployment.messenger.labels.get(language)) {
        Some(labels) => document(&cx, &file, &deployment, || serde_json::to_vec(labels).unwrap_or_default()),
        None => unknown(&cx, &file),
    }
}

/// The published configuration.
pub async fn config(cx: Cx, Id(id): Id) -> Response {
    match find(&cx, &id) {
        Some(deployment) => document(&cx, "config", &deployment, || {
            let config = config::of(&deployment, &cx.base);
            match &deployment.written {
                None => serde_json::to_vec(&config),
                Some(written) => serde_json::to_vec(&config::with_written(&config, written)),
            }
            .unwrap_or_default()
        }),
        None => forbidden(&cx, &id),
    }
}

/// The pages that may show the Messenger.
pub async fn domains(cx: Cx, Id(id): Id) -> Response {
    match find(&cx, &id) {
        Some(deployment) => document(&cx, "domains", &deployment, || {
            let domains = deployment.allowed_domains.as_deref();
            let (allow_all_domains, allowed_domains) = (domains.is_none(), domains.unwrap_or_default());
            serde_json::to_vec(&Domains { allow_all_domains, allowed_domains }).unwrap_or_default()
        }),
        None => forbidden(&cx, &id),
    }
}
