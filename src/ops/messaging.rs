//! What the frames of a messaging socket do, in the critical section of their org.

use std::sync::Arc;

use super::{
    app::App,
    attachments,
    connections::Socket,
    devices, events, limits,
    org::{Cell, Org},
    person_token::SignedIn,
    sockets,
    step::Step,
};
use crate::{
    base::{
        draw::Cause,
        ids::{ConnectionId, FaultId, SessionToken},
        time::Timestamp,
        wave::Wave,
    },
    domain::{
        deployment::{Admission, Deployment},
        frame::{Body, ClosedReason, Frame},
        session::{Event, MAX_CONNECTIONS, MAX_TOKEN, Session},
    },
    store::org_state::BucketKey,
};

/// One frame of a client, on its way through the session.
#[derive(Clone)]
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
    /// The fault that loses the echo of what is said, on this connection.
    pub echo_lost_by: Option<&'a FaultId>,
}

/// Answers a frame, to its connection alone.
pub fn answer(app: &App, org: &Org, cell: &mut Cell, incoming: &Incoming<'_>, body: Body) {
    let frame = Frame { tracing_id: incoming.tracing_id.clone(), body };
    sockets::send(app, org, cell, incoming.connection, &frame, incoming.wave);
}

/// What `configureSession` or `configureAuthenticatedSession` asks for.
pub struct Wanted<'a> {
    /// `deploymentId`.
    pub deployment: Option<&'a str>,
    /// `startNew`.
    pub start_new: bool,
    /// Who has proved to be somebody.
    pub signed_in: Option<SignedIn>,
    /// What absolute URLs start with that the session is told.
    pub base: &'a str,
}

/// `configureSession` and `configureAuthenticatedSession`.
pub fn configure(app: &App, org: &Org, cell: &mut Cell, incoming: &Incoming<'_>, mut wanted: Wanted<'_>) {
    if wanted.signed_in.is_none() {
        // who came with a JWT of an identity provider has signed in
        wanted.signed_in = cell.sockets.get(incoming.connection).and_then(Socket::signed_in);
    }
    let refused = match configurable(cell, incoming, &wanted) {
        Ok(deployment) => {
            match limits::of_session(app, cell, incoming, BucketKey::Configure, |limits| limits.configure) {
                None => return configured(app, org, cell, incoming, &deployment, wanted),
                Some(too_many) => too_many,
            }
        }
        Err(refused) => *refused,
    };
    answer(app, org, cell, incoming, refused);
}

fn configurable(
    cell: &Cell,
    incoming: &Incoming<'_>,
    wanted: &Wanted<'_>,
) -> Result<Arc<Deployment>, Box<Body>> {
    let Some(socket) = cell.sockets.get(incoming.connection) else {
        return Err(Body::error(400, "not connected").into());
    };
    if incoming.session.as_str().len() > MAX_TOKEN {
        return Err(Body::error(400, format!("token is longer than {MAX_TOKEN} bytes")).into());
    }
    let Some(id) = wanted.deployment else {
        return Err(Body::error(400, "deploymentId is missing").into());
    };
    let opened_for = socket.deployment().map_or("", |deployment| deployment.as_str());
    if id != opened_for {
        let words = format!("deploymentId is {id:?}, but the socket was opened for {opened_for}");
        return Err(Body::error(400, words).into());
    }
    let Some(deployment) = cell.state.deployments.get(id) else {
        return Err(Body::error(404, "The deployment is gone").into());
    };
    let person = wanted.signed_in.as_ref().map(|signed_in| &signed_in.person);
    if person.is_none() && deployment.admission == Admission::Authenticated {
        let text =
            "Session authentication failed: this deployment admits authenticated sessions only".to_owned();
        return Err(Box::new(Body::Error { code: 403, text, rule: "session.not_authenticated" }));
    }
    if person.is_some() && !deployment.authentication {
        return Err(Body::error(403, "Authentication is not enabled for this deployment").into());
    }
    if let Some(session) = cell.state.sessions.get(&incoming.session) {
        if session.deployment != deployment.id {
            return Err(Body::error(400, "The token belongs to a session of another deployment").into());
        }
        let guest = socket.guest.as_ref().map(|guest| &guest.id);
        if session.guest.is_some() && session.guest.as_ref() != guest {
            let text = "The session belongs to another guest".to_owned();
            return Err(Box::new(Body::Error { code: 403, text, rule: "session.of_another_guest" }));
        }
        if let Some(refused) = session.refuses(person, deployment) {
            return Err(refused.into());
        }
    }
    expired_guest(cell, incoming).map_or(Ok(Arc::clone(deployment)), |refused| Err(refused.into()))
}

