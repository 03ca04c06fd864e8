//! What comes over the open sockets of an org, and what waits to be written to each.

pub use super::outgoing::Judged;
use super::{
    app::App,
    connections::{Place, Whose},
    org::{Cell, Org},
    outgoing::{Line, Spelled},
};
use crate::{
    base::{
        draw::Cause,
        ids::{ConnectionId, FaultId, SessionToken},
        time::Timestamp,
        wave::Wave,
    },
    domain::{
        frame::{Body, Frame},
        vendor_error,
        visit::{Claimed, Refusal, Way},
    },
    faults::{
        fault::Phase,
        point::{Facts, FrameFacts, OpenSockets, Point},
        verdict::{Answer, Ruling, Verdict},
    },
    journal::{draft::Draft, entry::Kind},
};

/// What the error of too many requests says.
const RATE_LIMIT: &str = "Rate limit exceeded";

/// What came with a frame: its number and time, and what faults make of it.
pub struct Arrival {
    /// Its number.
    pub cause: Cause,
    /// The org's time.
    pub now: Timestamp,
    /// The session that its token stands for, or the one that its connection was configured for.
    pub session: Option<SessionToken>,
    /// What faults make of it.
    pub rulings: Vec<Ruling>,
}

/// A frame that comes, before the org's lock is taken.
pub struct Arriving<'a> {
    action: &'a str,
    text: &'a [u8],
    draft: Draft,
}

impl<'a> Arriving<'a> {
    /// Writes its journal entry.
    pub fn new(action: &'a str, text: &'a [u8]) -> Self {
        let buffer = Vec::with_capacity(action.len() + text.len());
        Self { action, text, draft: Draft::frame(buffer, Kind::FrameIn, action, text) }
    }
}

/// A frame came: it is numbered, journalled and judged in one critical section. `None` when the socket is gone.
pub fn arrive(
    org: &Org,
    cell: &mut Cell,
    id: ConnectionId,
    session: Option<SessionToken>,
    arriving: Arriving<'_>,
) -> Option<Arrival> {
    let Arriving { action, text, mut draft } = arriving;
    let now = org.clock.now();
    let socket = cell.sockets.get_mut(id)?;
    let cause = socket.next(id);
    let place = socket.place().clone();
    let mut claimed = socket.claimed();
    if session.is_some() {
        claimed.session = session;
    }
    let configures = matches!(action, "configureSession" | "configureAuthenticatedSession");
    let sockets = (configures && !cell.faults.is_empty()).then(|| open_sockets(cell, &claimed, Some(id)));
    let facts = FrameFacts { way: Way::In, action, class: "", text };
    let rulings = judge(cell, org, (&claimed, &place), facts, sockets, now);
    if place.is_streaming() {
        draft.of_surface(place.surface());
    }
    // a device that has joined the session of another one means that
    let session = claimed.session.as_ref().map(|token| cell.state.sessions.kept_by(token).clone());
    draft.number(cause, now);
    note(&mut draft, claimed, &rulings);
    cell.keep(draft.close(0, false));
    Some(Arrival { cause, now, session, rulings })
}

/// How many sockets are open beside the one that asks.
pub(super) fn open_sockets(cell: &Cell, claimed: &Claimed, asking: Option<ConnectionId>) -> OpenSockets {
    let count = |whose: Option<Whose>| whose.map(|whose| cell.sockets.count_of(&whose));
    let client =
        claimed.guest.as_ref().and_then(|id| cell.state.guests.get(id)).and_then(|g| g.client.clone());
    let client = client.or_else(|| claimed.client.clone());
    let of_session = |session| cell.sockets.of_session(session).into_iter().filter(|id| Some(*id) != asking);
    OpenSockets {
        org: cell.sockets.count(),
        deployment: count(claimed.deployment.clone().map(Whose::Deployment)).unwrap_or(0),
        guest: count(claimed.guest.clone().map(Whose::Guest)),
        client: count(client.map(Whose::Client)),
        session: claimed.session.as_ref().map(|session| of_session(session).count() as u64),
    }
}

