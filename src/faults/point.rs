//! Where a fault can bite, and what is known there.

use http::HeaderMap;
use serde::{Deserialize, Serialize};

use crate::{
    base::time::Timestamp,
    domain::{
        conversation::ConversationState,
        keyring::RingName,
        session::SessionState,
        token::TokenState,
        visit::{Claimed, Surface, Way},
    },
};

/// A place where faults are asked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Point {
    /// A connection is accepted: before any org can be known, so this is of the emulator as a whole.
    Accept,
    /// TLS is offered: as little is known then, but for the name of the server.
    Handshake,
    /// A request, before or after it was handled.
    Request,
    /// An upgrade that is about to be answered with 101.
    Upgrade,
    /// A scope is being checked.
    Scope,
    /// A permission is being checked.
    Permission,
    /// A token is being made.
    Token,
    /// A frame of a socket.
    Frame,
}

impl Point {
    /// Is what bites there of the emulator as a whole?
    pub fn is_of_emulator(self) -> bool {
        matches!(self, Self::Accept | Self::Handshake)
    }
}

/// The kinds of tokens that can be made wrongly.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// The guest JWT of the guide dialect.
    Guest,
    /// The JWT that `getJwt` answers with.
    Messaging,
    /// The ID token of an identity provider.
    Id,
    /// The access token, of the platform or of an identity provider; that one is opaque.
    Access,
}

/// What a frame is.
#[derive(Clone, Copy, Debug)]
pub struct FrameFacts<'a> {
    /// Which way it goes.
    pub way: Way,
    /// `action` of a client's frame.
    pub action: &'a str,
    /// `class` of a server's frame.
    pub class: &'a str,
    /// Its text.
    pub text: &'a [u8],
}

/// Open sockets beside the one that asks.
#[derive(Clone, Copy, Debug, Default)]
pub struct OpenSockets {
    /// Of the org.
    pub org: u64,
    /// Of the deployment that is asked for.
    pub deployment: u64,
    /// Of the guest that is claimed, if one is.
    pub guest: Option<u64>,
    /// Of the client that made that guest.
    pub client: Option<u64>,
    /// Of the session that is being configured, if one is.
    pub session: Option<u64>,
}

/// In which state things are.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Where the session of a frame is in its life.
    pub session: Option<SessionState>,
    /// Who answers in the conversation of that session.
    pub conversation: Option<ConversationState>,
    /// What has become of the access token of a request.
    pub token: Option<TokenState>,
    /// The rings whose keys are being rotated.
    pub rotating: Vec<RingName>,
}

/// Everything that a fault may look at.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The family of URLs.
    pub surface: Surface,
    /// HTTP method.
    pub method: &'a str,
    /// Path without the org's prefix.
    pub path: &'a str,
    /// Query.
    pub query: Option<&'a str>,
    /// The server name of TLS that is being offered.
    pub server_name: Option<&'a str>,
    /// Request headers.
    pub headers: Option<&'a HeaderMap>,
    /// The body of a request, or the text of a frame.
    pub body: &'a [u8],
    /// What the request says about itself.
    pub claimed: &'a Claimed,
    /// The frame, if it is about one.
    pub frame: Option<FrameFacts<'a>>,
    /// The scope or permission being checked.
    pub required: &'a str,
    /// The kind of token being made.
    pub token: Option<TokenKind>,
    /// Open sockets, at an upgrade and when a session is being configured.
    pub sockets: Option<OpenSockets>,
    /// In which state things are, if any fault asks for it.
    pub standing: Option<&'a Standing>,
    /// The org's time.
    pub now: Timestamp,
}