/// Whose token has expired may not go on before it comes back with a fresh one.
fn expired_guest(cell: &Cell, incoming: &Incoming<'_>) -> Option<Body> {
    let expires = cell.sockets.get(incoming.connection)?.expires?;
    (incoming.now >= expires).then(Body::token_expired)
}

fn configured(
    app: &App,
    org: &Org,
    cell: &mut Cell,
    incoming: &Incoming<'_>,
    deployment: &Arc<Deployment>,
    wanted: Wanted<'_>,
) {
    let Wanted { start_new, signed_in, base, .. } = wanted;
    let until = signed_in.as_ref().filter(|_| deployment.sign_in.expires_with_token).map(|one| one.expires);
    let person = signed_in.map(|signed_in| signed_in.person);
    let joined = person
        .as_ref()
        .and_then(|person| devices::joined(cell, deployment, &incoming.session, person, incoming.now));
    let incoming =
        &Incoming { session: joined.unwrap_or_else(|| incoming.session.clone()), ..incoming.clone() };
    let token = &incoming.session;
    let step = Step {
        app,
        org,
        cause: incoming.cause,
        now: incoming.now,
        requester: Some(incoming),
        wave: incoming.wave,
    };
    if person.is_some() && deployment.allow_session_upgrade {
        devices::takes_along(&step, cell, incoming);
    }
    let socket = cell.sockets.get_mut(incoming.connection);
    let guest = socket.and_then(|socket| {
        socket.signed_in_until = until;
        socket.guest.as_ref().map(|guest| guest.id.clone())
    });
    let reserved =
        guest.as_ref().and_then(|id| cell.state.guests.get(id)).map(|guest| guest.conversation.clone());
    let (now, make) = (incoming.now, token.clone());
    let session = cell.state.sessions.entry(token.clone(), || Session::new(make, deployment, now));
    if guest.is_some() && session.guest.is_none() {
        session.guest = guest;
        session.reserved = reserved;
    }
    session.base = base.to_owned();
    let cleared_existing = person
        .as_ref()
        .is_some_and(|person| devices::clears_elsewhere(&step, cell, deployment, token, person));
    cell.sockets.configure(incoming.connection, Some(token.clone()));
    // whoever asks comes last, however long its connection has been open
    let mut others = cell.sockets.of_session(token);
    others.retain(|other| *other != incoming.connection);
    if let Some(&oldest) = others.len().checked_sub(MAX_CONNECTIONS).and_then(|over| others.get(over)) {
        close_connection(app, org, cell, oldest, incoming.wave);
    }
    step.run(cell, token, Event::Configure { start_new, person, cleared_existing });
    step.guest_has_changed(cell, token);
}

/// The session is over at once, whatever its time; for a fault.
pub(super) fn expire(
    app: &App,
    org: &Org,
    cell: &mut Cell,
    session: &SessionToken,
    (cause, now): (Cause, Timestamp),
    wave: Option<&Wave>,
) {
    Step { app, org, cause, now, requester: None, wave }.run(cell, session, Event::Expire);
}

/// The platform closes a connection by an event; the client ends it. It stands for no session from then on.
pub(super) fn close_connection(
    app: &App,
    org: &Org,
    cell: &mut Cell,
    connection: ConnectionId,
    wave: Option<&Wave>,
) {
    let closed = Frame { tracing_id: None, body: Body::ConnectionClosed(ClosedReason::None) };
    events::evicted(cell, org.clock.now(), connection);
    sockets::send(app, org, cell, connection, &closed, wave);
    cell.sockets.configure(connection, None);
}

