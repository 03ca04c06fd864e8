//! Queues and wrap-up codes of an org.

use std::{collections::BTreeMap, sync::Arc};

use super::{cx::Cx, users::change_those};
use crate::{
    base::{ids::DivisionId, time::Span},
    domain::{
        conversation::{Conversation, Purpose},
        queue::{ALERTING, Queue, WrapupCode, WrapupPrompt},
        user::User,
        visit::Refusal,
        web_chat::ChatGuest,
    },
    store::org_state::OrgState,
};

/// Queues of an org, and wrap-up codes.
const MOST: usize = 10_000;
/// Characters of a name.
const NAME: usize = 200;
/// Characters of a description.
const DESCRIPTION: usize = 4_000;
/// How long a conversation can be offered, in seconds.
const OFFERED: std::ops::RangeInclusive<i64> = 7..=3_600;

/// Why something is not done.
#[derive(Debug, thiserror::Error)]
pub enum RoutingError {
    /// There is none of this id.
    #[error("There is none of this id")]
    Unknown,
    /// It has no name, or one that cannot be.
    #[error("name is missing, or longer than {NAME} characters")]
    Name,
    /// Another has this name.
    #[error("Another one has the name {0}")]
    Taken(String),
    /// Conversations wait in it.
    #[error("Conversations wait in the queue")]
    Active,
    /// There are too many.
    #[error("There are {MOST}, which is the most there can be")]
    TooMany,
    /// It cannot be meant.
    #[error("{0}")]
    Invalid(String),
}

pub(super) fn refuse(cx: &Cx, error: RoutingError) -> RoutingError {
    let rule = match error {
        RoutingError::Unknown => "routing.unknown",
        RoutingError::Active => "queue.active",
        RoutingError::TooMany => "routing.too_many",
        RoutingError::Name | RoutingError::Taken(_) | RoutingError::Invalid(_) => "body.invalid",
    };
    cx.refuse(Refusal::new(rule, error.to_string()));
    error
}

fn good_description(description: Option<String>) -> Result<Option<String>, RoutingError> {
    match description {
        Some(long) if long.chars().count() > DESCRIPTION => {
            let words = format!("description has more than {DESCRIPTION} characters");
            Err(RoutingError::Invalid(words))
        }
        fits => Ok(fits),
    }
}

fn good_name(name: Option<String>) -> Result<String, RoutingError> {
    name.filter(|name| !name.trim().is_empty() && name.chars().count() <= NAME).ok_or(RoutingError::Name)
}

/// What is said of a queue; what is not said stays.
#[derive(Clone, Debug, Default)]
pub struct SaidOfQueue {
    /// Its name.
    pub name: Option<String>,
    /// For people.
    pub description: Option<String>,
    /// The id of its division.
    pub division: Option<String>,
    /// Must agents say what its conversations were about?
    pub wrapup: Option<WrapupPrompt>,
    /// How long it offers a conversation, in seconds.
    pub alerting: Option<i64>,
}

/// A queue, and how many users are its members.
pub struct Known {
    /// The queue.
    pub queue: Arc<Queue>,
    /// Its members.
    pub members: usize,
    /// Those of them who take what it has.
    pub on_queue: usize,
}

/// The queue of this id, with its local name.
pub(super) fn queue_of_id<'a>(state: &'a OrgState, id: &str) -> Option<(&'a String, &'a Arc<Queue>)> {
    state.queues.iter().find(|(_, queue)| queue.id == id)
}

/// Queues of an org by their local names, with how many members they have.
pub(super) fn known_queues(state: &OrgState) -> Vec<(&String, Known)> {
    let mut counted: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for user in state.users.values() {
        let is_on = state.statuses.get(&user.id).is_some_and(|status| status.routing != Default::default());
        for (local, joined) in &user.queues {
            let (members, on_queue) = counted.entry(local).or_default();
            *members += 1;
            *on_queue += usize::from(is_on && *joined);
        }
    }
    let known = |(local, queue): (_, &Arc<Queue>)| {
        let (members, on_queue) = counted.get(String::as_str(local)).copied().unwrap_or_default();
        (local, Known { queue: Arc::clone(queue), members, on_queue })
    };
    state.queues.iter().map(known).collect()
}

fn known(state: &OrgState, (local, queue): (&String, &Arc<Queue>)) -> Known {
    let members = state.users.values().filter(|user| user.queues.contains_key(local));
    let on = |id| state.statuses.get(id).is_some_and(|status| status.routing != Default::default());
    let (mut count, mut on_queue) = (0, 0);
    for member in members {
        count += 1;
        on_queue += usize::from(member.serves(local) && on(&member.id));
    }
    Known { queue: Arc::clone(queue), members: count, on_queue }
}

/// All queues, by name.
pub fn queues(cx: &Cx) -> Vec<Known> {
    let mut all: Vec<_> = cx.state(|state| known_queues(state).into_iter().map(|(_, known)| known).collect());
    all.sort_by(|one: &Known, other| {
        (&one.queue.name, &one.queue.id).cmp(&(&other.queue.name, &other.queue.id))
    });
    all
}

/// One.
pub fn queue(cx: &Cx, id: &str) -> Result<Known, RoutingError> {
    let known = cx.state(|state| queue_of_id(state, id).map(|queue| known(state, queue)));
    known.ok_or_else(|| refuse(cx, RoutingError::Unknown))
}

