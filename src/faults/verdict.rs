//! The few things that a fault can make happen. Wire and answer verdicts are carried out by the hallway and by
//! `bend`, frame verdicts by the socket and `ops/outgoing`, token and key verdicts by `ops`; nobody else knows them.

use std::fmt;

use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};

use super::effect::{claims::ClaimsMode, corrupt_frame::Corruption, nonce::NonceMode};
use crate::{
    base::{ids::FaultId, time::Span},
    domain::{certificate::Flaw, quota::Usage, rotation::Turn},
};

/// What a fault makes happen.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// Wait this long in the org's time; [`Span::FOREVER`] is never to be over.
    Wait(Span),
    /// Answer this instead.
    Answer(Answer),
    /// A limit that only the fault has was used, perhaps used up.
    Limited(Usage),
    /// End the TCP connection.
    Cut {
        /// Here.
        at: Cut,
        /// In this way.
        how: Ending,
        /// When so much of the org's time has passed.
        after: Span,
    },
    /// TLS that is offered comes to this.
    Tls(Offered),
    /// Something becomes of the answer, whoever gives it.
    OfAnswer(AnswerVerdict),
    /// Bring in the next signing key of a ring before going on, or later.
    Rotate(Turn),
    /// The scope being checked counts as missing.
    DenyScope,
    /// The permission being checked counts as missing.
    DenyPermission,
    /// The token being made is wrong in this way.
    Claims(ClaimsMode),
    /// The nonce of the ID token being made is wrong in this way.
    Nonce(NonceMode),
    /// Close the socket.
    Close {
        /// Close code.
        code: u16,
        /// Close reason.
        reason: String,
    },
    /// End the socket's TCP connection without a close frame.
    Drop(Ending),
    /// The answer to an upgrade is wrong in this way; the socket is open all the same.
    Handshake(Handshake),
    /// Something becomes of a frame, or of the connection or session that it belongs to.
    Frame(FrameVerdict),
}

impl Verdict {
    /// Does nothing else come after it?
    pub fn is_final(&self) -> bool {
        match self {
            Self::Answer(_)
            | Self::Cut { .. }
            | Self::Close { .. }
            | Self::Drop(_)
            | Self::Tls(Offered::Refused(_))
            | Self::Frame(FrameVerdict::Lose) => true,
            Self::Limited(usage) => usage.exceeded(),
            _ => false,
        }
    }
}

/// What becomes of TLS that is offered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Offered {
    /// It is refused with this alert (RFC 8446 section 6).
    Refused(u8),
    /// The certificate has this flaw.
    Flawed(Flaw),
}

/// For logs.
impl fmt::Display for Offered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(alert) => write!(f, "alert {alert}"),
            Self::Flawed(flaw) => write!(f, "a certificate that is {flaw}"),
        }
    }
}

/// The ways in which the 101 can be wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Handshake {
    /// There is no `Sec-WebSocket-Protocol`, whatever was offered.
    NoSubprotocol,
    /// `Sec-WebSocket-Accept` is of another key.
    WrongAccept,
    /// There is no `Upgrade`.
    NoUpgrade,
    /// There is no `Connection`.
    NoConnection,
}

/// What can become of a frame. Those that touch nothing but the connection or the session let the frame itself go its
/// way. All but the first let the faults behind them be asked, and several on one frame add up.
#[derive(Clone, Debug)]
pub enum FrameVerdict {
    /// It is not sent, or not taken in.
    Lose,
    /// It is done, but the connection that asked is not sent the echo.
    LoseEcho,
    /// It is sent, or taken in, so many times more.
    Again(u32),
    /// It is held until so many are, or so much of the org's time has passed; then they leave in another order.
    Hold {
        /// How many.
        window: usize,
        /// How long.
        within: Span,
    },
    /// This error is sent before it.
    Precede(Answer),
    /// Its bytes are others.
    Bend(Bend),
    /// Its session expires before it is dealt with.
    Expire,
    /// When it has been dealt with, its connection is told that it is closed, and stands for no session.
    Evict,
    /// Pings of its connection are not answered from then on.
    StopPong,
    /// Nothing of its connection is read from then on, for so much of the org's time, or for good.
    StopReading(Option<Span>),
}

