//! What becomes of a frame on its way to a client: where the verdicts of faults on it are carried out.

use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::{
    app::{App, Encoded},
    events, messaging, notifications,
    org::{Cell, Org},
    outbox::Item,
    sockets::{judge, note, on_channel, refusal, refused_with},
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
        frame::{Body, ClosedReason, Frame, REFUSED},
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

/// A frame as its clients read it: spelled once, however many there are.
pub(super) struct Spelled<'a> {
    frame: &'a Frame,
    encoded: Encoded,
}

impl<'a> Spelled<'a> {
    /// Spells it.
    pub fn new(app: &App, frame: &'a Frame) -> Self {
        Self { frame, encoded: (app.encode)(frame) }
    }

    /// Is it a chat message or event?
    pub fn is_message(&self) -> bool {
        matches!(self.frame.body, Body::Message(_))
    }
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
    pub fn send(&self, cell: &mut Cell, spelled: &Spelled<'_>) {
        self.send_or_lose(cell, spelled, None);
    }

    /// Does the same with an echo that a fault loses.
    pub fn lose(&self, cell: &mut Cell, spelled: &Spelled<'_>, fault: &FaultId) {
        self.send_or_lose(cell, spelled, Some(fault));
    }

    fn send_or_lose(&self, cell: &mut Cell, spelled: &Spelled<'_>, lost_by: Option<&FaultId>) {
        let Spelled { frame, encoded } = spelled;
        let now = self.org.clock.now();
        let Some(socket) = cell.sockets.get_mut(self.id) else {
            return;
        };
        let (cause, claimed, place) = (socket.next(self.id), socket.claimed(), socket.place().clone());
        let text = encoded.text.as_bytes();
        let facts = FrameFacts { way: Way::Out, action: "", class: encoded.class, text };
        let rulings = judge(cell, self.org, (&claimed, &place), facts, None, now);
        let judged =
            Judged { cause, now, session: claimed.session.as_ref(), tracing_id: frame.tracing_id.as_ref() };
        let mut leaving = Leaving { lost: lost_by.is_some(), ..Leaving::default() };
        let mut instead = None;
        for ruling in &rulings {
            if let Verdict::Answer(_) | Verdict::Limited(_) = &ruling.verdict {
                let refusal = refusal(&ruling.verdict, frame.tracing_id.clone(), place.is_streaming());
                instead = Some((self.app.encode)(&refusal));
            }
            leaving.obey(ruling);
            self.befall(cell, &judged, ruling);
        }
        let Encoded { class, text } = instead.as_ref().unwrap_or(encoded);
        let mut draft = Draft::frame(cell.journal.buffer(), Kind::FrameOut, class, text.as_bytes());
        draft.number(cause, now);
        if place.is_streaming() {
            draft.of_surface(place.surface());
        }
        note(&mut draft, claimed, &rulings);
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
            Body::Error { text, rule, .. } => draft.refuse(Refusal::new(rule, text.as_str())),
            Body::TooManyRequests { text, .. }
            | Body::GenerateUrlError { text, .. }
            | Body::UploadFailure { text, .. } => draft.refuse(Refusal::new(REFUSED, text.as_str())),
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
        self.leave(cell, (cause, now), text, leaving);
    }

    /// A frame that a fault made: numbered and journalled, and no other fault is asked about it.
    fn inject(&self, cell: &mut Cell, frame: &Frame, fault: &FaultId) {
        let now = self.org.clock.now();
        let Some(socket) = cell.sockets.get_mut(self.id) else {
            return;
        };
        let place = socket.place().clone();
        let (cause, claimed) = (socket.next(self.id), socket.claimed());
        let Encoded { class, text } = (self.app.encode)(frame);
        let mut draft = Draft::frame(cell.journal.buffer(), Kind::FrameOut, class, text.as_bytes());
        draft.number(cause, now);
        if place.is_streaming() {
            draft.of_surface(place.surface());
        }
        draft.claims(&claimed);
        draft.fault(fault);
        draft.note("a fault made this frame");
        cell.keep(draft.close(0, false));
        let item = Item::Text { text, bends: Box::default(), wave: self.wave.cloned() };
        self.put(cell, (cause, now), now, item);
    }

