//! `drop_subprotocol`: the 101 does not name the subprotocol that the client offered.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::faults::{
    point::Point,
    verdict::{Handshake, Verdict},
    when::When,
};

/// Has no options. The emulator answers with the first of the subprotocols offered, whatever it is (RFC 6455 section
/// 4.2.2); with this fault it names none, and a client that insists ends the connection.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DropSubprotocol {}

impl Power for DropSubprotocol {
    fn point(&self, _: &When) -> Point {
        Point::Upgrade
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Handshake(Handshake::NoSubprotocol))
    }
}
