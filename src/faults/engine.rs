//! The faults of one org, with their counters. Asked under the org's lock, so that every count is exact.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{
    contradiction,
    effect::{Ask, Effect},
    fault::{BadFault, Fault, Of, Phase},
    index::{Index, Places},
    point::{Facts, Point},
    schedule::Moment,
    verdict::Ruling,
};
use crate::{
    base::{
        codec::{base64, from_base64},
        draw::DrawKey,
        ids::FaultId,
        table::Table,
        time::Timestamp,
    },
    domain::{quota::Bucket, visit::Way},
};

/// Clients whose matches one fault counts, and callers whose use of its limit.
const CALLERS: usize = 10_000;

/// A fault that was set.
#[derive(Clone)]
pub struct Mounted {
    /// As it was written, with its id.
    pub fault: Arc<Fault>,
    id: FaultId,
    only: Option<Way>,
    since: Timestamp,
    matched: u64,
    fired: u64,
    per_client: Table<String, u64>,
    buckets: Table<String, Bucket>,
    answers: Table<String, Remembered>,
}

/// An answer, to be given later.
#[derive(Clone)]
pub struct Remembered {
    /// Status.
    pub status: StatusCode,
    /// Headers, without those that every answer gets anew.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

/// As it is written down.
#[derive(Serialize, Deserialize)]
struct Written {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Serialize for Remembered {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = self.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        Written { status: self.status.as_u16(), headers, body: base64(&self.body) }.serialize(s)
    }
}

impl<'de> Deserialize<'de> for Remembered {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let Written { status, headers, body } = Written::deserialize(d)?;
        let status = StatusCode::from_u16(status).map_err(de::Error::custom)?;
        let header = |(name, value): (String, String)| {
            Ok((HeaderName::try_from(name)?, HeaderValue::try_from(value)?))
        };
        let headers = headers.into_iter().map(header).collect::<Result<_, http::Error>>();
        let body = from_base64(&body).ok_or_else(|| de::Error::custom("a body is base64"))?;
        Ok(Self { status, headers: headers.map_err(de::Error::custom)?, body: body.into() })
    }
}

/// Answers that one fault remembers.
const ANSWERS: usize = 100;

/// A fault with its counters, to be taken up again where it was.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Saved {
    fault: Fault,
    since: Timestamp,
    matched: u64,
    fired: u64,
    per_client: Table<String, u64>,
    buckets: Table<String, Bucket>,
    answers: Table<String, Remembered>,
}

/// A fault as the admin API shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    #[serde(flatten)]
    fault: Arc<Fault>,
    /// Requests or frames that it was about.
    matched: u64,
    /// How often it bit.
    fired: u64,
    /// Has its plan come to its end?
    #[serde(skip_serializing_if = "Option::is_none")]
    finished: Option<bool>,
}

/// What bites at a match.
struct Bite {
    effect: Effect,
    /// The how-manieth match of its client this is.
    nth: u64,
    /// What was drawn, and what it had to be less than, where chance decided.
    draw: Option<(f64, f64)>,
}

/// A fault and its counters.
#[derive(Clone, Debug)]
pub struct Count {
    /// As it was written, with its id.
    pub fault: Arc<Fault>,
    /// Requests or frames that it was about.
    pub matched: u64,
    /// How often it bit.
    pub fired: u64,
}

impl Count {
    /// Is it the fault of this id?
    pub fn is(&self, id: &str) -> bool {
        self.fault.id.as_ref().is_some_and(|own| own.as_str() == id)
    }
}

impl Mounted {
    fn new(fault: Fault, since: Timestamp) -> Self {
        let id = fault.id();
        let only = fault.only();
        let of = (fault.whose() == Of::Emulator).then_some(Of::Emulator);
        let fault = Arc::new(Fault { id: Some(id.clone()), of, ..fault });
        let (per_client, buckets) = (Table::bounded(CALLERS), Table::bounded(CALLERS));
        let answers = Table::bounded(ANSWERS);
        Self { fault, id, only, since, matched: 0, fired: 0, per_client, buckets, answers }
    }

    fn shown(&self) -> Shown {
        let finished = self.fault.plan.as_ref().map(|plan| {
            let steps: u64 = plan.iter().map(|step| u64::from(step.times)).sum();
            self.matched >= steps
        });
        Shown { fault: Arc::clone(&self.fault), matched: self.matched, fired: self.fired, finished }
    }

    fn is_about(&self, facts: &Facts<'_>) -> bool {
        let planned = self.fault.plan.iter().flatten().filter_map(|step| step.effect.as_ref());
        self.fault.when.holds(facts, self.only)
            && self.fault.effect.iter().chain(planned).any(|effect| effect.concerns(facts))
    }

    /// The effect that bites at this match, which is counted.
    fn biting(&mut self, facts: &Facts<'_>, draws: &DrawKey) -> Option<Bite> {
        self.matched += 1;
        let client = facts.claimed.client.as_ref().map_or("", |client| client.as_str());
        let of_client = self.per_client.entry(client.to_owned(), || 0);
        *of_client += 1;
        let nth = *of_client;
        if let Some(plan) = &self.fault.plan {
            let mut left = self.matched;
            let step = plan.iter().find(|step| {
                let here = left <= u64::from(step.times);
                left = left.saturating_sub(u64::from(step.times));
                here
            })?;
            return step.effect.clone().map(|effect| Bite { effect, nth, draw: None });
        }
        let draw = || draws.named(&["fault", self.id.as_str(), client, "chance"], nth).unit();
        let schedule = self.fault.schedule.as_ref();
        let moment =
            Moment { nth: self.matched, now: facts.now, since: self.since, standing: facts.standing };
        if !schedule.is_none_or(|schedule| schedule.bites(moment, draw)) {
            return None;
        }
        let chance = schedule.and_then(|schedule| schedule.chance);
        let effect = self.fault.effect.clone()?;
        Some(Bite { effect, nth, draw: chance.map(|chance| (draw(), chance)) })
    }

