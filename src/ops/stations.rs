//! Stations: who uses which.

use super::{
    cx::Cx,
    org::{Cell, Org},
    step::{Step, of_visit},
};
use crate::{
    base::{ids::UserId, time::Timestamp},
    domain::{
        notification::{StationAction, StationsTold, Told},
        station::{OfUser, Station},
        topic::STATION,
        user::User,
        visit::Refusal,
    },
    store::{org_state::OrgState, stations::Stations},
};

/// Why something is not done.
#[derive(Debug, thiserror::Error)]
pub enum StationError {
    /// There is no such user.
    #[error("There is no user of this id")]
    NoUser,
    /// There is no such station.
    #[error("There is no station of this id")]
    NoStation,
    /// Somebody else uses it.
    #[error("User {0} uses the station")]
    InUse(UserId),
    /// Somebody else uses it by default.
    #[error("The station is the default of user {0}")]
    DefaultOf(UserId),
    /// The user uses none.
    #[error("The user uses no station")]
    NotAssociated,
}

fn refuse(cx: &Cx, error: StationError) -> StationError {
    let rule = match error {
        StationError::NoUser => "user.unknown",
        StationError::NoStation => "station.unknown",
        StationError::InUse(_) | StationError::DefaultOf(_) => "station.in_use",
        StationError::NotAssociated => "station.not_associated",
    };
    cx.refuse(Refusal::new(rule, error.to_string()));
    error
}

/// The one that a user has in its browser. It uses it from the start.
fn write_down(org: &Org, stations: &mut Stations, user: &User, now: Timestamp) {
    let id = org.draws.named(&["station", user.id.as_str()], 0).uuid();
    let station = Station {
        id: id.clone(),
        name: user.name.clone(),
        owner: user.id.clone(),
        user: Some((user.id.clone(), now)),
        default_user: Some(user.id.clone()),
        line: org.draws.named(&["line", user.id.as_str()], 0).uuid(),
    };
    let own = Some(id.clone());
    stations.of.insert(user.id.clone(), OfUser { associated: own.clone(), default: own.clone(), last: own });
    stations.all.insert(id, station);
}

/// All of them, with those of users who were there from the start.
fn open<'a>(org: &Org, state: &'a mut OrgState, now: Timestamp) -> &'a mut Stations {
    if !state.stations.complete {
        let began = org.began().unwrap_or(now);
        for user in state
            .users
            .values()
            .filter(|user| !state.stations.of.contains_key(&user.id))
            .cloned()
            .collect::<Vec<_>>()
        {
            write_down(org, &mut state.stations, &user, user.created.unwrap_or(began));
        }
        state.stations.complete = true;
    }
    &mut state.stations
}

/// Somebody can sign in from now on.
pub(super) fn of_new_user(step: &Step<'_>, cell: &mut Cell, user: &User) {
    let stations = &mut cell.state.stations;
    if stations.complete && !stations.of.contains_key(&user.id) {
        write_down(step.org, stations, user, step.now);
    }
}

/// Somebody cannot sign in any more: its station is gone, and others that it used are free.
pub(super) fn of_gone_user(step: &Step<'_>, cell: &mut Cell, user: &UserId) {
    let stations = open(step.org, &mut cell.state, step.now);
    let mut users = Vec::new();
    stations.of.remove(user);
    let own: Vec<_> =
        stations.all.values().filter(|one| one.owner == *user).map(|one| one.id.clone()).collect();
    for id in &own {
        let gone = stations.all.remove(id).and_then(|station| station.user);
        users.extend(gone.map(|(other, _)| other).filter(|other| other != user));
    }
    for station in stations.all.values_mut() {
        station.user.take_if(|(used_by, _)| used_by == user);
        station.default_user.take_if(|used_by| used_by == user);
    }
    for of in stations.of.values_mut() {
        for one in [&mut of.associated, &mut of.default, &mut of.last] {
            one.take_if(|id| own.contains(id));
        }
    }
    for other in users {
        told(step, cell, &other, StationAction::Disassociated);
    }
}

/// All stations, by name.
pub fn all(cx: &Cx) -> Vec<Station> {
    let now = cx.now();
    let mut all: Vec<_> = cx.state(|state| open(&cx.org, state, now).all.values().cloned().collect());
    all.sort_by_cached_key(|one: &Station| (one.name.to_lowercase(), one.id.clone()));
    all
}

/// One.
pub fn get(cx: &Cx, id: &str) -> Result<Station, StationError> {
    let now = cx.now();
    let found = cx.state(|state| open(&cx.org, state, now).all.get(id).cloned());
    found.ok_or_else(|| refuse(cx, StationError::NoStation))
}

/// The stations of a user.
pub fn of_user(cx: &Cx, user: &str) -> Result<StationsTold, StationError> {
    let now = cx.now();
    let found = cx.state(|state| {
        let user = state.users.get(user)?.id.clone();
        open(&cx.org, state, now);
        Some(shown(state, &user))
    });
    found.ok_or_else(|| refuse(cx, StationError::NoUser))
}

