//! Makes orgs, resets them, takes them away.

use std::{
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use super::{
    app::App,
    connections::Sockets,
    directory::Taken,
    keys,
    org::{Cell, Org, Recipe},
    time,
};
use crate::{
    base::{
        clock::{self, wall},
        draw::DrawKey,
        ids::OrgId,
        time::{Span, Timestamp},
    },
    domain::keyring::RingName,
    faults::{engine::Engine, fault::BadFault},
    journal::Journal,
    scenario::{
        file,
        load::{Scenario, ScenarioError},
        world::{self, BadWorld, Built, Ids, World},
    },
    store::org_state::OrgState,
};

/// Why an org could not be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum OrgError {
    /// The world makes no sense.
    #[error(transparent)]
    World(#[from] BadWorld),
    /// A fault makes no sense.
    #[error(transparent)]
    Fault(#[from] BadFault),
    /// The scenario could not be used.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// The scenario has no org to make this one from.
    #[error("the scenario has no org")]
    NoOrg,
    /// An id is another org's.
    #[error(transparent)]
    Taken(#[from] Taken),
    /// One of several.
    #[error("org {org}: {error}")]
    Of {
        /// Its id.
        org: OrgId,
        /// What is wrong with it.
        error: Box<OrgError>,
    },
    /// It was taken away.
    #[error("there is no org {0} any more")]
    Gone(OrgId),
}

impl OrgError {
    fn of(self, org: &OrgId) -> Self {
        Self::Of { org: org.clone(), error: Box::new(self) }
    }
}

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
pub fn load(app: &Arc<App>, scenario: Scenario) -> Result<(), OrgError> {
    let _alone = app.remaking.lock();
    let of = |(place, shape): (u64, &file::Org)| {
        let id = world::org_id(shape, Ids::AsWritten, app.settings.seed, place);
        build(app, id.clone(), recipe(app, &scenario, shape.clone(), Ids::AsWritten))
            .map_err(|error| error.of(&id))
    };
    let orgs = (0..).zip(&scenario.orgs).map(of).collect::<Result<Vec<_>, _>>()?;
    install(app, &orgs, orgs.first())?;
    *app.scenario.write() = Arc::new(scenario);
    Ok(())
}

/// An org of the emulator's scenario.
fn recipe(app: &App, scenario: &Scenario, shape: file::Org, ids: Ids) -> Recipe {
    Recipe {
        shape,
        ids,
        faults: scenario.faults.clone(),
        start: clock::Start { at: scenario.clock, rate: app.settings.rate },
        seed: scenario.seed.unwrap_or(app.settings.seed),
    }
}

/// Makes a copy of a scenario's first org, with ids and secrets of its own.
pub fn create(app: &Arc<App>, asked: NewOrg) -> Result<Arc<Org>, OrgError> {
    let own = Arc::clone(&app.scenario.read());
    let scenario = match &asked.scenario {
        Some(name) => Arc::new(Scenario::built_in(name)?),
        None => Arc::clone(&own),
    };
    let mut shape = scenario.orgs.first().ok_or(OrgError::NoOrg)?.clone();
    if asked.name.is_some() {
        shape.name = asked.name;
    }
    let mut recipe = recipe(app, &own, shape, Ids::Fresh);
    recipe.faults = scenario.faults.clone();
    recipe.start.at = asked.clock.or(scenario.clock).or(recipe.start.at);
    recipe.seed = asked.seed.or(scenario.seed).unwrap_or(recipe.seed);
    let number = app.orgs_made.fetch_add(1, Relaxed);
    let id = world::org_id(&recipe.shape, Ids::Fresh, app.settings.seed, number);
    let org = build(app, id, recipe)?;
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
    let Built { world, entrance } = world::build(&recipe.shape, recipe.ids, &draws)?;
    let state = first_state(world, &draws);
    keys::check_rings(&state, &recipe.faults)?;
    let mut faults = Engine::default();
    faults.add(recipe.faults.clone(), recipe.start.at.unwrap_or_else(wall::now))?;
    let cell = Cell {
        state,
        faults,
        journal: Journal::new(Arc::clone(&app.journals)),
        sockets: Sockets::default(),
        visits: 0,
        over: false,
    };
    let org = Arc::new(Org::new(id, draws, recipe, entrance, cell));
    time::wire(app, &org);
    Ok(org)
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
        let journal = old.cell(|cell| cell.journal.successor());
        if let Some(org) = next.org(old.id.as_str()) {
            org.cell(|cell| cell.journal = journal);
        }
    }
    *directory = next;
    drop(directory);
    before.iter().for_each(|old| old.end());
    Ok(())
}

/// What an org remembers in its first moment.
fn first_state(world: World, draws: &DrawKey) -> OrgState {
    let World { settings, clients, users, queues, bots, deployments, identity_providers } = world;
    let fresh = OrgState::new(settings, keys::ring_kid(draws, &RingName::Platform, 0));
    let provider_keys = keys::first_of_providers(draws, &identity_providers);
    OrgState { clients, users, queues, bots, deployments, identity_providers, provider_keys, ..fresh }
}

/// Back to the first moment of the org's scenario: state, faults, clock, journal, numbers. Sockets are closed. Answers
/// the org that is in its place now.
pub fn reset(app: &Arc<App>, org: &Org) -> Result<Arc<Org>, OrgError> {
    remake(app, org, |_| Ok(()))
}

/// Makes an org anew from a scenario's first org. It keeps its id, and its drawn ids if it has those.
pub fn apply(app: &Arc<App>, org: &Org, scenario: &Scenario) -> Result<Arc<Org>, OrgError> {
    remake(app, org, |recipe| {
        recipe.shape = scenario.orgs.first().ok_or(OrgError::NoOrg)?.clone();
        recipe.faults = scenario.faults.clone();
        recipe.start.at = scenario.clock.or(recipe.start.at);
        Ok(())
    })
}

fn remake(
    app: &Arc<App>,
    org: &Org,
    change: impl FnOnce(&mut Recipe) -> Result<(), OrgError>,
) -> Result<Arc<Org>, OrgError> {
    let _alone = app.remaking.lock();
    let mut recipe = app.org(org.id.as_str()).ok_or_else(|| OrgError::Gone(org.id.clone()))?.recipe.clone();
    change(&mut recipe)?;
    let next = build(app, org.id.clone(), recipe)?;
    install(app, std::slice::from_ref(&next), None)?;
    Ok(next)
}

/// Takes an org away. Was it there? Requests that name no org get none then, if they got this one: another test's org
/// must not be in its place.
pub fn remove(app: &App, id: &str) -> bool {
    let _alone = app.remaking.lock();
    let taken = app.directory.write().take(&OrgId::from(id));
    if let Some(org) = &taken {
        org.end();
    }
    taken.is_some()
}

#[cfg(test)]
#[path = "orgs_tests.rs"]
mod tests;
