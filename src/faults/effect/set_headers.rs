//! `set_headers`: the answer is what it would be, its headers are not.

use std::collections::BTreeMap;

use http::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::faults::{
    point::Point,
    verdict::{AnswerVerdict, HeaderChange, Verdict},
    when::When,
};

/// What the length and the end of an answer hang on, and what names the visit and the fault.
const KEPT: [&str; 5] =
    ["content-length", "transfer-encoding", "connection", "inin-correlation-id", "x-emulator-fault"];

/// A header that a fault may say something of.
pub(super) fn header(name: &str) -> Result<HeaderName, String> {
    let header: HeaderName = name.parse().map_err(|_| format!("`{name}` is not a header name"))?;
    match KEPT.contains(&header.as_str()) {
        true => Err(format!("`{name}` is not to be changed")),
        false => Ok(header),
    }
}

/// Its value.
pub(super) fn value(name: &str, value: &str) -> Result<HeaderValue, String> {
    value.parse().map_err(|_| format!("the value of `{name}` is not a header value"))
}

/// Header values by name.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SetHeaders {
    /// Headers with these values, in place of what there would be.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    set: BTreeMap<String, String>,
    /// Headers that are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    remove: Vec<String>,
}

impl SetHeaders {
    fn changes(&self) -> Result<Vec<HeaderChange>, String> {
        let set = self.set.iter().map(|(name, value)| (name, Some(value)));
        let all = set.chain(self.remove.iter().map(|name| (name, None)));
        all.map(|(name, text)| Ok((header(name)?, text.map(|text| value(name, text)).transpose()?))).collect()
    }
}

impl Power for SetHeaders {
    fn point(&self, _: &When) -> Point {
        Point::Request
    }

    fn check(&self, _: &When) -> Result<(), String> {
        if self.set.is_empty() && self.remove.is_empty() {
            return Err("give `set` or `remove`".into());
        }
        if let Some(both) =
            self.remove.iter().find(|name| self.set.keys().any(|set| set.eq_ignore_ascii_case(name)))
        {
            return Err(format!("`{both}` is in `set` and in `remove`"));
        }
        self.changes().map(drop)
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::OfAnswer(AnswerVerdict::Headers(self.changes().ok()?)))
    }
}
