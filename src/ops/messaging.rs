//! The web messaging socket: who is admitted, what its frames do, and the history.

use std::sync::Arc;

use super::{
    app::App,
    cx::Cx,
    guest_token::{self, TokenRefusal},
    org::{Cell, Org},
    sockets::{self, Outbox, Socket},
    time::Due,
};
use crate::{
    base::{
        clock::Wave,
        draw::{Cause, Mint},
        ids::{ConnectionId, ConversationId, SessionToken},
        time::Timestamp,
    },
    domain::{
        conversation::{Conversation, Participant, Purpose},
        deployment::{Admission, Deployment, DeploymentStatus, HandshakeRefusal},
        frame::{Body, Frame},
        message::Message,
        session::{Action, Event, MAX_CONNECTIONS, Rules, Session},
        visit::Refusal,
    },
};

/// Why an upgrade is refused.
#[derive(Debug, thiserror::Error)]
pub enum UpgradeError {
    /// No deployment, an unknown one, or one that is switched off.
    #[error("the deployment is not there")]
    Deployment,
    /// The page may not.
    #[error("the origin is not allowed")]
    Origin,
    /// The guest token is missing or foreign, or the deployment always says so.
    #[error("forbidden")]
    Forbidden,
    /// The guest token is ours and not good.
    #[error("unauthorized")]
    Unauthorized,
}

/// What an upgrade request brings.
#[derive(Clone, Debug, Default)]
pub struct Upgrade {
    /// `deploymentId`.
    pub deployment: Option<String>,
    /// `Origin`.
    pub origin: Option<String>,
    /// A guest JWT, however it was presented.
    pub credential: Option<String>,
}

/// Admits a socket. From then on the visit's number is the connection's.
pub async fn admit(cx: &Cx, upgrade: &Upgrade) -> Result<ConnectionId, UpgradeError> {
    let refuse = |refusal: Refusal, error: UpgradeError| {
        cx.refuse(refusal);
        Err(error)
    };
    let wanted = upgrade.deployment.as_deref().unwrap_or_default();
    let Some(deployment) = cx.state(|state| state.deployments.get(wanted).cloned()) else {
        let refusal = Refusal::new("deployment.unknown", "There is no such deployment in this org");
        return refuse(refusal.seen(wanted), UpgradeError::Deployment);
    };
    if deployment.status != DeploymentStatus::Active {
        return refuse(
            Refusal::new("deployment.inactive", "The deployment is inactive"),
            UpgradeError::Deployment,
        );
    }
    if !deployment.admits_origin(upgrade.origin.as_deref()) {
        let allowed = deployment.allowed_domains.clone().unwrap_or_default().join(" ");
        let refusal = Refusal::new("origin.not_allowed", "The page's host is not an allowed domain");
        let seen = upgrade.origin.clone().unwrap_or_default();
        return refuse(refusal.expected(allowed).seen(seen), UpgradeError::Origin);
    }
    let guest = match (&upgrade.credential, deployment.admission) {
        (None, Admission::GuestToken) => Err(TokenRefusal::Missing),
        (None, _) => Ok(None),
        (Some(token), _) => guest_token::verify(cx, token, deployment.strict_issuer)
            .await
            .map(Some),
    };
    let guest = match guest {
        Ok(guest) => guest,
        Err(wrong) => {
            let by_cause = deployment.handshake_refusal == HandshakeRefusal::ByCause;
            let error = if wrong.is_ours() && by_cause {
                UpgradeError::Unauthorized
            } else {
                UpgradeError::Forbidden
            };
            return refuse(wrong.refusal(), error);
        }
    };
    let id = ConnectionId(cx.cause.visit_number());
    let mut expiry = None;
    if let Some(guest) = &guest {
        expiry = Some(
            cx.org
                .clock
                .arm(guest.expires, cx.cause, Due::GuestTokenExpired(id)),
        );
        cx.journal(|draft| draft.subject().guest = Some(guest.id.clone()));
    }
    let mut socket = Socket::new(deployment.id.clone(), guest);
    socket.expiry = expiry;
    cx.org.cell(|cell| cell.sockets.insert(id, socket));
    Ok(id)
}

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
    Frame {
        tracing_id: tracing_id.cloned(),
        body: Body::Error {
            code,
            text: text.into(),
        },
    }
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
    if wanted != socket.deployment.as_str() {
        return Err((
            400,
            format!(
                "deploymentId is {wanted:?}, but the socket was opened for {}",
                socket.deployment
            ),
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
    let guest = cell
        .sockets
        .get(incoming.connection)
        .and_then(|socket| socket.guest.as_ref())
        .map(|g| g.id.clone());
    let reserved = guest
        .as_ref()
        .and_then(|id| cell.state.guests.get(id))
        .map(|guest| guest.conversation.clone());
    let (now, make) = (incoming.now, token.clone());
    let session = cell
        .state
        .sessions
        .entry(token.clone(), || Session::new(make, deployment, now));
    if guest.is_some() && session.guest.is_none() {
        session.guest = guest;
        session.reserved = reserved;
    }
    if let Some(socket) = cell.sockets.get_mut(incoming.connection) {
        socket.session = Some(token.clone());
    }
    // whoever asks comes last, however long its connection has been open
    let mut others = cell.sockets.of_session(token);
    others.retain(|other| *other != incoming.connection);
    if let Some(&oldest) = others
        .len()
        .checked_sub(MAX_CONNECTIONS)
        .and_then(|over| others.get(over))
    {
        let closed = Frame {
            tracing_id: None,
            body: Body::ConnectionClosed,
        };
        sockets::send(app, org, cell, oldest, &closed, incoming.wave);
        if let Some(socket) = cell.sockets.get_mut(oldest) {
            socket.session = None;
        }
    }
    let step = Step {
        app,
        org,
        cause: incoming.cause,
        now,
        requester: Some(incoming),
        wave: incoming.wave,
    };
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
                let step = Step {
                    app,
                    org,
                    cause,
                    now,
                    requester: Some(incoming),
                    wave,
                };
                return step.run(cell, &incoming.session, event);
            }
        };
        sockets::send(app, org, cell, incoming.connection, &refused, incoming.wave);
    });
}

