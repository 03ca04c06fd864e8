//! One emulator: its settings, its orgs, its signing threads.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use parking_lot::{Mutex, RwLock};
use tokio_tungstenite::tungstenite::Utf8Bytes;
use tokio_util::sync::CancellationToken;

use super::{directory::Directory, gate::Gate, org::Org};
use crate::{
    base::{
        clock::Rate,
        codec::same_secret,
        ids::{ClientId, DeploymentId, FaultId, OrgId},
        patience::Patience,
    },
    domain::{
        conversation::Conversation,
        frame::Frame,
        message::Message,
        region::{is_below, is_vendor_host},
    },
    faults::{engine::Count, fault::Fault},
    jose::signer::Signer,
    journal::Budget,
    scenario::{load::Scenario, source::Source},
    tls::{Home, Tls},
};

/// A frame as its client reads it.
pub struct Encoded {
    /// `class`, for faults and the journal.
    pub class: &'static str,
    /// The JSON. Its clones share the bytes.
    pub text: Utf8Bytes,
}

/// How frames are spelled; the wire format lives above, with the socket.
pub type Encode = fn(&Frame) -> Encoded;

/// How an integration of Open Messaging is told of a message; nothing of a conversation of anything else.
pub type Webhook = fn(&Conversation, &Message) -> Option<String>;

/// What the command line decides.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The seed of org ids, and of orgs whose scenario gives none.
    pub seed: u64,
    /// How fast org clocks go.
    pub rate: Rate,
    /// Do emulated rate limits answer?
    pub limits: bool,
    /// May a request ask for a fault?
    pub inject: bool,
    /// Does the journal show secrets?
    pub show_secrets: bool,
    /// What absolute URLs start with, instead of the request's own base; without a trailing slash.
    pub public_url: Option<String>,
    /// Further host names that pages may come from to the admin API.
    pub allowed_hosts: Vec<String>,
    /// What the admin API wants as bearer token.
    pub admin_token: Option<String>,
    /// May the platform ask nobody but loopback for documents of identity providers?
    pub confine_fetches: bool,
    /// How much real time others may take.
    pub patience: Patience,
    /// Is TLS spoken on the port too?
    pub tls: bool,
    /// Where the certificate authority is kept.
    pub authority: Home,
    /// Further domains whose names are the platform's.
    pub domains: Vec<String>,
    /// Hosts that are not the platform's and are reached through the proxy all the same.
    pub proxy_pass: Vec<String>,
}

impl Settings {
    /// Is this host name one of the platform's, as real clients know it?
    pub fn is_platform_host(&self, name: &str) -> bool {
        is_vendor_host(name) || self.domains.iter().any(|domain| is_below(name, domain))
    }
}

/// What a fault counted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counted {
    /// Requests or frames that it was about.
    pub matched: u64,
    /// How often it bit.
    pub fired: u64,
}

impl Counted {
    fn add(&mut self, count: &Count) {
        (self.matched, self.fired) = (self.matched + count.matched, self.fired + count.fired);
    }
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
    /// How integrations are told of messages.
    pub webhook: Webhook,
    /// Where this emulator listens, once it does: its own identity providers are asked there.
    pub listening: OnceLock<SocketAddr>,
    /// TLS as it is spoken here.
    pub tls: Tls,
    pub(super) scenario: RwLock<Arc<Scenario>>,
    pub(super) directory: RwLock<Directory>,
    /// Held by whoever makes orgs anew or takes them away, from looking at what there is to the change.
    pub(super) remaking: Mutex<()>,
    pub(super) journals: Arc<Budget>,
    /// Faults of the emulator as a whole.
    pub gate: Mutex<Gate>,
    /// What faults of the scenario counted in orgs that are gone.
    pub(super) counted: Mutex<BTreeMap<FaultId, Counted>>,
    /// The number of the next org that is made at run time.
    pub(super) orgs_made: AtomicU64,
}

impl App {
    /// An emulator without orgs.
    pub fn new(settings: Settings, encode: Encode, webhook: Webhook) -> Self {
        Self {
            gate: Mutex::new(Gate::new(settings.seed)),
            tls: Tls::new(settings.authority.clone(), settings.domains.clone()),
            settings,
            signer: Signer::start(),
            stop: CancellationToken::new(),
            encode,
            webhook,
            listening: OnceLock::new(),
            scenario: RwLock::default(),
            directory: RwLock::default(),
            remaking: Mutex::default(),
            journals: Arc::default(),
            counted: Mutex::default(),
            orgs_made: AtomicU64::new(1),
        }
    }

