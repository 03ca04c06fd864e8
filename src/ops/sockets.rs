//! Open sockets of an org, and what waits to be written to each.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use parking_lot::Mutex;
use tokio::sync::{Notify, oneshot};

use super::{
    app::{App, Encoded},
    org::{Cell, Org},
    time::Due,
};
use crate::{
    base::{
        draw::Cause,
        ids::{ConnectionId, DeploymentId, SessionToken},
        time::Timestamp,
        timers::TimerKey,
        wave::Wave,
    },
    domain::{
        frame::{Body, Frame},
        guest_token::GuestIdentity,
        vendor_error,
        visit::{Claimed, Refusal, Surface, Way},
    },
    faults::{
        fault::Phase,
        point::{Facts, FrameFacts, Point},
        verdict::{Ruling, Verdict},
    },
    journal::{draft::Draft, entry::Kind},
};

/// Frames that may wait for a client that does not read.
const MAX_WAITING: usize = 1_024;
/// Their bytes.
const MAX_WAITING_BYTES: usize = 1 << 20;

/// What a socket's task has to do next.
pub enum Item {
    /// Write this.
    Text {
        /// The frame.
        text: String,
        /// Held until it is written.
        wave: Option<Wave>,
    },
    /// Write a close frame.
    Close {
        /// Close code.
        code: u16,
        /// Close reason.
        reason: String,
    },
    /// End the TCP connection.
    Drop {
        /// With a reset.
        reset: bool,
    },
    /// Take in what the client has sent already, then say so.
    Barrier(oneshot::Sender<()>),
}

/// What waits to be written to one socket. A client that stops reading is dropped, not buffered for.
#[derive(Default)]
pub struct Outbox {
    queue: Mutex<(VecDeque<Item>, usize)>,
    ready: Notify,
    full: Notify,
}

impl Outbox {
    /// Adds an item; if there are too many, the connection is to be reset instead.
    pub fn push(&self, item: Item) {
        let mut queue = self.queue.lock();
        if let Item::Text { text, .. } = &item {
            queue.1 += text.len();
        }
        if queue.0.len() >= MAX_WAITING || queue.1 > MAX_WAITING_BYTES {
            queue.0.clear();
            queue.0.push_back(Item::Drop { reset: true });
            self.full.notify_one();
        } else {
            queue.0.push_back(item);
        }
        drop(queue);
        self.ready.notify_one();
    }

    /// Takes the next item, if there is one.
    pub fn try_pop(&self) -> Option<Item> {
        let mut queue = self.queue.lock();
        let item = queue.0.pop_front()?;
        if let Item::Text { text, .. } = &item {
            queue.1 = queue.1.saturating_sub(text.len());
        }
        if queue.0.is_empty() {
            queue.0.shrink_to(4);
        }
        Some(item)
    }

    /// Waits until more was to be written than is kept for a client that does not read.
    pub async fn overflown(&self) {
        self.full.notified().await;
    }

    /// Waits for the next item.
    pub async fn pop(&self) -> Item {
        loop {
            if let Some(item) = self.try_pop() {
                return item;
            }
            self.ready.notified().await;
        }
    }
}

/// One open socket.
pub struct Socket {
    /// What waits to be written.
    pub outbox: Arc<Outbox>,
    /// Where it came in.
    pub deployment: DeploymentId,
    /// The session that it was configured for.
    pub session: Option<SessionToken>,
    /// Whom its guest token speaks for.
    pub guest: Option<GuestIdentity>,
    /// The timer of the guest token's expiry.
    pub expiry: Option<TimerKey>,
    frames: u32,
    /// Frames to the client are not sent before then, because an earlier one is not.
    held_until: Timestamp,
}

impl Socket {
    /// A socket that was just upgraded.
    pub fn new(deployment: DeploymentId, guest: Option<GuestIdentity>) -> Self {
        let held_until = Timestamp::default();
        Self { outbox: Arc::default(), deployment, session: None, guest, expiry: None, frames: 0, held_until }
    }

