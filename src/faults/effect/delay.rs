//! `delay`: waits in the org's time before going on.

use serde::{Deserialize, Serialize};

use super::{Ask, Power, request_or_frame};
use crate::{
    base::time::Span,
    faults::{point::Point, verdict::Verdict, when::When},
};

/// A fixed time, one between two, or one of a distribution.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Delay {
    /// Exactly this long.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    exactly: Option<Span>,
    /// At least this long; with `to`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<Span>,
    /// At most this long; with `from`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<Span>,
    /// Half of the waits are shorter: a lognormal distribution; with `sigma`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    median: Option<Span>,
    /// How wide the distribution is; 0 is the median always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sigma: Option<f64>,
    /// The middle of a normal distribution; with `deviation`. What would be less than nothing is nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mean: Option<Span>,
    /// Its standard deviation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deviation: Option<Span>,
    /// As measured somewhere: so many percent of the waits are no longer than this, in rising order. Straight lines
    /// between, from nothing at 0 percent; nothing is longer than the last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    percentiles: Vec<(f64, Span)>,
}

impl Power for Delay {
    fn point(&self, when: &When) -> Point {
        request_or_frame(when)
    }

    fn may_follow(&self) -> bool {
        true
    }

    fn check(&self, _: &When) -> Result<(), String> {
        let given = [
            self.exactly.is_some(),
            self.from.is_some() && self.to.is_some(),
            self.median.is_some() && self.sigma.is_some(),
            self.mean.is_some() && self.deviation.is_some(),
            !self.percentiles.is_empty(),
        ];
        let parts =
            [self.from, self.to, self.median, self.mean, self.deviation].into_iter().flatten().count()
                + usize::from(self.sigma.is_some());
        let whole = given.iter().filter(|given| **given).count();
        let pairs = given[1..4].iter().filter(|given| **given).count();
        if whole != 1 || parts != 2 * pairs {
            return Err(
                "give `for`, or `from` and `to`, or `median` and `sigma`, or `mean` and `deviation`, or `percentiles`"
                    .into(),
            );
        }
        if self.from > self.to {
            return Err("`from` is longer than `to`".into());
        }
        if self.sigma.is_some_and(|sigma| !(0.0..=10.0).contains(&sigma)) {
            return Err("`sigma` is between 0 and 10".into());
        }
        let sound = |(percent, _): &(f64, Span)| *percent > 0.0 && *percent <= 100.0;
        let rises = self.percentiles.is_sorted_by(|one, next| one.0 < next.0 && one.1 <= next.1);
        if !self.percentiles.iter().all(sound) || !rises {
            return Err("`percentiles` rise, from above 0 to at most 100".into());
        }
        Ok(())
    }

    fn verdict(&self, ask: &mut Ask<'_>) -> Option<Verdict> {
        let normal = || gauss(ask.draw("delay"), ask.draw("delay angle"));
        let micros = |span: Option<Span>| span.map_or(0.0, |span| span.micros() as f64);
        let span = if let Some(span) = self.exactly {
            return Some(Verdict::Wait(span));
        } else if self.from.is_some() {
            micros(self.from) + (micros(self.to) - micros(self.from)) * ask.draw("delay")
        } else if self.median.is_some() {
            micros(self.median) * libm::exp(self.sigma.unwrap_or(0.0) * normal())
        } else if self.mean.is_some() {
            (micros(self.mean) + micros(self.deviation) * normal()).max(0.0)
        } else {
            at_percent(&self.percentiles, 100.0 * ask.draw("delay"))
        };
        Some(Verdict::Wait(Span::from_micros(span as i64)))
    }
}

/// Microseconds at a place of a measured distribution.
fn at_percent(percentiles: &[(f64, Span)], percent: f64) -> f64 {
    let mut before = (0.0, 0.0);
    for (at, span) in percentiles {
        let here = (*at, span.micros() as f64);
        if percent <= here.0 {
            return before.1 + (here.1 - before.1) * (percent - before.0) / (here.0 - before.0);
        }
        before = here;
    }
    before.1
}

/// A standard normal value from two uniform ones (Box and Muller). The functions of each system differ in the last bits.
fn gauss(one: f64, other: f64) -> f64 {
    (-2.0 * libm::log(1.0 - one)).sqrt() * libm::cos(std::f64::consts::TAU * other)
}
