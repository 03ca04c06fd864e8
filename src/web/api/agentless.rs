//! What an application says unasked to people of Open Messaging.

use axum::{body::Bytes, response::Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{
    communication_error::refused,
    conversation_body::MESSAGES,
    conversations::WRITE,
    request::{Refused, admitted, object},
};
use crate::{
    base::time::Timestamp,
    domain::{open_messaging::LONGEST, session::MAX_SPOKEN},
    ops::{communications::CommunicationError, cx::Cx, open_messaging as ops},
    web::{answer, extract::Authorization},
};

const SPEAK: &[&str] = &["conversation:message:create"];
const OWN: &[&str] = &["not.a.client", "max.length.exceeded"];

/// `SendAgentlessOutboundMessageRequest`, as it comes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AgentlessRequest {
    from_address: String,
    to_address: Option<String>,
    to_address_messenger_type: String,
    text_body: Option<String>,
}

/// `SendAgentlessOutboundMessageResponse`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AgentlessBody<'a> {
    id: &'a str,
    conversation_id: &'a str,
    from_address: &'a str,
    to_address: &'a str,
    messenger_type: &'a str,
    text_body: &'a str,
    timestamp: Timestamp,
    self_uri: String,
}

/// An application says something unasked.
pub async fn post(cx: Cx, authorization: Authorization, body: Bytes) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, SPEAK).await?;
    let request: AgentlessRequest = object(&cx, &body)?;
    let AgentlessRequest { from_address, to_address, to_address_messenger_type: kind, text_body } = request;
    let refuse = |error| refused(&cx, error, OWN);
    if kind != "open" {
        let words = format!("messages are sent to people of open; {kind} is not served here");
        return Err(refuse(CommunicationError::Invalid(words)));
    }
    let (Some(to), Some(text)) =
        (to_address.filter(|to| !to.is_empty()), text_body.filter(|text| !text.is_empty()))
    else {
        return Err(refuse(CommunicationError::Invalid("toAddress or textBody is missing".to_owned())));
    };
    if to.chars().count() > LONGEST {
        let words = format!("toAddress is longer than {LONGEST} characters");
        return Err(refuse(CommunicationError::Invalid(words)));
    }
    let length = text.chars().count();
    if length > MAX_SPOKEN {
        return Err(refuse(CommunicationError::TooLong(length)));
    }
    let taken = ops::say_unasked(&cx, &proved, &from_address, (&to, text.clone())).map_err(refuse)?;
    let body = AgentlessBody {
        id: &taken.message.id,
        conversation_id: taken.conversation.as_str(),
        from_address: &from_address,
        to_address: &to,
        messenger_type: &kind,
        text_body: &text,
        timestamp: taken.message.time,
        self_uri: format!("{MESSAGES}/{}/messages/{}", taken.conversation, taken.message.id),
    };
    Ok(answer::json(StatusCode::OK, &body))
}
