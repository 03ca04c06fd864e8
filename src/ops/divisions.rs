//! Within which divisions somebody may something, and what becomes of divisions.

use std::{collections::BTreeSet, sync::Arc};

use super::{access::Proved, cx::Cx, users::change_those};
use crate::{
    base::ids::DivisionId,
    domain::{
        client::Actor,
        role::{Division, Reach, RoleDivision},
        user::User,
        visit::Refusal,
    },
    store::org_state::OrgState,
};

/// Divisions of an org.
const MOST: usize = 50;
/// What lets somebody make divisions.
const MAKES: &str = "authorization:division:add";
/// Characters of a division's name.
const LONGEST_NAME: usize = 256;

/// Why something is not done.
#[derive(Debug, thiserror::Error)]
pub enum DivisionError {
    /// There is none of this id.
    #[error("there is no division {0}")]
    Unknown(String),
    /// Its name is blank.
    #[error("a division needs a name")]
    NoName,
    /// Its name is too long.
    #[error("the name of a division has at most {LONGEST_NAME} characters")]
    TooLong,
    /// Another has this name.
    #[error("a division is called {0} already")]
    Exists(String),
    /// There are too many.
    #[error("there are {MOST} divisions, which is the most there can be")]
    TooMany,
    /// Something is of it, or it is the home division.
    #[error("{0}")]
    InUse(String),
}

fn refuse(cx: &Cx, error: DivisionError) -> DivisionError {
    let rule = match error {
        DivisionError::Unknown(_) => "division.unknown",
        DivisionError::Exists(_) => "division.exists",
        DivisionError::InUse(_) => "division.in_use",
        DivisionError::TooMany => "division.too_many",
        DivisionError::NoName | DivisionError::TooLong => "body.invalid",
    };
    cx.refuse(Refusal::new(rule, error.to_string()));
    error
}

/// All divisions, the home division first, then in the order of their ids.
pub fn all(cx: &Cx) -> Vec<Arc<Division>> {
    let mut all: Vec<_> = cx.state(|state| state.divisions.values().cloned().collect());
    all.sort_by_key(|division| !division.home);
    all
}

/// The division of an id; that of `home` is the home division.
pub fn get(cx: &Cx, id: &str) -> Option<Arc<Division>> {
    cx.state(|state| match id {
        "home" => home(state).cloned(),
        id => state.divisions.get(id).cloned(),
    })
}

/// The division that everything is of which is of no other.
pub fn home(state: &OrgState) -> Option<&Arc<Division>> {
    state.divisions.values().find(|division| division.home)
}

/// May a division have this name? `id` has it already.
fn check_name(state: &OrgState, id: Option<&DivisionId>, name: &str) -> Result<(), DivisionError> {
    if name.trim().is_empty() {
        return Err(DivisionError::NoName);
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(DivisionError::TooLong);
    }
    let same = |other: &&Arc<Division>| Some(&other.id) != id && other.name.eq_ignore_ascii_case(name);
    match state.divisions.values().any(|other| same(&other)) {
        true => Err(DivisionError::Exists(name.to_owned())),
        false => Ok(()),
    }
}

/// Makes a division. Whoever does holds within it, too, what lets it make divisions.
pub fn create(cx: &Cx, by: &Actor, name: &str, description: &str) -> Result<Arc<Division>, DivisionError> {
    let id = DivisionId::from(cx.draw("division").uuid());
    let made = cx.state(|state| {
        check_name(state, None, name)?;
        if state.divisions.len() >= MOST {
            return Err(DivisionError::TooMany);
        }
        let (name, description) = (name.to_owned(), description.to_owned());
        let division = Arc::new(Division { id: id.clone(), name, description, home: false });
        state.divisions.insert(id, Arc::clone(&division));
        hold(state, by, &division.id);
        Ok(division)
    });
    made.map_err(|error| refuse(cx, error))
}

/// Somebody holds within a new division the roles by which it was made.
fn hold(state: &mut OrgState, by: &Actor, division: &DivisionId) {
    let roles = &state.roles;
    let makes = |held: &&RoleDivision| {
        let permissions = roles.get(&held.role).map(|role| &role.permissions);
        permissions.is_some_and(|all| all.iter().any(|permission| permission.grants(MAKES)))
    };
    let add = |held: &mut Vec<RoleDivision>| {
        // each role once, in however many divisions it is held
        let roles: BTreeSet<_> = held.iter().filter(makes).map(|one| one.role.clone()).collect();
        held.extend(roles.into_iter().map(|role| RoleDivision { role, division: division.clone() }));
    };
    match by {
        Actor::User(id) => {
            state.users.get_mut(id).into_iter().for_each(|user| add(&mut Arc::make_mut(user).roles))
        }
        Actor::Client(id) => {
            state.clients.get_mut(id).into_iter().for_each(|client| add(&mut Arc::make_mut(client).roles));
        }
    }
}