    fn rule(&mut self, facts: &Facts<'_>, draws: &DrawKey) -> Option<Ruling> {
        let Bite { effect, nth, draw } = self.biting(facts, draws)?;
        let mut ask = Ask { facts, draws, fault: &self.id, nth, buckets: &mut self.buckets };
        let verdict = effect.verdict(&mut ask)?;
        self.fired += 1;
        Some(Ruling { fault: self.id.clone(), verdict, draw })
    }
}

/// The faults of one org, asked in the order in which they were set.
#[derive(Clone, Default)]
pub struct Engine {
    faults: Vec<Mounted>,
    index: Index,
}

impl Engine {
    /// One fault alone, if it can be meant.
    pub fn of_one(fault: Fault, now: Timestamp) -> Option<Self> {
        let mut engine = Self::default();
        engine.add(vec![fault], now).is_ok().then_some(engine)
    }

    /// Does any fault ask in which state things are?
    pub fn minds_states(&self) -> bool {
        self.index.minds_states()
    }

    /// Is there nothing to ask?
    pub fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }

    /// Adds faults, all or none.
    pub fn add(&mut self, faults: Vec<Fault>, now: Timestamp) -> Result<Vec<FaultId>, BadFault> {
        let mut mounted = Vec::with_capacity(faults.len());
        contradiction::check(&faults)?;
        for (nth, fault) in faults.into_iter().enumerate() {
            let new = Mounted::new(fault, now);
            if self.faults.iter().any(|old| old.id == new.id) {
                return Err(BadFault::taken(new.id).at(nth));
            }
            mounted.push(new);
        }
        let ids = mounted.iter().map(|new| new.id.clone()).collect();
        for new in mounted {
            self.index.add(&new.fault, self.faults.len());
            self.faults.push(new);
        }
        Ok(ids)
    }

    /// Takes one away. Was it there?
    pub fn remove(&mut self, id: &str) -> bool {
        let before = self.faults.len();
        self.faults.retain(|fault| fault.id.as_str() != id);
        self.index = Index::default();
        for (nth, mounted) in self.faults.iter().enumerate() {
            self.index.add(&mounted.fault, nth);
        }
        self.faults.len() < before
    }

    /// Remembers for a fault an answer to the same request. Answers the one that it had.
    pub fn remember(&mut self, id: &FaultId, key: String, answer: Remembered) -> Option<Remembered> {
        let mounted = self.faults.iter_mut().find(|fault| fault.id == *id)?;
        let before = mounted.answers.get(&key).cloned();
        mounted.answers.insert(key, answer);
        before
    }

    /// The places and phases that have any.
    pub fn places(&self) -> Places {
        self.index.occupied()
    }

    /// All with their counters, to be taken up again where they are.
    pub fn save(&self) -> Vec<Saved> {
        let saved = self.faults.iter().cloned().map(|mounted| {
            let Mounted { fault, since, matched, fired, per_client, buckets, answers, .. } = mounted;
            let fault = (*fault).clone();
            Saved { fault, since, matched, fired, per_client, buckets, answers }
        });
        saved.collect()
    }

    /// Takes them up again.
    pub fn of_saved(saved: Vec<Saved>) -> Result<Self, BadFault> {
        let mut engine = Self::default();
        for Saved { fault, since, matched, fired, mut per_client, mut buckets, mut answers } in saved {
            engine.add(vec![fault], since)?;
            per_client.hold(CALLERS);
            buckets.hold(CALLERS);
            answers.hold(ANSWERS);
            if let Some(mounted) = engine.faults.last_mut() {
                (mounted.matched, mounted.fired, mounted.per_client) = (matched, fired, per_client);
                (mounted.buckets, mounted.answers) = (buckets, answers);
            }
        }
        Ok(engine)
    }

    /// One with its counters.
    pub fn get(&self, id: &str) -> Option<Shown> {
        self.faults.iter().find(|fault| fault.id.as_str() == id).map(Mounted::shown)
    }

    /// All with their counters.
    pub fn list(&self) -> Vec<Shown> {
        self.faults.iter().map(Mounted::shown).collect()
    }

    /// All with what they have counted.
    pub fn counts(&self) -> Vec<Count> {
        let count =
            |one: &Mounted| Count { fault: Arc::clone(&one.fault), matched: one.matched, fired: one.fired };
        self.faults.iter().map(count).collect()
    }

    /// What the faults of this place and phase make happen, in order. The first final verdict ends the list, and the
    /// faults behind it are not asked, hence not counted.
    pub fn decide(&mut self, point: Point, phase: Phase, facts: &Facts<'_>, draws: &DrawKey) -> Vec<Ruling> {
        let mut rulings = Vec::new();
        for nth in self.index.of(point, phase, facts) {
            let Some(mounted) = self.faults.get_mut(nth).filter(|mounted| mounted.is_about(facts)) else {
                continue;
            };
            if let Some(ruling) = mounted.rule(facts, draws) {
                let last = ruling.verdict.is_final();
                rulings.push(ruling);
                if last {
                    break;
                }
            }
        }
        rulings
    }
}

#[cfg(test)]
#[path = "engine_tests.rs"]
mod tests;
