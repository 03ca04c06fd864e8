//! `rotate_keys`: the next signing key comes in just before the request is handled, or some time later.

use serde::{Deserialize, Serialize, Serializer};

use super::{Ask, Power};
use crate::{
    base::time::Span,
    domain::{
        keyring::RingName,
        rotation::{Late, Naming, Rotation, Signs, Turn},
    },
    faults::{point::Point, verdict::Verdict, when::When},
};

/// The shortest period of scheduled rotations.
const SHORTEST: Span = Span::from_secs(60);

/// How one key follows another.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    /// Both keys are published for a while.
    #[default]
    Graceful,
    /// The old key is gone at once.
    Hard,
    /// The new key signs, the old set is served for a while; then the old key is gone.
    Stale,
    /// The new key signs before it is published; then both are published for a while.
    Premature,
    /// A new key under the old `kid`.
    SameKid,
    /// The new key has no `kid`, in tokens and in the set.
    KidAbsent,
    /// The new key is published under one `kid`, tokens name another.
    KidUnknown,
    /// The new key is of another type: RS256 becomes ES256, and the other way round.
    AlgChange,
    /// The new key is published, but the old one, which is not any more, goes on signing.
    RetiredKeySigns,
}

/// Which ring, how and when. Also the body of `POST /__admin/keys/<ring>/rotate`, and an entry of `keyRotation`.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RotateKeys {
    /// Whose keys: `platform`, or `idp:` and a provider's name. Default `platform`; in a body, what the path says.
    #[serde(default, serialize_with = "or_platform")]
    ring: Option<RingName>,
    /// How. Default `graceful`.
    #[serde(default)]
    mode: Mode,
    /// Both keys are published so long. Default 1 h; `kid_absent`: not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    overlap: Option<Span>,
    /// Stale and premature: the old set is served so long.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    lasting: Option<Span>,
    /// Stale and premature: the old set is served for so many fetches. Without `for` and `fetches` it is served for 5 min.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fetches: Option<u32>,
    /// So much later in the org's time. Default: at once; with `every`, one period later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<Span>,
    /// Again each so long, at least 1 min. Not of faults, which have a schedule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    every: Option<Span>,
}

fn or_platform<S: Serializer>(ring: &Option<RingName>, s: S) -> Result<S::Ok, S::Error> {
    ring.clone().unwrap_or_default().serialize(s)
}

impl RotateKeys {
    /// Whose keys, if that is said.
    pub fn ring(&self) -> Option<&RingName> {
        self.ring.as_ref()
    }

    /// What cannot be meant.
    pub fn check_options(&self) -> Result<(), String> {
        let overlaps =
            matches!(self.mode, Mode::Graceful | Mode::Premature | Mode::KidAbsent | Mode::AlgChange);
        if self.overlap.is_some() && !overlaps {
            return Err("`overlap` is of modes `graceful`, `premature`, `kid_absent` and `alg_change`".into());
        }
        let late = matches!(self.mode, Mode::Stale | Mode::Premature);
        if (self.lasting.is_some() || self.fetches.is_some()) && !late {
            return Err("`for` and `fetches` are of modes `stale` and `premature`".into());
        }
        if self.every.is_some_and(|period| period < SHORTEST) {
            return Err("`every` is at least 1 min".into());
        }
        Ok(())
    }

    /// Does it say when?
    pub fn is_scheduled(&self) -> bool {
        self.after.is_some() || self.every.is_some()
    }

    /// As key rings understand it; `ring` is whose keys if that is not said.
    pub fn turn(&self, ring: RingName) -> Turn {
        let Self { after, every, .. } = *self;
        Turn { ring: self.ring.clone().unwrap_or(ring), how: self.rotation(), after, every }
    }

    fn rotation(&self) -> Rotation {
        let overlap = self.overlap.unwrap_or(Span::from_secs(3600));
        let untold = self.lasting.is_none() && self.fetches.is_none();
        let lasting = if untold { Some(Span::from_secs(300)) } else { self.lasting };
        let late = Some(Late { lasting, fetches: self.fetches });
        let hard = Rotation::default();
        match self.mode {
            Mode::Graceful => Rotation { overlap, ..hard },
            Mode::Hard => hard,
            Mode::Stale => Rotation { late, ..hard },
            Mode::Premature => Rotation { overlap, late, ..hard },
            Mode::SameKid => Rotation { naming: Naming::Same, ..hard },
            Mode::KidAbsent => {
                Rotation { naming: Naming::Absent, overlap: self.overlap.unwrap_or_default(), ..hard }
            }
            Mode::KidUnknown => Rotation { signs: Signs::NewAsUnknown, ..hard },
            Mode::AlgChange => Rotation { overlap, other_type: true, ..hard },
            Mode::RetiredKeySigns => Rotation { signs: Signs::Old, ..hard },
        }
    }
}

impl Power for RotateKeys {
    fn point(&self, _: &When) -> Point {
        Point::Request
    }

    fn check(&self, _: &When) -> Result<(), String> {
        if self.every.is_some() {
            return Err("`every` is not of faults: they have a `schedule`; an org has `keyRotation`".into());
        }
        self.check_options()
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Rotate(self.turn(RingName::Platform)))
    }
}
