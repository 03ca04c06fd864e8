//! The coach: what the journal shows of the habits of clients that will hurt in production. Looked for when somebody asks;
//! nothing is counted for it meanwhile.
//!
//! [`history`] is the journal picked apart. Each finding is a file of its own, named as it is told.

mod history;

mod exp_in_milliseconds;
mod expired_token_used;
mod ghost_message;
mod guest_token_not_renewed;
mod guest_token_shared;
mod hs256;
mod keys_fetched_per_request;
mod keys_not_refetched;
mod legacy_token;
mod not_emulated;
mod personal_data;
mod polling;
mod reconnect_with_expired_token;
mod redacted_authorization;
mod retry_before_retry_after;
mod retry_in_lockstep;
mod retry_without_backoff;
mod scopes_too_broad;
mod stray_call;
mod token_per_request;
mod token_stampede;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::org::Org;
use crate::base::{document, suggest};
use history::{History, Step};

/// Numbers of entries that one finding names at the most.
const EVIDENCE: usize = 20;

/// How much it hurts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// It works until there is more load, or time passes.
    Warning,
    /// It does not work.
    Error,
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        document::from_value(&text.into()).map_err(|wrong| suggest::explained(&wrong.to_string()))
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// A habit that was seen.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// What it is called.
    pub finding: &'static str,
    /// How much it hurts.
    pub severity: Severity,
    /// What was seen, in one sentence.
    pub summary: String,
    /// Numbers of the journal's entries that show it, the first of them.
    pub evidence: Vec<String>,
    /// What to do instead.
    pub advice: &'static str,
    /// More of it, for programs.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub details: Value,
}

impl Finding {
    fn new(finding: &'static str, severity: Severity, summary: String, evidence: Vec<&Step>) -> Self {
        let evidence = evidence.iter().take(EVIDENCE).map(|step| step.n()).collect();
        Self { finding, severity, summary, evidence, advice: "", details: Value::Null }
    }

    fn advice(self, advice: &'static str) -> Self {
        Self { advice, ..self }
    }

    fn details(self, details: Value) -> Self {
        Self { details, ..self }
    }
}

/// Everything that is looked for.
const ALL: [fn(&History<'_>) -> Vec<Finding>; 21] = [
    expired_token_used::find,
    exp_in_milliseconds::find,
    ghost_message::find,
    guest_token_not_renewed::find,
    guest_token_shared::find,
    hs256::find,
    keys_fetched_per_request::find,
    keys_not_refetched::find,
    legacy_token::find,
    not_emulated::find,
    personal_data::find,
    polling::find,
    reconnect_with_expired_token::find,
    redacted_authorization::find,
    retry_before_retry_after::find,
    retry_in_lockstep::find,
    retry_without_backoff::find,
    scopes_too_broad::find,
    stray_call::find,
    token_per_request::find,
    token_stampede::find,
];

/// What is found in an org's journal, the worst first.
pub fn find(org: &Org) -> Vec<Finding> {
    let history = History::of(org);
    let mut found: Vec<_> = ALL.iter().flat_map(|find| find(&history)).collect();
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    found
}
