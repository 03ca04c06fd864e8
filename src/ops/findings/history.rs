//! The journal picked apart, once for all that is looked for.

use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet},
};

use serde_json::Value;

use crate::{
    base::{
        clock::Rate,
        codec::pairs,
        pattern,
        time::{Span, Timestamp},
    },
    domain::visit::{Refusal, Surface},
    events::{Filter, MAX_EVENTS, Told, event::What},
    journal::{
        about::{self, About},
        entry::Kind,
        record::Record,
    },
    ops::org::Org,
};

/// Entries that are taken out at a time.
const BATCH: usize = 128;

/// Names of the query that carry a token at the upgrade.
const TOKENS: [&str; 3] = ["token", "access_token", "zChatToken"];

/// One entry.
pub struct Step {
    record: Record,
    body: OnceCell<Option<Value>>,
    answer: OnceCell<Option<Value>>,
}

/// A ring has another signing key.
pub struct Rotated {
    /// When.
    pub at: Timestamp,
    /// The ring.
    pub ring: String,
    /// The new key's `kid`.
    pub kid: Option<String>,
}

/// All of it.
pub struct History<'a> {
    /// The org.
    pub org: &'a Org,
    /// Entries in the order of closing.
    pub steps: Vec<Step>,
    /// Rotations of keys.
    pub rotations: Vec<Rotated>,
    /// The org's clock only moves by hand: how long clients really waited is not known.
    pub stands: bool,
}

impl<'a> History<'a> {
    /// Of an org.
    pub fn of(org: &'a Org) -> Self {
        let mut at = org.cell(|cell| cell.journal.start());
        let mut steps = Vec::new();
        loop {
            let records = org.cell(|cell| cell.journal.read(&mut at, BATCH)).records;
            if records.is_empty() {
                break;
            }
            // what the platform sends says nothing of clients
            let of_clients = |record: &Record| record.entry().surface() != Surface::Webhooks;
            steps.extend(records.into_iter().filter(of_clients).map(Step::of));
        }
        let filter = Filter { types: vec!["key.rotated".to_owned()], ..Filter::default() };
        let told = org.cell(|cell| {
            let mut start = cell.events.start();
            cell.events.read(&mut start, &filter, MAX_EVENTS)
        });
        let rotations = told.into_iter().filter_map(|(_, told)| match told {
            Told::Event(event) => match event.what {
                What::KeyRotated { ring, kid } => Some(Rotated { at: event.at, ring, kid }),
                _ => None,
            },
            Told::Lagged(_) | Told::Reset => None,
        });
        let stands = org.clock.rate() == Rate::Times(0.0);
        Self { org, steps, rotations: rotations.collect(), stands }
    }

    /// Those that were refused by a rule, and by no fault: neither at once, nor through a token that a fault had spoilt.
    pub fn refused_by(&self, rule: &str) -> Vec<&Step> {
        let spoilt = self.spoilt();
        let is = |step: &&Step| {
            step.refusal().is_some_and(|refusal| refusal.rule == rule && refusal.fault.is_none())
                && !step.credential().is_some_and(|mark| spoilt.contains(&mark))
        };
        self.steps.iter().filter(is).collect()
    }

    /// Fingerprints of tokens in whose making a fault had a hand.
    fn spoilt(&self) -> BTreeSet<String> {
        let made = self.steps.iter().filter(|step| !step.record.entry().faults().is_empty());
        made.flat_map(Step::made_tokens).collect()
    }

    /// Groups entries, each group in the order of closing.
    pub fn by<K: Ord>(&self, key: impl Fn(&Step) -> Option<K>) -> BTreeMap<K, Vec<&Step>> {
        let mut groups: BTreeMap<K, Vec<&Step>> = BTreeMap::new();
        for step in &self.steps {
            if let Some(key) = key(step) {
                groups.entry(key).or_default().push(step);
            }
        }
        groups
    }

    /// Requests of each caller for one thing, such as `POST /oauth/token`.
    pub fn by_caller(&self) -> BTreeMap<(String, String), Vec<&Step>> {
        self.by(|step| {
            let caller = step.client().or(step.guest()).map(str::to_owned).or_else(|| step.credential());
            Some((caller?, format!("{} {}", step.method()?, step.path())))
        })
    }

    /// Could the caller have waited in real time, where the org's did not move?
    pub fn is_unknown(&self, one: &Step, other: &Step) -> bool {
        self.stands && one.at() == other.at()
    }
}

impl Step {
    fn of(record: Record) -> Self {
        Self { record, body: OnceCell::new(), answer: OnceCell::new() }
    }

    /// Its number.
    pub fn n(&self) -> String {
        self.record.entry().cause().to_string()
    }