/// Any other action of a configured session.
pub fn act(app: &App, org: &Org, cell: &mut Cell, incoming: &Incoming<'_>, mut event: Event) {
    let wrong = actable(cell, incoming).or_else(|| expired_token(cell, incoming));
    let refused = match wrong {
        Some(refused) => Some(refused),
        None if matches!(event, Event::Say(_)) => {
            limits::of_session(app, cell, incoming, BucketKey::Message, |limits| limits.message)
        }
        None => None,
    };
    match refused.or_else(|| unsendable(org, cell, incoming, &mut event)) {
        Some(refused) => answer(app, org, cell, incoming, refused),
        None => {
            let Incoming { cause, now, wave, .. } = *incoming;
            let step = Step { app, org, cause, now, requester: Some(incoming), wave };
            step.run(cell, &incoming.session, event);
        }
    }
}

/// Nobody goes on with a token that has expired, before it comes back with a fresh one.
fn expired_token(cell: &Cell, incoming: &Incoming<'_>) -> Option<Body> {
    let until = cell.sockets.get(incoming.connection)?.signed_in_until;
    let expired = || {
        until.filter(|until| incoming.now >= *until)?;
        Some(Body::error(401, "Authentication token has expired"))
    };
    expired_guest(cell, incoming).or_else(expired)
}

/// Finds the files that a message shows; answers why one cannot be sent.
fn unsendable(org: &Org, cell: &mut Cell, incoming: &Incoming<'_>, event: &mut Event) -> Option<Body> {
    match event {
        Event::Say(inbound) => attachments::resolve(org, cell, incoming, inbound)
            .err()
            .map(|refused| Body::error(refused.code, refused.text)),
        _ => None,
    }
}

/// Only a session that this very connection was configured for can be used on it: a token alone opens nothing.
fn actable(cell: &Cell, incoming: &Incoming<'_>) -> Option<Body> {
    let on_this = cell.sockets.get(incoming.connection).and_then(|socket| socket.session());
    match cell.state.sessions.get(&incoming.session) {
        None if incoming.session.as_str().is_empty() => {
            Some(Body::error(4020, "token is missing, and this connection was configured for no session"))
        }
        None => Some(Body::error(4007, "There is no session of this token; configureSession comes first")),
        Some(session) if on_this != Some(&incoming.session) && session.is_expired(incoming.now) => {
            Some(Body::error(4006, "The session of this token has expired"))
        }
        Some(_) if on_this != Some(&incoming.session) => {
            Some(Body::error(400, "This connection was not configured for the session of this token"))
        }
        Some(_) => None,
    }
}

/// What is said to a frame that needs a live session on its connection, if that is not there.
pub(super) fn not_live(cell: &Cell, incoming: &Incoming<'_>) -> Option<Body> {
    match actable(cell, incoming).or_else(|| expired_token(cell, incoming)) {
        Some(refused) => Some(refused),
        None => cell
            .state
            .sessions
            .get(&incoming.session)
            .is_some_and(|session| session.is_expired(incoming.now))
            .then_some(Body::SessionExpired),
    }
}

/// `getJwt`: may this connection have one?
pub fn may_get_jwt(app: &App, org: &Org, cell: &mut Cell, incoming: &Incoming<'_>) -> bool {
    let Some(refused) = not_live(cell, incoming) else { return true };
    answer(app, org, cell, incoming, refused);
    false
}

/// `getConfiguration`: what clients are told of the deployment, before or after they configure a session.
pub fn configuration(
    app: &App,
    org: &Org,
    cell: &mut Cell,
    incoming: &Incoming<'_>,
    deployment: Option<&str>,
) {
    let socket = cell.sockets.get(incoming.connection).and_then(|socket| socket.deployment());
    let socket = socket.map(|deployment| deployment.as_str());
    let known = deployment.or(socket).and_then(|id| cell.state.deployments.get(id));
    let body = match known {
        Some(known) if Some(known.id.as_str()) == socket => Body::Configuration(known.media()),
        Some(_) => Body::error(400, "The socket was opened for another deployment"),
        None => Body::error(404, "There is no such deployment"),
    };
    answer(app, org, cell, incoming, body);
}
