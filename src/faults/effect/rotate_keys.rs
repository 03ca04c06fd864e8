//! `rotate_keys`: the next signing key comes in just before the request is handled.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::{
    base::time::Span,
    domain::keyring::Rotation,
    faults::{point::Point, verdict::Verdict, when::When},
};

/// Whose keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RingName {
    /// The platform's own issuer.
    #[default]
    Platform,
}

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
    /// Whose keys. Default `platform`.
    #[serde(default)]
    ring: RingName,
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

impl RotateKeys {
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
        Some(Verdict::Rotate(self.rotation()))
    }
}
