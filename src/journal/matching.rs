//! Which entries are meant: the words of a fault's `when`, and those that only what has happened can have. The filters of
//! `/__admin/journal`, `match` of a verification and of a scenario's `expect` are these.

use std::collections::BTreeMap;

use http::HeaderName;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{about::About, decision::Decision, entry::Kind};
use crate::{
    base::{document, rules, suggest, time::Timestamp},
    domain::visit::{Surface, Way},
};

/// What entries are like; all that is given must hold. Each value is a scalar, or a rule such as `{ startsWith: scope. }`.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Match {
    /// `http`, `frameIn` or `frameOut`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Value>,
    /// What it is about: `token`, `key_set` or `message`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<Value>,
    /// The family of URLs: `login`, `api`, `cdn`, `webmessaging`, `streaming`, `uploads`, `idp` or `unknown`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surface: Option<Value>,
    /// HTTP method, in any letter case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<Value>,
    /// Path; `*` and `{name}` stand for one segment, a last `**` for any rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<Value>,
    /// Beginning of path and query, or of a frame's action or class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Value>,
    /// HTTP status, or its class, such as `4xx`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Value>,
    /// The host that was asked for, without its port; `*.` before a name is every name below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<Value>,
    /// Client id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<Value>,
    /// User id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<Value>,
    /// Deployment id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deployment: Option<Value>,
    /// Guest id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guest: Option<Value>,
    /// Session token, or the fingerprint that the journal shows of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<Value>,
    /// Header values of a request by name; `*` is any value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub header: BTreeMap<String, Value>,
    /// Query values by name; `*` is any value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub query: BTreeMap<String, Value>,
    /// Values of a form by name; `*` is any value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub form: BTreeMap<String, Value>,
    /// Values in a JSON body or frame by the way to them, such as `customer.name`; `*` is any value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub body: BTreeMap<String, Value>,
    /// The answer to a request.
    #[serde(skip_serializing_if = "Response::is_empty")]
    pub response: Response,
    /// `action` of a client's frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<Value>,
    /// `class` of a server's frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<Value>,
    /// Which way a frame goes: `in` or `out`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<Value>,
    /// A fault that bit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<Value>,
    /// The rule by which it was refused, such as `scope.missing`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<Value>,
    /// Why it was refused, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Value>,
    /// What was decided: `granted`, `refused`, `unserved`, `injected`, `ended` or `abandoned`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<Value>,
    /// `ININ-Correlation-Id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<Value>,
    /// `tracingId` of a frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracing_id: Option<Value>,
    /// Id of the trace that a request belongs to, by its `traceparent`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<Value>,
    /// What is worth knowing besides, such as `GET https://idp.example.test/jwks: 200` of what the platform fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Value>,
    /// Not before this time of the org's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Before this time of the org's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// What the answer to a request is like.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Response {
    /// Header values by name; `*` is any value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub header: BTreeMap<String, Value>,
    /// Values in a JSON body by the way to them, such as `entities.0.id`; `*` is any value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub body: BTreeMap<String, Value>,
}

impl Response {
    fn is_empty(&self) -> bool {
        self.header.is_empty() && self.body.is_empty()
    }
}

/// What cannot be meant.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("`{at}`: {wrong}")]
pub struct BadMatch {
    /// The word.
    pub at: String,
    /// What is wrong, and what was expected.
    pub wrong: String,
}

impl Match {
    /// Does it say nothing?
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What cannot be meant. What no entry can ever fit would make an absence certain that nobody has looked for.
    pub fn check(&self) -> Result<(), BadMatch> {
        let bad = |at: &str| {
            let at = at.to_owned();
            move |wrong| BadMatch { at, wrong }
        };
        for (at, rule) in self.scalars() {
            rules::check(rule).map_err(bad(at))?;
        }
        let maps = [&self.header, &self.query, &self.form, &self.response.header];
        for (name, rule) in maps.into_iter().flatten() {
            rules::check(rule).map_err(bad(name))?;
        }
        for (way, rule) in [&self.body, &self.response.body].into_iter().flatten() {
            rules::check_json(rule).map_err(bad(way))?;
        }
        for name in self.header.keys().chain(self.response.header.keys()) {
            HeaderName::try_from(name).map_err(|_| bad(name)("it is not a header name".to_owned()))?;
        }
        each(self.kind.as_ref(), one_of::<Kind>).map_err(bad("kind"))?;
        each(self.about.as_ref(), one_of::<About>).map_err(bad("about"))?;
        each(self.surface.as_ref(), one_of::<Surface>).map_err(bad("surface"))?;
        each(self.direction.as_ref(), one_of::<Way>).map_err(bad("direction"))?;
        each(self.decision.as_ref(), one_of::<Decision>).map_err(bad("decision"))?;
        each(self.status.as_ref(), is_status).map_err(bad("status"))?;
        each(self.path.as_ref(), is_path).map_err(bad("path"))?;
        self.check_together()
    }

