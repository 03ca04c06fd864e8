//! What faults have decided about one request and its answer.

use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header, response::Parts};

use super::{bend, dialect, hallway::Peer, member};
use crate::{
    base::{
        ids::FaultId,
        time::{Span, Timestamp},
    },
    domain::visit::Refusal,
    faults::{
        engine::Remembered,
        verdict::{AnswerVerdict, Cut, Ending, Ruling, Verdict},
    },
    ops::{cx::Cx, keys},
};

/// Gathered while the request is on its way.
#[derive(Default)]
pub struct Fated {
    /// Where and how its connection ends.
    pub cut: Option<(Cut, Ending)>,
    of_answer: Vec<(FaultId, AnswerVerdict)>,
}

/// Carries out the verdicts on a request. Answers what a fault answers.
pub async fn obey(cx: &Cx, rulings: Vec<Ruling>, fated: &mut Fated) -> Option<Response> {
    let mut response = None;
    for ruling in rulings {
        cx.journal(|draft| {
            draft.fault(&ruling.fault);
            ruling.drawn().into_iter().for_each(|drawn| draft.note(drawn));
        });
        let Ruling { fault, verdict, .. } = ruling;
        match verdict {
            Verdict::Wait(span) => {
                if !cx.sleep(span).await {
                    fated.cut = Some((Cut::BeforeHead, Ending::Reset));
                    return None;
                }
            }
            Verdict::Rotate(turn) => {
                if let Some(words) = keys::turn(&cx.app, &cx.org, cx.cause.timer(u32::MAX), turn, cx.now()) {
                    cx.journal(|draft| draft.note(words));
                }
            }
            // of connections, not of requests
            Verdict::Tls(_) => {}
            Verdict::Cut { at, how, after } => {
                let reset = (Cut::BeforeHead, Ending::Reset);
                let in_time = after == Span::ZERO || cx.sleep(after).await;
                fated.cut = Some(if in_time { (at, how) } else { reset });
            }
            Verdict::OfAnswer(verdict) => fated.of_answer.push((fault, verdict)),
            Verdict::Limited(usage) => {
                let reason = format!("A fault allows {} calls in its window", usage.allowed);
                cx.refuse(Refusal::new("rate_limit.injected", reason).by(fault));
                cx.set_usage(usage);
                response = Some(dialect::limited(cx, usage));
            }
            Verdict::Answer(answer) => {
                cx.refuse(
                    Refusal::new("response.injected", "A fault answers instead of the platform").by(fault),
                );
                response = Some(dialect::injected(cx, answer));
            }
            // of tokens, scopes, handshakes and frames: they are not asked for here
            Verdict::DenyScope
            | Verdict::DenyPermission
            | Verdict::Claims(_)
            | Verdict::Nonce(_)
            | Verdict::Close { .. }
            | Verdict::Drop(_)
            | Verdict::Handshake(_)
            | Verdict::Frame(_) => {}
        }
    }
    response
}

impl Fated {
    /// Does the connection end without a byte of an answer?
    pub fn ends_before_head(&self) -> bool {
        matches!(self.cut, Some((Cut::Accept | Cut::BeforeHead, _)))
    }

    /// How does it end?
    pub fn ending(&self) -> Ending {
        self.cut.map_or(Ending::Reset, |(_, how)| how)
    }

    /// Is the request delivered a second time?
    pub fn is_twice(&self) -> bool {
        self.verdicts().any(|verdict| matches!(verdict, AnswerVerdict::Twice))
    }

    /// May no page read the answer?
    pub fn denies_cors(&self) -> bool {
        self.verdicts().any(|verdict| matches!(verdict, AnswerVerdict::NoCors))
    }

    /// When the answer says that it is.
    pub fn date(&self, now: Timestamp) -> Option<HeaderValue> {
        let skews = self.verdicts().filter_map(|verdict| match verdict {
            AnswerVerdict::Skew(micros) => Some(*micros),
            _ => None,
        });
        let skew = skews.reduce(i64::saturating_add)?;
        HeaderValue::try_from(Timestamp::from_micros(now.micros().saturating_add(skew)).http_date()).ok()
    }

