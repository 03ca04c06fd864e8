//! `rate_limit`: a limit of its own, answered as the surface answers its limits.

use serde::{Deserialize, Serialize};

use super::{Ask, Power, request_or_frame};
use crate::{
    base::time::Span,
    domain::quota::{Bucket, Limit},
    faults::{point::Point, verdict::Verdict, when::When},
};

/// Whose calls are counted together.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Everybody's.
    Org,
    /// Those of one OAuth client.
    #[default]
    Client,
    /// Those of one credential.
    Token,
    /// Those of one guest.
    Guest,
    /// Those of one deployment.
    Deployment,
    /// Those of one web messaging session.
    Session,
}

impl Ask<'_> {
    /// What the caller has used of the fault's limit.
    pub fn bucket(&mut self, per: Per) -> &mut Bucket {
        let claimed = self.facts.claimed;
        let caller = match per {
            Per::Org => None,
            Per::Client => claimed.client.as_ref().map(ToString::to_string),
            Per::Token => claimed.bearer.clone(),
            Per::Guest => claimed.guest.as_ref().map(ToString::to_string),
            Per::Deployment => claimed.deployment.as_ref().map(ToString::to_string),
            Per::Session => claimed.session.as_ref().map(ToString::to_string),
        };
        self.buckets.entry(caller.unwrap_or_default(), Bucket::default)
    }
}

/// So many in a window.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RateLimit {
    /// Allowed in one window.
    limit: u64,
    /// Length of the window. Default 60 s.
    #[serde(default = "minute")]
    window: Span,
    /// Whose calls are counted together. Default: each client's.
    #[serde(default)]
    per: Per,
}

fn minute() -> Span {
    Span::from_secs(60)
}

impl Power for RateLimit {
    fn point(&self, when: &When) -> Point {
        request_or_frame(when)
    }

    fn check(&self, _: &When) -> Result<(), String> {
        if self.window == Span::ZERO { Err("`window` is longer than nothing".into()) } else { Ok(()) }
    }

    fn verdict(&self, ask: &mut Ask<'_>) -> Option<Verdict> {
        let limit = Limit { name: "rate_limit", allowed: self.limit, window: self.window };
        let now = ask.facts.now;
        let usage = ask.bucket(self.per).take(limit, now);
        usage.exceeded().then_some(Verdict::Limited(usage))
    }
}
