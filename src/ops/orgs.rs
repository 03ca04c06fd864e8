//! Makes orgs, resets them, takes them away.

use std::{
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use super::{
    app::{App, Directory},
    connections::Sockets,
    keys,
    org::{Cell, Org, Recipe},
    time,
};
use crate::{
    base::{
        clock::{self, wall},
        draw::DrawKey,
        time::{Span, Timestamp},
    },
    faults::{engine::Engine, fault::BadFault},
    journal::Journal,
    scenario::{
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
    /// An id is taken.
    #[error("the {kind} id {id} is taken by another org")]
    Taken {
        /// `org`, `client` or `deployment`.
        kind: &'static str,
        /// The id.
        id: String,
    },
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

/// Makes the orgs of the emulator's scenario. The first one is the default org.
pub fn boot(app: &Arc<App>) -> Result<(), OrgError> {
    let scenario = Arc::clone(&app.scenario.read());
    for shape in &scenario.orgs {
        let number = app.orgs_made.fetch_add(1, Relaxed);
        let recipe = Recipe {
            shape: shape.clone(),
            ids: Ids::AsWritten,
            faults: scenario.faults.clone(),
            start: app.settings.start,
            seed: app.settings.seed,
        };
        let org = make(app, recipe, number)?;
        app.directory.write().default.get_or_insert(org);
    }
    Ok(())
}

/// Makes a copy of a scenario's first org, with ids and secrets of its own.
pub fn create(app: &Arc<App>, asked: NewOrg) -> Result<Arc<Org>, OrgError> {
    let scenario = match &asked.scenario {
        Some(name) => Arc::new(Scenario::built_in(name)?),
        None => Arc::clone(&app.scenario.read()),
    };
    // the emulator's own scenario has had its say in the settings already
    let own = asked.scenario.as_ref().map(|_| (scenario.seed, scenario.clock)).unwrap_or_default();
    let mut shape = scenario.orgs.first().ok_or(OrgError::NoOrg)?.clone();
    if asked.name.is_some() {
        shape.name = asked.name;
    }
    let start = clock::Start { at: asked.clock.or(own.1).or(app.settings.start.at), ..app.settings.start };
    let seed = asked.seed.or(own.0).unwrap_or(app.settings.seed);
    let recipe = Recipe { shape, ids: Ids::Fresh, faults: scenario.faults.clone(), start, seed };
    let number = app.orgs_made.fetch_add(1, Relaxed);
    let org = make(app, recipe, number)?;
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

fn make(app: &Arc<App>, recipe: Recipe, number: u64) -> Result<Arc<Org>, OrgError> {
    let id = world::org_id(&recipe.shape, recipe.ids, app.settings.seed, number);
    let draws = DrawKey::new(recipe.seed, id.as_str());
    let Built { world, entrance } = world::build(&recipe.shape, recipe.ids, &draws)?;
    let state = first_state(world, &draws);
    let mut faults = Engine::default();
    faults.add(recipe.faults.clone(), recipe.start.at.unwrap_or_else(wall::now))?;
    let cell = Cell {
        state,
        faults,
        journal: Journal::new(Arc::clone(&app.journals)),
        sockets: Sockets::default(),
        visits: 0,
        generation: 0,
    };
    let org = Arc::new(Org::new(id, draws, recipe, entrance, cell));
    let names = org.state(|state| names(state));
    list(&mut app.directory.write(), &org, names)?;
    time::wire(app, &org);
    Ok(org)
}

/// What an org remembers in its first moment.
fn first_state(world: World, draws: &DrawKey) -> OrgState {
    let World { settings, clients, users, queues, integrations, bots, deployments } = world;
    let fresh = OrgState::new(settings, keys::platform_kid(draws, 0));
    OrgState { clients, users, queues, integrations, bots, deployments, ..fresh }
}

/// Writes an org into the directory under the ids of its clients and deployments, if none is taken.
fn list(
    directory: &mut Directory,
    org: &Arc<Org>,
    (clients, deployments): (Vec<String>, Vec<String>),
) -> Result<(), OrgError> {
    let taken = |kind, id: &str| Err(OrgError::Taken { kind, id: id.to_owned() });
    if directory.orgs.contains_key(&org.id) || directory.tags.contains_key(&org.tag) {
        return taken("org", org.id.as_str());
    }
    if let Some(id) = clients.iter().find(|id| directory.clients.contains_key(*id)) {
        return taken("client", id);
    }
    if let Some(id) = deployments.iter().find(|id| directory.deployments.contains_key(*id)) {
        return taken("deployment", id);
    }
    directory.orgs.insert(org.id.clone(), Arc::clone(org));
    directory.tags.insert(org.tag.clone(), Arc::clone(org));
    directory.clients.extend(clients.into_iter().map(|id| (id, Arc::clone(org))));
    directory.deployments.extend(deployments.into_iter().map(|id| (id, Arc::clone(org))));
    Ok(())
}

fn unlist(directory: &mut Directory, org: &Org) {
    directory.orgs.remove(&org.id);
    directory.tags.remove(&org.tag);
    directory.clients.retain(|_, owner| owner.id != org.id);
    directory.deployments.retain(|_, owner| owner.id != org.id);
}

/// Ids of an org's clients and deployments.
fn names(state: &OrgState) -> (Vec<String>, Vec<String>) {
    let clients = state.clients.keys().map(ToString::to_string).collect();
    (clients, state.deployments.keys().map(ToString::to_string).collect())
}

/// Back to the first moment of the org's scenario: state, faults, clock, journal, numbers. Sockets are closed.
pub async fn reset(app: &App, org: &Arc<Org>) -> Result<(), OrgError> {
    let recipe = org.recipe.lock().clone();
    restart(app, org, recipe).await
}

/// Makes an org anew from a scenario's first org. It keeps its id, and its drawn ids if it has those.
pub async fn apply(app: &App, org: &Arc<Org>, scenario: &Scenario) -> Result<(), OrgError> {
    let mut recipe = org.recipe.lock().clone();
    recipe.shape = scenario.orgs.first().ok_or(OrgError::NoOrg)?.clone();
    recipe.faults = scenario.faults.clone();
    recipe.start.at = scenario.clock.or(recipe.start.at);
    restart(app, org, recipe).await
}

async fn restart(app: &App, org: &Arc<Org>, recipe: Recipe) -> Result<(), OrgError> {
    let Built { world, entrance } = world::build(&recipe.shape, recipe.ids, &org.draws)?;
    let state = first_state(world, &org.draws);
    let mut faults = Engine::default();
    faults.add(recipe.faults.clone(), recipe.start.at.unwrap_or_else(wall::now))?;
    {
        // the directory is locked throughout, so that no request finds the org half listed
        let mut directory = app.directory.write();
        unlist(&mut directory, org);
        if let Err(taken) = list(&mut directory, org, names(&state)) {
            list(&mut directory, org, org.state(|before| names(before)))?;
            return Err(taken);
        }
        // all at once, so that no visit works on the new state under an old number
        let gone = org.cell(|cell| {
            cell.faults = faults;
            cell.sockets.drop_all();
            cell.visits = 0;
            cell.generation += 1;
            (std::mem::replace(&mut cell.state, state), cell.journal.clear())
        });
        drop((directory, gone));
    }
    *org.entrance.write() = entrance;
    let start = recipe.start;
    *org.recipe.lock() = recipe;
    org.clock.reset(start).await;
    Ok(())
}

/// Loads the scenario files again. Orgs that they name are made anew, orgs made at run time stay.
pub async fn reload(app: &Arc<App>, scenario: Scenario) -> Result<(), OrgError> {
    for (number, shape) in (0_u64..).zip(&scenario.orgs) {
        let id = world::org_id(shape, Ids::AsWritten, app.settings.seed, number);
        let one = Scenario { orgs: vec![shape.clone()], ..scenario.clone() };
        match app.org(id.as_str()) {
            Some(org) => apply(app, &org, &one).await?,
            None => {
                let recipe = Recipe {
                    shape: shape.clone(),
                    ids: Ids::AsWritten,
                    faults: scenario.faults.clone(),
                    start: app.settings.start,
                    seed: app.settings.seed,
                };
                make(app, recipe, number)?;
            }
        }
    }
    *app.scenario.write() = Arc::new(scenario);
    Ok(())
}

/// Takes an org away. Was it there?
pub fn remove(app: &App, id: &str) -> bool {
    let mut directory = app.directory.write();
    let Some(org) = directory.orgs.remove(id) else {
        return false;
    };
    unlist(&mut directory, &org);
    if directory.default.as_ref().is_some_and(|default| default.id == org.id) {
        // another test's org must not become the one that requests get which name none
        directory.default = None;
    }
    drop(directory);
    org.clock.stop();
    org.cell(|cell| cell.sockets.drop_all());
    true
}
