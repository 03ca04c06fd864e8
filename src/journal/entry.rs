//! A closed entry: compact while kept, formatted when read.

use std::collections::BTreeMap;

use http::Method;
use serde::{Deserialize, Serialize};

use super::redact;
use crate::{
    base::{
        draw::Cause,
        ids::{ClientId, DeploymentId, FaultId, GuestId, UserId},
        time::Timestamp,
    },
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
#[derive(Debug)]
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
    pub(super) elapsed_us: u64,
    pub(super) abandoned: bool,
}

/// Request or answer as the admin API shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownMessage {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    body: String,
}

/// An entry as the admin API shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    n: String,
    kind: Kind,
    at: Timestamp,
    surface: Surface,
    correlation_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    /// Path and query of a request, `action` or `class` of a frame.
    target: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<ClientId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deployment: Option<DeploymentId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guest: Option<GuestId>,
    /// A fingerprint: the token itself is a credential.
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<Refusal>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<FaultId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
    elapsed_us: u64,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    abandoned: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<ShownMessage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<ShownMessage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    frame: Option<String>,
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
            elapsed_us: 0,
            abandoned: false,
        }
    }

    /// Its place in the order of causes.
    pub fn cause(&self) -> Cause {
        self.cause
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

    /// How long its text is.
    pub(super) fn length(&self) -> usize {
        self.parts.end as usize
    }

    /// What it counts for in the journal's bounds.
    pub fn size(&self) -> usize {
        let Claimed { client, deployment, session, guest, .. } = &self.claimed;
        let ids = [
            client.as_ref().map(|id| id.as_str()),
            deployment.as_ref().map(|id| id.as_str()),
            session.as_ref().map(|id| id.as_str()),
            guest.as_ref().map(|id| id.as_str()),
        ];
        let said = self.refusal.as_ref().map_or(0, |refusal| {
            let Refusal { reason, expected, seen, .. } = &**refusal;
            reason.len() + expected.as_ref().map_or(0, String::len) + seen.as_ref().map_or(0, String::len)
        });
        let texts = ids.into_iter().flatten().map(str::len).sum::<usize>() + said;
        size_of::<Self>() + self.length() + self.notes.iter().map(String::len).sum::<usize>() + texts
    }

    /// As the admin API shows it, with its text. Secrets are left out here.
    pub(super) fn shown(&self, text: &[u8], correlation_id: String) -> Shown {
        let part = |from: u32, to: u32| text.get(from as usize..to as usize).unwrap_or_default();
        let Parts { head, body, answer, answer_body, end } = self.parts;
        let http = self.kind == Kind::Http;
        let shown = |from, to| {
            let mut out = Vec::new();
            redact::kept_body(part(from, to), &mut out);
            String::from_utf8_lossy(&out).into_owned()
        };
        let message =
            |head, body, end| ShownMessage { headers: headers(part(head, body)), body: shown(body, end) };
        Shown {
            n: self.cause.to_string(),
            kind: self.kind,
            at: self.at,
            surface: self.surface,
            correlation_id,
            method: http.then(|| self.method.to_string()),
            target: redact::target(&String::from_utf8_lossy(part(0, head))),
            status: (self.status > 0).then_some(self.status),
            client: self.claimed.client.clone(),
            user: self.claimed.user.clone(),
            deployment: self.claimed.deployment.clone(),
            guest: self.claimed.guest.clone(),
            session: self.claimed.session.as_ref().map(|token| redact::mark(token.as_str())),
            refusal: self.refusal.as_deref().cloned(),
            faults: self.faults.clone(),
            notes: self.notes.clone(),
            elapsed_us: self.elapsed_us,
            abandoned: self.abandoned,
            request: http.then(|| message(head, body, answer)),
            response: (http && self.status > 0).then(|| message(answer, answer_body, end)),
            frame: (!http).then(|| shown(body, answer)),
        }
    }
}

/// The headers of a text with a line for each.
fn headers(text: &[u8]) -> BTreeMap<String, String> {
    let mut out = Vec::new();
    redact::headers(&String::from_utf8_lossy(text), &mut out);
    let text = String::from_utf8_lossy(&out);
    let mut headers = BTreeMap::new();
    for (name, value) in text.lines().filter_map(|line| line.split_once(": ")) {
        headers
            .entry(name.to_owned())
            .and_modify(|all: &mut String| {
                all.push_str(", ");
                all.push_str(value);
            })
            .or_insert_with(|| value.to_owned());
    }
    headers
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
