//! What becomes of a frame on its way to a client: where the verdicts of faults on it are carried out.

use super::{
    app::{App, Encoded},
    events, messaging,
    org::{Cell, Org},
    outbox::Item,
    sockets::{judge, note, refusal, refused_with},
    time::Due,
    window::Held,
};
use crate::{
    base::{
        draw::Cause,
        ids::{ConnectionId, FaultId, SessionToken},
        time::{Span, Timestamp},
        wave::Wave,
    },
    domain::{
        frame::{Body, ClosedReason, Frame},
        visit::{Refusal, Way},
    },
    faults::{
        point::FrameFacts,
        verdict::{Bend, FrameVerdict, Ruling, Verdict},
    },
    journal::{draft::Draft, entry::Kind},
    store::org_state::HISTORY_BYTES,
};

/// One connection, for all that goes to it. Everything is done under the org's lock.
pub(super) struct Line<'a> {
    /// The emulator.
    pub app: &'a App,
    /// The org.
    pub org: &'a Org,
    /// The connection.
    pub id: ConnectionId,
    /// Held until what is sent is written.
    pub wave: Option<&'a Wave>,
}

/// A frame that a verdict is about, in either direction.
pub struct Judged<'a> {
    /// Its number.
    pub cause: Cause,
    /// The org's time.
    pub now: Timestamp,
    /// The session that it belongs to.
    pub session: Option<&'a SessionToken>,
    /// `tracingId`.
    pub tracing_id: Option<&'a String>,
}

/// How a frame leaves.
#[derive(Default)]
struct Leaving<'a> {
    /// Later than now by so much.
    delay: Span,
    /// The fault that holds it: for so many frames, and so long.
    hold: Option<(&'a FaultId, usize, Span)>,
    /// So many times more than once.
    copies: u32,
    bends: Vec<Bend>,
    lost: bool,
    /// The socket ends instead.
    end: Option<Item>,
    evicted_by: Option<&'a FaultId>,
}

