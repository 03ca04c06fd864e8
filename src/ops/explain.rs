//! Why something was answered as it was: computed when somebody asks, from its journal entry and the faults that are set.

use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::Value;

use super::{
    advice::{Advice, of_effect, of_frame, of_rule, of_status},
    journal,
    org::Org,
};
use crate::{
    domain::visit::{Claimed, Way},
    faults::point::{Facts, FrameFacts},
    journal::shown::Shown,
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
    pub rule: Option<String>,
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
    let entry = find(org, id)?;
    let text = |name: &str| entry[name].as_str().map(str::to_owned);
    let refusal = entry.get("refusal").filter(|refusal| refusal.is_object());
    let of_refusal = |name: &str| refusal.and_then(|refusal| refusal[name].as_str()).map(str::to_owned);
    let names = |name: &str| -> Vec<String> {
        let all = entry[name].as_array().into_iter().flatten();
        all.filter_map(|one| one.as_str().map(str::to_owned)).collect()
    };
    let (bitten, notes) = (names("faults"), names("notes"));
    let faults: Vec<Bitten> = bitten.iter().map(|id| bite(org, id, &notes)).collect();
    let status = entry["status"].as_u64().and_then(|status| u16::try_from(status).ok());
    let (rule, reason) = (of_refusal("rule"), of_refusal("reason"));
    let advice = match &rule {
        Some(rule) => of_error(&entry).or_else(|| of_rule(rule)).or_else(|| Some(of_status(status))),
        None => faults.first().map(|first| first.advice().unwrap_or_else(|| of_status(status))),
    };
    let target = text("target").unwrap_or_default();
    let what = [text("method"), Some(target.split('?').next().unwrap_or_default().to_owned())];
    let what = what.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let ended = match (status, entry["kind"].as_str()) {
        (Some(status), _) => format!("{what} was answered with {status}"),
        (None, Some("frameIn")) => format!("The client sent {what}"),
        (None, Some("frameOut")) => format!("The client was sent {what}"),
        _ => format!("{what} was not answered"),
    };
    let by = match bitten.as_slice() {
        [] => String::new(),
        ids => format!(", by fault {}", ids.join(", ")),
    };
    let summary = match &reason {
        Some(reason) => format!("{ended}{by}: {}.", reason.trim_end_matches('.')),
        None => format!("{ended}{by}."),
    };
    Some(Explanation {
        summary,
        n: text("n").unwrap_or_default(),
        correlation_id: text("correlationId").unwrap_or_default(),
        rule,
        reason,
        expected: of_refusal("expected"),
        seen: of_refusal("seen"),
        near_misses: near_misses(org, &entry, &bitten),
        faults,
        notes,
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
fn of_error(entry: &Value) -> Option<Advice> {
    let frame: Value = serde_json::from_str(entry["frame"].as_str()?).ok()?;
    of_frame(frame["code"].as_u64()?).filter(|_| entry["refusal"]["fault"].is_null())
}

/// The entry, as the admin API shows it.
fn find(org: &Org, id: &str) -> Option<Value> {
    let record = match id {
        "last" => journal::last(org, |entry| entry.refusal().is_some() || !entry.faults().is_empty()),
        id => journal::get(org, id),
    }?;
    serde_json::to_value(Shown::of(&record, org.correlation_of(&record))).ok()
}

fn bite(org: &Org, id: &str, notes: &[String]) -> Bitten {
    let shown = org.cell(|cell| cell.faults.get(id));
    let begin = format!("fault {id} drew ");
    Bitten {
        id: id.to_owned(),
        fault: shown.and_then(|shown| serde_json::to_value(&shown).ok()),
        draw: notes.iter().find_map(|note| note.strip_prefix(&begin)).map(str::to_owned),
    }
}

/// What nearly was: the faults are asked again about the entry as the journal has it, where secrets are left out.
fn near_misses(org: &Org, entry: &Value, bitten: &[String]) -> Vec<NearMiss> {
    let of = |name: &str| entry[name].as_str().unwrap_or_default();
    let mut headers = HeaderMap::new();
    for (name, value) in entry["request"]["headers"].as_object().into_iter().flatten() {
        let name = HeaderName::try_from(name.as_str());
        let value = HeaderValue::try_from(value.as_str().unwrap_or_default());
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    let claimed = Claimed {
        client: entry["client"].as_str().map(Into::into),
        user: entry["user"].as_str().map(Into::into),
        deployment: entry["deployment"].as_str().map(Into::into),
        guest: entry["guest"].as_str().map(Into::into),
        ..Claimed::default()
    };
    let text = of("frame");
    let frame = match of("kind") {
        "frameIn" => {
            Some(FrameFacts { way: Way::In, action: of("target"), class: "", text: text.as_bytes() })
        }
        "frameOut" => {
            Some(FrameFacts { way: Way::Out, action: "", class: of("target"), text: text.as_bytes() })
        }
        _ => None,
    };
    let Ok(surface) = serde_json::from_value(entry["surface"].clone()) else { return Vec::new() };
    let (path, query) = match of("target").split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (of("target"), None),
    };
    let body = if frame.is_some() { text } else { entry["request"]["body"].as_str().unwrap_or_default() };
    let facts = Facts {
        surface,
        method: of("method"),
        path,
        query,
        headers: Some(&headers),
        body: body.as_bytes(),
        claimed: &claimed,
        frame,
        required: "",
        token: None,
        sockets: None,
        standing: None,
        now: org.clock.now(),
    };
    let near = org.cell(|cell| cell.faults.near(&facts));
    near.into_iter()
        .map(|(id, differs)| NearMiss { id: id.to_string(), differs })
        .filter(|near| !bitten.contains(&near.id))
        .collect()
}
