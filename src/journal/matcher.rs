//! Compares entries with a [`Match`]: does it hold, and where not?

use std::fmt;

use serde_json::Value;

use super::{
    matching::{BadMatch, Match, status_class},
    redact,
    seen::{Seen, Word},
};
use crate::base::{
    pattern,
    rules::{self, Difference},
    time::Timestamp,
    way::plain,
};

/// One word of a match, with what it is compared with.
#[derive(Clone, Debug)]
struct Condition {
    /// As it is told, such as `response.header.retry-after`.
    at: String,
    word: Word,
    rule: Value,
}

/// A match that was found to be meant. Conditions that cost little come first.
#[derive(Clone, Debug)]
pub struct Matcher {
    conditions: Vec<Condition>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl Matcher {
    /// Of a match that can be meant.
    pub fn new(wanted: &Match) -> Result<Self, BadMatch> {
        wanted.check()?;
        let mut conditions = Vec::new();
        let mut add = |at: &str, word: Word, rule: &Value| {
            conditions.push(Condition { at: at.to_owned(), word, rule: rule.clone() });
        };
        for (at, word, rule) in [
            ("kind", Word::Kind, &wanted.kind),
            ("surface", Word::Surface, &wanted.surface),
            ("direction", Word::Direction, &wanted.direction),
            ("method", Word::Method, &wanted.method),
            ("status", Word::Status, &wanted.status),
            ("host", Word::Host, &wanted.host),
            ("client", Word::Client, &wanted.client),
            ("user", Word::User, &wanted.user),
            ("deployment", Word::Deployment, &wanted.deployment),
            ("guest", Word::Guest, &wanted.guest),
            ("session", Word::Session, &wanted.session),
            ("fault", Word::Fault, &wanted.fault),
            ("rule", Word::Rule, &wanted.rule),
            ("reason", Word::Reason, &wanted.reason),
            ("decision", Word::Decision, &wanted.decision),
            ("path", Word::Path, &wanted.path),
            ("target", Word::Target, &wanted.target),
            ("action", Word::Action, &wanted.action),
            ("class", Word::Class, &wanted.class),
            ("correlationId", Word::CorrelationId, &wanted.correlation_id),
            ("about", Word::About, &wanted.about),
            ("tracingId", Word::TracingId, &wanted.tracing_id),
            ("traceId", Word::TraceId, &wanted.trace_id),
            ("note", Word::Note, &wanted.note),
        ] {
            if let Some(rule) = rule {
                add(at, word, rule);
            }
        }
        let (answer_head, answer_body) = (&wanted.response.header, &wanted.response.body);
        for (before, word, rules) in [
            ("header", Word::Header as fn(String) -> Word, &wanted.header),
            ("query", Word::Query, &wanted.query),
            ("form", Word::Form, &wanted.form),
            ("body", Word::Body, &wanted.body),
            ("response.header", Word::AnswerHeader, answer_head),
            ("response.body", Word::AnswerBody, answer_body),
        ] {
            for (name, rule) in rules {
                add(&format!("{before}.{name}"), word(name.clone()), rule);
            }
        }
        Ok(Self { conditions, since: wanted.since, until: wanted.until })
    }

    /// Is the entry meant?
    pub fn holds(&self, seen: &Seen<'_>) -> bool {
        self.is_in_time(seen.at()) && self.conditions.iter().all(|condition| condition.holds(seen))
    }

    /// Where it is not as wanted.
    pub fn differences(&self, seen: &Seen<'_>) -> Vec<Difference> {
        let wrong = self.conditions.iter().filter(|condition| !condition.holds(seen));
        let mut found: Vec<_> = wrong.map(|condition| condition.difference(seen)).collect();
        if let Some(since) = self.since.filter(|since| seen.at() < *since) {
            found.push(Difference::new("since", format!("not before {since}"), seen.at().to_string()));
        }
        if let Some(until) = self.until.filter(|until| seen.at() >= *until) {
            found.push(Difference::new("until", format!("before {until}"), seen.at().to_string()));
        }
        found
    }

    /// How many words it has.
    pub fn words(&self) -> usize {
        self.conditions.len()
    }

    /// Is it about nothing before this time?
    pub fn begins_after(&self, time: Timestamp) -> bool {
        self.since.is_some_and(|since| since > time)
    }

    fn is_in_time(&self, at: Timestamp) -> bool {
        self.since.is_none_or(|since| since <= at) && self.until.is_none_or(|until| at < until)
    }
}

/// As it is told: `method POST, path /oauth/token`.
impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self.conditions.iter().map(|one| format!("{} {}", one.at, plain(&one.rule)));
        let since = self.since.iter().map(|since| format!("since {since}"));
        let until = self.until.iter().map(|until| format!("until {until}"));
        f.write_str(&words.chain(since).chain(until).collect::<Vec<_>>().join(", "))
    }
}

impl Condition {
    fn holds(&self, seen: &Seen<'_>) -> bool {
        let values = seen.values(&self.word);
        let fits = |value: &Value| self.fits(&self.rule, Some(value));
        match (values.is_empty(), rules::forbids(&self.rule)) {
            (true, _) => self.fits(&self.rule, None),
            (false, true) => values.iter().all(fits),
            (false, false) => values.iter().any(fits),
        }
    }

    fn difference(&self, seen: &Seen<'_>) -> Difference {
        let values = seen.values(&self.word);
        let mut found = Vec::new();
        rules::compare(&self.at, &self.rule, values.first(), &mut found);
        // what only this word tells apart, a value alone does not
        let mut difference = found.pop().unwrap_or_else(|| {
            Difference::new(&self.at, rules::shown(Some(&self.rule)), rules::shown(values.first()))
        });
        // the second value of a session is the token itself
        if values.len() > 1 && self.word != Word::Session {
            difference.seen =
                values.iter().map(|value| rules::shown(Some(value))).collect::<Vec<_>>().join(", ");
        }
        difference
    }

    fn fits(&self, rule: &Value, seen: Option<&Value>) -> bool {
        if let Value::Object(members) = rule {
            match (members.iter().next(), members.len()) {
                (Some((word, inner)), 1) if word == "not" => return !self.fits(inner, seen),
                (Some((word, Value::Array(all))), 1) if word == "oneOf" => {
                    return all.iter().any(|one| self.fits(one, seen));
                }
                _ => return rules::fits(rule, seen),
            }
        }
        rules::fits(rule, seen) || seen.is_some_and(|seen| self.means(&plain(rule), &plain(seen)))
    }

    /// Does the word mean this by that?
    fn means(&self, wanted: &str, seen: &str) -> bool {
        match self.word {
            Word::Method => seen.eq_ignore_ascii_case(wanted),
            Word::Path => pattern::fits(wanted, seen),
            Word::Host => pattern::fits_host(wanted, seen),
            Word::Target => seen.starts_with(wanted),
            Word::Status => status_class(wanted).is_some_and(|class| hundreds(seen) == Some(class)),
            // of a credential the journal has a fingerprint
            _ => seen.starts_with("(redacted ") && seen == redact::mark(wanted),
        }
    }
}

fn hundreds(status: &str) -> Option<u16> {
    status.parse::<u16>().ok().map(|status| status / 100)
}