/// The division that something is of: the home division, unless it says another one.
fn of<'a>(state: &'a OrgState, division: Option<&DivisionId>) -> Option<&'a Arc<Division>> {
    division.and_then(|id| state.divisions.get(id)).or_else(|| home(state))
}

/// The division that something is of.
pub fn shown(cx: &Cx, division: Option<&DivisionId>) -> Option<Arc<Division>> {
    cx.state(|state| of(state, division).cloned())
}

/// Where the caller has any of these permissions, of what is of a division or of none.
pub fn reach<'a>(
    cx: &'a Cx,
    proved: &Proved,
    permissions: &[&str],
) -> impl Fn(Option<&DivisionId>) -> bool + use<'a> {
    let (reach, home) = cx.state(|state| {
        let home = home(state).map(|home| home.id.clone());
        (state.reach(&proved.token, permissions), home)
    });
    move |division| match &reach {
        Reach::Everywhere => true,
        Reach::Within(divisions) => division.or(home.as_ref()).is_some_and(|id| divisions.contains(id)),
    }
}

/// Has the caller any of these permissions within the division of something?
pub fn reaches(cx: &Cx, proved: &Proved, permissions: &[&str], division: Option<&DivisionId>) -> bool {
    let reaches = reach(cx, proved, permissions)(division);
    if !reaches {
        let name = shown(cx, division).map(|division| division.name.clone()).unwrap_or_default();
        let refusal = Refusal::new(
            "permission.division",
            format!("The permission does not hold within division {name}"),
        );
        cx.refuse(refusal.expected(permissions.join(" or ")));
    }
    reaches
}

/// The divisions within which the caller has a permission.
pub fn permitted(cx: &Cx, proved: &Proved, permission: &str) -> Vec<Arc<Division>> {
    let reaches = reach(cx, proved, &[permission]);
    let mut all: Vec<_> = cx.state(|state| state.divisions.values().cloned().collect());
    all.retain(|division: &Arc<Division>| reaches(Some(&division.id)));
    all.sort_by_cached_key(|division| (!division.home, division.name.to_lowercase(), division.id.clone()));
    all
}

/// Gives a division another name or description.
pub fn change(
    cx: &Cx,
    id: &str,
    (name, description): (Option<&str>, Option<&str>),
) -> Result<Arc<Division>, DivisionError> {
    let changed = cx.state(|state| {
        let before = state.divisions.get(id).ok_or_else(|| DivisionError::Unknown(id.to_owned()))?;
        let name = name.unwrap_or(&before.name);
        check_name(state, Some(&before.id), name)?;
        let division = Arc::new(Division {
            name: name.to_owned(),
            description: description.unwrap_or(&before.description).to_owned(),
            ..(**before).clone()
        });
        state.divisions.insert(division.id.clone(), Arc::clone(&division));
        Ok(division)
    });
    changed.map_err(|error| refuse(cx, error))
}

/// Takes a division away. What is of it is of the home division then, if that is forced; else it stays.
pub fn remove(cx: &Cx, id: &str, force: bool) -> Result<(), DivisionError> {
    let removed = cx.state(|state| {
        let division = state.divisions.get(id).ok_or_else(|| DivisionError::Unknown(id.to_owned()))?;
        if division.home {
            return Err(DivisionError::InUse("the home division stays".to_owned()));
        }
        let id = division.id.clone();
        let is_of = |one: &Option<DivisionId>| one.as_ref() == Some(&id);
        let users = state.users.values().filter(|user| is_of(&user.division)).count();
        let queues = state.queues.values().filter(|queue| is_of(&queue.division)).count();
        if users + queues > 0 && !force {
            return Err(DivisionError::InUse(format!(
                "{users} users and {queues} queues are of this division"
            )));
        }
        let holds = |held: &[RoleDivision]| held.iter().any(|one| one.division == id);
        let there = |user: &User| is_of(&user.division) || holds(&user.roles);
        change_those(state, there, |user| {
            user.division.take_if(|division| *division == id);
            user.roles.retain(|held| held.division != id);
        });
        for client in state.clients.values_mut().filter(|client| holds(&client.roles)) {
            Arc::make_mut(client).roles.retain(|held| held.division != id);
        }
        for queue in state.queues.values_mut().filter(|queue| is_of(&queue.division)) {
            Arc::make_mut(queue).division = None;
        }
        state.divisions.remove(&id);
        Ok(())
    });
    removed.map_err(|error| refuse(cx, error))
}