    /// The number of its visit: that of a frame's socket.
    pub fn visit(&self) -> u64 {
        self.record.entry().cause().visit_number()
    }

    /// The org's time.
    pub fn at(&self) -> Timestamp {
        self.record.entry().at()
    }

    /// HTTP method, of a request.
    pub fn method(&self) -> Option<&str> {
        let entry = self.record.entry();
        (entry.kind() == Kind::Http).then(|| entry.method().as_str())
    }

    /// Path of a request, action or class of a frame.
    pub fn path(&self) -> &str {
        self.record.path()
    }

    /// Is it a request like this?
    pub fn is(&self, method: &str, path: &str) -> bool {
        self.method() == Some(method) && pattern::fits(path, self.path())
    }

    /// Is it a frame from the client with this action?
    pub fn acts(&self, action: &str) -> bool {
        self.record.entry().kind() == Kind::FrameIn && self.path() == action
    }

    /// Is it a frame to the client of this class?
    pub fn tells(&self, class: &str) -> bool {
        self.record.entry().kind() == Kind::FrameOut && self.path() == class
    }

    /// HTTP status, 0 for none.
    pub fn status(&self) -> u16 {
        self.record.entry().status()
    }

    /// Did it fail in a way that may pass?
    pub fn is_outage(&self) -> bool {
        matches!(self.status(), 429 | 500 | 502..=504)
    }

    /// Why it was not granted.
    pub fn refusal(&self) -> Option<&Refusal> {
        self.record.entry().refusal()
    }

    /// Any of these scopes was wanted.
    pub fn scopes(&self) -> &'static [&'static str] {
        self.record.entry().scopes()
    }

    /// Client id.
    pub fn client(&self) -> Option<&str> {
        self.record.entry().claimed().client.as_ref().map(|id| id.as_str())
    }

    /// Guest id.
    pub fn guest(&self) -> Option<&str> {
        self.record.entry().claimed().guest.as_ref().map(|id| id.as_str())
    }

    /// Deployment id.
    pub fn deployment(&self) -> Option<&str> {
        self.record.entry().claimed().deployment.as_ref().map(|id| id.as_str())
    }

    /// Fingerprint of the session token.
    pub fn session(&self) -> Option<String> {
        self.record.session()
    }

    /// What it is about.
    pub fn about(&self) -> Option<About> {
        about::of(&self.record, self.body())
    }

    /// JSON of a request's body, or of a frame.
    pub fn body(&self) -> Option<&Value> {
        self.body.get_or_init(|| serde_json::from_str(self.record.body()).ok()).as_ref()
    }

    /// `grant_type` of a request for a token, in a form or in JSON.
    pub fn grant_type(&self) -> Option<String> {
        let of_json = self.body().and_then(|body| body.get("grant_type")?.as_str()).map(str::to_owned);
        let of_form = || pairs(self.record.body()).find(|(name, _)| name == "grant_type");
        of_json.or_else(|| of_form().map(|(_, value)| value.into_owned()))
    }

    /// JSON of the answer's body.
    pub fn answer(&self) -> Option<&Value> {
        self.answer.get_or_init(|| serde_json::from_str(self.record.answer_body()).ok()).as_ref()
    }

    /// The answer's body as text.
    pub fn answer_text(&self) -> &str {
        self.record.answer_body()
    }

    /// The first value of a header of the request.
    pub fn header(&self, name: &str) -> Option<String> {
        self.record.header(name).into_iter().next()
    }

    /// What the answer says of when to come back.
    pub fn retry_after(&self) -> Option<Span> {
        let value = self.record.answer_header("retry-after").into_iter().next()?;
        value.parse().ok().map(Span::from_secs)
    }

    /// How long a token lives that the answer holds.
    pub fn lifetime(&self) -> Option<Span> {
        self.answer()?.get("expires_in")?.as_i64().map(Span::from_secs)
    }

    /// The name in the query by which a token came.
    pub fn token_parameter(&self) -> Option<&'static str> {
        let query = self.record.query();
        TOKENS.into_iter().find(|wanted| pairs(query).any(|(name, _)| name == *wanted))
    }

    /// The fingerprint of the token that came with a request.
    pub fn credential(&self) -> Option<String> {
        let bearer = self.header("authorization").and_then(|value| {
            let (scheme, mark) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| mark.to_owned())
        });
        bearer.or_else(|| {
            let query = self.record.query();
            let name = self.token_parameter()?;
            pairs(query).find(|(given, _)| given == name).map(|(_, value)| value.into_owned())
        })
    }

    /// Fingerprints of the tokens that the answer holds.
    fn made_tokens(&self) -> Vec<String> {
        let of = |name: &str| self.answer()?.get(name)?.as_str().map(str::to_owned);
        ["access_token", "id_token", "jwt"].into_iter().filter_map(of).collect()
    }
}
