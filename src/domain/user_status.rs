//! Where a user is, and whether it takes what queues have.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::time::Timestamp;

/// The presences that every org has, by the id of their definition. The platform's own ids are the same in every org.
pub const SYSTEM_PRESENCES: [(&str, &str); 9] = [
    ("6a3af858-942f-489d-9700-5f9bcdcdae9b", "Available"),
    ("5e5c5c66-ea97-4e7f-ac41-6424784829f2", "Away"),
    ("227b37e2-f1d0-4dd0-8f50-badd7cf6d158", "Break"),
    ("31fe3bac-dea6-44b7-bed7-47f91660a1a0", "Busy"),
    ("3fd96123-badb-4f69-bc03-1b1ccc6d8014", "Meal"),
    ("bbdff279-7ae1-48ea-bade-7831d7234c64", "Meeting"),
    ("ccf3c10a-aa2c-4845-8e8d-f59fa48c58e5", "Offline"),
    ("e08eaf1b-ee47-4fa9-a231-1200e284798f", "On Queue"),
    ("d2390a99-8546-4ad9-8f0a-219548e8aeb0", "Training"),
];

/// What a user is who takes what queues have.
pub const ON_QUEUE: &str = "On Queue";
/// What a user is who does so no more.
const AVAILABLE: &str = "Available";
/// What a user is of whom nothing is known.
pub const OFFLINE: &str = "Offline";

/// The id of the definition that every org has of a presence.
pub fn definition_of(system: &str) -> Option<&'static str> {
    SYSTEM_PRESENCES.iter().find(|(_, name)| *name == system).map(|(id, _)| *id)
}

/// Whether a user takes what queues have, in the vendor's spelling.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RoutingStatus {
    /// It does not.
    #[default]
    OffQueue,
    /// It waits.
    Idle,
    /// It deals with something that a queue had.
    Interacting,
    /// It did not take what it was offered.
    NotResponding,
    /// It deals with something else.
    Communicating,
}

/// Where a user is, as it says itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Presence {
    /// The id of its definition.
    pub definition: String,
    /// What the definition stands for.
    pub system: String,
    /// What the user says about it.
    pub message: String,
    /// Since when.
    pub modified: Timestamp,
}

/// What is known of a user.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct UserStatus {
    /// Where it is; nothing when it has never said.
    pub presence: Option<Presence>,
    /// Whether it takes what queues have.
    pub routing: RoutingStatus,
    /// Since when; nothing when it was never otherwise.
    pub since: Option<Timestamp>,
    /// Where it is as other systems say, by their names.
    pub elsewhere: BTreeMap<String, Presence>,
}

impl UserStatus {
    /// What its presence stands for.
    pub fn system(&self) -> &str {
        self.presence.as_ref().map_or(OFFLINE, |presence| &presence.system)
    }

    /// It says where it is. Whoever is on queue takes what queues have, and nobody else does.
    pub fn be(&mut self, presence: Presence) {
        let (was, is) = (self.system() == ON_QUEUE, presence.system == ON_QUEUE);
        let now = presence.modified;
        self.presence = Some(presence);
        match (was, is) {
            (false, true) => self.route(RoutingStatus::Idle, now),
            (_, false) => self.route(RoutingStatus::OffQueue, now),
            (true, true) => {}
        }
    }

    /// It takes what queues have, or not, and is where that can be.
    pub fn route(&mut self, routing: RoutingStatus, now: Timestamp) {
        if self.routing != routing {
            (self.routing, self.since) = (routing, Some(now));
        }
        let on_queue = routing != RoutingStatus::OffQueue;
        if on_queue == (self.system() == ON_QUEUE) {
            return;
        }
        let system = if on_queue { ON_QUEUE } else { AVAILABLE };
        let message = self.presence.take().map(|presence| presence.message).unwrap_or_default();
        let definition = definition_of(system).unwrap_or_default().to_owned();
        self.presence = Some(Presence { definition, system: system.to_owned(), message, modified: now });
    }
}

/// A presence that an org has defined.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PresenceDefinition {
    /// Its id.
    pub id: String,
    /// Its name by language.
    pub labels: BTreeMap<String, String>,
    /// What it stands for.
    pub system: String,
    /// Is it out of use?
    pub deactivated: bool,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub modified: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_on_queue_takes_what_queues_have_and_nobody_else() {
        let mut status = UserStatus::default();
        let at = Timestamp::from_micros;
        let be = |system: &str, micros| Presence {
            definition: String::new(),
            system: system.to_owned(),
            message: String::new(),
            modified: at(micros),
        };
        status.be(be("Meal", 1));
        assert_eq!((status.routing, status.since), (RoutingStatus::OffQueue, None));
        status.be(be(ON_QUEUE, 2));
        assert_eq!((status.routing, status.since), (RoutingStatus::Idle, Some(at(2))));
        status.route(RoutingStatus::NotResponding, at(3));
        status.be(be(ON_QUEUE, 4));
        assert_eq!((status.routing, status.since), (RoutingStatus::NotResponding, Some(at(3))));
        status.route(RoutingStatus::OffQueue, at(5));
        assert_eq!((status.system(), status.since), (AVAILABLE, Some(at(5))));
        status.route(RoutingStatus::Idle, at(6));
        assert_eq!(status.system(), ON_QUEUE);
    }
}
