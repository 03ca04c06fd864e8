//! `/api/v2/webchat/guest` (guide dialect): guests and their tokens.

use axum::{body::Bytes, response::Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::error::{from_access, of_code};
use crate::{
    base::codec::json_wrong,
    domain::visit::Refusal,
    ops::{
        cx::Cx,
        guest::{self, GuestError, GuestRequest},
    },
    web::{
        answer, dialect,
        extract::{Authorization, Id},
    },
};

/// What a proxy sends. Unknown members are passed over, as the platform does.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct GuestBody {
    name: Option<String>,
    email: Option<String>,
    custom_attributes: Option<Box<RawValue>>,
    guest_id: Option<String>,
    #[serde(alias = "access_token", alias = "accessToken", alias = "jwt")]
    token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenBody<'a> {
    #[serde(rename = "access_token")]
    access_token: &'a str,
    #[serde(rename = "token_type")]
    token_type: &'static str,
    #[serde(rename = "expires_in")]
    expires_in: i64,
    guest_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GuestView<'a> {
    id: &'a str,
    name: &'a str,
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_attributes: Option<&'a RawValue>,
    conversation_id: &'a str,
}

fn parse(body: &[u8]) -> Result<GuestRequest, String> {
    let text = std::str::from_utf8(body).map_err(|_| "the body is not UTF-8".to_owned())?;
    // some SDKs send the text `null` for no body
    let given: Option<GuestBody> = match text.trim() {
        "" | "null" => None,
        text if !text.starts_with('{') => return Err("it is not a JSON object".to_owned()),
        text => Some(serde_json::from_str(text).map_err(|error| json_wrong(&error))?),
    };
    let given = given.unwrap_or_default();
    let attributes = given.custom_attributes.filter(|raw| raw.get() != "null");
    if attributes.as_ref().is_some_and(|raw| !raw.get().starts_with('{')) {
        return Err("customAttributes is not an object".to_owned());
    }
    Ok(GuestRequest {
        name: given.name,
        email: given.email,
        custom_attributes: attributes,
        guest_id: given.guest_id,
        old_token: given.token,
    })
}

/// Makes a guest, or renews the token of one that `guestId` or an older token names.
pub async fn post(cx: Cx, authorization: Authorization, body: Bytes) -> Response {
    let caller = match guest::admit(&cx, authorization.text()).await {
        Ok(caller) => caller,
        Err(error) => return from_access(&cx, &error),
    };
    let request = match parse(&body) {
        Ok(request) => request,
        Err(wrong) => {
            cx.refuse(Refusal::new("body.unreadable", wrong.as_str()).expected("a JSON object"));
            return dialect::error(
                &cx,
                400,
                Some("bad.request"),
                Some(&format!("The body cannot be read: {wrong}")),
            );
        }
    };
    match guest::issue(&cx, &caller, request).await {
        Err(error) => refused(&cx, &error),
        Ok(made) => {
            let body = TokenBody {
                access_token: &made.token,
                token_type: "Bearer",
                expires_in: made.expires_in,
                guest_id: made.guest.id.as_str(),
            };
            answer::json(StatusCode::OK, &body)
        }
    }
}

/// Shows a guest.
pub async fn get(cx: Cx, authorization: Authorization, Id(id): Id) -> Response {
    match guest::show(&cx, authorization.text(), &id).await {
        Err(error) => refused(&cx, &error),
        Ok(guest) => {
            let body = GuestView {
                id: guest.id.as_str(),
                name: &guest.name,
                email: guest.email.as_deref(),
                custom_attributes: guest.custom_attributes.as_deref(),
                conversation_id: guest.conversation.as_str(),
            };
            answer::json(StatusCode::OK, &body)
        }
    }
}

fn refused(cx: &Cx, error: &GuestError) -> Response {
    match error {
        GuestError::Access(error) => from_access(cx, error),
        GuestError::Unknown(_) => of_code(cx, "not.found", ""),
        GuestError::TooLong(_) => of_code(cx, "constraint.validation", &error.to_string()),
        GuestError::OldToken(why) => {
            let message = format!("The guest's older token cannot be used: {why}");
            dialect::error(cx, 400, Some("invalid.value"), Some(&message))
        }
        GuestError::Sign(error) => dialect::error(cx, 500, None, Some(&error.to_string())),
    }
}
