//! The org's clock.
//!
//! Everything of the emulated world that expires, waits, limits or ticks runs on a [`Clock`]. Real time
//! ([`wall`]) is left for slow clients, ping and pong, and the waits of the admin API.

use std::{
    convert::Infallible,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use tokio::sync::{Notify, mpsc, oneshot};

use super::{
    draw::Cause,
    time::{Span, Timestamp},
    timers::{TimerKey, Timers},
    wave::{Busy, Sleep, Wave, wave},
};

#[path = "drive.rs"]
mod drive;
#[path = "onward.rs"]
mod onward;
#[path = "wall.rs"]
pub mod wall;

/// How fast an org's time goes against real time.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Rate {
    /// So many times as fast; 0 stands still.
    Times(f64),
    /// As fast, and it jumps to the next timer when nothing else is to be done.
    Auto,
}

impl Default for Rate {
    fn default() -> Self {
        Self::Times(1.0)
    }
}

/// Where and how a clock starts.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Start {
    /// The first instant; `None` is the system's time.
    pub at: Option<Timestamp>,
    /// Its rate.
    pub rate: Rate,
}

/// What a move of the clock did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Where it began.
    pub from: Timestamp,
    /// Where it ended.
    pub to: Timestamp,
    /// How many timers fired.
    pub fired: u64,
    /// The visits whose consequences took too long to be waited for; empty when all settled.
    pub waiting_for: Vec<u64>,
}

enum What<E> {
    Wake(oneshot::Sender<Wave>),
    Event(Cause, E),
    /// What comes again and again, and what nobody waits for: rate `auto` does not jump for its sake.
    Tick(Cause, E),
}

#[derive(Clone, Copy)]
struct Run {
    at: Timestamp,
    since: Instant,
    rate: Rate,
}

impl Run {
    fn speed(&self) -> f64 {
        match self.rate {
            Rate::Times(times) => times,
            Rate::Auto => 1.0,
        }
    }

    fn now(&self) -> Timestamp {
        let speed = self.speed();
        if speed == 0.0 {
            return self.at;
        }
        let passed = wall::instant().duration_since(self.since).as_micros() as f64 * speed;
        self.at.plus(Span::from_micros(passed as i64))
    }
}

struct Inner<E> {
    run: Run,
    /// The instant that a move under way has reached.
    pinned: Option<Timestamp>,
    /// Where a move under way ends.
    target: Option<Timestamp>,
    /// What was added to the move under way, or to the next one.
    owed: Span,
    /// Moves that something in the org has asked for, and that are not over.
    own: usize,
    timers: Timers<What<E>>,
    driven: bool,
    /// The org is over, and with it its time.
    over: bool,
}

impl<E> Inner<E> {
    fn now(&self) -> Timestamp {
        self.pinned.unwrap_or_else(|| self.run.now())
    }

    fn restart(&mut self, at: Timestamp, rate: Rate) {
        if !self.over {
            self.run = Run { at, since: wall::instant(), rate };
        }
    }
}

type OnDue<E> = Box<dyn Fn(Timestamp, Cause, E, Wave) + Send + Sync>;

/// The clock of one org, with its timers. `E` is what a timer says when it fires.
pub struct Clock<E> {
    inner: Mutex<Inner<E>>,
    nudge: Notify,
    moves: tokio::sync::Mutex<()>,
    activity: AtomicU64,
    busy: AtomicUsize,
    on_due: OnceLock<OnDue<E>>,
    /// What a fired timer causes may take this much real time before a move goes on without it.
    settle: Duration,
}

