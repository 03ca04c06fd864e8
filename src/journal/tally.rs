//! Counts entries against an expectation, one after the other, as they come.

use super::{
    expectation::{Expectation, Times},
    matcher::Matcher,
    matching::BadMatch,
    record::Record,
    seen::Seen,
};

/// Numbers of entries that are told.
const TOLD: usize = 100;

/// How it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// It is so.
    Held,
    /// It is not so yet.
    Open,
    /// It will not be so any more, whatever comes.
    Lost,
}

/// What has come so far.
#[derive(Clone, Debug)]
pub struct Tally {
    matchers: Vec<Matcher>,
    /// How many are to be, if it is about a number.
    times: Option<Times>,
    strict: bool,
    count: u64,
    numbers: Vec<String>,
    /// The first that is out of order.
    astray: Option<String>,
}

impl Tally {
    /// Nothing has come yet.
    pub fn new(expectation: &Expectation) -> Result<Self, BadMatch> {
        let matchers = expectation.matchers()?;
        let (times, strict) = (expectation.times(), expectation.strict);
        Ok(Self { matchers, times, strict, count: 0, numbers: Vec::new(), astray: None })
    }

    /// Does it mean the entry at all?
    pub fn means(&self, seen: &Seen<'_>) -> bool {
        self.matchers.iter().any(|matcher| matcher.holds(seen))
    }

    /// An entry comes.
    pub fn take(&mut self, record: &Record, seen: &Seen<'_>) {
        let counts = match &self.matchers[..] {
            [one] => one.holds(seen),
            several => {
                let next = several.get(self.count as usize).is_some_and(|matcher| matcher.holds(seen));
                if self.strict && !next && self.astray.is_none() && self.means(seen) {
                    self.astray = Some(format!("{} ({})", record.entry().cause(), record.line()));
                }
                next
            }
        };
        if counts {
            self.count += 1;
            if self.numbers.len() < TOLD {
                self.numbers.push(record.entry().cause().to_string());
            }
        }
    }

    /// How it stands.
    pub fn state(&self) -> State {
        if self.astray.is_some() {
            return State::Lost;
        }
        let whole = Times { least: self.matchers.len() as u64, most: None };
        let times = match (self.times, self.matchers.len()) {
            (Some(times), _) => times,
            (None, 1) => return State::Held,
            (None, _) => whole,
        };
        match self.count {
            count if times.most.is_some_and(|most| count > most) => State::Lost,
            count if count < times.least => State::Open,
            _ => State::Held,
        }
    }

    /// What is compared.
    pub fn matchers(&self) -> &[Matcher] {
        &self.matchers
    }

    /// Which match the next one of an order is compared with.
    pub fn awaited(&self) -> Option<&Matcher> {
        match self.matchers.len() {
            1 => self.matchers.first(),
            _ => self.matchers.get(self.count as usize),
        }
    }

    /// How many have come.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their numbers, the first of them.
    pub fn numbers(&self) -> &[String] {
        &self.numbers
    }

    /// The first that is out of order.
    pub fn astray(&self) -> Option<&str> {
        self.astray.as_deref()
    }
}