/// The same of a user who may be one no more: then there are none.
pub fn shown_of(cx: &Cx, user: &UserId) -> StationsTold {
    let now = cx.now();
    cx.state(|state| {
        open(&cx.org, state, now);
        shown(state, user)
    })
}

fn shown(state: &OrgState, user: &UserId) -> StationsTold {
    let stations = &state.stations;
    let of = stations.of.get(user).cloned().unwrap_or_default();
    let find = |id: &Option<String>| stations.all.get(id.as_ref()?).cloned();
    let (associated, default, last) = (find(&of.associated), find(&of.default), find(&of.last));
    let effective = stations.effective(user).cloned();
    let mut users: Vec<UserId> = Vec::new();
    for one in [&associated, &default, &last, &effective].into_iter().flatten() {
        users.extend(one.user.iter().map(|(id, _)| id.clone()));
        users.extend(one.default_user.clone());
    }
    let versions = users.into_iter().filter_map(|id| {
        let user = state.users.get(&id)?;
        Some((id, (user.name.clone(), user.version)))
    });
    StationsTold { associated, default, last, effective, users: versions.collect() }
}

fn told(step: &Step<'_>, cell: &mut Cell, user: &UserId, action: StationAction) {
    let body = |cell: &Cell| Some(Told::Stations(Box::new(shown(&cell.state, user)), action));
    step.speaker().publish(cell, STATION, user.as_str(), body);
}

fn within<T>(
    cx: &Cx,
    work: impl FnOnce(&mut Cell, &Step<'_>) -> Result<T, StationError>,
) -> Result<T, StationError> {
    let done = of_visit(cx, |cell, step| {
        open(step.org, &mut cell.state, step.now);
        work(cell, step)
    });
    done.map_err(|error| refuse(cx, error))
}

fn user_of(cell: &Cell, user: &str) -> Result<UserId, StationError> {
    cell.state.users.get(user).map(|user| user.id.clone()).ok_or(StationError::NoUser)
}

/// A user uses a station, and no other any more.
pub fn associate(cx: &Cx, user: &str, id: &str) -> Result<(), StationError> {
    within(cx, |cell, step| {
        let user = user_of(cell, user)?;
        let station = cell.state.stations.all.get(id).ok_or(StationError::NoStation)?;
        match &station.user {
            Some((other, _)) if *other != user => return Err(StationError::InUse(other.clone())),
            Some(_) => return Ok(()),
            None => {}
        }
        release(cell, &user);
        let stations = &mut cell.state.stations;
        if let Some(station) = stations.all.get_mut(id) {
            station.user = Some((user.clone(), step.now));
        }
        let of = stations.of.entry(user.clone()).or_default();
        (of.associated, of.last) = (Some(id.to_owned()), Some(id.to_owned()));
        told(step, cell, &user, StationAction::Associated);
        Ok(())
    })
}

/// A user uses none any more. Did it use one?
fn release(cell: &mut Cell, user: &UserId) -> bool {
    let stations = &mut cell.state.stations;
    let used = stations.of.get_mut(user).and_then(|of| of.associated.take());
    if let Some(station) = used.as_ref().and_then(|id| stations.all.get_mut(id)) {
        station.user = None;
    }
    used.is_some()
}

/// A user uses its station no more.
pub fn disassociate(cx: &Cx, user: &str) -> Result<(), StationError> {
    within(cx, |cell, step| {
        let user = user_of(cell, user)?;
        if !release(cell, &user) {
            return Err(StationError::NotAssociated);
        }
        told(step, cell, &user, StationAction::Disassociated);
        Ok(())
    })
}

/// Nobody uses a station any more.
pub fn free(cx: &Cx, id: &str) -> Result<(), StationError> {
    within(cx, |cell, step| {
        let station = cell.state.stations.all.get(id).ok_or(StationError::NoStation)?;
        let Some((user, _)) = station.user.clone() else { return Ok(()) };
        release(cell, &user);
        told(step, cell, &user, StationAction::Disassociated);
        Ok(())
    })
}

/// A user uses a station unless it says otherwise; without `id` none.
pub fn set_default(cx: &Cx, user: &str, id: Option<&str>) -> Result<(), StationError> {
    within(cx, |cell, _| {
        let user = user_of(cell, user)?;
        let stations = &mut cell.state.stations;
        if let Some(id) = id {
            let station = stations.all.get(id).ok_or(StationError::NoStation)?;
            if let Some(other) = station.default_user.as_ref().filter(|other| **other != user) {
                return Err(StationError::DefaultOf(other.clone()));
            }
        }
        let of = stations.of.entry(user.clone()).or_default();
        let before = std::mem::replace(&mut of.default, id.map(str::to_owned));
        for (station, is) in [(before.as_deref(), None), (id, Some(user))] {
            if let Some(station) = station.and_then(|id| stations.all.get_mut(id)) {
                station.default_user = is;
            }
        }
        Ok(())
    })
}
