//! `quota`: so many calls a day, or in another period of the calendar.

use serde::{Deserialize, Serialize};

use super::{Ask, Power, rate_limit::Per, request_or_frame};
use crate::{
    base::time::Span,
    domain::quota::Limit,
    faults::{
        point::Point,
        verdict::{Answer, Verdict},
        when::When,
    },
};

/// Unlike those of `rate_limit` its windows stand in the calendar, refused calls are not counted, and nobody is told when
/// to come back: 429 `too.many.requests`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Quota {
    /// Allowed in one period.
    limit: u64,
    /// Length of the periods, which begin at whole multiples of it in UTC. Default 24 h: at midnight.
    #[serde(default = "day")]
    period: Span,
    /// Whose calls are counted together. Default: each client's.
    #[serde(default)]
    per: Per,
}

fn day() -> Span {
    Span::from_secs(86_400)
}

impl Power for Quota {
    fn point(&self, when: &When) -> Point {
        request_or_frame(when)
    }

    fn check(&self, _: &When) -> Result<(), String> {
        if self.period == Span::ZERO { Err("`period` is longer than nothing".into()) } else { Ok(()) }
    }

    fn verdict(&self, ask: &mut Ask<'_>) -> Option<Verdict> {
        let limit = Limit { name: "quota", allowed: self.limit, window: self.period };
        let now = ask.facts.now;
        let granted = ask.bucket(self.per).spend(limit, now);
        (!granted).then(|| {
            let (limit, period) = (self.limit, self.period);
            let message = format!("Quota of [{limit}] requests within [{period}] is used up");
            let code = Some("too.many.requests".to_owned());
            Verdict::Answer(Answer { status: 429, code, message: Some(message), ..Answer::default() })
        })
    }
}
