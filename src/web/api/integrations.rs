//! `POST /api/v2/integrations/actions/{id}/execute`: the data actions of a scenario.

use axum::{body::Bytes, response::Response};
use http::StatusCode;
use serde::Serialize;
use serde_json::Value;

use super::{
    error::{of_code, plain},
    external_contact_body::refused,
    request::{Refused, admitted, read},
};
use crate::{
    domain::{contact::ContactType, visit::Refusal},
    ops::{
        cx::Cx,
        data_actions::{self, ActionError},
    },
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

const EXECUTE: &[&str] = &["integrations:action:execute", "bridge:actions:execute"];

/// Who somebody is.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Output {
    contact_id: String,
    external_id: String,
    #[serde(rename = "type")]
    kind: ContactType,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
    created: bool,
}

/// Executes one.
pub async fn execute(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    body: Bytes,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, &["integrations"], EXECUTE).await?;
    let input: Value = read(&cx, &body)?;
    let done = data_actions::execute(&cx, &id, input).map_err(|error| not_done(&cx, &id, &error))?;
    let details = done.contact.details;
    let output = Output {
        contact_id: done.contact.id.to_string(),
        external_id: done.external_id,
        kind: done.contact.kind,
        first_name: details.first_name,
        last_name: details.last_name,
        created: done.created,
    };
    Ok(answer::json(StatusCode::OK, &output))
}

fn not_done(cx: &Cx, id: &str, error: &ActionError) -> Response {
    match error {
        ActionError::Unknown => {
            cx.refuse(Refusal::new("data_action.unknown", error.to_string()).seen(id));
            of_code(cx, "not.found", "")
        }
        ActionError::NoInput(member) => {
            let refusal = Refusal::new("data_action.input", "The input lacks the id in the other system");
            cx.refuse(refusal.expected(format!("member {member}, a text or a number")));
            of_code(cx, "parameters.missing", member)
        }
        ActionError::Input(_) => {
            cx.refuse(Refusal::new("data_action.input", error.to_string()));
            plain(cx, 400, Some("bad.request"), Some(&error.to_string()))
        }
        ActionError::Contact(error) => refused(cx, error),
    }
}