impl<E: Send + 'static> Clock<E> {
    /// A clock that starts now. What a fired timer causes may take `settle` of real time before a move of the clock goes
    /// on without it.
    pub fn new(start: Start, settle: Duration) -> Self {
        let at = start.at.unwrap_or_else(wall::now);
        Self {
            inner: Mutex::new(Inner {
                run: Run { at, since: wall::instant(), rate: start.rate },
                pinned: None,
                target: None,
                owed: Span::ZERO,
                own: 0,
                timers: Timers::new(),
                driven: false,
                over: false,
            }),
            nudge: Notify::new(),
            moves: tokio::sync::Mutex::new(()),
            activity: AtomicU64::new(0),
            busy: AtomicUsize::new(0),
            on_due: OnceLock::new(),
            settle,
        }
    }

    /// Says what happens when an event is due. The first call counts.
    pub fn on_due(&self, fire: impl Fn(Timestamp, Cause, E, Wave) + Send + Sync + 'static) {
        let _ = self.on_due.set(Box::new(fire));
    }

    /// The org's time.
    pub fn now(&self) -> Timestamp {
        self.inner.lock().now()
    }

    /// The rate it goes at when nobody moves it.
    pub fn rate(&self) -> Rate {
        self.inner.lock().run.rate
    }

    /// How many timers are armed.
    pub fn armed(&self) -> usize {
        self.inner.lock().timers.len()
    }

    /// What is to happen by itself and when, as far as it is picked, in order. What somebody waits for is not of it.
    pub fn events<T>(&self, pick: impl Fn(&E) -> Option<T>) -> Vec<(Timestamp, Cause, T)> {
        let inner = self.inner.lock();
        let events = inner.timers.iter().filter_map(|(key, what)| match what {
            What::Event(cause, event) => Some((key.due(), *cause, pick(event)?)),
            What::Wake(_) | What::Tick(..) => None,
        });
        events.collect()
    }

    /// Something is being done until the guard is dropped: rate `auto` does not jump meanwhile.
    pub fn busy(self: &Arc<Self>) -> Busy<E> {
        self.activity.fetch_add(1, Relaxed);
        self.busy.fetch_add(1, Relaxed);
        Busy(Arc::clone(self))
    }

    /// Something is done; see [`Self::busy`].
    pub(super) fn idle(&self) {
        self.activity.fetch_add(1, Relaxed);
        self.busy.fetch_sub(1, Relaxed);
    }

    /// Arms a timer that says `event` at `due`.
    pub fn arm(self: &Arc<Self>, due: Timestamp, cause: Cause, event: E) -> TimerKey {
        self.insert(due, cause, What::Event(cause, event))
    }

    /// Arms one for what comes again and again: rate `auto` does not jump for its sake.
    pub fn arm_tick(self: &Arc<Self>, due: Timestamp, cause: Cause, event: E) -> TimerKey {
        self.insert(due, cause, What::Tick(cause, event))
    }

    /// Where a move that is under way ends.
    pub fn target(&self) -> Option<Timestamp> {
        self.inner.lock().target
    }

    /// Takes a timer back.
    pub fn disarm(&self, key: TimerKey) {
        let gone = self.inner.lock().timers.disarm(key);
        drop(gone);
    }

    /// Waits until the org's time is `due`. A dropped wait removes its timer; one of an org that is over ends at once.
    pub fn sleep_until(self: &Arc<Self>, due: Timestamp, cause: Cause) -> Sleep<E> {
        let (wake, woken) = oneshot::channel();
        let key = self.insert(due, cause, What::Wake(wake));
        Sleep { clock: Arc::clone(self), key: Some(key), woken }
    }

    fn insert(self: &Arc<Self>, due: Timestamp, cause: Cause, what: What<E>) -> TimerKey {
        let mut inner = self.inner.lock();
        let (key, first) = inner.timers.arm(due, cause, what);
        let late = if inner.over { inner.timers.disarm(key) } else { None };
        let start = self.needs_driver(&mut inner);
        drop(inner);
        drop(late);
        if start {
            self.start_driver();
        } else if first {
            self.nudge.notify_one();
        }
        key
    }

    /// Moves to `target`: what is due by then fires in order, each only when what the last one caused has
    /// settled. A target in the past sets the time and fires nothing.
    pub async fn move_to(self: &Arc<Self>, target: impl FnOnce(Timestamp) -> Timestamp) -> Moved {
        let _serial = self.moves.lock().await;
        let (from, to) = {
            let mut inner = self.inner.lock();
            let from = inner.now();
            inner.pinned = Some(from);
            (from, target(from))
        };
        let mut moved = Moved { from, to, fired: 0, waiting_for: Vec::new() };
        self.inner.lock().target = Some(to);
        if to > from {
            self.fire_until(to, &mut moved).await;
        }
        while let Some(further) = self.arrive(moved.to) {
            moved.to = further;
            self.inner.lock().target = Some(further);
            self.fire_until(further, &mut moved).await;
        }
        self.inner.lock().target = None;
        self.nudge.notify_one();
        moved
    }

    /// Goes on from now at another rate.
    pub async fn set_rate(self: &Arc<Self>, rate: Rate) {
        let _serial = self.moves.lock().await;
        let mut inner = self.inner.lock();
        let now = inner.now();
        inner.restart(now, rate);
        let start = self.needs_driver(&mut inner);
        drop(inner);
        if start {
            self.start_driver();
        }
        self.nudge.notify_one();
    }

    /// The org is over: time stands, nothing becomes due any more, and whoever waits, or is going to, is let go.
    pub fn stop(&self) {
        let mut inner = self.inner.lock();
        let now = inner.now();
        inner.restart(now, Rate::Times(0.0));
        inner.pinned = None;
        inner.over = true;
        let gone = inner.timers.clear();
        drop(inner);
        drop(gone);
        self.nudge.notify_one();
    }

    fn pop_due(&self, until: Timestamp) -> Option<(TimerKey, What<E>)> {
        let mut inner = self.inner.lock();
        let next = inner.timers.pop_due(until)?;
        if let Some(reached) = &mut inner.pinned {
            *reached = (*reached).max(next.0.due());
        }
        Some(next)
    }

    /// Fires what is due by `until`, each only when what the last one caused has settled.
    async fn fire_until(&self, until: Timestamp, moved: &mut Moved) {
        while let Some((visit, mut settled)) = self.fire_one(until) {
            moved.fired += 1;
            if settled.try_recv() == Err(mpsc::error::TryRecvError::Empty)
                && wall::timeout(self.settle, settled.recv()).await.is_none()
                && !moved.waiting_for.contains(&visit)
            {
                moved.waiting_for.push(visit);
            }
        }
    }

    /// Fires the next timer that is due by `until`. Answers the visit that it goes back to, and what closes when
    /// everything that it caused has settled.
    fn fire_one(&self, until: Timestamp) -> Option<(u64, mpsc::Receiver<Infallible>)> {
        let (key, what) = self.pop_due(until)?;
        let (wave, settled) = wave();
        match what {
            // whoever waited may have gone in this moment; then nothing is caused
            What::Wake(wake) => drop(wake.send(wave)),
            What::Event(cause, event) | What::Tick(cause, event) => {
                if let Some(fire) = self.on_due.get() {
                    fire(key.due(), cause, event, wave);
                }
            }
        }
        Some((key.visit(), settled))
    }
}

#[cfg(test)]
#[path = "clock_tests.rs"]
mod tests;
