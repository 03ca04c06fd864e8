//! Roles and divisions of an org.

use std::sync::Arc;

use super::cx::Cx;
use crate::{
    base::ids::{DivisionId, RoleId},
    domain::{
        permission::Permission,
        role::{ALL_DIVISIONS, Division, Role, RoleDivision},
        user::User,
        visit::Refusal,
    },
    store::org_state::OrgState,
};

/// Roles of an org.
const MOST_ROLES: usize = 1_000;
/// Divisions of an org.
const MOST_DIVISIONS: usize = 50;
/// Characters of a division's name.
const LONGEST_NAME: usize = 256;
/// Roles that a user holds, each in each division counted.
const MOST_HELD: usize = 1_000;

/// Why a role is not made.
#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    /// Another has this name.
    #[error("a role is called {0} already")]
    Exists(String),
    /// There are too many.
    #[error("there are {MOST_ROLES} roles, which is the most there can be")]
    TooMany,
}

/// Why a division is not made.
#[derive(Debug, thiserror::Error)]
pub enum DivisionError {
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
    #[error("there are {MOST_DIVISIONS} divisions, which is the most there can be")]
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

/// All divisions, the home division first, then in the order of their ids.
pub fn divisions(cx: &Cx) -> Vec<Arc<Division>> {
    let mut all: Vec<_> = cx.state(|state| state.divisions.values().cloned().collect());
    all.sort_by_key(|division| !division.home);
    all
}

/// The division of an id; that of `home` is the home division.
pub fn division(cx: &Cx, id: &str) -> Option<Arc<Division>> {
    cx.state(|state| match id {
        "home" => home(state).cloned(),
        id => state.divisions.get(id).cloned(),
    })
}

/// The division that everything is of which is of no other.
pub fn home(state: &OrgState) -> Option<&Arc<Division>> {
    state.divisions.values().find(|division| division.home)
}

/// Makes a division.
pub fn create_division(cx: &Cx, name: &str, description: &str) -> Result<Arc<Division>, DivisionError> {
    let id = DivisionId::from(cx.draw("division").uuid());
    if name.trim().is_empty() {
        return Err(DivisionError::NoName);
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(DivisionError::TooLong);
    }
    cx.state(|state| {
        if state.divisions.values().any(|division| division.name.eq_ignore_ascii_case(name)) {
            return Err(DivisionError::Exists(name.to_owned()));
        }
        if state.divisions.len() >= MOST_DIVISIONS {
            return Err(DivisionError::TooMany);
        }
        let (name, description) = (name.to_owned(), description.to_owned());
        let division = Arc::new(Division { id: id.clone(), name, description, home: false });
        state.divisions.insert(id, Arc::clone(&division));
        Ok(division)
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
        GrantError::Unknown(_) => "role.unknown",
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
        let before = state.users.get(user).ok_or_else(|| GrantError::NoUser(user.to_owned()))?;
        let mut held = before.roles.clone();
        change(&mut held, &home);
        let new = held.iter().filter(|one| !before.roles.contains(one));
        new.map(|one| check_held(state, one)).collect::<Result<(), _>>().map_err(GrantError::Unknown)?;
        if held.len() > MOST_HELD {
            return Err(GrantError::TooMany);
        }
        let user = User { roles: held, ..(**before).clone() };
        let user = Arc::new(user);
        state.users.insert(user.id.clone(), Arc::clone(&user));
        Ok(user)
    });
    changed.map_err(|error| refuse(cx, error))
}

/// A user.
pub fn holder(cx: &Cx, user: &str) -> Result<Arc<User>, GrantError> {
    let found = cx.state(|state| state.users.get(user).cloned());
    found.ok_or_else(|| refuse(cx, GrantError::NoUser(user.to_owned())))
}
