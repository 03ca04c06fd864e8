//! A closed entry: compact while kept.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    base::{draw::Cause, ids::FaultId, time::Timestamp},
    domain::visit::{Claimed, Refusal, Surface},
};

/// What an entry is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// A request and its answer.
    Http,
    /// A frame from the client.
    FrameIn,
    /// A frame to the client.
    FrameOut,
}

/// Where the parts of an entry's text begin; the request line, or the frame's action or class, is first.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Parts {
    pub head: u32,
    pub body: u32,
    pub answer: u32,
    pub answer_body: u32,
    pub end: u32,
}

/// A closed entry without its text.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where the journal keeps the text.
    pub(super) place: u64,
    pub(super) parts: Parts,
    pub(super) cause: Cause,
    pub(super) at: Timestamp,
    pub(super) surface: Surface,
    pub(super) kind: Kind,
    pub(super) method: Method,
    pub(super) status: u16,
    pub(super) claimed: Claimed,
    pub(super) faults: Vec<FaultId>,
    pub(super) refusal: Option<Box<Refusal>>,
    pub(super) notes: Vec<String>,
    pub(super) scopes: &'static [&'static str],
    pub(super) elapsed_us: u64,
    pub(super) abandoned: bool,
}

impl Entry {
    pub(super) fn new((cause, at): (Cause, Timestamp), surface: Surface, kind: Kind, method: Method) -> Self {
        Self {
            place: 0,
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
            scopes: &[],
            elapsed_us: 0,
            abandoned: false,
        }
    }

    /// Its place in the order of causes.
    pub fn cause(&self) -> Cause {
        self.cause
    }

    /// The org's time when it began.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// What it is about.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The family of URLs.
    pub fn surface(&self) -> Surface {
        self.surface
    }

    /// HTTP method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// HTTP status, 0 for none.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Whom it is about.
    pub fn claimed(&self) -> &Claimed {
        &self.claimed
    }

    /// The faults that bit.
    pub fn faults(&self) -> &[FaultId] {
        &self.faults
    }

    /// Why it was not granted.
    pub fn refusal(&self) -> Option<&Refusal> {
        self.refusal.as_deref()
    }

    /// What it says in words of its own, which may repeat what came.
    pub(super) fn words(&mut self) -> impl Iterator<Item = &mut String> {
        let of_refusal = self.refusal.as_deref_mut().into_iter().flat_map(|refusal| {
            let Refusal { reason, expected, seen, .. } = refusal;
            [Some(reason), expected.as_mut(), seen.as_mut()].into_iter().flatten()
        });
        of_refusal.chain(&mut self.notes)
    }

    /// What is worth knowing besides.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Any of these scopes was wanted.
    pub fn scopes(&self) -> &'static [&'static str] {
        self.scopes
    }

    /// How long it took, in microseconds of real time.
    pub fn elapsed_us(&self) -> u64 {
        self.elapsed_us
    }

    /// How long its text is.
    pub(super) fn length(&self) -> usize {
        self.parts.end as usize
    }

    /// What it counts for in the journal's bounds.
    pub fn size(&self) -> usize {
        let Claimed { client, deployment, session, guest, misplaced, .. } = &self.claimed;
        let ids = [
            client.as_ref().map(|id| id.as_str()),
            deployment.as_ref().map(|id| id.as_str()),
            session.as_ref().map(|id| id.as_str()),
            guest.as_ref().map(|id| id.as_str()),
            misplaced.as_deref(),
        ];
        let said = self.refusal.as_ref().map_or(0, |refusal| {
            let Refusal { reason, expected, seen, .. } = &**refusal;
            reason.len() + expected.as_ref().map_or(0, String::len) + seen.as_ref().map_or(0, String::len)
        });
        let texts = ids.into_iter().flatten().map(str::len).sum::<usize>() + said;
        size_of::<Self>() + self.length() + self.notes.iter().map(String::len).sum::<usize>() + texts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::draft::Draft;

    #[test]
    fn whatever_a_client_can_make_long_counts() {
        let long = "x".repeat(100_000);
        let mut draft = Draft::frame(Vec::new(), Kind::FrameIn, "echo", b"{}");
        draft.claims(&Claimed { session: Some(long.as_str().into()), ..Claimed::default() });
        draft.refuse(Refusal::new("rule", "").seen(long));
        assert!(draft.close(0, false).entry.size() > 200_000);
    }
}
