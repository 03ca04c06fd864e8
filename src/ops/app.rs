//! One emulator: its settings, its orgs, its signing threads.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, OnceLock, atomic::AtomicU64},
};

use parking_lot::RwLock;
use tokio_util::sync::CancellationToken;

use super::org::Org;
use crate::{
    base::{clock, ids::OrgId},
    domain::frame::Frame,
    jose::signer::Signer,
    journal::Budget,
    scenario::load::Scenario,
};

/// A frame as its client reads it.
pub struct Encoded {
    /// `class`, for faults and the journal.
    pub class: &'static str,
    /// The JSON.
    pub text: String,
}

/// How frames are spelled; the wire format lives above, with the socket.
pub type Encode = fn(&Frame) -> Encoded;

/// What the command line decides.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The seed.
    pub seed: u64,
    /// Where org clocks start, and how they go.
    pub start: clock::Start,
    /// Do emulated rate limits answer?
    pub limits: bool,
    /// What absolute URLs start with, instead of the request's own base; without a trailing slash.
    pub public_url: Option<String>,
    /// Further host names that pages may come from to the admin API.
    pub allowed_hosts: Vec<String>,
    /// What the admin API wants as bearer token.
    pub admin_token: Option<String>,
    /// May the platform ask nobody but loopback for documents of identity providers?
    pub confine_fetches: bool,
}

/// The orgs, and how a request finds its own.
#[derive(Default)]
pub struct Directory {
    pub(super) orgs: BTreeMap<OrgId, Arc<Org>>,
    pub(super) tags: BTreeMap<String, Arc<Org>>,
    pub(super) clients: BTreeMap<String, Arc<Org>>,
    pub(super) deployments: BTreeMap<String, Arc<Org>>,
    pub(super) default: Option<Arc<Org>>,
}

/// One emulator.
pub struct App {
    /// What the command line decided.
    pub settings: Settings,
    /// Signs.
    pub signer: Signer,
    /// Stops everything.
    pub stop: CancellationToken,
    /// How frames are spelled.
    pub encode: Encode,
    /// Where this emulator listens, once it does: its own identity providers are asked there.
    pub listening: OnceLock<SocketAddr>,
    pub(super) scenario: RwLock<Arc<Scenario>>,
    pub(super) directory: RwLock<Directory>,
    pub(super) journals: Arc<Budget>,
    pub(super) orgs_made: AtomicU64,
}

impl App {
    /// An emulator without orgs.
    pub fn new(settings: Settings, encode: Encode, scenario: Scenario) -> Self {
        Self {
            settings,
            signer: Signer::start(),
            stop: CancellationToken::new(),
            encode,
            listening: OnceLock::new(),
            scenario: RwLock::new(Arc::new(scenario)),
            directory: RwLock::default(),
            journals: Arc::default(),
            orgs_made: AtomicU64::new(0),
        }
    }

    /// The org that requests get which name none.
    pub fn default_org(&self) -> Option<Arc<Org>> {
        self.directory.read().default.clone()
    }

    /// The org of an id.
    pub fn org(&self, id: &str) -> Option<Arc<Org>> {
        self.directory.read().orgs.get(id).cloned()
    }

    /// The org whose opaque tokens begin like this.
    pub fn org_of_tag(&self, tag: &str) -> Option<Arc<Org>> {
        self.directory.read().tags.get(tag).cloned()
    }

    /// The org of a client.
    pub fn org_of_client(&self, id: &str) -> Option<Arc<Org>> {
        self.directory.read().clients.get(id).cloned()
    }

    /// The org of a deployment.
    pub fn org_of_deployment(&self, id: &str) -> Option<Arc<Org>> {
        self.directory.read().deployments.get(id).cloned()
    }

    /// All orgs, by id.
    pub fn all_orgs(&self) -> Vec<Arc<Org>> {
        self.directory.read().orgs.values().cloned().collect()
    }

    /// Keeps the journals of all orgs together within their bound: the largest gives way.
    pub fn trim_journals(&self) {
        while self.journals.excess() > 0 {
            let largest = self.all_orgs().into_iter().max_by_key(|org| org.cell(|cell| cell.journal.bytes()));
            let excess = self.journals.excess();
            let Some(org) = largest else { return };
            let gone = org.cell(|cell| cell.journal.shrink(excess));
            if gone.is_empty() {
                return;
            }
        }
    }
}
