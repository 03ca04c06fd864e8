//! Snapshots: all that an org remembers, with its clock, faults, numbers and what is to happen by itself, as one value that
//! can be put back, or into another org. Sockets, waiting requests, journal and events are not of it.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    app::App,
    directory::Taken,
    keys,
    org::{Cell, Org},
    orgs,
    step::BotTurn,
    time::{self, Due},
    timeline::{self, Timeline},
};
use crate::{
    base::{
        clock::{Clock, Rate, Start},
        document::{BadJson, Document, Wrong},
        draw::{Cause, DrawKey},
        ids::{ChannelId, ClientId, ConversationId, OrgId, SessionToken},
        time::Timestamp,
    },
    domain::rotation::Turn,
    faults::{
        engine::{Engine, Saved},
        fault::BadFault,
    },
    scenario::{bad_world::BadWorld, timeline::Entry},
    store::org_state::OrgState,
};

/// What a snapshot says that it is.
const KIND: &str = "genesys-emulator.state";
/// The shape of snapshots. Another one is not read.
const VERSION: u32 = 1;

/// By what a snapshot is known, whatever is in it.
#[derive(Deserialize)]
struct Head {
    kind: String,
    version: u32,
    org: OrgId,
    seed: u64,
    ids: BTreeMap<String, String>,
}

/// What something else says that it is.
#[derive(Deserialize)]
struct Kind {
    kind: String,
}

impl Head {
    fn of(document: &Document<'_>) -> Result<Self, BadSnapshot> {
        document.read().map_err(|_| {
            let kind = document.read().map_or_else(|_| "(none)".to_owned(), |Kind { kind }| kind);
            BadSnapshot::Foreign(kind)
        })
    }
}

/// An org at a moment.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Snapshot {
    kind: String,
    version: u32,
    /// The org that it was taken of.
    org: OrgId,
    /// Its seed.
    seed: u64,
    /// Its ids by kind and local name: what an org has to have that it can be put into.
    ids: BTreeMap<String, String>,
    /// Its time.
    now: Timestamp,
    /// How fast that goes; `null` is `auto`.
    rate: Option<f64>,
    /// Visits so far.
    visits: u64,
    /// What is to happen by itself.
    timers: Vec<Timer>,
    /// The timeline of its scenario.
    timeline: Vec<Entry>,
    /// Entries of it that wait, and for how many events more.
    waiting: Vec<(usize, u64)>,
    /// What goes wrong, with counters.
    faults: Vec<Saved>,
    /// What it remembers.
    state: OrgState,
}

/// When something is to happen, and because of what.
#[derive(Serialize, Deserialize)]
struct Timer {
    due: Timestamp,
    cause: (u64, u32, u64),
    what: What,
}

/// What happens by itself. What is to happen to a connection is gone with it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum What {
    Rotate(Turn),
    Timeline(usize),
    BotTurn(BotTurn),
    SessionDeadline(SessionToken),
    Channel(ChannelId),
    Unanswered(ConversationId, String),
}

impl What {
    fn of(due: &Due) -> Option<Self> {
        match due {
            Due::Rotate(turn) => Some(Self::Rotate(turn.clone())),
            Due::Timeline(nth) => Some(Self::Timeline(*nth)),
            Due::BotTurn(turn) => Some(Self::BotTurn((**turn).clone())),
            Due::SessionDeadline(session) => Some(Self::SessionDeadline(session.clone())),
            Due::Unanswered { conversation, participant } => {
                Some(Self::Unanswered(conversation.clone(), participant.clone()))
            }
            Due::Channel(channel) => Some(Self::Channel(channel.clone())),
            Due::Heartbeat(_) | Due::TokenExpired(_) | Due::Deliver { .. } | Due::Release { .. } => None,
        }
    }
}

impl From<What> for Due {
    fn from(what: What) -> Self {
        match what {
            What::Rotate(turn) => Self::Rotate(turn),
            What::Timeline(nth) => Self::Timeline(nth),
            What::BotTurn(turn) => Self::BotTurn(Box::new(turn)),
            What::SessionDeadline(session) => Self::SessionDeadline(session),
            What::Channel(channel) => Self::Channel(channel),
            What::Unanswered(conversation, participant) => Self::Unanswered { conversation, participant },
        }
    }
}