    /// What a fault does to the connection or session of a frame, or sends before it.
    pub fn befall(&self, cell: &mut Cell, judged: &Judged<'_>, ruling: &Ruling) {
        let Verdict::Frame(verdict) = &ruling.verdict else {
            return;
        };
        match verdict {
            FrameVerdict::Precede(answer) => {
                let of_channel = cell.sockets.get(self.id).is_some_and(|one| one.place().is_streaming());
                let body = refused_with(answer);
                let body = if of_channel { on_channel(body) } else { body };
                let frame = Frame { tracing_id: judged.tracing_id.cloned(), body };
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
        if let Some(channel) = cell.sockets.get(self.id).and_then(|socket| socket.channel()).cloned() {
            if let Some(told) = notifications::displaced(self.org, cell, &channel) {
                self.inject(cell, &told, fault);
            }
            return self.tell(cell, notifications::displacing());
        }
        if cell.sockets.get(self.id).is_some_and(|socket| socket.chat().is_some()) {
            events::evicted(cell, self.org.clock.now(), self.id);
            return self
                .tell(cell, Item::Close { code: 1001, reason: "The connection was closed".to_owned() });
        }
        if cell.sockets.get(self.id).is_some_and(|socket| socket.session().is_some()) {
            events::evicted(cell, self.org.clock.now(), self.id);
            let closed = Frame { tracing_id: None, body: Body::ConnectionClosed(ClosedReason::None) };
            self.inject(cell, &closed, fault);
            cell.sockets.configure(self.id, None);
        }
    }

    fn leave(
        &self,
        cell: &mut Cell,
        (cause, now): (Cause, Timestamp),
        text: &Utf8Bytes,
        leaving: Leaving<'_>,
    ) {
        let Leaving { delay, hold, copies, bends, lost, end, evicted_by } = leaving;
        let due = now.plus(delay);
        if let Some(end) = end {
            // what was held leaves before the socket ends
            let socket = cell.sockets.get(self.id);
            let holding: Vec<_> = socket.iter().flat_map(|socket| socket.windows.keys().cloned()).collect();
            for fault in holding {
                self.release(cell, &fault);
            }
            return self.put(cell, (cause, now), due, end);
        }
        let times = if lost { 0 } else { copies as usize + 1 };
        for bends in std::iter::repeat_n(bends.into_boxed_slice(), times) {
            let item = Item::Text { text: text.clone(), bends, wave: None };
            match hold {
                Some(hold) => self.hold(cell, hold, Held { due, cause, item }),
                None => self.put(cell, (cause, now), due, item.with(self.wave.cloned())),
            }
        }
        if let Some(fault) = evicted_by {
            self.evict(cell, fault);
        }
    }

    /// The socket is closed behind all that was sent on it.
    pub fn close(&self, cell: &mut Cell, cause: Cause, reason: &str) {
        let (now, item) = (self.org.clock.now(), Item::Close { code: 1000, reason: reason.to_owned() });
        self.put(cell, (cause, now), now, item);
    }

    fn tell(&self, cell: &Cell, item: Item) {
        if let Some(socket) = cell.sockets.get(self.id) {
            socket.outbox.push(item);
        }
    }

    /// Into the outbox, now or when it is due; never before what was put there earlier.
    fn put(&self, cell: &mut Cell, (cause, now): (Cause, Timestamp), due: Timestamp, item: Item) {
        let Some(socket) = cell.sockets.get_mut(self.id) else {
            return;
        };
        let due = due.max(socket.held_until);
        // mostly it is due at `now`, and the clock need not be asked again
        if due > now && due > self.org.clock.now() {
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
        let now = self.org.clock.now();
        for Held { due, cause, item } in window.release(&self.org.draws, &names) {
            self.put(cell, (cause, now), due, item.with(self.wave.cloned()));
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
            Verdict::Drop(how) => self.end = Some(Item::Drop(*how)),
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