    fn check_together(&self) -> Result<(), BadMatch> {
        let bad = |at: &str, wrong: &str| Err(BadMatch { at: at.to_owned(), wrong: wrong.to_owned() });
        let is = |one: &Option<Value>, word: &str| one.as_ref().is_some_and(|value| value == word);
        let of_frames = [
            ("action", self.action.is_some()),
            ("class", self.class.is_some()),
            ("direction", self.direction.is_some()),
            ("tracingId", self.tracing_id.is_some()),
        ];
        let of_requests = [
            ("traceId", self.trace_id.is_some()),
            ("method", self.method.is_some()),
            ("path", self.path.is_some()),
            ("status", self.status.is_some()),
            ("host", self.host.is_some()),
            ("header", !self.header.is_empty()),
            ("query", !self.query.is_empty()),
            ("form", !self.form.is_empty()),
            ("response", !self.response.is_empty()),
        ];
        let frames = of_frames.iter().find(|(_, given)| *given).map(|(at, _)| *at);
        let requests = of_requests.iter().find(|(_, given)| *given).map(|(at, _)| *at);
        if let (Some(at), true) = (frames, requests.is_some() || is(&self.kind, "http")) {
            return bad(at, "is of frames, and something else here is of requests: nothing is both");
        }
        if let (Some(at), true) = (requests, is(&self.kind, "frameIn") || is(&self.kind, "frameOut")) {
            return bad(at, "is of requests, and `kind` is of frames");
        }
        if self.action.is_some()
            && (self.class.is_some() || is(&self.direction, "out") || is(&self.kind, "frameOut"))
        {
            return bad("action", "is of frames from the client; they have no `class` and go `in`");
        }
        if self.class.is_some() && (is(&self.direction, "in") || is(&self.kind, "frameIn")) {
            return bad("class", "is of frames to the client; they go `out`");
        }
        if self.since.zip(self.until).is_some_and(|(since, until)| since >= until) {
            return bad("until", "is not after `since`: no time is between");
        }
        Ok(())
    }

    fn scalars(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        [
            ("kind", &self.kind),
            ("about", &self.about),
            ("surface", &self.surface),
            ("method", &self.method),
            ("path", &self.path),
            ("target", &self.target),
            ("status", &self.status),
            ("host", &self.host),
            ("client", &self.client),
            ("user", &self.user),
            ("deployment", &self.deployment),
            ("guest", &self.guest),
            ("session", &self.session),
            ("action", &self.action),
            ("class", &self.class),
            ("direction", &self.direction),
            ("fault", &self.fault),
            ("rule", &self.rule),
            ("reason", &self.reason),
            ("decision", &self.decision),
            ("correlationId", &self.correlation_id),
            ("tracingId", &self.tracing_id),
            ("traceId", &self.trace_id),
            ("note", &self.note),
        ]
        .into_iter()
        .filter_map(|(at, value)| Some((at, value.as_ref()?)))
    }
}

/// Words of [`Match`], as filters of a query have them.
pub const WORDS: [&str; 31] = [
    "kind",
    "about",
    "surface",
    "method",
    "path",
    "target",
    "status",
    "host",
    "client",
    "user",
    "deployment",
    "guest",
    "session",
    "header",
    "query",
    "form",
    "body",
    "response",
    "action",
    "class",
    "direction",
    "fault",
    "rule",
    "reason",
    "decision",
    "correlationId",
    "tracingId",
    "traceId",
    "note",
    "since",
    "until",
];

/// Looks at every scalar that a rule compares with as a whole.
fn each(rule: Option<&Value>, check: impl Fn(&Value) -> Result<(), String> + Copy) -> Result<(), String> {
    match rule {
        None => Ok(()),
        Some(Value::Object(members)) => {
            members.iter().try_for_each(|(word, rule)| match (word.as_str(), rule) {
                ("not" | "is", rule) => each(Some(rule), check),
                ("oneOf", Value::Array(all)) => all.iter().try_for_each(|one| each(Some(one), check)),
                ("oneOf", _) => Err("`oneOf` takes a list".to_owned()),
                _ => Ok(()),
            })
        }
        Some(scalar) => check(scalar),
    }
}

fn one_of<T: DeserializeOwned>(value: &Value) -> Result<(), String> {
    match document::from_value::<T>(value) {
        Ok(_) => Ok(()),
        Err(wrong) => Err(suggest::explained(&wrong.to_string())),
    }
}

/// The class that `4xx` means.
pub(super) fn status_class(text: &str) -> Option<u16> {
    let class = text.to_ascii_lowercase().strip_suffix("xx")?.parse().ok()?;
    (1..=5).contains(&class).then_some(class)
}

fn is_status(value: &Value) -> Result<(), String> {
    let text = crate::base::way::plain(value);
    let is = status_class(&text).is_some() || text.parse::<u16>().is_ok_and(|n| (100..600).contains(&n));
    if is {
        Ok(())
    } else {
        Err(format!("`{text}` is no status; expected 100 to 599, or a class such as 4xx"))
    }
}

fn is_path(value: &Value) -> Result<(), String> {
    match value.as_str().is_some_and(|path| path.starts_with('/')) {
        true => Ok(()),
        false => Err("must begin with `/`".to_owned()),
    }
}
