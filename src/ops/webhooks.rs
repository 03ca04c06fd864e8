//! What is said to people of Open Messaging goes to the URL of their integration, signed. Each request has a number and a
//! journal entry of its own.

use std::sync::Arc;

use aws_lc_rs::hmac;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};

use super::{
    fetch::{Outgoing, fetch},
    org::Cell,
    step::Step,
};
use crate::{
    base::{codec::base64, draw::Cause, ids::ConversationId},
    domain::{
        message::Message,
        open_messaging::OpenIntegration,
        visit::{Refusal, Surface},
    },
    journal::draft::{Draft, Keep},
};

/// The signature of the body.
const SIGNATURE: HeaderName = HeaderName::from_static("x-hub-signature-256");

fn headers(integration: &OpenIntegration, body: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let key = hmac::Key::new(hmac::HMAC_SHA256, integration.secret.as_bytes());
    let signature = format!("sha256={}", base64(hmac::sign(&key, body).as_ref()));
    if let Ok(signature) = HeaderValue::try_from(signature) {
        headers.insert(SIGNATURE, signature);
    }
    for (name, value) in &integration.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    }
    headers
}

/// The same for the journal: headers of the integration's own are keys to the application, mostly.
fn shown(integration: &OpenIntegration, headers: &HeaderMap) -> HeaderMap {
    let mut shown = headers.clone();
    for name in integration.headers.keys().filter_map(|name| name.parse::<HeaderName>().ok()) {
        shown.insert(name, HeaderValue::from_static("(redacted)"));
    }
    shown
}

/// Sends a message to the application. Nobody waits for what it answers.
pub(super) fn send(step: &Step<'_>, cell: &mut Cell, id: &ConversationId, message: &Arc<Message>) {
    let Some(known) = cell.state.conversations.get(id) else { return };
    let integration =
        known.open.as_ref().and_then(|open| cell.state.open_integrations.get(&open.integration));
    let Some(integration) = integration.cloned() else { return };
    let Some(text) = (step.app.webhook)(known, message) else { return };
    // never by the directory: whoever holds that may wait for this org's lock
    let (Ok(url), Some(org)) = (integration.webhook_url.parse::<Uri>(), step.org.shared()) else {
        return;
    };
    cell.visits += 1;
    let (cause, at) = (Cause::visit(cell.visits), step.now);
    let body = Bytes::from(text);
    let headers = headers(&integration, &body);
    let shown = shown(&integration, &headers);
    let confined = step.app.settings.confine_fetches;
    tokio::spawn(async move {
        let target = url.to_string();
        let mut draft = Draft::request(
            Vec::new(),
            (cause, at),
            Surface::Webhooks,
            Method::POST,
            (&target, None),
            &shown,
            &body,
        );
        let outgoing = Outgoing { method: Method::POST, url, headers, body, connect_to: None };
        match fetch(outgoing, confined).await {
            Ok(answer) => draft.answer(answer.status.as_u16(), &answer.headers, &answer.body, Keep::Text),
            Err(error) => draft.refuse(Refusal::new("webhook.failed", error.to_string())),
        }
        org.cell(|cell| cell.keep(draft.close(0, false)));
    });
}
