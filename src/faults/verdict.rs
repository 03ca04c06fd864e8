//! The few things that a fault can make happen. Wire and answer verdicts are carried out by the hallway and by
//! `bend`, frame verdicts by the socket, token and key verdicts by `ops`; nobody else knows them.

use bytes::Bytes;
use http::{HeaderName, HeaderValue};

use super::effect::claims::ClaimsMode;
use crate::{
    base::{ids::FaultId, time::Span},
    domain::{
        keyring::{RingName, Rotation},
        quota::Usage,
    },
};

/// What a fault makes happen.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// Wait this long in the org's time.
    Wait(Span),
    /// Answer this instead.
    Answer(Answer),
    /// A limit that only the fault has was used, perhaps used up.
    Limited(Usage),
    /// Reset the TCP connection.
    Reset(Cut),
    /// Bring in the next signing key of a ring before going on.
    Rotate(RingName, Rotation),
    /// The scope being checked counts as missing.
    DenyScope,
    /// The permission being checked counts as missing.
    DenyPermission,
    /// The token being made is wrong in this way.
    Claims(ClaimsMode),
    /// Close the socket.
    Close {
        /// Close code.
        code: u16,
        /// Close reason.
        reason: String,
    },
    /// End the socket's TCP connection without a close frame.
    Drop {
        /// With a reset rather than an orderly end.
        reset: bool,
    },
}

impl Verdict {
    /// Does nothing else come after it?
    pub fn is_final(&self) -> bool {
        match self {
            Self::Answer(_) | Self::Reset(_) | Self::Close { .. } | Self::Drop { .. } => true,
            Self::Limited(usage) => usage.exceeded(),
            _ => false,
        }
    }
}

/// An answer that a fault gives. The surface spells it in its own dialect unless there is a body.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The vendor's error code.
    pub code: Option<String>,
    /// The message of the error body.
    pub message: Option<String>,
    /// Headers to add.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The whole body and whether it is JSON.
    pub body: Option<(Bytes, bool)>,
    /// `Retry-After`.
    pub retry_after: Option<Span>,
}

/// How far an answer gets before its connection is reset.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cut {
    /// Nothing is sent.
    BeforeHead,
    /// The head, and so many bytes of the body.
    Body(usize),
}

/// A verdict and the fault that it comes from.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// The fault.
    pub fault: FaultId,
    /// What it makes happen.
    pub verdict: Verdict,
}