/// Why a snapshot is not put back.
#[derive(Debug, thiserror::Error)]
pub enum BadSnapshot {
    /// It is not JSON, or not all of it.
    #[error("it is not one whole JSON object: {0}")]
    Unreadable(BadJson),
    /// It is something else.
    #[error("it is no snapshot: `kind` is `{0}`, expected `{KIND}`")]
    Foreign(String),
    /// It is of another emulator.
    #[error("its `version` is {0}; this emulator reads {VERSION}")]
    Version(u32),
    /// A member is wrong.
    #[error("{0}")]
    Member(Wrong),
    /// It is of another org, which had more.
    #[error(
        "it is of org {of}, which has {} that this one has not; make one of the same scenario", missing.join(", ")
    )]
    Names {
        /// That org.
        of: OrgId,
        /// What this one lacks, by kind and local name.
        missing: Vec<String>,
    },
    /// A fault makes no sense.
    #[error(transparent)]
    Fault(#[from] BadFault),
    /// The timeline makes no sense.
    #[error(transparent)]
    Timeline(#[from] BadWorld),
    /// An id is another org's.
    #[error(transparent)]
    Taken(#[from] Taken),
    /// The org was taken away.
    #[error("there is no org {0} any more")]
    Gone(OrgId),
}

/// An org as it is now.
pub fn take(org: &Org) -> Snapshot {
    org.cell(|cell| {
        let timers = org.clock.events(What::of).into_iter();
        Snapshot {
            kind: KIND.to_owned(),
            version: VERSION,
            org: org.id.clone(),
            seed: org.draw_seed,
            ids: org.entrance.ids.clone(),
            now: org.clock.now(),
            rate: match org.clock.rate() {
                Rate::Times(times) => Some(times),
                Rate::Auto => None,
            },
            visits: cell.visits,
            timers: timers.map(|(due, cause, what)| Timer { due, cause: cause.parts(), what }).collect(),
            timeline: org.timeline.as_ref().map_or_else(Vec::new, |timeline| timeline.entries().to_vec()),
            waiting: cell.events.waiting(),
            faults: cell.faults.save(),
            state: cell.state.clone(),
        }
    })
}

/// Puts a snapshot back, or into another org that has the same local names; that one keeps its ids, secrets and keys.
/// Sockets are closed. All of it, or nothing changes. Answers the org that is in its place now.
pub fn restore(app: &Arc<App>, org: &Org, text: &[u8]) -> Result<Arc<Org>, BadSnapshot> {
    let document = Document::json(text).map_err(BadSnapshot::Unreadable)?;
    let head = Head::of(&document)?;
    if head.kind != KIND {
        return Err(BadSnapshot::Foreign(head.kind));
    }
    if head.version != VERSION {
        return Err(BadSnapshot::Version(head.version));
    }
    let _alone = app.remaking.lock();
    let current = app.org(org.id.as_str()).ok_or_else(|| BadSnapshot::Gone(org.id.clone()))?;
    let mut snapshot = match head.org == current.id {
        true => read(&document)?,
        false => adopted(&document, &head, &current)?,
    };
    drop(document);
    snapshot.state.hold();
    let next = made(app, &current, snapshot)?;
    orgs::replace(app, &next).map_err(BadSnapshot::Taken)?;
    Ok(next)
}

fn read(document: &Document<'_>) -> Result<Snapshot, BadSnapshot> {
    document.read().map_err(BadSnapshot::Member)
}

/// The snapshot of another org with the ids, key ids and secrets of this one.
fn adopted(document: &Document<'_>, head: &Head, current: &Org) -> Result<Snapshot, BadSnapshot> {
    let own = &current.entrance.ids;
    let missing: Vec<_> = head.ids.keys().filter(|name| !own.contains_key(*name)).cloned().collect();
    if !missing.is_empty() {
        return Err(BadSnapshot::Names { of: head.org.clone(), missing });
    }
    let mut names: BTreeMap<String, String> =
        head.ids.iter().filter_map(|(name, id)| Some((id.clone(), own.get(name)?.clone()))).collect();
    names.insert(head.org.to_string(), current.id.to_string());
    let theirs = read(document)?;
    let draws = [&head.org, &current.id].map(|id| DrawKey::new(head.seed, id.as_str()));
    for (name, ring) in theirs.state.rings() {
        for n in 0..=ring.newest() {
            let [old, new] = draws.each_ref().map(|draws| keys::ring_kid(draws, &name, n));
            names.insert(old, new);
        }
    }
    // clients that were made at run time have no local names, and an id is of one org alone
    for id in theirs.state.clients.keys().map(ClientId::as_str) {
        names.entry(id.to_owned()).or_insert_with(|| draws[1].named(&["id", "clients", id], 0).uuid());
    }
    let mut value: Value = document.read().map_err(BadSnapshot::Member)?;
    rename(&mut value, &names);
    let mut snapshot = read(&Document::from(&value))?;
    let secrets = current.state(|state| state.clients.clone());
    for (id, client) in &mut snapshot.state.clients {
        if let Some(known) = secrets.get(id) {
            Arc::make_mut(client).secret.clone_from(&known.secret);
        }
    }
    Ok(snapshot)
}

/// Every text that is one of these names becomes the other, members' names too.
fn rename(value: &mut Value, names: &BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(name) = names.get(text) {
                text.clone_from(name);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, names)),
        Value::Object(members) => {
            let renamed = std::mem::take(members).into_iter().map(|(member, mut value)| {
                rename(&mut value, names);
                (names.get(&member).cloned().unwrap_or(member), value)
            });
            members.extend(renamed);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The org as the snapshot has it, which nobody knows of yet.
fn made(app: &Arc<App>, current: &Org, snapshot: Snapshot) -> Result<Arc<Org>, BadSnapshot> {
    let Snapshot { seed, now, rate, visits, timers, timeline, waiting, faults, state, .. } = snapshot;
    timeline::check(&state, &timeline)?;
    let cell = Cell { state, faults: Engine::of_saved(faults)?, visits, ..orgs::empty_cell(app, current) };
    let mut org = Org::new(
        current.id.clone(),
        DrawKey::new(seed, current.id.as_str()),
        current.recipe.clone(),
        current.entrance.clone(),
        cell,
        &app.settings.patience,
    );
    org.draw_seed = seed;
    org.timeline = Timeline::of(timeline);
    let rate = rate.map_or(Rate::Auto, Rate::Times);
    org.clock = Arc::new(Clock::new(Start { at: Some(now), rate }, app.settings.patience.settle));
    let org = Arc::new(org);
    time::wire(app, &org);
    for Timer { due, cause, what } in timers {
        org.clock.arm(due, Cause::of_parts(cause), what.into());
    }
    timeline::resume(&org, &waiting);
    Ok(org)
}
