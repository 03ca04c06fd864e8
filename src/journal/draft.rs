//! An entry while its visit lasts. It owns one buffer; nothing of the connection's is kept.

use http::{HeaderMap, Method};

use super::{
    MAX_BODY,
    entry::{Entry, Kind, Parts},
    redact,
};
use crate::{
    base::{draw::Cause, ids::FaultId, time::Timestamp},
    domain::visit::{Claimed, Refusal, Surface},
};

/// Room for most answers.
const USUAL_ANSWER: usize = 512;

/// What a head and a body take, if nothing of them is redacted.
fn room_for(headers: &HeaderMap, body: &[u8]) -> usize {
    let lines = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + ": \n".len());
    lines.sum::<usize>() + body.len().min(MAX_BODY)
}

/// How much of a body an entry holds; never more than [`MAX_BODY`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keep {
    /// All but secrets.
    Redacted,
    /// All: there is nothing to leave out.
    All,
    /// How long it is: somebody's file.
    Length,
}

/// An open entry.
#[derive(Debug)]
pub struct Draft {
    buf: Vec<u8>,
    parts: Parts,
    cause: Cause,
    at: Timestamp,
    surface: Surface,
    kind: Kind,
    method: Method,
    status: u16,
    claimed: Claimed,
    faults: Vec<FaultId>,
    refusal: Option<Box<Refusal>>,
    notes: Vec<String>,
}

impl Draft {
    /// Opens the entry of a request; `path` is without the org's prefix.
    pub fn request(
        (cause, at): (Cause, Timestamp),
        surface: Surface,
        method: Method,
        (path, query): (&str, Option<&str>),
        headers: &HeaderMap,
        body: &[u8],
    ) -> Self {
        let mut draft = Self::new(
            (cause, at),
            surface,
            Kind::Http,
            method,
            USUAL_ANSWER + path.len() + query.map_or(0, str::len) + room_for(headers, body),
        );
        draft.buf.extend_from_slice(redact::path(path).as_bytes());
        if let Some(query) = query {
            draft.buf.push(b'?');
            redact::form(query, &mut draft.buf);
        }
        draft.parts.head = draft.here();
        redact::headers(headers, &mut draft.buf);
        draft.parts.body = draft.here();
        let keep = if surface == Surface::Uploads { Keep::Length } else { Keep::Redacted };
        draft.add_body(body, keep);
        draft
    }

    /// Opens the entry of a frame.
    pub fn frame((cause, at): (Cause, Timestamp), kind: Kind, label: &str, text: &[u8]) -> Self {
        let mut draft =
            Self::new((cause, at), Surface::Webmessaging, kind, Method::GET, 64 + text.len().min(MAX_BODY));
        draft.buf.extend_from_slice(label.as_bytes());
        draft.parts.head = draft.here();
        draft.parts.body = draft.here();
        draft.add_body(text, Keep::Redacted);
        draft.parts.answer = draft.here();
        draft.parts.answer_body = draft.here();
        draft
    }

    fn new(
        (cause, at): (Cause, Timestamp),
        surface: Surface,
        kind: Kind,
        method: Method,
        room: usize,
    ) -> Self {
        Self {
            buf: Vec::with_capacity(room),
            parts: Parts::default(),
            cause,
            at,
            surface,
            kind,
            method,
            status: 0,
            claimed: Claimed::default(),
            faults: Vec::new(),
            refusal: None,
            notes: Vec::new(),
        }
    }

    fn here(&self) -> u32 {
        u32::try_from(self.buf.len()).unwrap_or(u32::MAX)
    }

    fn add_body(&mut self, body: &[u8], keep: Keep) {
        match keep {
            Keep::Length if body.is_empty() => return,
            Keep::Length => {
                self.buf.extend_from_slice(format!("({} bytes of a file)", body.len()).as_bytes());
                return;
            }
            Keep::All if body.len() <= MAX_BODY => {
                self.buf.extend_from_slice(body);
                return;
            }
            Keep::All | Keep::Redacted => {}
        }
        if body.len() <= MAX_BODY {
            redact::body(body, &mut self.buf);
            return;
        }
        let kept = &body[..MAX_BODY];
        // a cut in the middle of a character would make the rest unreadable
        let kept = match std::str::from_utf8(kept) {
            Err(error) if kept.len() - error.valid_up_to() < 4 => &kept[..error.valid_up_to()],
            _ => kept,
        };
        redact::body(kept, &mut self.buf);
        self.buf.extend_from_slice(format!("… ({} bytes in all)", body.len()).as_bytes());
    }

    /// Adds the answer.
    pub fn answer(&mut self, status: u16, headers: &HeaderMap, body: &[u8], keep: Keep) {
        self.status = status;
        // all at once: growing step by step would copy the buffer several times
        self.buf.reserve_exact(room_for(headers, body));
        self.parts.answer = self.here();
        redact::headers(headers, &mut self.buf);
        self.parts.answer_body = self.here();
        self.add_body(body, keep);
    }

    /// Says who it was about.
    pub fn claims(&mut self, claimed: &Claimed) {
        self.claimed = Claimed {
            client: claimed.client.clone(),
            deployment: claimed.deployment.clone(),
            session: claimed.session.clone(),
            guest: claimed.guest.clone(),
            user: claimed.user.clone(),
            bearer: None,
            of_another_org: claimed.of_another_org,
        };
    }

    /// Who it was about, to add what became known later.
    pub fn subject(&mut self) -> &mut Claimed {
        &mut self.claimed
    }

    /// A fault bit.
    pub fn fault(&mut self, id: &FaultId) {
        if !self.faults.contains(id) {
            self.faults.push(id.clone());
        }
    }

    /// The faults that bit.
    pub fn faults(&self) -> &[FaultId] {
        &self.faults
    }

    /// It was not granted; the first reason counts.
    pub fn refuse(&mut self, refusal: Refusal) {
        self.refusal.get_or_insert_with(|| Box::new(refusal));
    }

    /// Something worth knowing.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Closes it. `elapsed_us` is real time.
    pub fn close(mut self, elapsed_us: u64, abandoned: bool) -> Entry {
        if self.parts.answer == 0 {
            self.parts.answer = self.here();
            self.parts.answer_body = self.here();
        }
        Entry {
            buf: self.buf,
            parts: self.parts,
            cause: self.cause,
            at: self.at,
            surface: self.surface,
            kind: self.kind,
            method: self.method,
            status: self.status,
            claimed: self.claimed,
            faults: self.faults,
            refusal: self.refusal,
            notes: self.notes,
            elapsed_us,
            abandoned,
        }
    }
}
