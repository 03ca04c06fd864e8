//! An entry as conditions look at it: only what they ask for is read out of its text, and only once.

use std::cell::OnceCell;

use serde::Serialize;
use serde_json::Value;

use super::{about, entry::Kind, record::Record};
use crate::{
    base::{codec::pairs, draw::Cause, time::Timestamp, way::find},
    domain::{deployment::host_of, trace_context::TraceContext, visit::Way},
};

/// What a condition asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Word {
    Kind,
    About,
    Surface,
    Method,
    Path,
    Target,
    Status,
    Host,
    Client,
    User,
    Deployment,
    Guest,
    Session,
    Header(String),
    Query(String),
    Form(String),
    Body(String),
    AnswerHeader(String),
    AnswerBody(String),
    Action,
    Class,
    Direction,
    Fault,
    Rule,
    Reason,
    Decision,
    CorrelationId,
    TracingId,
    TraceId,
    Note,
}

/// What is put before JSON that a client serialised twice.
const TWICE: &str = "(JSON in a string) ";

/// An entry to be looked at.
pub struct Seen<'a> {
    record: &'a Record,
    correlation_id: &'a dyn Fn(Cause) -> String,
    body: OnceCell<Option<Value>>,
    answer: OnceCell<Option<Value>>,
}

impl<'a> Seen<'a> {
    /// A record, with what tells its correlation id.
    pub fn new(record: &'a Record, correlation_id: &'a dyn Fn(Cause) -> String) -> Self {
        Self { record, correlation_id, body: OnceCell::new(), answer: OnceCell::new() }
    }

    /// The org's time when it began.
    pub fn at(&self) -> Timestamp {
        self.record.entry().at()
    }

    /// The body of a request, or what a frame says; if it is JSON.
    pub fn body(&self) -> Option<&Value> {
        self.body.get_or_init(|| json(self.record.body())).as_ref()
    }

    /// The body of the answer, if it is JSON.
    pub fn answer(&self) -> Option<&Value> {
        self.answer.get_or_init(|| json(self.record.answer_body())).as_ref()
    }

    /// What there is: nothing, one value, or those of one name.
    pub fn values(&self, word: &Word) -> Vec<Value> {
        let entry = self.record.entry();
        let claimed = entry.claimed();
        let http = entry.kind() == Kind::Http;
        match word {
            Word::Kind => vec![spelled(&entry.kind())],
            Word::About => about::of(self.record, self.body()).iter().map(spelled).collect(),
            Word::Surface => vec![spelled(&entry.surface())],
            Word::Method => text(http.then(|| entry.method().as_str())),
            Word::Path => text(http.then(|| self.record.path())),
            Word::Target => text(Some(self.record.target())),
            Word::Status => {
                Some(entry.status()).filter(|status| *status > 0).map(Value::from).into_iter().collect()
            }
            Word::Host => self.record.header("host").iter().map(|host| host_of(host).into()).collect(),
            Word::Client => text(claimed.client.as_ref().map(|id| id.as_str())),
            Word::User => text(claimed.user.as_ref().map(|id| id.as_str())),
            Word::Deployment => text(claimed.deployment.as_ref().map(|id| id.as_str())),
            Word::Guest => text(claimed.guest.as_ref().map(|id| id.as_str())),
            Word::Session => {
                let token = claimed.session.as_ref().map(|token| token.as_str());
                token
                    .iter()
                    .flat_map(|token| [super::redact::mark(token).into(), Value::from(*token)])
                    .collect()
            }
            Word::Header(name) => self.record.header(name).into_iter().map(Value::from).collect(),
            Word::Query(name) => named(self.record.query(), name),
            Word::Form(name) => named(self.record.body(), name),
            Word::Body(place) => at(self.body(), place),
            Word::AnswerHeader(name) => {
                self.record.answer_header(name).into_iter().map(Value::from).collect()
            }
            Word::AnswerBody(place) => at(self.answer(), place),
            Word::Action => text((entry.kind() == Kind::FrameIn).then(|| self.record.target())),
            Word::Class => text((entry.kind() == Kind::FrameOut).then(|| self.record.target())),
            Word::Direction => match entry.kind() {
                Kind::Http => Vec::new(),
                Kind::FrameIn => vec![spelled(&Way::In)],
                Kind::FrameOut => vec![spelled(&Way::Out)],
            },
            Word::Fault => entry.faults().iter().map(|id| id.as_str().into()).collect(),
            Word::Rule => text(entry.refusal().map(|refusal| refusal.rule)),
            Word::Reason => text(entry.refusal().map(|refusal| refusal.reason.as_str())),
            Word::Decision => vec![spelled(&entry.decision())],
            Word::CorrelationId => vec![(self.correlation_id)(entry.cause()).into()],
            Word::TracingId if http => Vec::new(),
            Word::TracingId => at(self.body(), "tracingId"),
            Word::TraceId => {
                let parents = self.record.header("traceparent");
                text(
                    parents
                        .iter()
                        .find_map(|text| TraceContext::parse(text))
                        .as_ref()
                        .map(TraceContext::trace_id),
                )
            }
            Word::Note => entry.notes().iter().map(|note| note.as_str().into()).collect(),
        }
    }
}

fn json(text: &str) -> Option<Value> {
    serde_json::from_str(text.strip_prefix(TWICE).unwrap_or(text)).ok()
}

/// A word as it is written.
pub fn spelled(word: &impl Serialize) -> Value {
    serde_json::to_value(word).unwrap_or_default()
}

fn text(value: Option<impl AsRef<str>>) -> Vec<Value> {
    value.iter().map(|value| value.as_ref().into()).collect()
}

fn named(encoded: &str, name: &str) -> Vec<Value> {
    pairs(encoded).filter(|(given, _)| given == name).map(|(_, value)| value.into_owned().into()).collect()
}

fn at(json: Option<&Value>, place: &str) -> Vec<Value> {
    json.and_then(|json| find(json, place).ok().flatten()).into_iter().collect()
}
