//! One org while it runs: its state, faults, journal, sockets and clock.

use std::{collections::BTreeMap, sync::Arc};

use bytes::Bytes;
use http::HeaderValue;
use parking_lot::{Mutex, RwLock};
use sha2::{Digest, Sha256};

use super::{sockets::Sockets, time::Due};
use crate::{
    base::{
        clock::{self, Clock},
        codec::base64url,
        draw::{Cause, DrawKey},
        ids::OrgId,
        time::Timestamp,
    },
    faults::{engine::Engine, fault::Fault},
    journal::{Journal, draft::Closed},
    scenario::{
        file,
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
    /// Visits so far.
    pub visits: u64,
    /// Goes up with each reset; visits from before leave no trace.
    pub generation: u64,
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
    /// Where its clock starts.
    pub start: clock::Start,
    /// Its seed.
    pub seed: u64,
}

/// One org.
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
    pub entrance: RwLock<Entrance>,
    pub(super) recipe: Mutex<Recipe>,
    cell: Mutex<Cell>,
    date: Mutex<(i64, HeaderValue)>,
    documents: Mutex<(u64, BTreeMap<String, Bytes>)>,
}

/// Documents kept of an org: a few for each base URL that it is known by.
const MOST_DOCUMENTS: usize = 64;

/// How long the org's mark at the head of an opaque token is.
pub const TAG: usize = 8;

/// The mark of an org in its opaque tokens.
pub fn tag(id: &OrgId) -> String {
    base64url(&Sha256::digest(id.as_str())[..6])
}

impl Org {
    pub(super) fn new(id: OrgId, draws: DrawKey, recipe: Recipe, entrance: Entrance, cell: Cell) -> Self {
        Self {
            tag: tag(&id),
            id,
            draws,
            clock: Arc::new(Clock::new(recipe.start)),
            entrance: RwLock::new(entrance),
            recipe: Mutex::new(recipe),
            cell: Mutex::new(cell),
            date: Mutex::new((i64::MIN, HeaderValue::from_static(""))),
            documents: Mutex::default(),
        }
    }

    /// The critical section of the org. It cannot wait.
    pub fn cell<T>(&self, work: impl FnOnce(&mut Cell) -> T) -> T {
        work(&mut self.cell.lock())
    }

    /// The org's state.
    pub fn state<T>(&self, work: impl FnOnce(&mut OrgState) -> T) -> T {
        self.cell(|cell| work(&mut cell.state))
    }

    /// `ININ-Correlation-Id` of what this cause did.
    pub fn correlation_id(&self, cause: Cause) -> String {
        self.draws.draw(cause, "correlation", 0).uuid()
    }

    /// A document that stays the same until the org is made anew: written once for each key.
    pub fn document(&self, generation: u64, key: String, write: impl FnOnce() -> Vec<u8>) -> Bytes {
        let mut documents = self.documents.lock();
        if documents.0 < generation || documents.1.len() >= MOST_DOCUMENTS {
            *documents = (documents.0.max(generation), BTreeMap::new());
        }
        if documents.0 > generation {
            return write().into(); // of a world that is gone
        }
        documents.1.entry(key).or_insert_with(|| write().into()).clone()
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
    /// Keeps a closed entry, if it is of this generation.
    pub fn keep(&mut self, entry: Closed, generation: u64) {
        if generation == self.generation {
            self.journal.push(entry);
        }
    }
}