/// Writes one; without `id` a new one.
pub fn put_queue(cx: &Cx, id: Option<&str>, said: SaidOfQueue) -> Result<Known, RoutingError> {
    let now = cx.now();
    let written = cx.state(|state| {
        let known = id.map(|id| queue_of_id(state, id).ok_or(RoutingError::Unknown));
        let known = known.transpose()?.map(|(local, queue)| (local.clone(), Arc::clone(queue)));
        let name = good_name(said.name)?;
        let description = good_description(said.description)?;
        let of_another =
            |queue: &&Arc<Queue>| queue.name.eq_ignore_ascii_case(&name) && Some(queue.id.as_str()) != id;
        if state.queues.values().any(|queue| of_another(&queue)) {
            return Err(RoutingError::Taken(name));
        }
        if known.is_none() && state.queues.len() >= MOST {
            return Err(RoutingError::TooMany);
        }
        if said.alerting.is_some_and(|seconds| !OFFERED.contains(&seconds)) {
            let (least, most) = (OFFERED.start(), OFFERED.end());
            let words =
                format!("alertingTimeoutSeconds of mediaSettings.message is between {least} and {most}");
            return Err(RoutingError::Invalid(words));
        }
        if let Some(unknown) = said.division.as_ref().filter(|id| !state.divisions.contains_key(id.as_str()))
        {
            return Err(RoutingError::Invalid(format!("there is no division {unknown}")));
        }
        let (local, before) = match known {
            Some((local, queue)) => (local, (*queue).clone()),
            None => {
                let id = cx.draw("queue").uuid();
                (id.clone(), Queue { created: Some(now), ..Queue::new(id, name.clone()) })
            }
        };
        let alerting = said.alerting.map(Span::from_secs).unwrap_or(before.alerting);
        let queue = Arc::new(Queue {
            name,
            description: description.or(before.description),
            division: said.division.map(DivisionId::from).or(before.division),
            wrapup: said.wrapup.unwrap_or(before.wrapup),
            alerting: if alerting == Span::ZERO { ALERTING } else { alerting },
            modified: Some(now),
            ..before
        });
        state.queues.insert(local, Arc::clone(&queue));
        Ok(queue.id.clone())
    });
    let id = written.map_err(|error| refuse(cx, error))?;
    queue(cx, &id)
}

/// Takes one away. One in which conversations wait stays, unless it is forced.
pub fn remove_queue(cx: &Cx, id: &str, force: bool) -> Result<(), RoutingError> {
    let gone = cx.state(|state| {
        let local = queue_of_id(state, id).ok_or(RoutingError::Unknown)?.0.clone();
        let waits = |known: &Conversation| {
            // a guest who does not hear yet what happens in its chat is going to wait
            let comes = |chat: &ChatGuest| !chat.routed && chat.queue == local && known.ended.is_none();
            known.present(Purpose::Acd).any(|acd| acd.queue.as_ref() == Some(&local))
                || known.chat.as_deref().is_some_and(comes)
        };
        if !force && state.conversations.iter().any(waits) {
            return Err(RoutingError::Active);
        }
        state.queues.remove(&local);
        let is_member = |user: &User| user.queues.contains_key(&local);
        change_those(state, is_member, |user| {
            user.queues.remove(&local);
        });
        Ok(())
    });
    gone.map_err(|error| refuse(cx, error))
}

/// All wrap-up codes, by name.
pub fn codes(cx: &Cx) -> Vec<Arc<WrapupCode>> {
    let mut all: Vec<_> = cx.state(|state| state.wrapup_codes.values().cloned().collect());
    all.sort_by(|one: &Arc<WrapupCode>, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
    all
}

/// One.
pub fn code(cx: &Cx, id: &str) -> Result<Arc<WrapupCode>, RoutingError> {
    cx.state(|state| state.wrapup_codes.get(id).cloned()).ok_or_else(|| refuse(cx, RoutingError::Unknown))
}

/// Writes one; without `id` a new one.
pub fn put_code(
    cx: &Cx,
    id: Option<&str>,
    (name, description): (Option<String>, Option<String>),
) -> Result<Arc<WrapupCode>, RoutingError> {
    let now = cx.now();
    let written = cx.state(|state| {
        let before =
            id.map(|id| state.wrapup_codes.get(id).cloned().ok_or(RoutingError::Unknown)).transpose()?;
        let (name, description) = (good_name(name)?, good_description(description)?);
        let same =
            |code: &Arc<WrapupCode>| code.name.eq_ignore_ascii_case(&name) && Some(code.id.as_str()) != id;
        if state.wrapup_codes.values().any(same) {
            return Err(RoutingError::Taken(name));
        }
        if before.is_none() && state.wrapup_codes.len() >= MOST {
            return Err(RoutingError::TooMany);
        }
        let (id, created) = match &before {
            Some(before) => (before.id.clone(), before.created),
            None => (cx.draw("wrapup code").uuid(), now),
        };
        let description = description.or_else(|| before.and_then(|before| before.description.clone()));
        let code = Arc::new(WrapupCode { id: id.clone(), name, description, created, modified: now });
        state.wrapup_codes.insert(id, Arc::clone(&code));
        Ok(code)
    });
    written.map_err(|error| refuse(cx, error))
}

/// Takes one away.
pub fn remove_code(cx: &Cx, id: &str) -> Result<(), RoutingError> {
    let gone = cx.state(|state| state.wrapup_codes.remove(id));
    gone.map(drop).ok_or_else(|| refuse(cx, RoutingError::Unknown))
}
