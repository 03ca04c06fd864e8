//! One org while it runs: its state, faults, journal, sockets and clock.

use std::{
    collections::BTreeMap,
    hint::spin_loop,
    sync::{Arc, OnceLock, Weak},
};

use bytes::Bytes;
use http::HeaderValue;
use parking_lot::{Mutex, MutexGuard};
use sha2::{Digest, Sha256};

use super::{
    connections::{Socket, Sockets},
    gate,
    time::Due,
    timeline::Timeline,
};
use crate::{
    base::{
        clock::{self, Clock, Rate, wall},
        codec::base64url,
        draw::{Cause, DrawKey},
        ids::{ConnectionId, OrgId},
        patience::Patience,
        time::Timestamp,
    },
    domain::{
        keyring::{KeyType, RingName},
        org::TokenTimes,
    },
    events::{
        Events,
        event::{About, What},
    },
    faults::{
        engine::Engine,
        fault::{Fault, Phase},
        point::{Facts, Point},
        verdict::Ruling,
    },
    jose::keygen::Source,
    journal::{Journal, draft::Closed},
    scenario::{
        file,
        load::Scenario,
        timeline::Entry,
        world::{Entrance, Ids},
    },
    store::org_state::OrgState,
};

/// Everything behind the org's one lock.
pub struct Cell {
    /// What the org remembers.
    pub state: OrgState,
    /// What goes wrong.
    pub faults: Engine,
    /// What happened.
    pub journal: Journal,
    /// What is open.
    pub sockets: Sockets,
    /// What is told to those who wait for it.
    pub events: Events,
    /// Visits so far.
    pub visits: u64,
    /// The org was reset or taken away: who is still in it leaves no trace, and nobody comes in.
    pub over: bool,
}

/// What an org is made from, and made again on reset.
#[derive(Clone)]
pub struct Recipe {
    /// Its shape in the scenario.
    pub shape: file::Org,
    /// Whose ids.
    pub ids: Ids,
    /// The faults that it starts with.
    pub faults: Vec<Fault>,
    /// What happens by itself.
    pub timeline: Vec<Entry>,
    /// Where its clock starts.
    pub start: clock::Start,
    /// Its seed.
    pub seed: u64,
    /// What it was made with. Ids and secrets that the scenario does not give are of this seed for good; seed and time
    /// hold again under a scenario that gives none.
    pub born: Born,
}

/// The beginning of an org.
#[derive(Clone, Copy, Debug)]
pub struct Born {
    /// The seed.
    pub seed: u64,
    /// Where the clock started; `None` is the system's time.
    pub at: Option<Timestamp>,
}

impl Recipe {
    /// An org of a scenario.
    pub(super) fn new(scenario: &Scenario, shape: &file::Org, ids: Ids, born: Born, rate: Rate) -> Self {
        let start = clock::Start { at: born.at, rate };
        let (_, faults) = gate::apart(scenario.faults.clone());
        let timeline = scenario.timeline.clone();
        Self { shape: shape.clone(), ids, faults, timeline, start, seed: born.seed, born }
    }

    /// The same org in another scenario.
    pub(super) fn lay(&mut self, scenario: &Scenario, shape: &file::Org) {
        self.shape = shape.clone();
        self.faults = gate::apart(scenario.faults.clone()).1;
        self.timeline = scenario.timeline.clone();
        self.seed = scenario.seed.unwrap_or(self.born.seed);
        self.start.at = scenario.clock.or(self.born.at);
    }
}

/// One org, from one first moment to the next: a reset makes it anew and puts it in its place. So a visit is wholly of
/// the one or the other, with state, faults, numbers, journal and clock.
pub struct Org {
    /// Its id.
    pub id: OrgId,
    /// What its opaque tokens begin with.
    pub tag: String,
    /// Where its draws come from.
    pub draws: DrawKey,
    /// Its time.
    pub clock: Arc<Clock<Due>>,
    /// The way in.
    pub entrance: Entrance,
    pub(super) recipe: Recipe,
    /// The seed of its draws: the recipe's, unless it was put back from a snapshot.
    pub(super) draw_seed: u64,
    /// What happens by itself, if anything does.
    pub(super) timeline: Option<Box<Timeline>>,
    /// Itself, for what goes on when a call is over.
    own: OnceLock<Weak<Self>>,
    cell: Mutex<Cell>,
    date: Mutex<(i64, HeaderValue)>,
    documents: Mutex<BTreeMap<String, Bytes>>,
    sources: Mutex<BTreeMap<KeyPlace, Source>>,
}

/// Which key of which ring, of which type.
pub type KeyPlace = (RingName, KeyType, u32);

/// Documents kept of an org: a few for each base URL that it is known by.
const MOST_DOCUMENTS: usize = 64;

/// Keys whose material is known: more than are published at a time.
const MOST_SOURCES: usize = 64;

/// How often a thread looks whether the critical section is free before it falls asleep: some microseconds.
const LOOKS: u32 = 500;

/// How long the org's mark at the head of an opaque token is.
pub const TAG: usize = 8;

/// The mark of an org in its opaque tokens.
pub fn tag(id: &OrgId) -> String {
    base64url(&Sha256::digest(id.as_str())[..6])
}

impl Org {
    pub(super) fn new(
        id: OrgId,
        draws: DrawKey,
        recipe: Recipe,
        entrance: Entrance,
        cell: Cell,
        patience: &Patience,
    ) -> Self {
        Self {
            tag: tag(&id),
            id,
            draws,
            clock: Arc::new(Clock::new(recipe.start, patience.settle)),
            entrance,
            draw_seed: recipe.seed,
            timeline: Timeline::of(recipe.timeline.clone()),
            recipe,
            own: OnceLock::new(),
            cell: Mutex::new(cell),
            date: Mutex::new((i64::MIN, HeaderValue::from_static(""))),
            documents: Mutex::default(),
            sources: Mutex::default(),
        }
    }

