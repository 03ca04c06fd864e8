//! Rate limits as the vendor counts them: so many per window, the window beginning with the first call.

use serde::{Deserialize, Deserializer, Serialize, de};

use super::visit::Refusal;
use crate::base::time::{Span, Timestamp};

/// A limit: how many in how long.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Limit {
    /// What scenarios call it, such as `tokenRate`.
    pub name: &'static str,
    /// Calls allowed in one window.
    pub allowed: u64,
    /// Length of the window.
    pub window: Span,
}

/// The names that limits of an org have: a limit of another name is none.
const NAMES: [&str; 9] = [
    "tokenRate",
    "guestRate",
    "tokenIssueRate",
    "connectRate",
    "socketRequestRate",
    "echoRate",
    "configureRate",
    "messageRate",
    "historyRate",
];

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Written {
            name: String,
            allowed: u64,
            window: Span,
        }
        let Written { name, allowed, window } = Written::deserialize(d)?;
        let known = NAMES.into_iter().find(|known| *known == name);
        let name =
            known.ok_or_else(|| de::Error::custom(format!("`{name}` is not a rate limit of an org")))?;
        Ok(Self { name, allowed, window })
    }
}

impl Limit {
    /// So many calls a minute.
    pub const fn per_minute(name: &'static str, allowed: u64) -> Self {
        Self { name, allowed, window: Span::from_secs(60) }
    }

    /// So many calls a second.
    pub const fn per_second(name: &'static str, allowed: u64) -> Self {
        Self { name, allowed, window: Span::from_secs(1) }
    }

    /// Another number of them, where one is given.
    pub fn or(self, allowed: Option<u64>) -> Self {
        Self { allowed: allowed.unwrap_or(self.allowed), ..self }
    }

    /// Why a call was one too many: for the journal.
    pub fn refusal(&self, usage: Usage) -> Refusal {
        let Self { name, allowed, window } = self;
        Refusal::new("rate_limit.exceeded", format!("The emulated limit {name} is used up"))
            .expected(format!("at most {allowed} in {window}"))
            .seen(format!("number {} of this window", usage.count))
    }
}

/// What has been used of one limit by one caller.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Bucket {
    start: Timestamp,
    used: u64,
}

/// The state of a bucket after a call: what the `inin-ratelimit-*` headers say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Usage {
    /// Calls counted in this window, refused ones included.
    pub count: u64,
    /// Calls allowed in a window.
    pub allowed: u64,
    /// Until the window ends.
    pub reset: Span,
}

impl Usage {
    /// Was the call one too many?
    pub const fn exceeded(&self) -> bool {
        self.count > self.allowed
    }
}

impl Bucket {
    /// Counts one call at `now`. A window that has passed, or that lies in the future because the clock was set
    /// back, is over.
    pub fn take(&mut self, limit: Limit, now: Timestamp) -> Usage {
        let ends = self.start.plus(limit.window);
        if self.used == 0 || now >= ends || now < self.start {
            *self = Self { start: now, used: 0 };
        }
        self.used += 1;
        Usage { count: self.used, allowed: limit.allowed, reset: self.start.plus(limit.window).since(now) }
    }

    /// Spends one call of a window that stands in the calendar, at whole multiples of its length. Refused calls are not
    /// counted. Was there one left?
    pub fn spend(&mut self, limit: Limit, now: Timestamp) -> bool {
        let start = now.floor(limit.window);
        if self.start != start {
            *self = Self { start, used: 0 };
        }
        let left = self.used < limit.allowed;
        self.used += u64::from(left);
        left
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_window_ever_allows_more_than_its_limit(
            steps in proptest::collection::vec(0_i64..30_000_000, 1..200),
            allowed in 1_u64..20,
        ) {
            let limit = Limit::per_minute("tokenRate", allowed);
            let mut bucket = Bucket::default();
            let mut now = Timestamp::from_micros(1);
            let mut started: Option<(Timestamp, u64)> = None;
            for step in steps {
                now = now.plus(Span::from_micros(step));
                let usage = bucket.take(limit, now);
                let (start, passed) = match started {
                    Some((start, passed)) if now < start.plus(limit.window) => (start, passed),
                    _ => (now, 0),
                };
                let passed = passed + u64::from(!usage.exceeded());
                prop_assert!(passed <= allowed);
                prop_assert_eq!(usage.exceeded(), usage.count > allowed);
                prop_assert!(usage.reset <= limit.window && usage.reset > Span::ZERO);
                started = Some((start, passed));
            }
        }

        #[test]
        fn a_quota_grants_exactly_so_many_in_each_period(
            steps in proptest::collection::vec(0_i64..40_000_000, 1..200),
            allowed in 1_u64..9,
        ) {
            let limit = Limit::per_minute("quota", allowed);
            let (mut bucket, mut now) = (Bucket::default(), Timestamp::from_micros(1));
            let mut granted = std::collections::BTreeMap::<i64, (u64, u64)>::new();
            for step in steps {
                now = now.plus(Span::from_micros(step));
                let (asked, got) = granted.entry(now.micros() / 60_000_000).or_default();
                *asked += 1;
                *got += u64::from(bucket.spend(limit, now));
            }
            for (asked, got) in granted.values() {
                prop_assert_eq!(*got, allowed.min(*asked));
            }
        }

        #[test]
        fn waiting_as_long_as_told_always_helps(calls in 1_u64..50, allowed in 1_u64..20) {
            let limit = Limit::per_minute("tokenRate", allowed);
            let mut bucket = Bucket::default();
            let now = Timestamp::from_micros(7);
            let mut last = bucket.take(limit, now);
            for _ in 0..calls {
                last = bucket.take(limit, now);
            }
            let later = now.plus(Span::from_secs(last.reset.retry_secs()));
            prop_assert!(!bucket.take(limit, later).exceeded());
        }
    }
}
