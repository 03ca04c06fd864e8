//! How often a fault bites, counted over the requests or frames that it is about.

use serde::{Deserialize, Serialize};

use super::point::{Point, Standing};
use crate::{
    base::time::{Span, Timestamp},
    domain::{conversation::ConversationState, keyring::RingName, session::SessionState, token::TokenState},
};

/// In which states things have to be; all that is given must hold.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct While {
    /// The session that a frame is of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionState>,
    /// Who answers in the conversation of that session: nobody yet, a bot, nobody in a queue, an agent, or nobody any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationState>,
    /// The access token that a request brings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<TokenState>,
    /// The keys of this ring are being rotated: two are published, or an old set is still served; such as `platform`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotating: Option<RingName>,
}

impl While {
    /// What cannot be meant where a fault bites.
    fn check(&self, point: Point) -> Result<(), String> {
        let of_frames = self.session.is_some() || self.conversation.is_some();
        match point {
            _ if *self == Self::default() => {
                Err("`while` has a state; expected session, conversation, token or rotating".to_owned())
            }
            Point::Accept | Point::Handshake => {
                Err("`while` is of orgs, and what happens before anything is asked for is of none".to_owned())
            }
            Point::Frame if self.token.is_some() => Err(
                "`while: { token: … }` is of requests, which bring an access token; this fault is on frames"
                    .to_owned(),
            ),
            Point::Frame => Ok(()),
            _ if of_frames => {
                Err("`while: { session: … }` and `while: { conversation: … }` are of frames, which \
                 are of a session; this fault is not"
                    .to_owned())
            }
            _ => Ok(()),
        }
    }

    fn holds(&self, standing: &Standing) -> bool {
        let Self { session, conversation, token, rotating } = self;
        session.is_none_or(|wanted| standing.session == Some(wanted))
            && conversation.is_none_or(|wanted| standing.conversation == Some(wanted))
            && token.is_none_or(|wanted| standing.token == Some(wanted))
            && rotating.as_ref().is_none_or(|ring| standing.rotating.contains(ring))
    }
}

/// When a fault bites; all that is given must hold. Nothing given is always.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Schedule {
    /// The first n.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<u64>,
    /// The n-th alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nth: Option<u64>,
    /// Each n-th, the first at the n-th match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<u64>,
    /// Counting begins after so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip: Option<u64>,
    /// With this probability, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chance: Option<f64>,
    /// From the first to before the second, in the org's time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub between: Option<(Timestamp, Timestamp)>,
    /// Before this, in the org's time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// So long from when the fault was set, in the org's time.
    #[serde(skip_serializing_if = "Option::is_none", rename = "for")]
    pub lasting: Option<Span>,
    /// As long as something is in a state.
    #[serde(skip_serializing_if = "Option::is_none", rename = "while")]
    pub during: Option<While>,
}

/// The moment of a match.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// Which match it is, from 1.
    pub nth: u64,
    /// The org's time.
    pub now: Timestamp,
    /// When the fault was set.
    pub since: Timestamp,
    /// In which state things are, if any fault asks for it.
    pub standing: Option<&'a Standing>,
}

impl Schedule {
    /// What cannot be meant where a fault bites.
    pub fn check(&self, point: Point) -> Result<(), String> {
        if let Some(during) = &self.during {
            during.check(point)?;
        }
        let counts = [("first", self.first), ("nth", self.nth), ("every", self.every)];
        let given: Vec<_> =
            counts.iter().filter(|(_, count)| count.is_some()).map(|(name, _)| *name).collect();
        if given.len() > 1 {
            return Err(format!("`{}` contradict each other; give one", given.join("` and `")));
        }
        if counts.iter().any(|(_, count)| *count == Some(0)) {
            return Err(format!("`{}` counts from 1", given.join("")));
        }
        if self.chance.is_some_and(|chance| !(0.0..=1.0).contains(&chance)) {
            return Err("`chance` is between 0 and 1".into());
        }
        if self.between.is_some_and(|(from, to)| from >= to) {
            return Err("`between` ends before it begins".into());
        }
        if self.lasting == Some(Span::ZERO) {
            return Err("`for` is longer than nothing".into());
        }
        if let (Some((from, _)), Some(until)) = (self.between, self.until)
            && until <= from
        {
            return Err("`until` is over before `between` begins".into());
        }
        Ok(())
    }

    /// Does it bite at this match? `draw` is only asked when chance decides.
    pub fn bites(&self, moment: Moment<'_>, draw: impl FnOnce() -> f64) -> bool {
        let Moment { nth, now, since, standing } = moment;
        let Some(n) = nth.checked_sub(self.skip.unwrap_or(0)).filter(|n| *n > 0) else {
            return false;
        };
        self.first.is_none_or(|first| n <= first)
            && self.nth.is_none_or(|nth| n == nth)
            && self.every.is_none_or(|every| n % every == 0)
            && self.between.is_none_or(|(from, to)| from <= now && now < to)
            && self.until.is_none_or(|until| now < until)
            && self.lasting.is_none_or(|span| now < since.plus(span))
            && self.during.as_ref().is_none_or(|during| standing.is_some_and(|now| during.holds(now)))
            && self.chance.is_none_or(|chance| draw() < chance)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn moment(nth: u64) -> Moment<'static> {
        Moment { nth, now: Timestamp::default(), since: Timestamp::default(), standing: None }
    }

    fn bitten(schedule: &Schedule, matches: u64) -> Vec<u64> {
        (1..=matches).filter(|n| schedule.bites(moment(*n), || 0.5)).collect()
    }

    proptest! {
        #[test]
        fn first_bites_exactly_so_often_and_skip_shifts_it(first in 1_u64..20, skip in 0_u64..20) {
            let schedule = Schedule { first: Some(first), skip: Some(skip), ..Schedule::default() };
            let expected: Vec<u64> = (skip + 1..=skip + first).collect();
            prop_assert_eq!(bitten(&schedule, 60), expected);
        }

        #[test]
        fn every_bites_the_multiples(every in 1_u64..20) {
            let schedule = Schedule { every: Some(every), ..Schedule::default() };
            let expected: Vec<u64> = (1..=100).filter(|n| n % every == 0).collect();
            prop_assert_eq!(bitten(&schedule, 100), expected);
        }

        #[test]
        fn nth_bites_once(nth in 1_u64..50) {
            let schedule = Schedule { nth: Some(nth), ..Schedule::default() };
            prop_assert_eq!(bitten(&schedule, 60), vec![nth]);
        }

        #[test]
        fn chance_bites_when_the_draw_is_below(chance in 0.0..=1.0_f64, draw in 0.0..1.0_f64) {
            let schedule = Schedule { chance: Some(chance), ..Schedule::default() };
            prop_assert_eq!(schedule.bites(moment(1), || draw), draw < chance);
        }

        #[test]
        fn a_span_ends_on_time(lasting in 1_i64..1_000, at in 0_i64..2_000) {
            let schedule = Schedule { lasting: Some(Span::from_secs(lasting)), ..Schedule::default() };
            let since = Timestamp::default();
            let now = since.plus(Span::from_secs(at));
            prop_assert_eq!(schedule.bites(Moment { now, since, ..moment(1) }, || 0.0), at < lasting);
        }
    }

    #[test]
    fn contradictions_are_named() {
        let schedule = Schedule { first: Some(1), nth: Some(2), ..Schedule::default() };
        assert_eq!(
            schedule.check(Point::Request).unwrap_err(),
            "`first` and `nth` contradict each other; give one"
        );
    }
}