/// Only a session that this very connection was configured for can be used on it: a token alone opens nothing.
fn actable(cell: &Cell, incoming: &Incoming<'_>) -> Option<(u32, String)> {
    let on_this = cell
        .sockets
        .get(incoming.connection)
        .and_then(|socket| socket.session.as_ref());
    match cell.state.sessions.get(&incoming.session) {
        None => Some((
            4007,
            "There is no session of this token; configureSession comes first".to_owned(),
        )),
        Some(_) if on_this != Some(&incoming.session) => Some((
            400,
            "This connection was not configured for the session of this token".to_owned(),
        )),
        Some(_) => None,
    }
}

/// `getJwt`: may this connection have one?
pub fn may_get_jwt(app: &App, org: &Org, incoming: &Incoming<'_>) -> bool {
    org.cell(|cell| {
        let expired = |session: &Session| incoming.now >= session.expires;
        let refused = match actable(cell, incoming).or_else(|| expired_guest(cell, incoming)) {
            Some((code, text)) => error(incoming.tracing_id.as_ref(), code, text),
            None if cell.state.sessions.get(&incoming.session).is_some_and(expired) => Frame {
                tracing_id: incoming.tracing_id.clone(),
                body: Body::SessionExpired,
            },
            None => return true,
        };
        sockets::send(app, org, cell, incoming.connection, &refused, incoming.wave);
        false
    })
}

/// A timer of a session.
pub(super) fn step_timer(
    app: &App,
    org: &Org,
    cause: Cause,
    session: &SessionToken,
    event: Event,
    wave: &Wave,
) {
    org.cell(|cell| {
        let step = Step {
            app,
            org,
            cause,
            now: org.clock.now(),
            requester: None,
            wave: Some(wave),
        };
        step.run(cell, session, event);
    });
}

/// One step of a session and what follows from it, under the org's lock.
struct Step<'a> {
    app: &'a App,
    org: &'a Org,
    cause: Cause,
    now: Timestamp,
    requester: Option<&'a Incoming<'a>>,
    wave: Option<&'a Wave>,
}

