//! Roles of an org, and who holds them.

use std::sync::Arc;

use super::{cx::Cx, divisions::home, users::change_those};
use crate::{
    base::ids::{DivisionId, RoleId},
    domain::{
        permission::Permission,
        role::{ALL_DIVISIONS, Role, RoleDivision},
        user::User,
        visit::Refusal,
    },
    store::org_state::OrgState,
};

/// Roles of an org.
const MOST_ROLES: usize = 1_000;
/// Roles that a user holds, each in each division counted.
const MOST_HELD: usize = 1_000;

/// Why a role is not made.
#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    /// There is none of this id.
    #[error("there is no role {0}")]
    Unknown(String),
    /// Every org has it.
    #[error("the roles that every org has stay")]
    Stays,
    /// Another has this name.
    #[error("a role is called {0} already")]
    Exists(String),
    /// There are too many.
    #[error("there are {MOST_ROLES} roles, which is the most there can be")]
    TooMany,
}

/// All roles, in the order of their ids.
pub fn list(cx: &Cx) -> Vec<Arc<Role>> {
    cx.state(|state| state.roles.values().cloned().collect())
}

/// One.
pub fn get(cx: &Cx, id: &str) -> Option<Arc<Role>> {
    cx.state(|state| state.roles.get(id).cloned())
}

/// How many users hold a role.
pub fn users_of(cx: &Cx, role: &Role) -> usize {
    let holds = |held: &RoleDivision| held.role == role.id;
    cx.state(|state| state.users.values().filter(|user| user.roles.iter().any(holds)).count())
}

/// Makes a role.
pub fn create(
    cx: &Cx,
    name: &str,
    description: Option<&str>,
    permissions: Vec<Permission>,
) -> Result<Arc<Role>, RoleError> {
    let id = RoleId::from(cx.draw("role").uuid());
    cx.state(|state| {
        if state.roles.values().any(|role| role.name.eq_ignore_ascii_case(name)) {
            return Err(RoleError::Exists(name.to_owned()));
        }
        if state.roles.len() >= MOST_ROLES {
            return Err(RoleError::TooMany);
        }
        let role = Arc::new(Role {
            id: id.clone(),
            name: name.to_owned(),
            description: description.map(str::to_owned),
            default_role_id: None,
            permissions,
        });
        state.roles.insert(id, Arc::clone(&role));
        Ok(role)
    })
}

/// Gives a role another name, another description, or other permissions; what is not said stays. It holds at once.
pub fn change(
    cx: &Cx,
    id: &str,
    (name, description, permissions): (Option<&str>, Option<&str>, Option<Vec<Permission>>),
) -> Result<Arc<Role>, RoleError> {
    cx.state(|state| {
        let before = state.roles.get(id).ok_or_else(|| RoleError::Unknown(id.to_owned()))?;
        let name = name.unwrap_or(&before.name);
        let same = |role: &&Arc<Role>| role.id != before.id && role.name.eq_ignore_ascii_case(name);
        if state.roles.values().any(|role| same(&role)) {
            return Err(RoleError::Exists(name.to_owned()));
        }
        let role = Arc::new(Role {
            name: name.to_owned(),
            description: description.map(str::to_owned).or_else(|| before.description.clone()),
            permissions: permissions.unwrap_or_else(|| before.permissions.clone()),
            ..(**before).clone()
        });
        state.roles.insert(role.id.clone(), Arc::clone(&role));
        Ok(role)
    })
}

/// Takes a role away, of everybody who holds it too. Those that every org has stay.
pub fn remove(cx: &Cx, id: &str) -> Result<(), RoleError> {
    cx.state(|state| {
        let role = state.roles.get(id).ok_or_else(|| RoleError::Unknown(id.to_owned()))?;
        if role.default_role_id.is_some() {
            return Err(RoleError::Stays);
        }
        let id = role.id.clone();
        state.roles.remove(&id);
        let holds = |held: &[RoleDivision]| held.iter().any(|one| one.role == id);
        let drop_it = |user: &mut User| user.roles.retain(|one| one.role != id);
        change_those(state, |user| holds(&user.roles), drop_it);
        for client in state.clients.values_mut().filter(|client| holds(&client.roles)) {
            Arc::make_mut(client).roles.retain(|one| one.role != id);
        }
        Ok(())
    })
}