/// For the journal.
impl fmt::Display for FrameVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lose => write!(f, "a fault lost this frame"),
            Self::LoseEcho => write!(f, "a fault loses the echo of this frame on its connection"),
            Self::Again(times) => write!(f, "a fault made {} of this frame", 1 + times),
            Self::Hold { window, within } => {
                write!(f, "a fault holds this frame until {window} have gathered or {within} have passed")
            }
            Self::Precede(answer) => write!(f, "a fault sends error {} before this frame", answer.status),
            Self::Bend(Bend::Truncate(Some(bytes))) => write!(f, "a fault cuts the text to {bytes} bytes"),
            Self::Bend(Bend::Truncate(None)) => write!(f, "a fault cuts the text to half"),
            Self::Bend(Bend::Pad(bytes)) => write!(f, "a fault pads the text to {bytes} bytes"),
            Self::Bend(Bend::Fragment(bytes)) => write!(f, "a fault sends fragments of {bytes} bytes"),
            Self::Bend(Bend::Corrupt(how)) => write!(f, "a fault corrupts this frame: {how}"),
            Self::Expire => write!(f, "a fault lets the session expire first"),
            Self::Evict => write!(f, "a fault evicts the connection afterwards"),
            Self::StopPong => write!(f, "pings are not answered from here on, because of a fault"),
            Self::StopReading(None) => write!(f, "nothing is read from here on, because of a fault"),
            Self::StopReading(Some(span)) => write!(f, "nothing is read for {span}, because of a fault"),
        }
    }
}

/// What can be done to the bytes of a frame to the client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bend {
    /// The text ends after so many bytes, or after half of them.
    Truncate(Option<usize>),
    /// A member is added that makes the text this long, in bytes.
    Pad(usize),
    /// It is sent in fragments of so many bytes.
    Fragment(usize),
    /// It is broken.
    Corrupt(Corruption),
}

/// An answer that a fault gives. The surface spells it in its own dialect unless there is a body.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// HTTP status; in an error frame also one of the 4xxx codes.
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

/// What can become of an answer on its way out. Several on one answer add up.
#[derive(Clone, Debug)]
pub enum AnswerVerdict {
    /// It comes so much later, when the work is done already.
    Late(Span),
    /// It never comes; the connection ends like this.
    Lost(Ending),
    /// Its request is delivered a second time.
    Twice,
    /// It is the one that was given to the same request the last time.
    Stale,
    /// It says that it is something else.
    ContentType(HeaderValue),
    /// A member of its JSON, by the names on the way, is gone or is this.
    Field(String, Option<serde_json::Value>),
    /// So many bytes are left of its body, or half of them.
    Truncate(Option<usize>),
    /// Its headers are others.
    Headers(Vec<HeaderChange>),
    /// Its `Date` is so many microseconds ahead, or behind if there are less than none.
    Skew(i64),
    /// No page may read it.
    NoCors,
    /// Its body is sent like this.
    Pace(Pace),
    /// The second chunk of its body has no length.
    MalformedChunk,
    /// These bytes come instead of it.
    Garbage(Bytes),
    /// Its connection is closed so much later.
    SlowClose(Span),
}

/// How a body is sent, in the org's time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pace {
    /// In so many pieces, the first at once and the last after this time.
    Pieces {
        /// How many.
        count: usize,
        /// The whole time.
        over: Span,
    },
    /// No more bytes a second.
    Rate(u32),
    /// Nothing comes for this time after so many bytes.
    Stall {
        /// Bytes of the body.
        after: usize,
        /// How long.
        span: Span,
    },
}

/// How a connection ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// With a reset.
    #[default]
    Reset,
    /// In an orderly way.
    Close,
    /// Not at all for whoever asked: nothing more comes over it, nothing more is read of it.
    HalfOpen,
}

/// For the journal.
impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reset => "reset",
            Self::Close => "closed",
            Self::HalfOpen => "left half open",
        })
    }
}

/// How far an answer gets before its connection ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cut {
    /// Nothing is read.
    Accept,
    /// Nothing is sent.
    BeforeHead,
    /// The head, and so many bytes of the body.
    Body(usize),
    /// The head, and half of the body.
    Half,
}

impl Cut {
    /// How much of a body of this length is sent; `None` when nothing is.
    pub fn of(self, length: usize) -> Option<usize> {
        match self {
            Self::Accept | Self::BeforeHead => None,
            Self::Body(bytes) => Some(bytes),
            Self::Half => Some(length / 2),
        }
    }
}

/// A header of an answer and its new value; without one it is left out.
pub type HeaderChange = (HeaderName, Option<HeaderValue>);

/// A verdict and the fault that it comes from.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// The fault.
    pub fault: FaultId,
    /// What it makes happen.
    pub verdict: Verdict,
    /// What was drawn, and what it had to be less than, where chance decided.
    pub draw: Option<(f64, f64)>,
}

impl Ruling {
    /// For the journal: what chance had to do with it.
    pub fn drawn(&self) -> Option<String> {
        self.draw.map(|(draw, chance)| format!("fault {} drew {draw:.6}, less than {chance}", self.fault))
    }
}