    /// From now on it can be had by itself.
    pub(super) fn know_itself(self: &Arc<Self>) {
        self.own.get_or_init(|| Arc::downgrade(self));
    }

    /// It, for whoever goes on with it when a call is over.
    pub fn shared(&self) -> Option<Arc<Self>> {
        self.own.get()?.upgrade()
    }

    /// Its seed.
    pub fn seed(&self) -> u64 {
        self.recipe.seed
    }

    /// Where its clock started; `None` is the system's time.
    pub fn began(&self) -> Option<Timestamp> {
        self.recipe.start.at
    }

    /// The critical section of the org. It cannot wait.
    pub fn cell<T>(&self, work: impl FnOnce(&mut Cell) -> T) -> T {
        let mut cell = self.enter();
        let done = work(&mut cell);
        if let Some(timeline) = &self.timeline {
            let met = cell.events.take_met();
            drop(cell);
            // before whoever did this goes on, and so before it is answered
            timeline.go_on(&met);
        }
        done
    }

    /// Whoever is in there is mostly out again sooner than a thread falls asleep and is woken.
    fn enter(&self) -> MutexGuard<'_, Cell> {
        for _ in 0..LOOKS {
            if !self.cell.is_locked()
                && let Some(cell) = self.cell.try_lock()
            {
                return cell;
            }
            spin_loop();
        }
        self.cell.lock()
    }

    /// The org's state.
    pub fn state<T>(&self, work: impl FnOnce(&mut OrgState) -> T) -> T {
        self.cell(|cell| work(&mut cell.state))
    }

    /// What JWTs are stamped and judged by when it is `now` in the org.
    pub fn token_time(&self, now: Timestamp) -> Timestamp {
        match self.state(|state| state.settings.token_times) {
            TokenTimes::Org => now,
            TokenTimes::Wall => wall::now(),
        }
    }

    /// `ININ-Correlation-Id` of what this cause did.
    pub fn correlation_id(&self, cause: Cause) -> String {
        self.draws.draw(cause, "correlation", 0).uuid()
    }

    /// A document that stays the same until the org is made anew: written once for each key.
    pub fn document(&self, key: String, write: impl FnOnce() -> Vec<u8>) -> Bytes {
        let mut documents = self.documents.lock();
        if documents.len() >= MOST_DOCUMENTS {
            documents.clear();
        }
        documents.entry(key).or_insert_with(|| write().into()).clone()
    }

    /// Where the material of a key comes from: found out once, for as many keys as are in use at a time.
    pub fn source(&self, place: KeyPlace, find: impl FnOnce() -> Source) -> Source {
        let mut sources = self.sources.lock();
        if sources.len() >= MOST_SOURCES {
            sources.clear();
        }
        *sources.entry(place).or_insert_with(find)
    }

    /// The org was reset, or is taken away: its sockets are closed, nothing becomes due, and who waits is let go.
    pub(super) fn end(&self) {
        self.clock.stop();
        let gone = self.cell(|cell| {
            cell.over = true;
            cell.sockets.close_all();
            cell.events.close();
            cell.journal.clear()
        });
        drop(gone);
    }

    /// `Date`, made once a second.
    pub fn date(&self, now: Timestamp) -> HeaderValue {
        let mut date = self.date.lock();
        if date.0 != now.seconds() {
            let text = HeaderValue::try_from(now.http_date());
            *date = (now.seconds(), text.unwrap_or_else(|_| HeaderValue::from_static("")));
        }
        date.1.clone()
    }
}

/// Nothing of an org that is gone becomes due.
impl Drop for Org {
    fn drop(&mut self) {
        self.clock.stop();
    }
}

impl Cell {
    /// What the faults of a place make happen.
    pub fn decide(&mut self, point: Point, phase: Phase, facts: &Facts<'_>, draws: &DrawKey) -> Vec<Ruling> {
        let rulings = self.faults.decide(point, phase, facts, draws);
        self.fired(&rulings, facts);
        rulings
    }

    /// The same, of a request that has faults of its own; those are asked first.
    pub fn decide_with(
        &mut self,
        own: Option<&mut Engine>,
        point: Point,
        phase: Phase,
        facts: &Facts<'_>,
        draws: &DrawKey,
    ) -> Vec<Ruling> {
        let Some(own) = own else { return self.decide(point, phase, facts, draws) };
        let mut rulings = own.decide(point, phase, facts, draws);
        self.fired(&rulings, facts);
        if !rulings.last().is_some_and(|last| last.verdict.is_final()) {
            rulings.extend(self.decide(point, phase, facts, draws));
        }
        rulings
    }

    fn fired(&mut self, rulings: &[Ruling], facts: &Facts<'_>) {
        for ruling in rulings {
            let claimed = facts.claimed;
            let about = About {
                session: claimed.session.clone(),
                deployment: claimed.deployment.clone(),
                guest: claimed.guest.clone(),
                client: claimed.client.clone(),
                ..About::default()
            };
            let target = match &facts.frame {
                Some(frame) => [frame.action, frame.class].concat(),
                None => format!("{} {}", facts.method, facts.path),
            };
            self.events.push(facts.now, about, What::FaultFired { fault: ruling.fault.clone(), target });
        }
    }

    /// Keeps a closed entry, unless the org is over.
    pub fn keep(&mut self, entry: Closed) {
        if !self.over {
            self.journal.push(entry);
        }
    }

    /// Adds a socket that was just upgraded. In an org that is over it is closed at once.
    pub fn open(&mut self, id: ConnectionId, socket: Socket) {
        if self.over {
            socket.close();
        }
        self.sockets.insert(id, socket);
    }
}
