//! What each `action` of a client asks for.

use super::request::{Asked, Request};
use crate::{
    domain::{
        frame::{Body, Frame},
        session::Event,
    },
    ops::{
        attachments,
        cx::Cx,
        guest_token,
        messaging::{self, Incoming, Wanted},
        person_token::{self, PersonTokenError, SignedIn},
    },
};

/// Does what a frame asks for.
pub async fn act(cx: &Cx, mut request: Request, incoming: &Incoming<'_>) {
    let event = |event| messaging::act(&cx.app, &cx.org, incoming, event);
    let refuse = |code, text: &str| {
        let body = Body::Error { code, text: text.to_owned() };
        answer(cx, incoming, body);
    };
    let Some(action) = request.action.take() else {
        return refuse(400, "action is missing");
    };
    match action.as_str() {
        "configureSession" | "configureAuthenticatedSession" if request.token.is_none() => {
            refuse(400, "token is missing");
        }
        "configureSession" => configure(cx, incoming, &request, None),
        "configureAuthenticatedSession" => match signed_in(cx, incoming, &request).await {
            Ok(signed_in) => configure(cx, incoming, &request, Some(signed_in)),
            Err(wrong) => refuse(401, &format!("The authentication token is refused: {wrong}")),
        },
        "onMessage" => match request.inbound() {
            Some(Asked::Say(inbound)) => event(Event::Say(inbound)),
            Some(Asked::Unserved(what)) => {
                refuse(400, &format!("This emulator does not serve the event {what}"));
            }
            Some(Asked::Wrong(what)) => refuse(400, &what),
            None => refuse(4020, "message is missing"),
        },
        "echo" => {
            let message = request.message.take().unwrap_or_default();
            let custom_message_id = message.metadata.get("customMessageId").cloned();
            let text = message.text.unwrap_or_else(|| "ping".to_owned());
            event(Event::Echo { text, custom_message_id });
        }
        "onAttachment" => {
            attachments::announce(cx, incoming, request.attachment_id.take(), request.announcement());
        }
        "getAttachment" | "deleteAttachment" => match request.attachment_id.as_deref() {
            None => refuse(4020, "attachmentId is missing"),
            Some(id) if action == "getAttachment" => attachments::refresh(cx, incoming, id),
            Some(id) => attachments::delete(cx, incoming, id),
        },
        "closeSession" => event(Event::Close { all: request.close_all_connections }),
        "getConfiguration" => {
            messaging::configuration(&cx.app, &cx.org, incoming, request.deployment_id.as_deref())
        }
        "getJwt" => {
            if messaging::may_get_jwt(&cx.app, &cx.org, incoming) {
                jwt(cx, incoming).await;
            }
        }
        other => refuse(400, &format!("Unknown action {other:?}")),
    }
}

fn configure(cx: &Cx, incoming: &Incoming<'_>, request: &Request, signed_in: Option<SignedIn>) {
    let (deployment, start_new) = (request.deployment_id.as_deref(), request.start_new);
    messaging::configure(
        &cx.app,
        &cx.org,
        incoming,
        Wanted { deployment, start_new, signed_in, base: &cx.base },
    );
}

/// Frames are answered in order, so the next one waits for the key.
async fn signed_in(
    cx: &Cx,
    incoming: &Incoming<'_>,
    request: &Request,
) -> Result<SignedIn, PersonTokenError> {
    let of_frame = cx.of_frame(incoming.cause, incoming.now);
    let code = request.data.as_ref().and_then(|data| data.code.as_deref());
    person_token::verify_for(&of_frame, code, request.deployment_id.as_deref()).await
}

fn answer(cx: &Cx, incoming: &Incoming<'_>, body: Body) {
    let frame = Frame { tracing_id: incoming.tracing_id.clone(), body };
    messaging::answer(&cx.app, &cx.org, incoming.connection, &frame, incoming.wave);
}

/// Frames are answered in order, so the next one waits for the signature.
async fn jwt(cx: &Cx, incoming: &Incoming<'_>) {
    let of_frame = cx.of_frame(incoming.cause, incoming.now);
    answer(
        cx,
        incoming,
        match guest_token::sign_messaging(&of_frame, incoming.session.as_str()).await {
            Ok((jwt, exp)) => Body::Jwt { jwt, exp },
            Err(error) => Body::Error { code: 500, text: error.to_string() },
        },
    );
}