    /// Makes the headers of the answer others.
    pub fn change(&self, headers: &mut HeaderMap) {
        let changes = self.verdicts().filter_map(|verdict| match verdict {
            AnswerVerdict::Headers(changes) => Some(changes),
            _ => None,
        });
        for (name, value) in changes.flatten() {
            match value {
                Some(value) => drop(headers.insert(name, value.clone())),
                None => drop(headers.remove(name)),
            }
        }
    }

    fn verdicts(&self) -> impl Iterator<Item = &AnswerVerdict> {
        self.of_answer.iter().map(|(_, verdict)| verdict)
    }

    /// The work is done; now the answer may be late, or lost.
    pub async fn hold_back(&mut self, cx: &Cx) {
        for (_, verdict) in &self.of_answer {
            match verdict {
                AnswerVerdict::Late(span) if !cx.sleep(*span).await => {
                    self.cut = Some((Cut::BeforeHead, Ending::Reset));
                    return;
                }
                AnswerVerdict::Lost(how) => self.cut = Some((Cut::BeforeHead, *how)),
                AnswerVerdict::Garbage(_) => {
                    cx.journal(|draft| draft.note("garbage went over the connection instead of this"));
                }
                AnswerVerdict::Twice => {
                    cx.journal(|draft| draft.note("the request was delivered a second time"));
                }
                _ => {}
            }
        }
    }

    /// Does the answer become another?
    pub fn edits(&self) -> bool {
        self.verdicts().any(|verdict| {
            use AnswerVerdict as A;
            matches!(verdict, A::Stale | A::ContentType(_) | A::Field(..) | A::Truncate(_))
        })
    }

    /// Makes another answer of it. Answers its body.
    pub fn edit(&self, cx: &Cx, parts: &mut Parts, mut body: Bytes) -> Bytes {
        for (fault, verdict) in &self.of_answer {
            match verdict {
                AnswerVerdict::Stale => {
                    let now = Remembered {
                        status: parts.status,
                        headers: parts.headers.clone(),
                        body: body.clone(),
                    };
                    if let Some(then) = cx.remember(fault, now) {
                        (parts.status, parts.headers, body) = (then.status, then.headers, then.body);
                    }
                }
                AnswerVerdict::ContentType(value) => {
                    parts.headers.insert(header::CONTENT_TYPE, value.clone());
                }
                AnswerVerdict::Field(way, value) => {
                    if let Some(text) = member::replaced(&body, way, value.as_ref()) {
                        body = text.into();
                    }
                }
                AnswerVerdict::Truncate(bytes) => {
                    body.truncate(bytes.unwrap_or(body.len() / 2));
                }
                _ => {}
            }
        }
        if let Some(length) = parts.headers.get_mut(header::CONTENT_LENGTH) {
            *length = HeaderValue::from(body.len());
        }
        body
    }

    /// Sends it as its faults say.
    pub fn send(self, cx: &Cx, peer: &Peer, mut response: Response, body: Bytes) -> Response {
        for (_, verdict) in self.of_answer {
            match verdict {
                AnswerVerdict::Pace(pace) => response = bend::paced(cx, &peer.fate, response, &body, pace),
                AnswerVerdict::MalformedChunk => {
                    peer.fate.seal_bytes(bend::malformed(&response, &body));
                    last(&mut response);
                }
                AnswerVerdict::Garbage(bytes) => {
                    peer.fate.seal_bytes(bytes);
                    last(&mut response);
                }
                AnswerVerdict::SlowClose(span) => {
                    peer.fate.seal_linger(Box::pin(cx.wake_after(span)));
                    last(&mut response);
                }
                _ => {}
            }
        }
        response
    }
}

/// Nothing comes after it on its connection.
fn last(response: &mut Response) {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
}
