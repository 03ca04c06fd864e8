//! How one signing key follows another.

use serde::{Deserialize, Serialize};

use super::keyring::RingName;
use crate::base::time::Span;

/// What the new key is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum Naming {
    /// As no key before.
    #[default]
    Fresh,
    /// As the old one.
    Same,
    /// It has no name.
    Absent,
}

/// What signs from then on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum Signs {
    /// The new key.
    #[default]
    New,
    /// The new key, but tokens name another, which nobody has.
    NewAsUnknown,
    /// The old key.
    Old,
}

/// How long the new key is not published. Without any limit it never is, until the next rotation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Late {
    /// So long, if that is the limit.
    pub lasting: Option<Span>,
    /// For so many fetches, if that is the limit.
    pub fetches: Option<u32>,
}

/// How one key follows another. The default: the old key is gone at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Rotation {
    /// The old key stays published so long beside the new one.
    pub overlap: Span,
    /// The old set goes on being served first.
    pub late: Option<Late>,
    /// What the new key is called.
    pub naming: Naming,
    /// Is the new key of the other type, and with it the algorithm another?
    pub other_type: bool,
    /// What signs.
    pub signs: Signs,
}

/// A rotation of one ring, and when.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Turn {
    /// Whose keys.
    pub ring: RingName,
    /// How.
    pub how: Rotation,
    /// So much later in the org's time. Default: now, or one period later if there is one.
    pub after: Option<Span>,
    /// And again each so long.
    pub every: Option<Span>,
}

impl Turn {
    /// How long it is until the first time; `None` is now.
    pub fn wait(&self) -> Option<Span> {
        self.after.or(self.every)
    }
}
