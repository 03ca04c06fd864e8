//! Waiting for what is expected, without looking again and again: the journal wakes, and so does the end of a wait.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::NotVerified;
use crate::{
    base::{
        clock::wall,
        draw::Cause,
        time::{Span, Timestamp},
    },
    journal::{
        expectation::{Expectation, Timing},
        query::{Batch, Cursor},
        record::Record,
        seen::Seen,
        tally::{State, Tally},
    },
    ops::{app::App, org::Org},
};

/// Entries that are taken out at a time.
const BATCH: usize = 128;

/// The cause of a wait in the org's time: it ends after all else that is due at that moment.
const LAST: Cause = Cause::of_parts((u64::MAX, 0, 0));

/// Up to where the journal was read.
pub struct Place {
    /// Here.
    pub at: Cursor,
    /// What closed up to here was there before anybody asked.
    pub old: Cursor,
    /// How many entries are gone unread.
    pub gaps: u64,
}

/// The end of a wait.
#[derive(Clone, Copy, Debug)]
enum Due {
    Wall(Instant),
    Virtual(Timestamp),
}

impl Due {
    fn after(span: Span, timing: Timing, org: &Org) -> Self {
        match timing {
            Timing::Wall => Self::Wall(wall::instant() + Duration::from_micros(span.micros().unsigned_abs())),
            Timing::Virtual => Self::Virtual(org.clock.now().plus(span)),
        }
    }

    fn is_over(self, org: &Org) -> bool {
        match self {
            Self::Wall(at) => wall::instant() >= at,
            Self::Virtual(at) => org.clock.now() >= at,
        }
    }
}

/// An expectation while it is waited for.
pub struct Watch<'a> {
    /// What is expected.
    pub expectation: &'a Expectation,
    /// What has come.
    pub tally: Tally,
    /// Until then it may come.
    by: Option<Due>,
    /// It has come; until then nothing more may.
    quiet: Option<Due>,
    /// What came all the same.
    pub intruder: Option<String>,
    /// The org's time did not come to the end of the wait.
    pub stood: bool,
}

/// How an expectation stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stands {
    /// It is waited for.
    Open,
    /// It is as it is to be.
    Held,
    /// It is not, and will not be.
    Lost,
}

impl<'a> Watch<'a> {
    /// From now on.
    pub fn new(expectation: &'a Expectation, tally: Tally, org: &Org) -> Self {
        let by = expectation.within.map(|span| Due::after(span, expectation.clock, org));
        Self { expectation, tally, by, quiet: None, intruder: None, stood: false }
    }

    /// Is nothing to come, but something not to?
    fn is_absence(&self) -> bool {
        self.expectation.times().is_none() && self.expectation.order.is_empty()
    }

    fn take(&mut self, record: &Record, seen: &Seen<'_>, old: bool) {
        let must_not = self.quiet.is_some() || self.is_absence() && !old;
        if !must_not {
            self.tally.take(record, seen);
        } else if self.intruder.is_none() && self.tally.means(seen) {
            self.intruder = Some(format!("{} ({})", record.entry().cause(), record.line()));
        }
    }

    fn stands(&mut self, org: &Org) -> Stands {
        if self.intruder.is_some() {
            return Stands::Lost;
        }
        match self.tally.state() {
            State::Lost => Stands::Lost,
            State::Open if self.by.is_some_and(|by| !by.is_over(org)) => Stands::Open,
            State::Open => Stands::Lost,
            State::Held => match self.expectation.never_for {
                None => Stands::Held,
                Some(span) => {
                    let clock = self.expectation.clock;
                    let quiet = *self.quiet.get_or_insert_with(|| Due::after(span, clock, org));
                    if quiet.is_over(org) { Stands::Held } else { Stands::Open }
                }
            },
        }
    }

    /// Is it as it is to be?
    pub fn held(&self) -> bool {
        self.intruder.is_none() && !self.stood && self.tally.state() == State::Held
    }

    /// The end of what is waited for now.
    fn due(&self) -> Option<Due> {
        self.quiet.or(self.by)
    }
}

/// Reads all that is there. Answers what wakes when there is more.
fn read(
    org: &Org,
    watches: &mut [Watch<'_>],
    place: &mut Place,
) -> Result<tokio::sync::oneshot::Receiver<()>, NotVerified> {
    loop {
        let before = place.at;
        let (batch, more, over) = org.cell(|cell| {
            let batch = cell.journal.read(&mut place.at, BATCH);
            let more = batch.records.is_empty().then(|| cell.journal.more());
            (batch, more, cell.over)
        });
        if over {
            return Err(NotVerified::Over);
        }
        if let Some(more) = more {
            return Ok(more);
        }
        let Batch { records, dropped, .. } = batch;
        place.gaps += dropped;
        let first = place.at.back(records.len());
        debug_assert!(first >= before, "a cursor goes on");
        for (nth, record) in records.iter().enumerate() {
            let old = place.at.back(records.len() - nth - 1) <= place.old;
            let correlation_id = |cause| org.correlation_id(cause);
            let seen = Seen::new(record, &correlation_id);
            watches.iter_mut().for_each(|watch| watch.take(record, &seen, old));
        }
    }
}

/// Looks at all that is there.
pub fn catch_up(org: &Org, watches: &mut [Watch<'_>], place: &mut Place) -> Result<(), NotVerified> {
    read(org, watches, place).map(drop)
}

/// Waits until every expectation holds, or one never will.
pub async fn wait(
    app: &App,
    org: &Arc<Org>,
    watches: &mut [Watch<'_>],
    place: &mut Place,
) -> Result<(), NotVerified> {
    let patience = wall::instant() + app.settings.patience.verify;
    // a move of the org's clock goes on when what it woke has been looked at
    let mut wave = None;
    loop {
        let more = read(org, watches, place)?;
        let stands: Vec<_> = watches.iter_mut().map(|watch| watch.stands(org)).collect();
        drop(wave.take());
        if stands.contains(&Stands::Lost) || !stands.contains(&Stands::Open) {
            return Ok(());
        }
        let open = watches.iter_mut().zip(&stands).filter(|(_, stands)| **stands == Stands::Open);
        let (mut real, mut due) = (None::<Instant>, None::<Timestamp>);
        for (watch, _) in open {
            match watch.due() {
                Some(Due::Wall(at)) => real = Some(real.map_or(at, |real| real.min(at))),
                Some(Due::Virtual(_)) if wall::instant() >= patience => watch.stood = true,
                Some(Due::Virtual(at)) => {
                    real = Some(real.map_or(patience, |real| real.min(patience)));
                    due = Some(due.map_or(at, |due| due.min(at)));
                }
                None => {}
            }
        }
        if watches.iter().any(|watch| watch.stood) {
            return Ok(());
        }
        let left = real.map_or(Duration::MAX, |real| real.saturating_duration_since(wall::instant()));
        tokio::select! {
            biased;
            () = app.stop.cancelled() => return Err(NotVerified::Over),
            _ = more => {}
            woken = async { org.clock.sleep_until(due.unwrap_or(Timestamp::END), LAST).await }, if due.is_some() => {
                wave = woken;
            }
            () = wall::sleep(left) => {}
        }
    }
}
