//! What all sockets have in common: the handshake, the frames of RFC 6455, and what faults make of them.

mod bent;
pub mod handshake;
mod obey;
pub mod socket;
mod stream;

/// What is spoken on a socket.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// Web messaging.
    Webmessaging,
    /// The notifications of a channel, or of a chat.
    Streaming,
}

impl Protocol {
    /// Is it that of channels?
    pub fn of_channel(self) -> bool {
        self == Self::Streaming
    }
}
