//! Why something was answered as it was: computed when somebody asks, from its journal entry and the faults that are set.

use serde::Serialize;
use serde_json::Value;

use super::{
    advice::{Advice, of_effect, of_frame, of_rule, of_status},
    journal,
    org::Org,
};
use crate::{
    base::ids::FaultId,
    domain::{
        frame::REFUSED,
        visit::{Refusal, Way},
    },
    faults::point::Point,
    journal::{entry::Kind, record::Record, seen::Seen},
};

/// A fault that bit.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bitten {
    /// Its id.
    pub id: String,
    /// As it was written; left out once it is taken away, or when the request asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<Value>,
    /// What was drawn for it, where chance decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draw: Option<String>,
}

/// A fault that did not bite, but for one thing.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NearMiss {
    /// Its id.
    pub id: String,
    /// What differs, in words.
    pub differs: String,
}

/// Why something was answered as it was.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// In one sentence.
    pub summary: String,
    /// The entry's number in the journal.
    pub n: String,
    /// Its correlation id.
    pub correlation_id: String,
    /// The rule by which it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<&'static str>,
    /// Why, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What would have been right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<String>,
    /// The faults that bit, in their order.
    pub faults: Vec<Bitten>,
    /// Faults that are set and did not bite, but for one thing.
    pub near_misses: Vec<NearMiss>,
    /// What else the journal says of it.
    pub notes: Vec<String>,
    /// What puts it right; left out when nothing was wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<&'static str>,
    /// Where that is documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documented: Option<&'static str>,
}

/// Explains the entry of this number, correlation id or tracing id; `last` is the last one that was refused or disturbed.
/// `None` when the journal has none.
pub fn explain(org: &Org, id: &str) -> Option<Explanation> {
    let record = match id {
        "last" => {
            let disturbed =
                |record: &Record| record.entry().refusal().is_some() || !record.entry().faults().is_empty();
            journal::last(org, disturbed)
        }
        id => journal::get(org, id),
    }?;
    let entry = record.entry();
    let refusal = entry.refusal();
    let faults: Vec<Bitten> = entry.faults().iter().map(|id| bite(org, id, entry.notes())).collect();
    let status = Some(entry.status()).filter(|status| *status > 0);
    let advice = match refusal {
        Some(refusal) => {
            of_error(&record).or_else(|| of_rule(refusal.rule)).or_else(|| Some(of_status(status)))
        }
        None => faults.first().map(|first| first.advice().unwrap_or_else(|| of_status(status))),
    };
    let ended = match (entry.kind(), status) {
        (Kind::FrameIn, _) => format!("The client sent {}", record.path()),
        (Kind::FrameOut, _) => format!("The client was sent {}", record.path()),
        (Kind::Http, Some(status)) => {
            format!("{} {} was answered with {status}", entry.method(), record.path())
        }
        (Kind::Http, None) => format!("{} {} was not answered", entry.method(), record.path()),
    };
    let by: Vec<_> = faults.iter().map(|fault| fault.id.as_str()).collect();
    let by = if by.is_empty() { String::new() } else { format!(", by fault {}", by.join(", ")) };
    let summary = match refusal {
        Some(refusal) => format!("{ended}{by}: {}.", refusal.reason.trim_end_matches('.')),
        None => format!("{ended}{by}."),
    };
    Some(Explanation {
        summary,
        n: entry.cause().to_string(),
        correlation_id: org.correlation_of(&record),
        rule: refusal.map(|refusal| refusal.rule),
        reason: refusal.map(|refusal| refusal.reason.clone()),
        expected: refusal.and_then(|refusal| refusal.expected.clone()),
        seen: refusal.and_then(|refusal| refusal.seen.clone()),
        near_misses: near_misses(org, &record),
        faults,
        notes: entry.notes().to_vec(),
        fix: advice.map(|Advice { fix, .. }| fix),
        documented: advice.map(|Advice { documented, .. }| documented),
    })
}

impl Bitten {
    /// What is advised about it, as long as it is known.
    fn advice(&self) -> Option<Advice> {
        let effect = self.fault.as_ref()?["effect"].as_object()?.keys().next()?;
        of_effect(effect)
    }
}

/// What is advised about an error frame, unless its rule says more than its code.
fn of_error(record: &Record) -> Option<Advice> {
    let entry = record.entry();
    let by_code = |refusal: &&Refusal| {
        refusal.fault.is_none() && [REFUSED, "rate_limit.exceeded"].contains(&refusal.rule)
    };
    if entry.kind() == Kind::Http || entry.refusal().filter(by_code).is_none() {
        return None;
    }
    let frame: Value = serde_json::from_str(record.body()).ok()?;
    of_frame(frame["code"].as_u64()?)
}

fn bite(org: &Org, id: &FaultId, notes: &[String]) -> Bitten {
    let shown = org.cell(|cell| cell.faults.get(id.as_str()));
    let begin = format!("fault {id} drew ");
    Bitten {
        id: id.to_string(),
        fault: shown.and_then(|shown| serde_json::to_value(&shown).ok()),
        draw: notes.iter().find_map(|note| note.strip_prefix(&begin)).map(str::to_owned),
    }
}

/// Faults that are set and would have been about this but for one condition, or for their schedule.
fn near_misses(org: &Org, record: &Record) -> Vec<NearMiss> {
    let entry = record.entry();
    let correlation_id = |cause| org.correlation_id(cause);
    let seen = Seen::new(record, &correlation_id);
    let mut near = Vec::new();
    for fault in org.cell(|cell| cell.faults.counts()).iter().map(|count| &count.fault) {
        let here = match (fault.point(), entry.kind()) {
            (Point::Accept | Point::Handshake, _) => false,
            (Point::Frame, Kind::FrameIn) => fault.when.way(fault.only()) == Way::In,
            (Point::Frame, Kind::FrameOut) => fault.when.way(fault.only()) == Way::Out,
            (point, kind) => point != Point::Frame && kind == Kind::Http,
        };
        let id = fault.id();
        if !here || entry.faults().contains(&id) {
            continue;
        }
        let Some(matcher) = journal::meant_by(fault) else { continue };
        let differs = match matcher.differences(&seen).as_slice() {
            [] => "its conditions hold; its schedule, or what it is about, did not".to_owned(),
            [one] => one.to_string(),
            _ => continue,
        };
        near.push(NearMiss { id: id.to_string(), differs });
    }
    near
}