    /// What its frames say about themselves.
    pub fn claimed(&self) -> Claimed {
        Claimed {
            deployment: Some(self.deployment.clone()),
            session: self.session.clone(),
            guest: self.guest.as_ref().map(|guest| guest.id.clone()),
            ..Claimed::default()
        }
    }

    /// The number of its next frame.
    fn next(&mut self, connection: ConnectionId) -> Cause {
        self.frames += 1;
        Cause::visit(connection.0).frame(self.frames)
    }
}

/// The open sockets of an org, in the order of opening.
#[derive(Default)]
pub struct Sockets {
    open: BTreeMap<ConnectionId, Socket>,
}

impl Sockets {
    /// Adds one.
    pub fn insert(&mut self, id: ConnectionId, socket: Socket) {
        self.open.insert(id, socket);
    }

    /// Takes one out, if this is its outbox.
    pub fn remove(&mut self, id: ConnectionId, outbox: &Arc<Outbox>) -> Option<Socket> {
        self.open.get(&id).filter(|socket| Arc::ptr_eq(&socket.outbox, outbox))?;
        self.open.remove(&id)
    }

    /// One of them.
    pub fn get(&self, id: ConnectionId) -> Option<&Socket> {
        self.open.get(&id)
    }

    /// One of them, to change it.
    pub fn get_mut(&mut self, id: ConnectionId) -> Option<&mut Socket> {
        self.open.get_mut(&id)
    }

    /// How many are open, of one deployment or of all.
    pub fn count(&self, deployment: Option<&DeploymentId>) -> u64 {
        let fits = |socket: &&Socket| deployment.is_none_or(|wanted| *wanted == socket.deployment);
        self.open.values().filter(fits).count() as u64
    }

    /// The connections of a session, oldest first.
    pub fn of_session(&self, session: &SessionToken) -> Vec<ConnectionId> {
        self.open.iter().filter(|(_, s)| s.session.as_ref() == Some(session)).map(|(id, _)| *id).collect()
    }

    /// The outboxes of all.
    pub fn outboxes(&self) -> Vec<Arc<Outbox>> {
        self.open.values().map(|socket| Arc::clone(&socket.outbox)).collect()
    }

    /// Ends all of them.
    pub fn drop_all(&mut self) {
        for (_, socket) in std::mem::take(&mut self.open) {
            socket.outbox.push(Item::Close { code: 1001, reason: "the org was reset".to_owned() });
        }
    }
}

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
    org.cell(|cell| {
        let now = org.clock.now();
        let socket = cell.sockets.get_mut(id)?;
        let cause = socket.next(id);
        let mut claimed = socket.claimed();
        if session.is_some() {
            claimed.session = session.cloned();
        }
        let mut draft = Draft::frame(cell.journal.buffer(), (cause, now), Kind::FrameIn, action, text);
        let rulings = judge(cell, org, &claimed, FrameFacts { way: Way::In, action, class: "" }, now);
        note(&mut draft, &claimed, &rulings);
        cell.keep(draft.close(0, false), cell.generation);
        Some(Arrival { cause, now, rulings })
    })
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
    let mut draft = Draft::frame(cell.journal.buffer(), (cause, now), Kind::FrameOut, class, text.as_bytes());
    note(&mut draft, &claimed, &rulings);
    if end.is_some() {
        draft.note("a fault ended the socket instead: this frame was not sent");
    }
    let answers = |ruling: &&Ruling| matches!(ruling.verdict, Verdict::Answer(_) | Verdict::Limited(_));
    if let Some(ruling) = rulings.iter().find(answers) {
        let reason = "A fault sent an error in the place of this frame";
        draft.refuse(Refusal::new("response.injected", reason).by(&ruling.fault));
    }
    if let Body::Error { text, .. } | Body::TooManyRequests { text, .. } = &frame.body {
        draft.refuse(Refusal::new("frame.refused", text.as_str()));
    }
    cell.keep(draft.close(0, false), cell.generation);
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
