//! Why an org could not be made or changed, and where that stands.

use super::directory::Taken;
use crate::{
    base::ids::{FaultId, OrgId},
    faults::fault::BadFault,
    scenario::{
        bad_world::BadWorld,
        layers::Place,
        load::{Scenario, ScenarioError},
    },
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
    /// Something that stands in a file.
    #[error("{place}: {error}")]
    At {
        /// Where.
        place: Place,
        /// What is wrong there.
        error: Box<OrgError>,
    },
    /// More orgs than one.
    #[error("the scenario has {0} orgs, and is to be applied to one")]
    Several(usize),
    /// Two orgs of a scenario are one.
    #[error("two orgs of the scenario go to this one")]
    Twice,
    /// The faults of the scenario are not all of orgs.
    #[error("fault `{0}` is of the emulator as a whole, and the scenario goes to one org")]
    OfEmulator(FaultId),
    /// It was taken away.
    #[error("there is no org {0} any more")]
    Gone(OrgId),
}

impl OrgError {
    /// Of this org.
    pub(super) fn of(self, org: &OrgId) -> Self {
        Self::Of { org: org.clone(), error: Box::new(self) }
    }

    /// With its place in the files of the scenario, whose org of this number could not be made.
    pub(super) fn within(self, scenario: &Scenario, nth: usize) -> Self {
        let of_fault = |fault: &FaultId| scenario.faults.iter().position(|one| one.id() == *fault);
        let place = match &self {
            Self::World(bad) => scenario.layers.of_world(nth, bad),
            Self::Fault(bad) => of_fault(&bad.id).and_then(|nth| scenario.layers.of_fault(nth)),
            _ => None,
        };
        match place {
            Some(place) => Self::At { place, error: Box::new(self) },
            None => self,
        }
    }
}