impl Line<'_> {
    /// Sends a frame: it is numbered, journalled, judged and put into the outbox.
    pub fn send(&self, cell: &mut Cell, frame: &Frame) {
        self.send_or_lose(cell, frame, None);
    }

    /// Does the same with an echo that a fault loses.
    pub fn lose(&self, cell: &mut Cell, frame: &Frame, fault: &FaultId) {
        self.send_or_lose(cell, frame, Some(fault));
    }

    fn send_or_lose(&self, cell: &mut Cell, frame: &Frame, lost_by: Option<&FaultId>) {
        let now = self.org.clock.now();
        let Some(socket) = cell.sockets.get_mut(self.id) else {
            return;
        };
        let (cause, claimed) = (socket.next(self.id), socket.claimed());
        let mut encoded = (self.app.encode)(frame);
        let facts =
            FrameFacts { way: Way::Out, action: "", class: encoded.class, text: encoded.text.as_bytes() };
        let rulings = judge(cell, self.org, &claimed, facts, None, now);
        let judged =
            Judged { cause, now, session: claimed.session.as_ref(), tracing_id: frame.tracing_id.as_ref() };
        let mut leaving = Leaving { lost: lost_by.is_some(), ..Leaving::default() };
        for ruling in &rulings {
            if let Verdict::Answer(_) | Verdict::Limited(_) = &ruling.verdict {
                encoded = (self.app.encode)(&refusal(&ruling.verdict, frame.tracing_id.clone()));
            }
            leaving.obey(ruling);
            self.befall(cell, &judged, ruling);
        }
        let Encoded { class, text } = encoded;
        let mut draft =
            Draft::frame(cell.journal.buffer(), (cause, now), Kind::FrameOut, class, text.as_bytes());
        note(&mut draft, &claimed, &rulings);
        if let Some(fault) = lost_by {
            draft.fault(fault);
            draft.note(FrameVerdict::Lose.to_string());
        }
        if leaving.end.is_some() {
            draft.note("a fault ended the socket instead: this frame was not sent");
        }
        let answers = |ruling: &&Ruling| matches!(ruling.verdict, Verdict::Answer(_) | Verdict::Limited(_));
        if let Some(ruling) = rulings.iter().find(answers) {
            let reason = "A fault sent an error in the place of this frame";
            draft.refuse(Refusal::new("response.injected", reason).by(&ruling.fault));
        }
        match &frame.body {
            Body::TooManyRequests { why: Some(why), .. } => draft.refuse(why.clone()),
            Body::Error { text, .. }
            | Body::TooManyRequests { text, .. }
            | Body::GenerateUrlError { text, .. }
            | Body::UploadFailure { text, .. } => draft.refuse(Refusal::new("frame.refused", text.as_str())),
            _ => {}
        }
        let forgotten = cell.state.sessions.take_forgotten();
        if forgotten > 0 {
            let most = HISTORY_BYTES >> 20;
            draft.note(format!(
                "the histories of all sessions are {most} MiB: {forgotten} of the oldest messages were forgotten"
            ));
        }
        cell.keep(draft.close(0, false));
        self.leave(cell, &judged, text, leaving);
    }

    /// A frame that a fault made: numbered and journalled, and no other fault is asked about it.
    fn inject(&self, cell: &mut Cell, frame: &Frame, fault: &FaultId) {
        let now = self.org.clock.now();
        let Some(socket) = cell.sockets.get_mut(self.id) else {
            return;
        };
        let (cause, claimed) = (socket.next(self.id), socket.claimed());
        let Encoded { class, text } = (self.app.encode)(frame);
        let mut draft =
            Draft::frame(cell.journal.buffer(), (cause, now), Kind::FrameOut, class, text.as_bytes());
        draft.claims(&claimed);
        draft.fault(fault);
        draft.note("a fault made this frame");
        cell.keep(draft.close(0, false));
        let item = Item::Text { text, bends: Vec::new(), wave: self.wave.cloned() };
        self.put(cell, cause, now, item);
    }

    /// What a fault does to the connection or session of a frame, or sends before it.
    pub fn befall(&self, cell: &mut Cell, judged: &Judged<'_>, ruling: &Ruling) {
        let Verdict::Frame(verdict) = &ruling.verdict else {
            return;
        };
        match verdict {
            FrameVerdict::Precede(answer) => {
                let frame = Frame { tracing_id: judged.tracing_id.cloned(), body: refused_with(answer) };
                self.inject(cell, &frame, &ruling.fault);
            }
            FrameVerdict::Expire => {
                if let Some(session) = judged.session {
                    let Judged { cause, now, .. } = *judged;
                    messaging::expire(self.app, self.org, cell, session, (cause, now), self.wave);
                }
            }
            // at once, however long the frames before are held
            FrameVerdict::StopPong => self.tell(cell, Item::StopPong),
            FrameVerdict::StopReading(lasting) => {
                let until = judged.now.plus(lasting.unwrap_or(Span::FOREVER));
                self.tell(cell, Item::StopReading { until });
                if lasting.is_some() {
                    let item = Item::ReadOn { since: until, wave: None };
                    self.org.clock.arm(until, judged.cause, Due::deliver(self.id, item));
                }
            }
            // when the frame has been dealt with: `evict`
            FrameVerdict::Evict => {}
            // of the frame itself
            FrameVerdict::Lose
            | FrameVerdict::LoseEcho
            | FrameVerdict::Again(_)
            | FrameVerdict::Hold { .. }
            | FrameVerdict::Bend(_) => {}
        }
    }

    /// The connection is told that it is closed, and stands for no session from then on.
    pub fn evict(&self, cell: &mut Cell, fault: &FaultId) {
        if cell.sockets.get(self.id).is_some_and(|socket| socket.session().is_some()) {
            events::evicted(cell, self.org.clock.now(), self.id);
            let closed = Frame { tracing_id: None, body: Body::ConnectionClosed(ClosedReason::None) };
            self.inject(cell, &closed, fault);
            cell.sockets.configure(self.id, None);
        }
    }

    fn leave(&self, cell: &mut Cell, judged: &Judged<'_>, text: String, leaving: Leaving<'_>) {
        let Leaving { delay, hold, copies, bends, lost, end, evicted_by } = leaving;
        let (cause, due) = (judged.cause, judged.now.plus(delay));
        if let Some(end) = end {
            // what was held leaves before the socket ends
            let socket = cell.sockets.get(self.id);
            let holding: Vec<_> = socket.iter().flat_map(|socket| socket.windows.keys().cloned()).collect();
            for fault in holding {
                self.release(cell, &fault);
            }
            return self.put(cell, cause, due, end);
        }
        let times = if lost { 0 } else { copies as usize + 1 };
        for (text, bends) in std::iter::repeat_n((text, bends), times) {
            let item = Item::Text { text, bends, wave: None };
            match hold {
                Some(hold) => self.hold(cell, hold, Held { due, cause, item }),
                None => self.put(cell, cause, due, item.with(self.wave.cloned())),
            }
        }
        if let Some(fault) = evicted_by {
            self.evict(cell, fault);
        }
    }

    fn tell(&self, cell: &Cell, item: Item) {
        if let Some(socket) = cell.sockets.get(self.id) {
            socket.outbox.push(item);
        }
    }

    /// Into the outbox, now or when it is due; never before what was put there earlier.
    fn put(&self, cell: &mut Cell, cause: Cause, due: Timestamp, item: Item) {
        let Some(socket) = cell.sockets.get_mut(self.id) else {
            return;
        };
        let due = due.max(socket.held_until);
        if due > self.org.clock.now() {
            socket.held_until = due;
            // whatever moves the clock does not wait for what is due later
            self.org.clock.arm(due, cause, Due::deliver(self.id, item.with(None)));
        } else {
            socket.outbox.push(item);
        }
    }

    fn hold(&self, cell: &mut Cell, (fault, window, within): (&FaultId, usize, Span), held: Held) {
        let Some(socket) = cell.sockets.get_mut(self.id) else {
            return;
        };
        let (cause, id) = (held.cause, self.id);
        let gathered = socket.windows.entry(fault.clone()).or_default().hold(held, || {
            let due = self.org.clock.now().plus(within);
            self.org.clock.arm(due, cause, Due::Release { connection: id, fault: fault.clone() })
        });
        if gathered >= window {
            self.release(cell, fault);
        }
    }

    /// What a fault holds of this connection leaves.
    pub fn release(&self, cell: &mut Cell, fault: &FaultId) {
        let Some(socket) = cell.sockets.get_mut(self.id) else {
            return;
        };
        let session = socket.session().cloned();
        let Some(window) = socket.windows.get_mut(fault) else {
            return;
        };
        if let Some(timer) = window.timer() {
            self.org.clock.disarm(timer);
        }
        let session = session.as_ref().map_or("", SessionToken::as_str);
        let names = ["fault", fault.as_str(), session, "order"];
        for Held { due, cause, item } in window.release(&self.org.draws, &names) {
            self.put(cell, cause, due, item.with(self.wave.cloned()));
        }
    }
}

impl<'a> Leaving<'a> {
    fn obey(&mut self, ruling: &'a Ruling) {
        match &ruling.verdict {
            Verdict::Wait(span) => self.delay = self.delay.and(*span),
            Verdict::Close { code, reason } => {
                self.end = Some(Item::Close { code: *code, reason: reason.clone() });
            }
            Verdict::Drop { reset } => self.end = Some(Item::Drop { reset: *reset }),
            Verdict::Frame(verdict) => match verdict {
                FrameVerdict::Lose => self.lost = true,
                FrameVerdict::Again(copies) => self.copies = self.copies.saturating_add(*copies),
                FrameVerdict::Hold { window, within } => self.hold = Some((&ruling.fault, *window, *within)),
                FrameVerdict::Bend(bend) => self.bends.push(*bend),
                FrameVerdict::Evict => self.evicted_by = Some(&ruling.fault),
                // of the connection, of the session, or before it: `befall`
                _ => {}
            },
            // the error that leaves in its place is encoded by `send`; others are not asked for here
            _ => {}
        }
    }
}
