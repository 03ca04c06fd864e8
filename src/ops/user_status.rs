//! Where users are, and whether they take what queues have.

use std::collections::BTreeMap;

use super::{access::Proved, cx::Cx, notifications::Speaker, org::Cell, step::of_visit};
use crate::{
    base::{ids::UserId, time::Timestamp},
    domain::{
        notification::Told,
        topic::{PRESENCE, ROUTING_STATUS},
        user_status::{
            Presence, PresenceDefinition, RoutingStatus, SYSTEM_PRESENCES, UserStatus, definition_of,
        },
        visit::Refusal,
    },
};

/// Presences that an org can define.
const MOST: usize = 200;
/// Other systems that say where a user is.
const MOST_SOURCES: usize = 10;
/// Characters of the name of one.
const LONGEST_SOURCE: usize = 64;
/// What somebody needs to say where others are.
const OTHERS: &str = "presence:userPresence:edit";

/// Why something is not done.
#[derive(Debug, thiserror::Error)]
pub enum StatusError {
    /// There is no such user.
    #[error("There is no user of this id")]
    NoUser,
    /// There is no such presence.
    #[error("There is no presence definition of this id")]
    NoDefinition,
    /// Nobody says so of others without the permission.
    #[error("Only the user itself, or who has the permission {OTHERS}, says where a user is")]
    NotYours,
    /// Something is missing or wrong.
    #[error("{0}")]
    Invalid(String),
}

fn refuse(cx: &Cx, error: StatusError) -> StatusError {
    let rule = match error {
        StatusError::NoUser => "user.unknown",
        StatusError::NoDefinition => "presence.unknown",
        StatusError::NotYours => "presence.not_yours",
        StatusError::Invalid(_) => "body.invalid",
    };
    cx.refuse(Refusal::new(rule, error.to_string()));
    error
}

/// What is known of a user.
pub fn get(cx: &Cx, user: &str) -> Result<UserStatus, StatusError> {
    let known = cx.state(|state| {
        state.users.contains_key(user).then(|| state.statuses.get(user).cloned().unwrap_or_default())
    });
    known.ok_or_else(|| refuse(cx, StatusError::NoUser))
}

/// A presence as somebody names it: by the id of its definition, or by what it stands for.
#[derive(Clone, Debug, Default)]
pub struct Named {
    /// `presenceDefinition.id`.
    pub definition: Option<String>,
    /// `presenceDefinition.systemPresence`.
    pub system: Option<String>,
    /// What the user says about it.
    pub message: Option<String>,
}

fn defined(cell: &Cell, named: &Named) -> Result<(String, String), StatusError> {
    let invalid = |words: &str| StatusError::Invalid(words.to_owned());
    match (&named.definition, &named.system) {
        (Some(id), _) => {
            let built_in = SYSTEM_PRESENCES.iter().find(|(known, _)| known == id);
            let own = cell.state.presence_definitions.get(id.as_str()).filter(|own| !own.deactivated);
            let system = built_in.map(|(_, name)| (*name).to_owned());
            let system = system.or_else(|| own.map(|own| own.system.clone()));
            Ok((id.clone(), system.ok_or(StatusError::NoDefinition)?))
        }
        (None, Some(name)) => {
            let plain = |text: &str| text.replace([' ', '_'], "").to_lowercase();
            let known = SYSTEM_PRESENCES.iter().find(|(_, known)| plain(known) == plain(name));
            let (id, name) = known.ok_or_else(|| invalid("systemPresence is not a system presence"))?;
            Ok(((*id).to_owned(), (*name).to_owned()))
        }
        (None, None) => Err(invalid("presenceDefinition has an id or a systemPresence")),
    }
}

/// A user is there from now on.
pub fn be(cx: &Cx, proved: &Proved, user: &str, named: &Named) -> Result<UserStatus, StatusError> {
    let own = proved.user().is_some_and(|own| own.as_str() == user);
    change(cx, user, |cell, status, now| {
        if !own && !cell.state.has_permission(&proved.token, OTHERS) {
            return Err(StatusError::NotYours);
        }
        let (definition, system) = defined(cell, named)?;
        let message = named.message.clone();
        let message = message.or_else(|| status.presence.as_ref().map(|before| before.message.clone()));
        status.be(Presence { definition, system, message: message.unwrap_or_default(), modified: now });
        Ok(())
    })
}

/// Another system says where a user is. What queues offer it hangs on what the platform itself says alone.
pub fn be_elsewhere(
    cx: &Cx,
    proved: &Proved,
    (user, source): (&str, &str),
    named: &Named,
) -> Result<Presence, StatusError> {
    let own = proved.user().is_some_and(|own| own.as_str() == user);
    let status = change(cx, user, |cell, status, now| {
        if !own && !cell.state.has_permission(&proved.token, OTHERS) {
            return Err(StatusError::NotYours);
        }
        let (definition, system) = defined(cell, named)?;
        let is_room = status.elsewhere.len() < MOST_SOURCES || status.elsewhere.contains_key(source);
        if !is_room || source.chars().count() > LONGEST_SOURCE {
            let words = format!(
                "{MOST_SOURCES} sources of presence, each of {LONGEST_SOURCE} characters, are the most"
            );
            return Err(StatusError::Invalid(words));
        }
        let message = named.message.clone().unwrap_or_default();
        let presence = Presence { definition, system, message, modified: now };
        status.elsewhere.insert(source.to_owned(), presence);
        Ok(())
    })?;
    elsewhere(&status, source).ok_or(StatusError::NoUser)
}

