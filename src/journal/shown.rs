//! An entry as the admin API shows it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{decision::Decision, entry::Kind, record::Record};
use crate::{
    base::{
        ids::{ClientId, DeploymentId, FaultId, GuestId, UserId},
        time::Timestamp,
    },
    domain::visit::{Refusal, Surface},
};

/// Request or answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownMessage {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    body: String,
}

/// An entry with all there is to it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    n: String,
    kind: Kind,
    at: Timestamp,
    surface: Surface,
    correlation_id: String,
    decision: Decision,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    /// Path and query of a request, `action` or `class` of a frame.
    target: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<ClientId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deployment: Option<DeploymentId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guest: Option<GuestId>,
    /// A fingerprint of the token, which is a credential; the token itself where secrets are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<Refusal>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<FaultId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
    elapsed_us: u64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    abandoned: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<ShownMessage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<ShownMessage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    frame: Option<String>,
}

impl Shown {
    /// A record with its correlation id.
    pub fn of(record: &Record, correlation_id: String) -> Self {
        let entry = record.entry();
        let http = entry.kind() == Kind::Http;
        let message =
            |headers: &str, body: &str| ShownMessage { headers: joined(headers), body: body.to_owned() };
        Self {
            n: entry.cause().to_string(),
            kind: entry.kind(),
            at: entry.at(),
            surface: entry.surface(),
            correlation_id,
            decision: entry.decision(),
            method: http.then(|| entry.method().to_string()),
            target: record.target().to_owned(),
            status: (entry.status() > 0).then_some(entry.status()),
            client: entry.claimed().client.clone(),
            user: entry.claimed().user.clone(),
            deployment: entry.claimed().deployment.clone(),
            guest: entry.claimed().guest.clone(),
            session: record.session(),
            refusal: entry.refusal().cloned(),
            faults: entry.faults().to_vec(),
            notes: entry.notes().to_vec(),
            elapsed_us: entry.elapsed_us(),
            abandoned: entry.decision() == Decision::Abandoned,
            request: http.then(|| message(record.head(), record.body())),
            response: (http && entry.status() > 0)
                .then(|| message(record.answer_head(), record.answer_body())),
            frame: (!http).then(|| record.body().to_owned()),
        }
    }
}

/// Headers by name; values of one name behind each other.
fn joined(text: &str) -> BTreeMap<String, String> {
    let mut headers = BTreeMap::new();
    for (name, value) in text.lines().filter_map(|line| line.split_once(": ")) {
        headers
            .entry(name.to_owned())
            .and_modify(|all: &mut String| {
                all.push_str(", ");
                all.push_str(value);
            })
            .or_insert_with(|| value.to_owned());
    }
    headers
}
