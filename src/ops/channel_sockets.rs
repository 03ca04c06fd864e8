//! The sockets of notification channels: who is let in, and what comes over them.

use super::{
    channels::{ChannelError, How, subscribed},
    connections::Socket,
    cx::Cx,
    events,
    host::Host,
    notifications::{self, Speaker, arm},
    org::Cell,
    outbox::Item,
    sockets::Arrival,
};
use crate::{
    base::{ids::ConnectionId, wave::Wave},
    domain::{
        channel::HEARTBEAT,
        frame::{Body, Frame},
        visit::Refusal,
    },
    events::event::What,
};

/// Admits a socket: one a channel, so that the one before is closed. From then on the visit's number is the
/// connection's.
pub fn admit(cx: &Cx, id: &str) -> Result<ConnectionId, ChannelError> {
    let connection = ConnectionId(cx.cause.visit_number());
    let now = cx.now();
    let admitted = cx.org.cell(|cell| {
        let channel = cell.state.channels.get_mut(id).filter(|channel| now < channel.ends())?;
        channel.used = now;
        let (channel, owner) = (channel.id.clone(), channel.owner.clone());
        let before = cell.sockets.of_channel(&channel).and_then(|before| cell.sockets.get(before));
        if let Some(before) = before {
            let reason = "Another socket was opened for this channel".to_owned();
            before.outbox.push(Item::Close { code: 1001, reason });
        }
        let socket = Socket::of_channel(channel, owner);
        cell.events.push(now, events::of_connection(connection, &socket), What::ConnectionOpened);
        cell.open(connection, socket);
        arm(&cx.org, cell, connection, now.plus(HEARTBEAT));
        Some(connection)
    });
    admitted.ok_or_else(|| {
        cx.refuse(Refusal::new("channel.unknown", "There is no channel of this id, or it is over"));
        ChannelError::Unknown
    })
}

/// What a frame of the client asks for.
pub enum Asked {
    /// Is the socket alive?
    Ping,
    /// More to hear of.
    Subscribe {
        /// The topics.
        topics: Vec<String>,
        /// `correlationId`.
        correlation_id: Option<String>,
    },
    /// Nothing that can be understood: it is passed over.
    Nothing,
}

/// Does what a frame asks for, in the org's critical section.
pub fn act(
    host: &Host,
    cell: &mut Cell,
    id: ConnectionId,
    asked: &Asked,
    arrival: &Arrival,
    wave: Option<&Wave>,
) {
    let speaker = Speaker { app: &host.app, org: &host.org, cause: arrival.cause, wave };
    match asked {
        Asked::Nothing => {}
        Asked::Ping => speaker.tell(cell, id, &notifications::words("pong")),
        Asked::Subscribe { topics, correlation_id } => {
            let (result, status) = match subscribe(cell, id, topics, arrival) {
                Some(true) => (200, "subscribed"),
                Some(false) => (400, "failure"),
                None => (404, "error"),
            };
            let body = Body::Subscription { result, status, correlation_id: correlation_id.clone() };
            speaker.tell(cell, id, &Frame { tracing_id: None, body });
        }
    }
}

/// Is it done? `None` when the channel is over.
fn subscribe(cell: &mut Cell, id: ConnectionId, wanted: &[String], arrival: &Arrival) -> Option<bool> {
    let channel = cell.sockets.get(id)?.channel()?.clone();
    if wanted.is_empty() {
        return Some(false);
    }
    match subscribed(&mut cell.state, &channel, wanted.to_vec(), How::default(), arrival.now) {
        Ok(_) => Some(true),
        Err(ChannelError::Unknown) => None,
        Err(_) => Some(false),
    }
}
