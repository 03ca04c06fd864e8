//! `delay`: waits in the org's time before going on.

use serde::{Deserialize, Serialize};

use super::{Ask, Power, request_or_frame};
use crate::{
    base::time::Span,
    faults::{point::Point, verdict::Verdict, when::When},
};

/// A fixed time, one between two, or one around a median.
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
}

impl Power for Delay {
    fn point(&self, when: &When) -> Point {
        request_or_frame(when)
    }

    fn may_follow(&self) -> bool {
        true
    }

    fn check(&self, _: &When) -> Result<(), String> {
        match (self.exactly, self.from, self.to, self.median, self.sigma) {
            (Some(_), None, None, None, None) => Ok(()),
            (None, Some(from), Some(to), None, None) if from <= to => Ok(()),
            (None, Some(_), Some(_), None, None) => Err("`from` is longer than `to`".into()),
            (None, None, None, Some(_), Some(sigma)) if (0.0..=10.0).contains(&sigma) => Ok(()),
            (None, None, None, Some(_), Some(_)) => Err("`sigma` is between 0 and 10".into()),
            _ => Err("give `for`, or `from` and `to`, or `median` and `sigma`".into()),
        }
    }

    fn verdict(&self, ask: &mut Ask<'_>) -> Option<Verdict> {
        let span = match (self.exactly, self.from.zip(self.to), self.median) {
            (Some(span), ..) => span,
            (_, Some((from, to)), _) => {
                let wide = (to.micros() - from.micros()) as f64 * ask.draw("delay");
                Span::from_micros(from.micros() + wide as i64)
            }
            (.., Some(median)) => {
                let normal = gauss(ask.draw("delay"), ask.draw("delay angle"));
                let factor = (self.sigma.unwrap_or(0.0) * normal).exp();
                Span::from_micros((median.micros() as f64 * factor) as i64)
            }
            _ => return None,
        };
        Some(Verdict::Wait(span))
    }
}

/// A standard normal value from two uniform ones (Box and Muller).
fn gauss(one: f64, other: f64) -> f64 {
    (-2.0 * (1.0 - one).ln()).sqrt() * (std::f64::consts::TAU * other).cos()
}