    /// The org that requests get which name none.
    pub fn default_org(&self) -> Option<Arc<Org>> {
        self.directory.read().default_org().cloned()
    }

    /// The org of an id.
    pub fn org(&self, id: &str) -> Option<Arc<Org>> {
        self.directory.read().org(id).cloned()
    }

    /// The org whose opaque tokens begin like this.
    pub fn org_of_tag(&self, tag: &str) -> Option<Arc<Org>> {
        self.directory.read().of_tag(tag).cloned()
    }

    /// The org of a client.
    pub fn org_of_client(&self, id: &str) -> Option<Arc<Org>> {
        self.directory.read().of_client(id).cloned()
    }

    /// Is it the secret of a client of any org? Asked of what came as an id and is none.
    pub fn is_secret(&self, text: &str) -> bool {
        let is_of = |org: &Arc<Org>| {
            org.state(|state| {
                let own = state.clients.values().map(|client| client.secret.as_str());
                let of_providers = state.identity_providers.values().flat_map(|one| one.clients.values());
                own.chain(of_providers.filter_map(|client| client.secret.as_deref()))
                    .any(|secret| same_secret(secret, text))
            })
        };
        !text.is_empty() && self.all_orgs().iter().any(is_of)
    }

    /// The org of a deployment.
    pub fn org_of_deployment(&self, id: &str) -> Option<Arc<Org>> {
        self.directory.read().of_deployment(id).cloned()
    }

    /// An org got a client at run time.
    pub(super) fn list_client(&self, client: &ClientId, org: &Arc<Org>) {
        self.directory.write().list_client(client, org);
    }

    /// An org has a client no more.
    pub(super) fn unlist_client(&self, client: &ClientId, org: &Arc<Org>) {
        self.directory.write().unlist_client(client, org);
    }

    /// An org got a deployment at run time.
    pub(super) fn list_deployment(&self, deployment: &DeploymentId, org: &Arc<Org>) {
        self.directory.write().list_deployment(deployment, org);
    }

    /// An org has a deployment no more.
    pub(super) fn unlist_deployment(&self, deployment: &DeploymentId, org: &Arc<Org>) {
        self.directory.write().unlist_deployment(deployment, org);
    }

    /// All orgs, by id.
    pub fn all_orgs(&self) -> Vec<Arc<Org>> {
        self.directory.read().all().cloned().collect()
    }

    /// What faults counted in other orgs than this one, also in those that are gone.
    pub fn counted_elsewhere(&self, org: &OrgId) -> BTreeMap<FaultId, Counted> {
        let mut all = self.counted.lock().clone();
        for other in self.all_orgs().iter().filter(|other| other.id != *org) {
            for count in other.cell(|cell| cell.faults.counts()) {
                all.entry(count.fault.id()).or_default().add(&count);
            }
        }
        all
    }

    /// An org goes: what its faults counted is kept, as far as the scenario has them.
    pub(super) fn keep_counts(&self, org: &Org) {
        let scenario = Arc::clone(&self.scenario.read());
        let known: BTreeSet<_> = scenario.faults.iter().map(Fault::id).collect();
        let mut counted = self.counted.lock();
        for count in
            org.cell(|cell| cell.faults.counts()).iter().filter(|count| known.contains(&count.fault.id()))
        {
            counted.entry(count.fault.id()).or_default().add(count);
        }
    }

    /// How many orgs were made at run time, whether they are still there or not.
    pub fn made_at_run_time(&self) -> u64 {
        self.orgs_made.load(Relaxed) - 1
    }

    /// The files that the orgs' scenario was read from.
    pub fn scenario_files(&self) -> Vec<Source> {
        self.scenario.read().files.clone()
    }

    /// Closes all sockets at once, whatever waits to be written to them: the emulator stops.
    pub fn close_sockets(&self) {
        for org in self.all_orgs() {
            org.cell(|cell| cell.sockets.outboxes()).iter().for_each(|outbox| outbox.stop());
        }
    }

    /// Keeps the journals of all orgs together within their bound: the largest gives way.
    pub fn trim_journals(&self) {
        while self.journals.excess() > 0 {
            let largest = self.all_orgs().into_iter().max_by_key(|org| org.cell(|cell| cell.journal.bytes()));
            let excess = self.journals.excess();
            let Some(org) = largest else { return };
            if !org.cell(|cell| cell.journal.shrink(excess)) {
                return;
            }
        }
    }
}