/// Are role and division there? Answers what is not.
pub fn check_held(state: &OrgState, held: &RoleDivision) -> Result<(), String> {
    if !state.roles.contains_key(&held.role) {
        return Err(format!("there is no role {}", held.role));
    }
    match held.division.as_str() == ALL_DIVISIONS || state.divisions.contains_key(&held.division) {
        true => Ok(()),
        false => Err(format!("there is no division {}", held.division)),
    }
}

/// Why nobody is given roles.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// There is no such role.
    #[error("there is no role {0}")]
    NoRole(String),
    /// There is no such user.
    #[error("There is no user {0}")]
    NoUser(String),
    /// There is no such role or division.
    #[error("{0}")]
    Unknown(String),
    /// There are too many.
    #[error("a user holds at most {MOST_HELD} roles")]
    TooMany,
}

fn refuse(cx: &Cx, error: GrantError) -> GrantError {
    let rule = match error {
        GrantError::NoUser(_) => "user.unknown",
        GrantError::NoRole(_) | GrantError::Unknown(_) => "role.unknown",
        GrantError::TooMany => "role.too_many",
    };
    cx.refuse(Refusal::new(rule, error.to_string()));
    error
}

/// A user holds other roles from now on: what `change` makes of those that it holds, and of the home division.
pub fn change_held(
    cx: &Cx,
    user: &str,
    change: impl FnOnce(&mut Vec<RoleDivision>, &DivisionId),
) -> Result<Arc<User>, GrantError> {
    let changed = cx.state(|state| {
        let home = home(state).map_or_else(|| DivisionId::from("home"), |home| home.id.clone());
        let user = judged(state, user, |held| change(held, &home))?;
        state.users.insert(user.id.clone(), Arc::clone(&user));
        Ok(user)
    });
    changed.map_err(|error| refuse(cx, error))
}

/// A user as it is when `change` has been made to what it holds, if that can be. Nothing is written.
fn judged(
    state: &OrgState,
    user: &str,
    change: impl FnOnce(&mut Vec<RoleDivision>),
) -> Result<Arc<User>, GrantError> {
    let before = state.users.get(user).ok_or_else(|| GrantError::NoUser(user.to_owned()))?;
    let mut held = before.roles.clone();
    change(&mut held);
    let mut new = held.iter().filter(|one| !before.roles.contains(one));
    new.try_for_each(|one| check_held(state, one)).map_err(GrantError::Unknown)?;
    if held.len() > MOST_HELD {
        return Err(GrantError::TooMany);
    }
    Ok(Arc::new(User { roles: held, ..(**before).clone() }))
}

/// Users hold a role within divisions, too: all of them, or none.
pub fn grant(cx: &Cx, role: &str, users: &[String], divisions: &[String]) -> Result<(), GrantError> {
    let granted = cx.state(|state| {
        let role = state.roles.get(role).ok_or_else(|| GrantError::NoRole(role.to_owned()))?;
        let add = |held: &mut Vec<RoleDivision>| {
            for division in divisions {
                let one = RoleDivision { role: role.id.clone(), division: division.as_str().into() };
                if !held.contains(&one) {
                    held.push(one);
                }
            }
        };
        let users: Vec<_> = users.iter().map(|user| judged(state, user, add)).collect::<Result<_, _>>()?;
        state.users.extend(users.into_iter().map(|user| (user.id.clone(), user)));
        Ok(())
    });
    granted.map_err(|error| refuse(cx, error))
}

/// A user.
pub fn holder(cx: &Cx, user: &str) -> Result<Arc<User>, GrantError> {
    let found = cx.state(|state| state.users.get(user).cloned());
    found.ok_or_else(|| refuse(cx, GrantError::NoUser(user.to_owned())))
}
