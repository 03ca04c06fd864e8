//! Who takes what queues have.

use std::sync::Arc;

use super::{
    cx::Cx,
    org::Cell,
    routing::{Known, RoutingError, known_queues, queue_of_id, refuse},
    step::{Step, of_visit},
};
use crate::{
    base::ids::UserId,
    domain::{user::User, user_status::UserStatus},
};

/// Members, or queues, that can be said at a time.
pub const MOST_AT_ONCE: usize = 100;

/// A member of a queue.
pub struct Member {
    /// The user.
    pub user: Arc<User>,
    /// Does it take what the queue has?
    pub joined: bool,
    /// Where it is.
    pub status: UserStatus,
}

fn local(cell: &Cell, queue: &str) -> Result<String, RoutingError> {
    let found = queue_of_id(&cell.state, queue);
    found.map(|(local, _)| local.clone()).ok_or(RoutingError::Unknown)
}

fn within<T>(
    cx: &Cx,
    work: impl FnOnce(&mut Cell, &Step<'_>) -> Result<T, RoutingError>,
) -> Result<T, RoutingError> {
    of_visit(cx, work).map_err(|error| refuse(cx, error))
}

/// The members of a queue, by name.
pub fn members(cx: &Cx, queue: &str) -> Result<Vec<Member>, RoutingError> {
    let mut all = within(cx, |cell, _| {
        let local = local(cell, queue)?;
        let state = &cell.state;
        let members = state.users.values().filter_map(|user| {
            let joined = *user.queues.get(&local)?;
            let status = state.statuses.get(&user.id).cloned().unwrap_or_default();
            Some(Member { user: Arc::clone(user), joined, status })
        });
        Ok(members.collect::<Vec<_>>())
    })?;
    all.sort_by_cached_key(|one| (one.user.name.to_lowercase(), one.user.id.clone()));
    Ok(all)
}

/// Makes users members of a queue, or takes them out of it.
pub fn put(cx: &Cx, queue: &str, users: &[String], gone: bool) -> Result<(), RoutingError> {
    within(cx, |cell, step| {
        let local = local(cell, queue)?;
        check_number(users.len(), "members")?;
        let users: Vec<_> = users.iter().map(|id| user(cell, id)).collect::<Result<_, _>>()?;
        for id in users {
            let Some(user) = cell.state.users.get_mut(&id) else { continue };
            match (user.queues.contains_key(&local), gone) {
                (true, true) => drop(Arc::make_mut(user).queues.remove(&local)),
                (false, false) => drop(Arc::make_mut(user).queues.insert(local.clone(), true)),
                _ => continue,
            }
            step.review(cell, &id);
        }
        Ok(())
    })
}

fn check_number(said: usize, what: &str) -> Result<(), RoutingError> {
    match said > MOST_AT_ONCE {
        true => Err(RoutingError::Invalid(format!("at most {MOST_AT_ONCE} {what} can be said at a time"))),
        false => Ok(()),
    }
}

fn user(cell: &Cell, id: &str) -> Result<UserId, RoutingError> {
    let found = cell.state.users.get(id).map(|user| user.id.clone());
    found.ok_or_else(|| RoutingError::Invalid(format!("there is no user {id}")))
}

/// The queues that a user is a member of, by name, and whether it takes what they have.
pub fn of_user(cx: &Cx, user: &str) -> Result<Vec<(Known, bool)>, RoutingError> {
    let mut all = within(cx, |cell, _| {
        let user = cell.state.users.get(user).ok_or(RoutingError::Unknown)?;
        let all = known_queues(&cell.state).into_iter();
        Ok(all.filter_map(|(local, known)| Some((known, *user.queues.get(local)?))).collect::<Vec<_>>())
    })?;
    all.sort_by(|(one, _), (other, _)| {
        (&one.queue.name, &one.queue.id).cmp(&(&other.queue.name, &other.queue.id))
    });
    Ok(all)
}

/// A user takes what these queues have, or not. It is a member of them already.
pub fn join(cx: &Cx, user: &str, said: &[(String, bool)]) -> Result<(), RoutingError> {
    within(cx, |cell, step| {
        let user = cell.state.users.get(user).map(|user| user.id.clone()).ok_or(RoutingError::Unknown)?;
        check_number(said.len(), "queues")?;
        let mut locals = Vec::new();
        for (queue, joined) in said {
            let local = local(cell, queue)?;
            if !cell.state.users[&user].queues.contains_key(&local) {
                return Err(RoutingError::Unknown);
            }
            locals.push((local, *joined));
        }
        if let Some(known) = cell.state.users.get_mut(&user) {
            Arc::make_mut(known).queues.extend(locals);
        }
        step.review(cell, &user);
        Ok(())
    })
}
