//! `refuse_handshake`: TLS is refused with an alert.

use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::faults::{
    point::Point,
    verdict::{Offered, Verdict},
    when::When,
};

/// What the alert says (RFC 8446 section 6).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alert {
    /// Nothing that the client offers will do.
    #[default]
    HandshakeFailure,
    /// Its version of TLS will not do.
    ProtocolVersion,
    /// Something is wrong that has nothing to do with the client.
    InternalError,
    /// There is no such host here.
    UnrecognizedName,
}

impl Alert {
    fn code(self) -> u8 {
        match self {
            Self::HandshakeFailure => 40,
            Self::ProtocolVersion => 70,
            Self::InternalError => 80,
            Self::UnrecognizedName => 112,
        }
    }
}

/// The client's first message is read, and answered with this.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RefuseHandshake {
    /// Default `handshake_failure`.
    #[serde(default)]
    alert: Alert,
}

impl Power for RefuseHandshake {
    fn point(&self, _: &When) -> Point {
        Point::Handshake
    }

    fn ends(&self) -> bool {
        true
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Tls(Offered::Refused(self.alert.code())))
    }
}
