//! An entry while its visit lasts. It owns one buffer; nothing of the connection's is kept.

use http::{HeaderMap, Method};

use super::{
    MAX_BODY,
    entry::{Entry, Kind},
};
use crate::{
    base::{draw::Cause, ids::FaultId, time::Timestamp},
    domain::visit::{Claimed, Refusal, Surface},
};

/// What a body that was cut goes on with.
pub(super) const CUT: &str = "… (";

/// What an entry holds of a body; never more than [`MAX_BODY`] bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keep {
    /// Its text.
    Text,
    /// How long it is: somebody's file.
    Length,
}

/// An open entry.
#[derive(Debug)]
pub struct Draft {
    text: Vec<u8>,
    entry: Entry,
}

/// An entry to which nothing is added any more, for the journal to keep.
#[derive(Debug)]
pub struct Closed {
    pub(super) text: Vec<u8>,
    pub(super) entry: Entry,
}

impl Draft {
    /// Opens the entry of a request, in an empty buffer; `path` is without the org's prefix.
    pub fn request(
        buffer: Vec<u8>,
        (cause, at): (Cause, Timestamp),
        surface: Surface,
        method: Method,
        (path, query): (&str, Option<&str>),
        headers: &HeaderMap,
        body: &[u8],
    ) -> Self {
        let mut draft = Self { text: buffer, entry: Entry::new((cause, at), surface, Kind::Http, method) };
        draft.text.extend_from_slice(path.as_bytes());
        if let Some(query) = query {
            draft.text.push(b'?');
            draft.text.extend_from_slice(query.as_bytes());
        }
        draft.entry.parts.head = draft.here();
        draft.add_headers(headers);
        draft.entry.parts.body = draft.here();
        let keep = if surface == Surface::Uploads { Keep::Length } else { Keep::Text };
        draft.add_body(body, keep);
        draft
    }

    /// Opens the entry of a frame, in an empty buffer. It has no number yet.
    pub fn frame(buffer: Vec<u8>, kind: Kind, label: &str, text: &[u8]) -> Self {
        let entry = Entry::new(Default::default(), Surface::Webmessaging, kind, Method::GET);
        let mut draft = Self { text: buffer, entry };
        draft.text.extend_from_slice(label.as_bytes());
        draft.entry.parts.head = draft.here();
        draft.entry.parts.body = draft.here();
        draft.add_body(text, Keep::Text);
        draft.entry.parts.answer = draft.here();
        draft.entry.parts.answer_body = draft.here();
        draft
    }

    /// It is a frame of another socket than the messaging one.
    pub fn of_surface(&mut self, surface: Surface) {
        self.entry.surface = surface;
    }

    /// Says what it is of, and when that was.
    pub fn number(&mut self, cause: Cause, at: Timestamp) {
        (self.entry.cause, self.entry.at) = (cause, at);
    }

    fn here(&self) -> u32 {
        u32::try_from(self.text.len()).unwrap_or(u32::MAX)
    }

    /// A line a header.
    fn add_headers(&mut self, headers: &HeaderMap) {
        for (name, value) in headers {
            self.text.extend_from_slice(name.as_str().as_bytes());
            self.text.extend_from_slice(b": ");
            self.text.extend_from_slice(value.as_bytes());
            self.text.push(b'\n');
        }
    }

    fn add_body(&mut self, body: &[u8], keep: Keep) {
        match keep {
            Keep::Length if body.is_empty() => {}
            Keep::Length => {
                self.text.extend_from_slice(format!("({} bytes of a file)", body.len()).as_bytes());
            }
            Keep::Text if body.len() <= MAX_BODY => self.text.extend_from_slice(body),
            Keep::Text => {
                let kept = &body[..MAX_BODY];
                // a cut in the middle of a character would make the rest unreadable
                let kept = match std::str::from_utf8(kept) {
                    Err(error) if kept.len() - error.valid_up_to() < 4 => &kept[..error.valid_up_to()],
                    _ => kept,
                };
                self.text.extend_from_slice(kept);
                self.text.extend_from_slice(format!("{CUT}{} bytes in all)", body.len()).as_bytes());
            }
        }
    }

    /// Adds the answer.
    pub fn answer(&mut self, status: u16, headers: &HeaderMap, body: &[u8], keep: Keep) {
        self.entry.status = status;
        self.entry.parts.answer = self.here();
        self.add_headers(headers);
        self.entry.parts.answer_body = self.here();
        self.add_body(body, keep);
    }

    /// Says who it was about.
    pub fn claims(&mut self, claimed: &Claimed) {
        self.entry.claimed = Claimed {
            client: claimed.client.clone(),
            deployment: claimed.deployment.clone(),
            session: claimed.session.clone(),
            guest: claimed.guest.clone(),
            user: claimed.user.clone(),
            bearer: None,
            misplaced: claimed.misplaced.clone(),
            of_another_org: claimed.of_another_org,
        };
    }

    /// Who it was about, to add what became known later.
    pub fn subject(&mut self) -> &mut Claimed {
        &mut self.entry.claimed
    }

    /// A fault bit.
    pub fn fault(&mut self, id: &FaultId) {
        if !self.entry.faults.contains(id) {
            self.entry.faults.push(id.clone());
        }
    }

    /// The first value of a header of the request, as it came; the name in lower case.
    pub fn header(&self, name: &str) -> Option<String> {
        let parts = self.entry.parts;
        let head = self.text.get(parts.head as usize..parts.body as usize)?;
        let lines = head.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok());
        let mut values = lines.filter_map(|line| line.split_once(": ").filter(|(given, _)| *given == name));
        values.next().map(|(_, value)| value.to_owned())
    }

    /// The faults that bit.
    pub fn faults(&self) -> &[FaultId] {
        &self.entry.faults
    }

    /// It was not granted; the first reason counts.
    pub fn refuse(&mut self, refusal: Refusal) {
        self.entry.refusal.get_or_insert_with(|| Box::new(refusal));
    }

    /// Something worth knowing.
    pub fn note(&mut self, note: impl Into<String>) {
        self.entry.notes.push(note.into());
    }

    /// Any of these scopes is wanted.
    pub fn wants(&mut self, scopes: &'static [&'static str]) {
        self.entry.scopes = scopes;
    }

    /// Closes it. `elapsed_us` is real time.
    pub fn close(self, elapsed_us: u64, abandoned: bool) -> Closed {
        let end = self.here();
        let Self { text, mut entry } = self;
        entry.parts.end = end;
        if entry.parts.answer == 0 {
            (entry.parts.answer, entry.parts.answer_body) = (end, end);
        }
        (entry.elapsed_us, entry.abandoned) = (elapsed_us, abandoned);
        Closed { text, entry }
    }
}
