//! Makes orgs, resets them, takes them away.

use std::{
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use super::{
    app::App,
    connections::Sockets,
    directory::Taken,
    fitting,
    gate::{self, Gate},
    keys,
    org::{Born, Cell, Org, Recipe},
    org_error::OrgError,
    time, timeline,
};
use crate::{
    base::{
        clock::wall,
        draw::DrawKey,
        ids::OrgId,
        time::{Span, Timestamp},
    },
    domain::keyring::RingName,
    events::Events,
    faults::engine::Engine,
    journal::Journal,
    scenario::{
        bad_world, file,
        load::Scenario,
        world::{self, Built, Ids, World},
    },
    store::org_state::OrgState,
};

/// What may be asked of a new org.
#[derive(Clone, Debug, Default)]
pub struct NewOrg {
    /// Display name.
    pub name: Option<String>,
    /// The scenario whose first org is copied. Default: the emulator's.
    pub scenario: Option<String>,
    /// Its seed. Default: the emulator's.
    pub seed: Option<u64>,
    /// Where its clock starts. Default: where the emulator's clocks do.
    pub clock: Option<Timestamp>,
    /// It is taken away so long after, in real time.
    pub ttl: Option<Span>,
}

/// Makes the orgs of the emulator's scenario, all of them or none; from then on it is the emulator's. Those that are
/// there already are made anew, all others stay. The first one becomes the default org, if there is none.
pub fn load(app: &Arc<App>, mut scenario: Scenario) -> Result<(), OrgError> {
    let _alone = app.remaking.lock();
    let born = born(app, &scenario);
    let of = |(nth, shape): (usize, &file::Org)| {
        let id = world::org_id(shape, Ids::AsWritten, app.settings.seed, nth as u64);
        let recipe = Recipe::new(&scenario, shape, Ids::AsWritten, born, app.settings.rate);
        build(app, id.clone(), recipe).map_err(|error| error.within(&scenario, nth).of(&id))
    };
    let orgs = scenario.orgs.iter().enumerate().map(of).collect::<Result<Vec<_>, _>>()?;
    let gate = gate_of(app, &scenario, orgs.first())?;
    install(app, &orgs, orgs.first())?;
    *app.gate.lock() = gate;
    scenario.layers.forget();
    *app.scenario.write() = Arc::new(scenario);
    Ok(())
}

/// What becomes of connections under this scenario.
fn gate_of(app: &App, scenario: &Scenario, first: Option<&Arc<Org>>) -> Result<Gate, OrgError> {
    let (of_emulator, _) = gate::apart(scenario.faults.clone());
    Ok(app.gate.lock().anew(of_emulator, first.map_or_else(wall::now, |org| org.clock.now()))?)
}

/// What goes to one org has no faults of the emulator.
fn for_one_org(scenario: &Scenario) -> Result<(), OrgError> {
    gate::of_emulator(&scenario.faults).map_or(Ok(()), |fault| Err(OrgError::OfEmulator(fault)))
}

/// How orgs of the emulator's scenario begin.
fn born(app: &App, scenario: &Scenario) -> Born {
    Born { seed: scenario.seed.unwrap_or(app.settings.seed), at: scenario.clock }
}

/// Makes a copy of a scenario's first org, with ids and secrets of its own.
pub fn create(app: &Arc<App>, asked: NewOrg) -> Result<Arc<Org>, OrgError> {
    let own = Arc::clone(&app.scenario.read());
    let scenario = match &asked.scenario {
        Some(name) => {
            let scenario = Scenario::built_in(name)?;
            for_one_org(&scenario)?;
            Arc::new(scenario)
        }
        None => Arc::clone(&own),
    };
    let mut shape = scenario.orgs.first().ok_or(OrgError::NoOrg)?.clone();
    if asked.name.is_some() {
        shape.name = asked.name;
    }
    let usual = born(app, &own);
    let seed = asked.seed.or(scenario.seed).unwrap_or(usual.seed);
    let born = Born { seed, at: asked.clock.or(scenario.clock).or(usual.at) };
    let number = app.orgs_made.fetch_add(1, Relaxed);
    let id = world::org_id(&shape, Ids::Fresh, app.settings.seed, number);
    let org = build(app, id, Recipe::new(&scenario, &shape, Ids::Fresh, born, app.settings.rate))?;
    install(app, std::slice::from_ref(&org), None)?;
    if let Some(ttl) = asked.ttl {
        expire(app, &org, ttl);
    }
    Ok(org)
}

/// Takes an org away after some real time, so that suites that die leave nothing behind.
fn expire(app: &Arc<App>, org: &Arc<Org>, ttl: Span) {
    let (app, id) = (Arc::downgrade(app), org.id.clone());
    let length = Duration::from_micros(ttl.micros().unsigned_abs());
    tokio::spawn(async move {
        wall::sleep(length).await;
        if let Some(app) = app.upgrade() {
            remove(&app, id.as_str());
        }
    });
}

/// An org in its first moment, which nobody knows of yet.
fn build(app: &Arc<App>, id: OrgId, recipe: Recipe) -> Result<Arc<Org>, OrgError> {
    let draws = DrawKey::new(recipe.seed, id.as_str());
    let names = DrawKey::new(recipe.born.seed, id.as_str());
    let Built { mut world, entrance } = world::build(&recipe.shape, recipe.ids, &names)?;
    let turns = std::mem::take(&mut world.key_rotation);
    let state = first_state(world, &draws);
    fitting::check(&state, &recipe.faults)?;
    for (nth, turn) in turns.iter().enumerate() {
        if let Some(wrong) = keys::no_such_ring(&state, &turn.ring) {
            return Err(bad_world::bad(format!("keyRotation.{nth}"), wrong).into());
        }
    }
    timeline::check(&state, &recipe.timeline)?;
    let mut faults = Engine::default();
    faults.add(recipe.faults.clone(), recipe.start.at.unwrap_or_else(wall::now))?;
    let cell = cell(app, state, faults);
    let org = Arc::new(Org::new(id, draws, recipe, entrance, cell, &app.settings.patience));
    time::wire(app, &org);
    keys::schedule(&org, turns);
    timeline::begin(&org);
    Ok(org)
}

/// What an org has in its first moment beside what it remembers, like another one.
pub(super) fn empty_cell(app: &App, like: &Org) -> Cell {
    let state = like.state(|state| OrgState::new((*state.settings).clone(), String::new()));
    cell(app, state, Engine::default())
}

fn cell(app: &App, state: OrgState, faults: Engine) -> Cell {
    Cell {
        state,
        faults,
        journal: Journal::new(Arc::clone(&app.journals)),
        sockets: Sockets::default(),
        events: Events::default(),
        visits: 0,
        over: false,
    }
}

/// Puts an org into the place of that of its id, which is over then.
pub(super) fn replace(app: &App, org: &Arc<Org>) -> Result<(), Taken> {
    match install(app, std::slice::from_ref(org), None) {
        Err(OrgError::Of { error, .. }) => match *error {
            OrgError::Taken(taken) => Err(taken),
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

/// Puts orgs into the places of those of their ids, which are over then, or beside the others: all of them or none.
fn install(app: &App, orgs: &[Arc<Org>], default: Option<&Arc<Org>>) -> Result<(), OrgError> {
    let mut directory = app.directory.write();
    let mut next = directory.clone();
    let was_default = next.default_org().map(|org| org.id.clone());
    let before: Vec<_> = orgs.iter().filter_map(|org| next.take(&org.id)).collect();
    for org in orgs {
        next.list(org).map_err(|taken| OrgError::from(taken).of(&org.id))?;
        if was_default.as_ref() == Some(&org.id) {
            next.set_default(org);
        }
    }
    if let (None, Some(default)) = (next.default_org(), default) {
        next.set_default(default);
    }
    for old in &before {
        let (journal, mut events) = old.cell(|cell| (cell.journal.successor(), cell.events.successor()));
        if let Some(org) = next.org(old.id.as_str()) {
            org.cell(|cell| {
                events.watch_as(&mut cell.events);
                (cell.journal, cell.events) = (journal, events);
            });
        }
    }
    *directory = next;
    drop(directory);
    before.iter().for_each(|old| old.end());
    Ok(())
}

/// What an org remembers in its first moment.
fn first_state(world: World, draws: &DrawKey) -> OrgState {
    let World {
        settings,
        clients,
        users,
        roles,
        divisions,
        queues,
        bots,
        deployments,
        identity_providers,
        integrations,
        external_sources,
        data_actions,
        web_chats,
        ..
    } = world;
    let fresh = OrgState::new(settings, keys::ring_kid(draws, &RingName::Platform, 0));
    let provider_keys = keys::first_of_providers(draws, &identity_providers);
    OrgState {
        clients,
        users,
        roles,
        divisions,
        queues,
        bots,
        deployments,
        identity_providers,
        provider_keys,
        integrations,
        external_sources,
        data_actions,
        web_chats,
        ..fresh
    }
}

/// Back to the first moment of the org's scenario: state, faults, clock, journal, numbers. Sockets are closed. Answers
/// the org that is in its place now.
pub fn reset(app: &Arc<App>, org: &Org) -> Result<Arc<Org>, OrgError> {
    let _alone = app.remaking.lock();
    let org = build(app, org.id.clone(), current(app, org)?.recipe.clone())?;
    install(app, std::slice::from_ref(&org), None)?;
    Ok(org)
}

/// The org that is in the place of this one now.
fn current(app: &App, org: &Org) -> Result<Arc<Org>, OrgError> {
    app.org(org.id.as_str()).ok_or_else(|| OrgError::Gone(org.id.clone()))
}

/// What a scenario was applied to.
pub struct Applied {
    /// The org, as it is now.
    pub org: Arc<Org>,
    /// It was not there before.
    pub made: bool,
}

/// Makes orgs anew from a scenario, all of its orgs or none. An org keeps its id, and the ids and secrets that were drawn
/// for it. What the scenario says of seed and clock holds, also against the command line; where it says nothing, what the
/// org was made with holds again, not what an earlier scenario said.
///
/// `to` alone takes the scenario's only org. Without it each org of the scenario goes to the one of its id, else to the
/// one at its place, which is the default org for the first; or is made, if there is none.
pub fn apply(app: &Arc<App>, to: Option<&Org>, scenario: &Scenario) -> Result<Vec<Applied>, OrgError> {
    let _alone = app.remaking.lock();
    let first = scenario.orgs.first().ok_or(OrgError::NoOrg)?;
    if to.is_some() {
        for_one_org(scenario)?;
    }
    let targets = match to {
        Some(org) if scenario.orgs.len() > 1 => {
            return Err(OrgError::Several(scenario.orgs.len()).of(&org.id));
        }
        Some(org) => vec![(current(app, org)?.id.clone(), first)],
        None => (0..).zip(&scenario.orgs).map(|(place, shape)| (target(app, place, shape), shape)).collect(),
    };
    let mut applied: Vec<Applied> = Vec::with_capacity(targets.len());
    for (nth, (id, shape)) in targets.into_iter().enumerate() {
        if applied.iter().any(|one| one.org.id == id) {
            return Err(OrgError::Twice.of(&id));
        }
        let before = app.org(id.as_str());
        let mut recipe = match &before {
            Some(org) => org.recipe.clone(),
            None => {
                let own = Arc::clone(&app.scenario.read());
                Recipe::new(&own, shape, Ids::AsWritten, born(app, &own), app.settings.rate)
            }
        };
        recipe.lay(scenario, shape);
        let made = build(app, id.clone(), recipe);
        let org = made.map_err(|error| error.within(scenario, nth).of(&id))?;
        applied.push(Applied { org, made: before.is_none() });
    }
    let orgs: Vec<_> = applied.iter().map(|one| Arc::clone(&one.org)).collect();
    match to {
        Some(_) => install(app, &orgs, None)?,
        None => {
            let gate = gate_of(app, scenario, orgs.first())?;
            install(app, &orgs, orgs.first())?;
            *app.gate.lock() = gate;
        }
    }
    Ok(applied)
}

/// To which org of the emulator an org of a scenario goes.
fn target(app: &App, place: u64, shape: &file::Org) -> OrgId {
    let written = shape.id.as_deref().and_then(|id| app.org(id));
    let same = written.or_else(|| app.default_org().filter(|_| place == 0));
    same.map_or_else(|| world::org_id(shape, Ids::AsWritten, app.settings.seed, place), |org| org.id.clone())
}

/// Takes an org away. Was it there? Requests that name no org get none then, if they got this one: another test's org
/// must not be in its place.
pub fn remove(app: &App, id: &str) -> bool {
    let _alone = app.remaking.lock();
    let taken = app.directory.write().take(&OrgId::from(id));
    if let Some(org) = &taken {
        app.keep_counts(org);
        org.end();
    }
    taken.is_some()
}

#[cfg(test)]
#[path = "orgs_tests.rs"]
pub(super) mod tests;
