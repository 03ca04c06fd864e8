//! Finding entries: filters, and a cursor that admits what was dropped.

use serde::{Deserialize, Serialize};

use super::{
    Journal,
    entry::{Entry, Kind, Shown},
    redact,
};
use crate::{base::draw::Cause, domain::visit::Surface};

/// Entries in one answer at the most.
const MOST: usize = 1_000;

/// What entries are looked for; all that is given must hold.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Filter {
    /// A cursor from an earlier answer: only what closed after it.
    pub after: Option<String>,
    /// Entries in the answer, 1 to 1,000. Default 100.
    pub limit: Option<usize>,
    /// `http`, `frameIn` or `frameOut`.
    pub kind: Option<Kind>,
    /// The family of URLs.
    pub surface: Option<Surface>,
    /// HTTP method.
    pub method: Option<String>,
    /// Beginning of path and query, or a frame's action or class.
    pub target: Option<String>,
    /// HTTP status.
    pub status: Option<u16>,
    /// Client id.
    pub client: Option<String>,
    /// Deployment id.
    pub deployment: Option<String>,
    /// Guest id.
    pub guest: Option<String>,
    /// Session token, or the fingerprint that the journal shows of it.
    pub session: Option<String>,
    /// A fault that bit.
    pub fault: Option<String>,
    /// The rule by which it was refused.
    pub rule: Option<String>,
    /// `ININ-Correlation-Id`.
    pub correlation_id: Option<String>,
}

/// A page of entries.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Page {
    /// In the order of closing.
    pub entities: Vec<Shown>,
    /// The cursor to go on with.
    pub next: String,
    /// Are there more already?
    pub more: bool,
    /// How many entries after the given cursor are gone because the journal is bounded.
    pub dropped: u64,
    /// The journal was cleared since the given cursor; this page begins at its new start.
    pub cleared: bool,
}

/// Why a filter was not understood.
#[derive(Debug, thiserror::Error)]
pub enum BadFilter {
    /// The cursor is none.
    #[error("`after` {0} is not a cursor of this journal; take `next` of an earlier answer")]
    Cursor(String),
    /// The limit is out of bounds.
    #[error("`limit` is between 1 and {MOST}")]
    Limit,
}

impl Filter {
    fn fits(&self, entry: &Entry, journal: &Journal, correlation_id: impl Fn(Cause) -> String) -> bool {
        let is =
            |wanted: &Option<String>, given: Option<&str>| wanted.is_none() || wanted.as_deref() == given;
        let claimed = entry.claimed();
        self.kind.is_none_or(|kind| kind == entry.kind())
            && self.surface.is_none_or(|surface| surface == entry.surface())
            && self.method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case(entry.method().as_str()))
            && self.target.as_ref().is_none_or(|start| journal.target(entry).starts_with(start))
            && self.status.is_none_or(|status| status == entry.status())
            && is(&self.client, claimed.client.as_ref().map(|id| id.as_str()))
            && is(&self.deployment, claimed.deployment.as_ref().map(|id| id.as_str()))
            && is(&self.guest, claimed.guest.as_ref().map(|id| id.as_str()))
            && self.session.as_ref().is_none_or(|wanted| {
                let given = claimed.session.as_ref().map(|id| id.as_str());
                given.is_some_and(|given| wanted == given || *wanted == redact::mark(given))
            })
            && self.fault.as_ref().is_none_or(|id| entry.faults().iter().any(|fault| fault.as_str() == id))
            && is(&self.rule, entry.refusal().map(|refusal| refusal.rule))
            && self.correlation_id.as_ref().is_none_or(|id| correlation_id(entry.cause()) == *id)
    }
}

impl Journal {
    fn start(&self, after: Option<&str>) -> Result<(u64, bool), BadFilter> {
        let Some(cursor) = after else {
            return Ok((self.first, false));
        };
        let parts = cursor
            .split_once('-')
            .and_then(|(g, at)| Some((g.parse::<u64>().ok()?, at.parse::<u64>().ok()?)));
        let end = self.first + self.entries.len() as u64;
        match parts {
            Some((generation, at)) if generation == self.generation && at <= end => Ok((at, false)),
            Some((generation, _)) if generation < self.generation => Ok((0, true)),
            _ => Err(BadFilter::Cursor(cursor.to_owned())),
        }
    }

    /// The entries that fit, from the cursor on.
    pub fn find(&self, filter: &Filter, correlation_id: impl Fn(Cause) -> String) -> Result<Page, BadFilter> {
        let limit = filter.limit.unwrap_or(100);
        if !(1..=MOST).contains(&limit) {
            return Err(BadFilter::Limit);
        }
        let (start, cleared) = self.start(filter.after.as_deref())?;
        let dropped = self.first.saturating_sub(start);
        let mut at = start.max(self.first);
        let mut entities = Vec::new();
        let mut more = false;
        for entry in self.entries.iter().skip((at - self.first) as usize) {
            if filter.fits(entry, self, &correlation_id) {
                if entities.len() == limit {
                    more = true;
                    break;
                }
                entities.push(self.shown(entry, &correlation_id));
            }
            at += 1;
        }
        Ok(Page { entities, next: format!("{}-{at}", self.generation), more, dropped, cleared })
    }
}
