//! Telling the channels of an org what happens, under its lock; and what becomes of channels by themselves.

use super::{
    app::App,
    org::{Cell, Org},
    outbox::Item,
    outgoing::{Line, Spelled},
    time::Due,
};
use crate::{
    base::{
        draw::Cause,
        ids::{ChannelId, ConnectionId},
        time::{Span, Timestamp},
        wave::Wave,
    },
    domain::{
        channel::{Channel, HEARTBEAT},
        frame::{Body, Frame},
        notification::{METADATA, Notification, System, SystemTopic, Told},
        topic::Template,
    },
};

/// Heartbeats of one socket while the clock is moved; earlier ones are passed over.
const MOST_HEARTBEATS: i64 = 100;
/// The topic of the notice before the end.
const CLOSING: &str = "v2.system.socket_closing";

/// What lets something be told.
#[derive(Clone, Copy)]
pub(super) struct Speaker<'a> {
    pub app: &'a App,
    pub org: &'a Org,
    pub cause: Cause,
    pub wave: Option<&'a Wave>,
}

impl Speaker<'_> {
    /// Tells all who are subscribed to the topic of one thing. It is spelled once, however many they are; and not at all
    /// if there is nobody.
    pub fn publish(
        &self,
        cell: &mut Cell,
        family: &'static Template,
        id: &str,
        body: impl FnOnce(&Cell) -> Option<Told>,
    ) {
        if cell.state.channels.is_unheard() {
            return;
        }
        self.tell_all(cell, (family, id), Vec::new(), body);
    }

    /// The same, and these connections whatever they are subscribed to.
    pub fn tell_all(
        &self,
        cell: &mut Cell,
        (family, id): (&'static Template, &str),
        mut connections: Vec<ConnectionId>,
        body: impl FnOnce(&Cell) -> Option<Told>,
    ) {
        let topic = family.of(id);
        let open =
            cell.state.channels.of_topic(&topic).filter_map(|channel| cell.sockets.of_channel(channel));
        connections.extend(open);
        if connections.is_empty() {
            return;
        }
        let Some(body) = body(cell) else { return };
        let correlation_id = Some(self.org.correlation_id(self.cause));
        let frame = frame(Notification { topic, class: family.text, correlation_id, body });
        let spelled = Spelled::new(self.app, &frame);
        for id in connections {
            self.line(id).send(cell, &spelled);
        }
    }

    fn line(&self, id: ConnectionId) -> Line<'_> {
        Line { app: self.app, org: self.org, id, wave: self.wave }
    }

    /// Tells one connection.
    pub fn tell(&self, cell: &mut Cell, id: ConnectionId, frame: &Frame) {
        self.line(id).send(cell, &Spelled::new(self.app, frame));
    }
}

fn frame(notification: Notification) -> Frame {
    Frame { tracing_id: None, body: Body::Notification(Box::new(notification)) }
}

/// A few words about the socket.
pub(super) fn words(text: &'static str) -> Frame {
    let topic = METADATA.to_owned();
    frame(Notification { topic, class: METADATA, correlation_id: None, body: Told::Words(text) })
}

fn system(org: &Org, channel: &Channel, topic: SystemTopic, cause: Cause) -> Frame {
    frame(Notification::from(System {
        topic,
        channel: channel.id.clone(),
        org: org.id.clone(),
        user: channel.owner.user.clone(),
        client: channel.owner.client.clone(),
        correlation_id: org.correlation_id(cause),
    }))
}

/// What the socket of a channel is told when a fault lets another one take its place.
pub(super) fn displaced(org: &Org, cell: &Cell, channel: &ChannelId) -> Option<Frame> {
    let cause = Cause::visit(cell.sockets.of_channel(channel)?.0);
    let channel = cell.state.channels.get(channel.as_str())?;
    Some(system(org, channel, SystemTopic::NoLongerSubscribed, cause))
}

/// How its socket ends then.
pub(super) fn displacing() -> Item {
    Item::Close { code: 1001, reason: SystemTopic::NoLongerSubscribed.message().to_owned() }
}

/// A channel is over, for this reason: its socket is told, and closed.
pub(super) fn end(speaker: &Speaker<'_>, cell: &mut Cell, id: &ChannelId, why: SystemTopic) {
    let Some(channel) = cell.state.channels.remove(id.as_str()) else { return };
    let Some(connection) = cell.sockets.of_channel(id) else { return };
    speaker.tell(cell, connection, &system(speaker.org, &channel, why, speaker.cause));
    close(cell, connection, why.message());
}

fn close(cell: &Cell, connection: ConnectionId, reason: &str) {
    if let Some(socket) = cell.sockets.get(connection) {
        socket.outbox.push(Item::Close { code: 1001, reason: reason.to_owned() });
    }
}

/// An access token is worth nothing any more: the channels that were made with it are over.
pub(super) fn token_revoked(speaker: &Speaker<'_>, cell: &mut Cell, key: &str) {
    for channel in cell.state.channels.of_token(key) {
        end(speaker, cell, &channel, SystemTopic::TokenRevoked);
    }
}

/// Looks how far a channel is: it is soon over, or over, unless it was subscribed anew meanwhile.
pub(super) fn look(speaker: &Speaker<'_>, cell: &mut Cell, id: &ChannelId, now: Timestamp) {
    let Some(channel) = cell.state.channels.get(id.as_str()) else { return };
    let (ends, notice, connection) = (channel.ends(), channel.notice(), cell.sockets.of_channel(id));
    if now >= ends {
        cell.state.channels.remove(id.as_str());
        if let Some(connection) = connection {
            close(cell, connection, "The channel has expired");
        }
        return;
    }
    let mut next = notice;
    if now >= next {
        next = ends;
        if let Some(connection) = connection {
            let body = Told::Words("The socket will be closed in a minute; open a new one");
            let (topic, class, correlation_id) = (CLOSING.to_owned(), CLOSING, None);
            speaker.tell(cell, connection, &frame(Notification { topic, class, correlation_id, body }));
        }
    }
    speaker.org.clock.arm(next, speaker.cause, Due::Channel(id.clone()));
}

/// The socket of a channel hears that it is alive, and will again.
pub(super) fn heartbeat(speaker: &Speaker<'_>, cell: &mut Cell, id: ConnectionId, at: Timestamp) {
    if cell.sockets.get(id).is_none() {
        return;
    }
    speaker.tell(cell, id, &words("WebSocket Heartbeat"));
    let more = speaker.org.clock.target().map_or(0, |target| target.since(at).micros() / HEARTBEAT.micros());
    let skipped = (more - MOST_HEARTBEATS).max(0);
    let next = Span::from_micros(HEARTBEAT.micros().saturating_mul(skipped + 1));
    arm(speaker.org, cell, id, at.plus(next));
}

/// When the socket of a channel hears next that it is alive.
pub(super) fn arm(org: &Org, cell: &mut Cell, id: ConnectionId, next: Timestamp) {
    let timer = org.clock.arm_tick(next, Cause::visit(id.0), Due::Heartbeat(id));
    if let Some(socket) = cell.sockets.get_mut(id) {
        socket.expiry = Some(timer);
    }
}
