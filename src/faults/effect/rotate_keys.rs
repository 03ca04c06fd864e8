//! `rotate_keys`: the next signing key comes in just before the request is handled.

use serde::{Deserialize, Serialize, Serializer};

use super::{Ask, Power};
use crate::{
    base::time::Span,
    domain::keyring::{RingName, Rotation},
    faults::{point::Point, verdict::Verdict, when::When},
};

/// How one key follows another.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    /// Both keys are published for a while.
    #[default]
    Graceful,
    /// The old key is gone at once.
    Hard,
    /// The new key signs, the old set is served for a while.
    Stale,
}

/// Which ring, and how. Also the body of `POST /__admin/keys/<ring>/rotate`.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RotateKeys {
    /// Whose keys: `platform`, or `idp:` and a provider's name. Default `platform`; in a body, what the path says.
    #[serde(default, serialize_with = "or_platform")]
    ring: Option<RingName>,
    /// How. Default `graceful`.
    #[serde(default)]
    mode: Mode,
    /// Graceful: both keys are published so long. Default 1 h.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    overlap: Option<Span>,
    /// Stale: the old set is served so long.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    lasting: Option<Span>,
    /// Stale: the old set is served for so many fetches. Without `for` and `fetches` it is served for 5 min.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fetches: Option<u32>,
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
        if self.overlap.is_some() && self.mode != Mode::Graceful {
            return Err("`overlap` is of mode `graceful`".into());
        }
        if (self.lasting.is_some() || self.fetches.is_some()) && self.mode != Mode::Stale {
            return Err("`for` and `fetches` are of mode `stale`".into());
        }
        Ok(())
    }

    /// As the key ring understands it.
    pub fn rotation(&self) -> Rotation {
        match self.mode {
            Mode::Graceful => Rotation::Graceful { overlap: self.overlap.unwrap_or(Span::from_secs(3600)) },
            Mode::Hard => Rotation::Hard,
            Mode::Stale => {
                let untold = self.lasting.is_none() && self.fetches.is_none();
                let lasting = if untold { Some(Span::from_secs(300)) } else { self.lasting };
                Rotation::Stale { lasting, fetches: self.fetches }
            }
        }
    }
}

impl Power for RotateKeys {
    fn point(&self, _: &When) -> Point {
        Point::Request
    }

    fn check(&self, _: &When) -> Result<(), String> {
        self.check_options()
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Rotate(self.ring.clone().unwrap_or_default(), self.rotation()))
    }
}