/// What the faults of an org make of a frame.
pub(super) fn judge(
    cell: &mut Cell,
    org: &Org,
    (claimed, place): (&Claimed, &Place),
    frame: FrameFacts<'_>,
    sockets: Option<OpenSockets>,
    now: Timestamp,
) -> Vec<Ruling> {
    if cell.faults.is_empty() {
        return Vec::new();
    }
    let standing = cell.standing_of_frame(claimed, now);
    let path = place.path();
    let facts = Facts {
        surface: place.surface(),
        method: "GET",
        path: &path,
        query: None,
        server_name: None,
        headers: None,
        body: frame.text,
        claimed,
        frame: Some(frame),
        required: "",
        token: None,
        sockets,
        standing: standing.as_ref(),
        now,
    };
    cell.decide(Point::Frame, Phase::Before, &facts, &org.draws)
}

/// Says whose a frame is and what faults make of it.
pub(super) fn note(draft: &mut Draft, claimed: Claimed, rulings: &[Ruling]) {
    *draft.subject() = claimed;
    for ruling in rulings {
        draft.fault(&ruling.fault);
        ruling.drawn().into_iter().for_each(|drawn| draft.note(drawn));
        if let Verdict::Frame(verdict) = &ruling.verdict {
            draft.note(verdict.to_string());
        }
    }
}

/// Sends a frame: it is numbered, journalled, judged and put into the outbox, all under the org's lock.
pub fn send(app: &App, org: &Org, cell: &mut Cell, id: ConnectionId, frame: &Frame, wave: Option<&Wave>) {
    Line { app, org, id, wave }.send(cell, &Spelled::new(app, frame));
}

/// What a fault does to the connection or session of a frame of the client, or sends before the answer to it.
pub fn befall(
    app: &App,
    org: &Org,
    id: ConnectionId,
    judged: &Judged<'_>,
    ruling: &Ruling,
    wave: Option<&Wave>,
) {
    org.cell(|cell| Line { app, org, id, wave }.befall(cell, judged, ruling));
}

/// The connection of a frame is told that it is closed, and stands for no session from then on.
pub fn evict(app: &App, org: &Org, id: ConnectionId, fault: &FaultId, wave: Option<&Wave>) {
    org.cell(|cell| Line { app, org, id, wave }.evict(cell, fault));
}

/// The frame that says what a fault made of another.
pub fn refusal(verdict: &Verdict, tracing_id: Option<String>, of_channel: bool) -> Frame {
    let body = match verdict {
        Verdict::Limited(usage) => too_many(usage.reset.retry_secs(), None),
        Verdict::Answer(answer) => refused_with(answer),
        _ => Body::error(500, "Internal error"),
    };
    Frame { tracing_id, body: if of_channel { on_channel(body) } else { body } }
}

/// An error as the socket of a channel says it.
pub(super) fn on_channel(body: Body) -> Body {
    let result = match body {
        Body::Error { code, .. } => u16::try_from(code).unwrap_or(500),
        Body::TooManyRequests { .. } => 429,
        other => return other,
    };
    Body::Subscription { result, status: "error", correlation_id: None }
}

/// The error that a fault answers with.
pub(super) fn refused_with(answer: &Answer) -> Body {
    let code = answer.code.as_deref();
    let known = || code.or_else(|| vendor_error::for_status(answer.status)).and_then(vendor_error::message);
    let text = answer.message.clone();
    if answer.status == 429 {
        let retry_after = answer.retry_after.map_or(1, |span| span.retry_secs());
        let text = text.unwrap_or_else(|| RATE_LIMIT.to_owned());
        return Body::TooManyRequests { retry_after, text, why: None };
    }
    let text = text.or_else(known).unwrap_or_else(|| format!("Error {}", answer.status));
    Body::error(u32::from(answer.status), text)
}

/// What is said to a client that sends too much; `why` is the limit, unless a fault made it up.
pub(super) fn too_many(retry_after: i64, why: Option<Refusal>) -> Body {
    Body::TooManyRequests { retry_after, text: RATE_LIMIT.to_owned(), why }
}
