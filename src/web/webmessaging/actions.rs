//! What each `action` of a client asks for.

use super::request::{Asked, Request};
use crate::{
    domain::{frame::Body, session::Event},
    ops::{
        attachments,
        cx::Cx,
        guest_token,
        host::Host,
        messaging::{self, Incoming, Wanted},
        org::Cell,
        person_token::{self, PersonTokenError, SignedIn},
    },
};

/// What takes keys, hence time: nobody waits for them in the org's critical section.
#[derive(Clone, Copy)]
pub enum Later {
    /// Somebody proves to be somebody.
    SignIn,
    /// A JWT is signed.
    Jwt,
}

/// Does what a frame asks for, in the org's critical section. Answers what is left to be done outside of it.
pub fn act(
    host: &Host,
    cell: &mut Cell,
    action: Option<&str>,
    request: &mut Request,
    incoming: &Incoming<'_>,
) -> Option<Later> {
    let Host { app, org, .. } = host;
    let Some(action) = action else {
        refuse(host, cell, incoming, 400, "action is missing");
        return None;
    };
    match action {
        "configureSession" | "configureAuthenticatedSession" if request.token.is_none() => {
            refuse(host, cell, incoming, 400, "token is missing");
        }
        "configureSession" => configure(host, cell, incoming, request, None),
        "configureAuthenticatedSession" => return Some(Later::SignIn),
        "onMessage" => match request.inbound() {
            Some(Asked::Say(inbound)) => messaging::act(app, org, cell, incoming, Event::Say(inbound)),
            Some(Asked::Unserved(what)) => {
                let words = format!("This emulator does not serve the event {what}");
                refuse(host, cell, incoming, 400, &words);
            }
            Some(Asked::Wrong(what)) => refuse(host, cell, incoming, 400, &what),
            None => refuse(host, cell, incoming, 4020, "message is missing"),
        },
        "echo" => {
            let message = request.message.take().unwrap_or_default();
            let custom_message_id = message.metadata.get("customMessageId").cloned();
            let text = message.text.unwrap_or_else(|| "ping".to_owned());
            messaging::act(app, org, cell, incoming, Event::Echo { text, custom_message_id });
        }
        "onAttachment" => {
            let id = request.attachment_id.take();
            attachments::announce(host, cell, incoming, id, request.announcement());
        }
        "getAttachment" | "deleteAttachment" => match request.attachment_id.as_deref() {
            None => refuse(host, cell, incoming, 4020, "attachmentId is missing"),
            Some(id) if action == "getAttachment" => attachments::refresh(host, cell, incoming, id),
            Some(id) => attachments::delete(host, cell, incoming, id),
        },
        "closeSession" => {
            let all = request.close_all_connections;
            messaging::act(app, org, cell, incoming, Event::Close { all });
        }
        "getConfiguration" => {
            messaging::configuration(app, org, cell, incoming, request.deployment_id.as_deref());
        }
        "getJwt" => return messaging::may_get_jwt(app, org, cell, incoming).then_some(Later::Jwt),
        other => refuse(host, cell, incoming, 400, &format!("Unknown action {other:?}")),
    }
    None
}

/// Does what was left. Frames are answered in order, so the next one waits for the keys.
pub async fn finish(host: &Host, later: Later, request: &Request, incoming: &Incoming<'_>) {
    let Host { app, org, .. } = host;
    match later {
        Later::SignIn => {
            let signed_in = signed_in(host, incoming, request).await;
            org.cell(|cell| match signed_in {
                Ok(signed_in) => configure(host, cell, incoming, request, Some(signed_in)),
                Err(wrong) => {
                    let words = format!("The authentication token is refused: {wrong}");
                    refuse(host, cell, incoming, 401, &words);
                }
            });
        }
        Later::Jwt => {
            let of_frame = Cx::of_frame(host, incoming.cause, incoming.now);
            let body = match guest_token::sign_messaging(&of_frame, incoming.session.as_str()).await {
                Ok((jwt, exp)) => Body::Jwt { jwt, exp },
                Err(error) => Body::error(500, error.to_string()),
            };
            org.cell(|cell| messaging::answer(app, org, cell, incoming, body));
        }
    }
}

/// Answers with an error.
pub fn refuse(host: &Host, cell: &mut Cell, incoming: &Incoming<'_>, code: u32, text: &str) {
    messaging::answer(&host.app, &host.org, cell, incoming, Body::error(code, text));
}

fn configure(
    host: &Host,
    cell: &mut Cell,
    incoming: &Incoming<'_>,
    request: &Request,
    signed_in: Option<SignedIn>,
) {
    let (deployment, start_new) = (request.deployment_id.as_deref(), request.start_new);
    let wanted = Wanted { deployment, start_new, signed_in, base: &host.base };
    messaging::configure(&host.app, &host.org, cell, incoming, wanted);
}

async fn signed_in(
    host: &Host,
    incoming: &Incoming<'_>,
    request: &Request,
) -> Result<SignedIn, PersonTokenError> {
    let of_frame = Cx::of_frame(host, incoming.cause, incoming.now);
    let code = request.data.as_ref().and_then(|data| data.code.as_deref());
    person_token::verify_for(&of_frame, code, request.deployment_id.as_deref()).await
}