/// Where a user is as another system says. The letter case of its name does not matter.
pub fn elsewhere(status: &UserStatus, source: &str) -> Option<Presence> {
    let named = status.elsewhere.iter().find(|(name, _)| name.eq_ignore_ascii_case(source));
    named.map(|(_, presence)| presence.clone())
}

/// A user takes what queues have, or not. What else there is, the platform says.
pub fn route(cx: &Cx, user: &str, routing: RoutingStatus) -> Result<UserStatus, StatusError> {
    change(cx, user, |_, status, now| {
        if !matches!(routing, RoutingStatus::OffQueue | RoutingStatus::Idle) {
            let words = "status can be set to OFF_QUEUE or IDLE; the others come of what a user does";
            return Err(StatusError::Invalid(words.to_owned()));
        }
        status.route(routing, now);
        Ok(())
    })
}

fn change(
    cx: &Cx,
    user: &str,
    work: impl FnOnce(&Cell, &mut UserStatus, Timestamp) -> Result<(), StatusError>,
) -> Result<UserStatus, StatusError> {
    let now = cx.now();
    let done = of_visit(cx, |cell, step| {
        let id = cell.state.users.get(user).map(|known| known.id.clone()).ok_or(StatusError::NoUser)?;
        let mut status = cell.state.statuses.get(user).cloned().unwrap_or_default();
        work(cell, &mut status, now)?;
        put(&step.speaker(), cell, &id, status.clone());
        step.review(cell, &id);
        // whoever is busy is so at once
        Ok(cell.state.statuses.get(user).cloned().unwrap_or(status))
    });
    done.map_err(|error| refuse(cx, error))
}

/// Something else is known of a user, and whoever wants to know is told.
pub(super) fn put(speaker: &Speaker<'_>, cell: &mut Cell, user: &UserId, status: UserStatus) {
    let before = cell.state.statuses.insert(user.clone(), status.clone()).unwrap_or_default();
    if before.presence != status.presence {
        let told = status.presence.clone();
        speaker.publish(cell, PRESENCE, user.as_str(), |_| told.map(Told::Presence));
    }
    if before.routing != status.routing {
        let told = Told::RoutingStatus(user.clone(), status.routing, status.since);
        speaker.publish(cell, ROUTING_STATUS, user.as_str(), |_| Some(told));
    }
}

/// The presences of the org: those that every org has, and its own.
pub fn definitions(cx: &Cx) -> Vec<PresenceDefinition> {
    let built_in = SYSTEM_PRESENCES.iter().map(|(id, _)| built_in(id));
    let own = cx.state(|state| state.presence_definitions.values().cloned().collect::<Vec<_>>());
    built_in.flatten().chain(own).collect()
}

fn built_in(id: &str) -> Option<PresenceDefinition> {
    let (id, name) = SYSTEM_PRESENCES.iter().find(|(known, _)| *known == id)?;
    Some(PresenceDefinition {
        id: (*id).to_owned(),
        labels: BTreeMap::from([("en_US".to_owned(), (*name).to_owned())]),
        system: (*name).to_owned(),
        deactivated: false,
        created: Timestamp::default(),
        modified: Timestamp::default(),
    })
}

/// One of them.
pub fn definition(cx: &Cx, id: &str) -> Result<PresenceDefinition, StatusError> {
    let own = || cx.state(|state| state.presence_definitions.get(id).cloned());
    built_in(id).or_else(own).ok_or_else(|| refuse(cx, StatusError::NoDefinition))
}

/// What is said of one.
pub struct Said {
    /// Its name by language.
    pub labels: BTreeMap<String, String>,
    /// What it stands for.
    pub system: Option<String>,
    /// Is it out of use?
    pub deactivated: bool,
}

/// Writes one of the org's own; without `id` a new one.
pub fn define(cx: &Cx, id: Option<&str>, said: Said) -> Result<PresenceDefinition, StatusError> {
    let now = cx.now();
    let written = cx.state(|state| {
        let before =
            id.map(|id| state.presence_definitions.get(id).cloned().ok_or(StatusError::NoDefinition));
        let before = before.transpose()?;
        let invalid = |words: String| Err(StatusError::Invalid(words));
        if said.labels.is_empty() {
            return invalid("languageLabels is missing or empty".to_owned());
        }
        let system = said.system.or_else(|| before.as_ref().map(|before| before.system.clone()));
        let Some(system) = system.filter(|system| definition_of(system).is_some()) else {
            let names = SYSTEM_PRESENCES.map(|(_, name)| name).join(", ");
            return invalid(format!("systemPresence is one of {names}"));
        };
        if before.is_none() && state.presence_definitions.len() >= MOST {
            return invalid(format!("an org has at most {MOST} presence definitions of its own"));
        }
        let (id, created) = match before {
            Some(before) => (before.id, before.created),
            None => (cx.draw("presence definition").uuid(), now),
        };
        let Said { labels, deactivated, .. } = said;
        let definition = PresenceDefinition { id, labels, system, deactivated, created, modified: now };
        state.presence_definitions.insert(definition.id.clone(), definition.clone());
        Ok(definition)
    });
    written.map_err(|error| refuse(cx, error))
}

/// Takes one of the org's own away.
pub fn undefine(cx: &Cx, id: &str) -> Result<(), StatusError> {
    let gone = cx.state(|state| state.presence_definitions.remove(id));
    gone.map(drop).ok_or_else(|| refuse(cx, StatusError::NoDefinition))
}
