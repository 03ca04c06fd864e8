//! `corrupt_upgrade`: the 101 is not what RFC 6455 wants of it.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::faults::{
    point::Point,
    verdict::{Handshake, Verdict},
    when::When,
};

/// The ways in which it can be wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    /// `Sec-WebSocket-Accept` is of another key than the client's.
    WrongAccept,
    /// There is no `Upgrade`.
    MissingUpgrade,
    /// There is no `Connection`.
    MissingConnection,
}

/// How it is wrong. The socket is open all the same, for clients that do not look.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CorruptUpgrade {
    /// In which way.
    mode: Mode,
}

impl Power for CorruptUpgrade {
    fn point(&self, _: &When) -> Point {
        Point::Upgrade
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Handshake(match self.mode {
            Mode::WrongAccept => Handshake::WrongAccept,
            Mode::MissingUpgrade => Handshake::NoUpgrade,
            Mode::MissingConnection => Handshake::NoConnection,
        }))
    }
}