impl Step<'_> {
    fn run(&self, cell: &mut Cell, token: &SessionToken, event: Event) {
        let state = &mut cell.state;
        let Some(session) = state.sessions.get_mut(token) else {
            return;
        };
        let Some(deployment) = state.deployments.get(&session.deployment).cloned() else {
            return;
        };
        let bot = deployment
            .bot
            .as_ref()
            .and_then(|name| state.bots.get(name))
            .cloned();
        let rules = Rules {
            deployment: &deployment,
            bot: bot.as_deref(),
        };
        let mut mint = Mint::new(&self.org.draws, self.cause);
        let tracing_id = self.requester.and_then(|incoming| incoming.tracing_id.clone());
        let actions = session.step(event, tracing_id, &rules, self.now, &mut mint);
        let mut timers = 0;
        for action in actions {
            self.perform(cell, token, action, &mut mint, &mut timers);
        }
    }

    fn perform(
        &self,
        cell: &mut Cell,
        token: &SessionToken,
        action: Action,
        mint: &mut Mint<'_>,
        timers: &mut u32,
    ) {
        let mut arm = |due, what| {
            self.org.clock.arm(due, self.cause.timer(*timers), what);
            *timers += 1;
        };
        match action {
            Action::Answer(frame) => {
                if let Some(incoming) = self.requester {
                    sockets::send(self.app, self.org, cell, incoming.connection, &frame, self.wave);
                }
            }
            Action::Everyone(frame) => {
                for connection in cell.sockets.of_session(token) {
                    sockets::send(self.app, self.org, cell, connection, &frame, self.wave);
                }
            }
            Action::Think(due, said) => arm(
                due,
                Due::BotTurn {
                    session: token.clone(),
                    said,
                },
            ),
            Action::WakeAt(due) => arm(due, Due::SessionDeadline(token.clone())),
            Action::Begin(id) => self.begin(cell, token, id, mint),
            Action::Attributes(attributes) => {
                if let Some(guest) = conversation(cell, token).and_then(|c| c.participants.first_mut()) {
                    guest.attributes.extend(attributes);
                }
            }
            Action::HandOver(queue) => {
                let name = cell.state.queues.get(&queue).cloned().unwrap_or(queue);
                let joined = self.joins(mint, Purpose::Acd, name);
                if let Some(conversation) = conversation(cell, token) {
                    self.leaves(conversation, Purpose::Workflow);
                    conversation.participants.push(joined);
                }
            }
            Action::End => {
                if let Some(conversation) = conversation(cell, token) {
                    self.leaves(conversation, Purpose::Workflow);
                    conversation.ended = Some(self.now);
                }
            }
        }
    }

    /// A conversation begins, or one that the guest's tokens belong to goes on with another session.
    fn begin(&self, cell: &mut Cell, token: &SessionToken, id: ConversationId, mint: &mut Mint<'_>) {
        let Some(session) = cell.state.sessions.get(token) else {
            return;
        };
        let deployment = session.deployment.clone();
        let bot = cell
            .state
            .deployments
            .get(&deployment)
            .and_then(|deployment| deployment.bot.clone());
        let bot = bot.map(|name| self.joins(mint, Purpose::Workflow, name));
        if let Some(known) = cell.state.conversations.get_mut(&id) {
            known.session = token.clone();
            known.ended = None;
            self.leaves(known, Purpose::Workflow);
            known.participants.extend(bot);
            return;
        }
        let guest = session.guest.as_ref().and_then(|id| cell.state.guests.get(id));
        let customer = Participant {
            id: mint.uuid("participant"),
            purpose: Purpose::Customer,
            name: guest.map_or_else(|| "Guest".to_owned(), |guest| guest.name.clone()),
            guest: session.guest.clone(),
            attributes: guest.map(|guest| guest.participant_data()).unwrap_or_default(),
            joined: self.now,
            left: None,
        };
        let conversation = Conversation {
            id: id.clone(),
            session: token.clone(),
            deployment,
            started: self.now,
            ended: None,
            participants: std::iter::once(customer).chain(bot).collect(),
        };
        cell.state.conversations.insert(id, conversation);
    }

    fn joins(&self, mint: &mut Mint<'_>, purpose: Purpose, name: String) -> Participant {
        let (id, attributes) = (mint.uuid("participant"), Default::default());
        Participant {
            id,
            purpose,
            name,
            guest: None,
            attributes,
            joined: self.now,
            left: None,
        }
    }

    fn leaves(&self, conversation: &mut Conversation, purpose: Purpose) {
        for side in conversation
            .participants
            .iter_mut()
            .filter(|side| side.purpose == purpose)
        {
            side.left.get_or_insert(self.now);
        }
    }
}

fn conversation<'a>(cell: &'a mut Cell, token: &SessionToken) -> Option<&'a mut Conversation> {
    let id = cell.state.sessions.get(token)?.conversation.clone()?;
    cell.state.conversations.get_mut(&id)
}

/// A socket is closed. Its number may be another's by now, if the org was reset.
pub fn leave(org: &Org, connection: ConnectionId, outbox: &Arc<Outbox>) {
    let gone = org.cell(|cell| cell.sockets.remove(connection, outbox));
    if let Some(timer) = gone.and_then(|socket| socket.expiry) {
        org.clock.disarm(timer);
    }
}

/// A page of a session's history, newest first.
pub struct History {
    /// Its messages.
    pub messages: Vec<Arc<Message>>,
    /// Messages in all.
    pub total: usize,
}

/// Why there is no history.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// No token came.
    #[error("no token")]
    Missing,
    /// The token is not one of `getJwt`, or not good any more.
    #[error("bad token")]
    Bad,
    /// The session is gone.
    #[error("no session")]
    NotFound,
    /// The session has expired.
    #[error("the session has expired")]
    Expired,
}

/// The history of the session that the token was made for.
pub async fn history(
    cx: &Cx,
    token: Option<&str>,
    page: usize,
    size: usize,
) -> Result<History, HistoryError> {
    let Some(token) = token else {
        cx.refuse(Refusal::new("token.missing", "No JWT came").expected("a JWT of getJwt as bearer token"));
        return Err(HistoryError::Missing);
    };
    let session = guest_token::verify_messaging(cx, token).await.map_err(|wrong| {
        cx.refuse(wrong.refusal());
        HistoryError::Bad
    })?;
    cx.journal(|draft| draft.subject().session = Some(session.as_str().into()));
    let now = cx.now();
    cx.state(|state| {
        let session = state
            .sessions
            .get(session.as_str())
            .ok_or(HistoryError::NotFound)?;
        if now >= session.expires {
            return Err(HistoryError::Expired);
        }
        let messages = session
            .messages()
            .rev()
            .skip((page - 1).saturating_mul(size))
            .take(size)
            .cloned()
            .collect();
        Ok(History {
            messages,
            total: session.messages().len(),
        })
    })
    .inspect_err(|error| cx.refuse(Refusal::new("session.not_found", error.to_string())))
}
