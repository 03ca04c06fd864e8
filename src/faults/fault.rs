//! A fault as a person writes it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    effect::{Effect, Step},
    point::Point,
    schedule::Schedule,
    when::When,
};
use crate::{
    base::{codec::hex, ids::FaultId},
    domain::{keyring::RingName, visit::Way},
};

/// Before the work is done, or after.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// The request is not handled if the effect ends it.
    #[default]
    Before,
    /// The work is done, then the effect.
    Commit,
}

/// Whose connections a fault is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Of {
    /// Those whose requests found the org that has the fault.
    Org,
    /// All: it bites before any org can be known.
    Emulator,
}

/// A fault: exactly one effect, or a plan of them.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Fault {
    /// Its name, such as `slow-tokens`: visible ASCII without `,` and `/`. Made from its content when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<FaultId>,
    /// Whose it is. Default: what the effect says. Nothing but what happens as a connection is accepted is the emulator's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Of>,
    /// Which requests or frames, such as `{ path: /oauth/token }`.
    #[serde(default)]
    pub when: When,
    /// How often, such as `{ first: 2 }`. Default: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// Before the work or after it.
    #[serde(default, skip_serializing_if = "is_before")]
    pub phase: Phase,
    /// What happens, such as `{ reset: {} }`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// A literal sequence, such as `[ { ok: 3 }, { reset: {} } ]`, instead of schedule and effect. When it is over, the fault
    /// is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Vec<Step>>,
}

fn is_before(phase: &Phase) -> bool {
    *phase == Phase::Before
}

/// Can it stand in a list of a header, and as a segment of a URL?
fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && !b",/".contains(&byte))
}

/// Why a fault was not accepted.
#[derive(Debug, thiserror::Error)]
#[error("fault `{id}`: {wrong}")]
pub struct BadFault {
    /// Its id.
    pub id: FaultId,
    /// What is wrong, and what was expected.
    pub wrong: String,
    /// Which one it is of those that were looked at together: two may have one id.
    pub nth: usize,
}

impl BadFault {
    /// There is one of this id already.
    pub fn taken(id: FaultId) -> Self {
        Self { id, wrong: "there is one with this id already".into(), nth: 0 }
    }

    /// Of the fault at this place.
    pub fn at(self, nth: usize) -> Self {
        Self { nth, ..self }
    }
}

impl Fault {
    /// Its id, given or made from its content.
    pub fn id(&self) -> FaultId {
        self.id.clone().unwrap_or_else(|| {
            let content = serde_json::to_vec(self).unwrap_or_default();
            format!("fault-{}", &hex(&Sha256::digest(content))[..8]).into()
        })
    }

    /// The key rings that it names; only an org knows whether there are such.
    pub fn rings(&self) -> impl Iterator<Item = &RingName> {
        let rotated = self.effects().filter_map(|effect| match effect {
            Effect::RotateKeys(how) => how.ring(),
            _ => None,
        });
        let during = self.schedule.as_ref().and_then(|schedule| schedule.during.as_ref());
        rotated.chain(during.and_then(|during| during.rotating.as_ref()))
    }

    /// Does it spoil claims of access tokens? Only an org knows whether those have any.
    pub fn needs_access_jwts(&self) -> bool {
        self.effects().any(|effect| matches!(effect, Effect::Claims(how) if how.needs_access_jwts()))
    }

    fn effects(&self) -> impl Iterator<Item = &Effect> {
        let planned = self.plan.iter().flatten().filter_map(|step| step.effect.as_ref());
        self.effect.iter().chain(planned)
    }

    /// Where it bites. Only of a checked fault is this the same for all steps of a plan.
    pub fn point(&self) -> Point {
        let of = |effect: &Effect| effect.point(&self.when);
        let planned = || self.plan.iter().flatten().find_map(|step| step.effect.as_ref()).map(of);
        self.effect.as_ref().map(of).or_else(planned).unwrap_or(Point::Request)
    }

    /// Whose it is.
    pub fn whose(&self) -> Of {
        if self.point().is_of_emulator() { Of::Emulator } else { Of::Org }
    }

    /// The way of the frames that it can be about, if it is only one.
    pub fn only(&self) -> Option<Way> {
        self.effects().find_map(|effect| effect.only())
    }

    /// What cannot be meant, by name.
    pub fn check(&self) -> Result<(), BadFault> {
        let bad = |wrong: String| BadFault { id: self.id(), wrong, nth: 0 };
        if !self.id.as_ref().is_none_or(|id| is_id(id.as_str())) {
            let wrong = "headers and URLs name it by its `id`; expected visible ASCII without blank, `,` and `/`, such \
                         as `slow-tokens`";
            return Err(bad(wrong.into()));
        }
        let effects: Vec<&Effect> = match (&self.effect, &self.plan) {
            (Some(_), Some(_)) => return Err(bad("it has an `effect` and a `plan`; give one".into())),
            (None, None) => return Err(bad("it has no `effect` and no `plan`; give one".into())),
            (Some(effect), None) => vec![effect],
            (None, Some(steps)) => {
                if self.schedule.is_some() {
                    return Err(bad("a `plan` is its own schedule; leave `schedule` out".into()));
                }
                if steps.iter().all(|step| step.effect.is_none()) {
                    return Err(bad("its `plan` has no effect in it".into()));
                }
                steps.iter().filter_map(|step| step.effect.as_ref()).collect()
            }
        };
        let point = self.point();
        if effects.iter().any(|effect| effect.point(&self.when) != point) {
            return Err(bad("the effects of one `plan` must bite at the same place".into()));
        }
        self.check_whose().map_err(bad)?;
        if self.phase == Phase::Commit
            && let Some(effect) =
                effects.iter().find(|effect| point != Point::Request || !effect.may_follow())
        {
            return Err(bad(format!("`{}` has no phase `commit`", effect.name())));
        }
        if let Some(schedule) = &self.schedule {
            schedule.check(point).map_err(|wrong| bad(format!("`schedule`: {wrong}")))?;
        }
        let only = self.only();
        if effects.iter().any(|effect| effect.only().is_some_and(|way| Some(way) != only)) {
            return Err(bad("the effects of one `plan` must be on frames of the same direction".into()));
        }
        self.when.check(point, only).map_err(|wrong| bad(format!("`when`: {wrong}")))?;
        for effect in effects {
            effect.check(&self.when).map_err(|wrong| bad(format!("`{}`: {wrong}", effect.name())))?;
        }
        Ok(())
    }

    fn check_whose(&self) -> Result<(), String> {
        match (self.of, self.whose()) {
            (Some(Of::Emulator), Of::Org) => Err("`of: emulator` is of what happens as a connection is accepted: \
                 `refuse_connection`, and `at: accept` of `reset`, `close_connection`, `stall` and `half_open`; or as \
                 TLS is offered"
                .into()),
            (Some(Of::Org), Of::Emulator) => Err("what happens as a connection is accepted, or TLS offered, is of the \
                 emulator as a whole; write `of: emulator`, or leave `of` out"
                .into()),
            _ => Ok(()),
        }
    }
}
