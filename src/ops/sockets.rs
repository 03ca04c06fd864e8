//! What comes over the open sockets of an org, and what waits to be written to each.

use parking_lot::Mutex;

use super::{
    app::{App, Encoded},
    org::{Cell, Org},
    outbox::Item,
    time::Due,
};
use crate::{
    base::{
        draw::Cause,
        ids::{ConnectionId, SessionToken},
        time::Timestamp,
        wave::Wave,
    },
    domain::{
        frame::{Body, Frame},
        vendor_error,
        visit::{Claimed, Refusal, Surface, Way},
    },
    faults::{
        fault::Phase,
        point::{Facts, FrameFacts, Point},
        verdict::{Ruling, Verdict},
    },
    journal::{Gone, draft::Draft, entry::Kind},
};

/// What came with a frame: its number and time, and what faults make of it.
pub struct Arrival {
    /// Its number.
    pub cause: Cause,
    /// The org's time.
    pub now: Timestamp,
    /// What faults make of it.
    pub rulings: Vec<Ruling>,
}

/// A frame came: it is numbered, journalled and judged in one critical section. `None` when the socket is gone.
pub fn arrive(
    org: &Org,
    id: ConnectionId,
    action: &str,
    session: Option<&SessionToken>,
    text: &[u8],
) -> Option<Arrival> {
    let (arrival, gone) = org.cell(|cell| {
        let now = org.clock.now();
        let socket = cell.sockets.get_mut(id)?;
        let cause = socket.next(id);
        let mut claimed = socket.claimed();
        if session.is_some() {
            claimed.session = session.cloned();
        }
        let mut draft = Draft::frame((cause, now), Kind::FrameIn, action, text);
        let rulings = judge(cell, org, &claimed, FrameFacts { way: Way::In, action, class: "" }, now);
        note(&mut draft, &claimed, &rulings);
        let gone = cell.keep(draft.close(0, false));
        Some((Arrival { cause, now, rulings }, gone))
    })?;
    drop::<Gone>(gone);
    Some(arrival)
}

fn judge(
    cell: &mut Cell,
    org: &Org,
    claimed: &Claimed,
    frame: FrameFacts<'_>,
    now: Timestamp,
) -> Vec<Ruling> {
    if cell.faults.is_empty() {
        return Vec::new();
    }
    let facts = Facts {
        surface: Surface::Webmessaging,
        method: "GET",
        path: "/v1",
        query: None,
        headers: None,
        claimed,
        frame: Some(frame),
        required: "",
        token: None,
        sockets: None,
        now,
    };
    cell.faults.decide(Point::Frame, Phase::Before, &facts, &org.draws)
}

fn note(draft: &mut Draft, claimed: &Claimed, rulings: &[Ruling]) {
    draft.claims(claimed);
    for ruling in rulings {
        draft.fault(&ruling.fault);
    }
}

/// Sends a frame: it is numbered, journalled, judged and put into the outbox, all under the org's lock.
pub fn send(app: &App, org: &Org, cell: &mut Cell, id: ConnectionId, frame: &Frame, wave: Option<&Wave>) {
    let now = org.clock.now();
    let Some(socket) = cell.sockets.get_mut(id) else {
        return;
    };
    let cause = socket.next(id);
    let claimed = socket.claimed();
    let mut encoded = (app.encode)(frame);
    let facts = FrameFacts { way: Way::Out, action: "", class: encoded.class };
    let rulings = judge(cell, org, &claimed, facts, now);
    let mut due = now;
    let mut end = None;
    for ruling in &rulings {
        match &ruling.verdict {
            Verdict::Wait(span) => due = due.plus(*span),
            Verdict::Answer(_) | Verdict::Limited(_) => {
                encoded = (app.encode)(&refusal(&ruling.verdict, frame.tracing_id.clone()));
            }
            Verdict::Close { code, reason } => {
                end = Some(Item::Close { code: *code, reason: reason.clone() })
            }
            Verdict::Drop { reset } => end = Some(Item::Drop { reset: *reset }),
            _ => {}
        }
    }
    let Encoded { class, text } = encoded;
    let mut draft = Draft::frame((cause, now), Kind::FrameOut, class, text.as_bytes());
    note(&mut draft, &claimed, &rulings);
    if end.is_some() {
        draft.note("a fault ended the socket instead: this frame was not sent");
    }
    let answers = |ruling: &&Ruling| matches!(ruling.verdict, Verdict::Answer(_) | Verdict::Limited(_));
    if let Some(ruling) = rulings.iter().find(answers) {
        let reason = "A fault sent an error in the place of this frame";
        draft.refuse(Refusal::new("response.injected", reason).by(&ruling.fault));
    }
    if let Body::Error { text, .. }
    | Body::TooManyRequests { text, .. }
    | Body::GenerateUrlError { text, .. }
    | Body::UploadFailure { text, .. } = &frame.body
    {
        draft.refuse(Refusal::new("frame.refused", text.as_str()));
    }
    let gone = cell.keep(draft.close(0, false));
    let Some(socket) = cell.sockets.get_mut(id) else {
        return;
    };
    let item = end.unwrap_or(Item::Text { text, wave: wave.cloned() });
    due = due.max(socket.held_until);
    if due > now {
        socket.held_until = due;
        org.clock.arm(due, cause, Due::Deliver { connection: id, item: Mutex::new(Some(item)) });
    } else {
        socket.outbox.push(item);
    }
    drop(gone);
}

/// The frame that says what a fault made of another.
pub fn refusal(verdict: &Verdict, tracing_id: Option<String>) -> Frame {
    let body = match verdict {
        Verdict::Limited(usage) => too_many(usage.reset.retry_secs()),
        Verdict::Answer(answer) if answer.status == 429 => {
            too_many(answer.retry_after.map_or(1, |span| span.retry_secs()))
        }
        Verdict::Answer(answer) => {
            let code = answer.code.as_deref();
            let known =
                || code.or_else(|| vendor_error::for_status(answer.status)).and_then(vendor_error::message);
            let text = answer.message.clone().or_else(known);
            let text = text.unwrap_or_else(|| format!("Error {}", answer.status));
            Body::Error { code: u32::from(answer.status), text }
        }
        _ => Body::Error { code: 500, text: "Internal error".to_owned() },
    };
    Frame { tracing_id, body }
}

fn too_many(retry_after: i64) -> Body {
    Body::TooManyRequests { retry_after, text: "Rate limit exceeded".to_owned() }
}
