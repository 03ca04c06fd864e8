//! What the frames of a messaging socket do.

use std::sync::Arc;

use super::{
    app::App,
    org::{Cell, Org},
    sockets,
    step::Step,
};
use crate::{
    base::{
        draw::Cause,
        ids::{ConnectionId, SessionToken},
        time::Timestamp,
        wave::Wave,
    },
    domain::{
        deployment::{Admission, Deployment},
        frame::{Body, Frame},
        session::{Event, MAX_CONNECTIONS, Session},
    },
};

/// One frame of a client, on its way through the session.
pub struct Incoming<'a> {
    /// The connection.
    pub connection: ConnectionId,
    /// The frame's number.
    pub cause: Cause,
    /// The org's time.
    pub now: Timestamp,
    /// `token`.
    pub session: SessionToken,
    /// `tracingId`.
    pub tracing_id: Option<String>,
    /// Held until all consequences are written.
    pub wave: Option<&'a Wave>,
}

/// Answers a frame with an error, to its connection alone.
pub fn answer(app: &App, org: &Org, connection: ConnectionId, frame: &Frame, wave: Option<&Wave>) {
    org.cell(|cell| sockets::send(app, org, cell, connection, frame, wave));
}

fn error(tracing_id: Option<&String>, code: u32, text: impl Into<String>) -> Frame {
    Frame { tracing_id: tracing_id.cloned(), body: Body::Error { code, text: text.into() } }
}

/// `configureSession`.
pub fn configure(app: &App, org: &Org, incoming: &Incoming<'_>, deployment: Option<&str>, start_new: bool) {
    org.cell(|cell| {
        let refused = match configurable(cell, incoming, deployment) {
            Ok(deployment) => return configured(app, org, cell, incoming, &deployment, start_new),
            Err((code, text)) => error(incoming.tracing_id.as_ref(), code, text),
        };
        sockets::send(app, org, cell, incoming.connection, &refused, incoming.wave);
    });
}

fn configurable(
    cell: &Cell,
    incoming: &Incoming<'_>,
    deployment: Option<&str>,
) -> Result<Arc<Deployment>, (u32, String)> {
    let Some(socket) = cell.sockets.get(incoming.connection) else {
        return Err((400, "not connected".into()));
    };
    let wanted = deployment.unwrap_or_default();
    if wanted != socket.deployment().as_str() {
        return Err((
            400,
            format!("deploymentId is {wanted:?}, but the socket was opened for {}", socket.deployment()),
        ));
    }
    let Some(deployment) = cell.state.deployments.get(wanted) else {
        return Err((404, "The deployment is gone".into()));
    };
    if deployment.admission == Admission::Authenticated {
        let text = "Session authentication failed: this deployment admits authenticated sessions only";
        return Err((403, text.into()));
    }
    if let Some(session) = cell.state.sessions.get(&incoming.session) {
        if session.deployment != deployment.id {
            return Err((400, "The token belongs to a session of another deployment".into()));
        }
        let guest = socket.guest.as_ref().map(|guest| &guest.id);
        if session.guest.is_some() && session.guest.as_ref() != guest {
            return Err((403, "The session belongs to another guest".into()));
        }
    }
    expired_guest(cell, incoming).map_or(Ok(Arc::clone(deployment)), Err)
}

/// A guest whose token has expired may not go on before it comes back with a fresh one.
fn expired_guest(cell: &Cell, incoming: &Incoming<'_>) -> Option<(u32, String)> {
    let guest = cell.sockets.get(incoming.connection)?.guest.as_ref()?;
    (incoming.now >= guest.expires).then(|| (401, "Authentication token has expired".to_owned()))
}

fn configured(
    app: &App,
    org: &Org,
    cell: &mut Cell,
    incoming: &Incoming<'_>,
    deployment: &Arc<Deployment>,
    start_new: bool,
) {
    let token = &incoming.session;
    let guest =
        cell.sockets.get(incoming.connection).and_then(|socket| socket.guest.as_ref()).map(|g| g.id.clone());
    let reserved =
        guest.as_ref().and_then(|id| cell.state.guests.get(id)).map(|guest| guest.conversation.clone());
    let (now, make) = (incoming.now, token.clone());
    let session = cell.state.sessions.entry(token.clone(), || Session::new(make, deployment, now));
    if guest.is_some() && session.guest.is_none() {
        session.guest = guest;
        session.reserved = reserved;
    }
    cell.sockets.configure(incoming.connection, Some(token.clone()));
    // whoever asks comes last, however long its connection has been open
    let mut others = cell.sockets.of_session(token);
    others.retain(|other| *other != incoming.connection);
    if let Some(&oldest) = others.len().checked_sub(MAX_CONNECTIONS).and_then(|over| others.get(over)) {
        let closed = Frame { tracing_id: None, body: Body::ConnectionClosed };
        sockets::send(app, org, cell, oldest, &closed, incoming.wave);
        cell.sockets.configure(oldest, None);
    }
    let step = Step { app, org, cause: incoming.cause, now, requester: Some(incoming), wave: incoming.wave };
    step.run(cell, token, Event::Configure { start_new });
}

/// Any other action of a configured session.
pub fn act(app: &App, org: &Org, incoming: &Incoming<'_>, event: Event) {
    org.cell(|cell| {
        let refused = actable(cell, incoming);
        let refused = match refused.or_else(|| expired_guest(cell, incoming)) {
            Some((code, text)) => error(incoming.tracing_id.as_ref(), code, text),
            None => {
                let Incoming { cause, now, wave, .. } = *incoming;
                let step = Step { app, org, cause, now, requester: Some(incoming), wave };
                return step.run(cell, &incoming.session, event);
            }
        };
        sockets::send(app, org, cell, incoming.connection, &refused, incoming.wave);
    });
}

/// Only a session that this very connection was configured for can be used on it: a token alone opens nothing.
fn actable(cell: &Cell, incoming: &Incoming<'_>) -> Option<(u32, String)> {
    let on_this = cell.sockets.get(incoming.connection).and_then(|socket| socket.session());
    match cell.state.sessions.get(&incoming.session) {
        None => Some((4007, "There is no session of this token; configureSession comes first".to_owned())),
        Some(_) if on_this != Some(&incoming.session) => {
            Some((400, "This connection was not configured for the session of this token".to_owned()))
        }
        Some(_) => None,
    }
}

/// `getJwt`: may this connection have one?
pub fn may_get_jwt(app: &App, org: &Org, incoming: &Incoming<'_>) -> bool {
    org.cell(|cell| {
        let expired = |session: &Session| incoming.now >= session.expires;
        let refused = match actable(cell, incoming).or_else(|| expired_guest(cell, incoming)) {
            Some((code, text)) => error(incoming.tracing_id.as_ref(), code, text),
            None if cell.state.sessions.get(&incoming.session).is_some_and(expired) => {
                Frame { tracing_id: incoming.tracing_id.clone(), body: Body::SessionExpired }
            }
            None => return true,
        };
        sockets::send(app, org, cell, incoming.connection, &refused, incoming.wave);
        false
    })
}
