//! What happens when it is due, and moving an org's clock.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::{
    app::App,
    keys,
    notifications::{self, Speaker},
    org::Org,
    outbox::Item,
    outgoing::Line,
    sockets,
    step::{self, BotTurn, Step},
    timeline,
};
use crate::{
    base::{
        clock::{Moved, wall},
        draw::Cause,
        ids::{ChannelId, ConnectionId, ConversationId, FaultId, SessionToken},
        time::Timestamp,
        wave::Wave,
    },
    domain::{
        frame::{Body, Frame},
        rotation::Turn,
        session::Event,
    },
};

/// The sockets have this much real time to take in what clients had sent before the clock was moved.
const BARRIER_LIMIT: Duration = Duration::from_secs(1);

/// What a timer of an org says. Every session has one armed, so what is rare is in a place of its own.
pub enum Due {
    /// The keys of a ring are rotated.
    Rotate(Turn),
    /// An entry of the scenario's timeline.
    Timeline(usize),
    /// The bot has thought, or waited long enough.
    BotTurn(Box<BotTurn>),
    /// A session may have expired.
    SessionDeadline(SessionToken),
    /// The token of a connection has expired.
    TokenExpired(ConnectionId),
    /// A conversation was offered to an agent for long enough.
    Unanswered {
        /// The conversation.
        conversation: ConversationId,
        /// The agent in it.
        participant: String,
    },
    /// A notification channel may soon be over, or be over.
    Channel(ChannelId),
    /// The socket of a channel is told that it is alive.
    Heartbeat(ConnectionId),
    /// A held frame goes out.
    Deliver {
        /// To whom.
        connection: ConnectionId,
        /// The frame.
        item: Box<Mutex<Option<Item>>>,
    },
    /// Frames that a fault has held for long enough go out.
    Release {
        /// To whom.
        connection: ConnectionId,
        /// The fault.
        fault: FaultId,
    },
}

impl Due {
    /// Something for a socket to do.
    pub fn deliver(connection: ConnectionId, item: Item) -> Self {
        Self::Deliver { connection, item: Box::new(Mutex::new(Some(item))) }
    }
}

/// Lets an org's timers act. Called once, when the org is made.
pub(super) fn wire(app: &Arc<App>, org: &Arc<Org>) {
    org.know_itself();
    let (weak_app, weak): (Weak<App>, Weak<Org>) = (Arc::downgrade(app), Arc::downgrade(org));
    org.clock.on_due(move |at, cause, due, wave| {
        if let (Some(app), Some(org)) = (weak_app.upgrade(), weak.upgrade()) {
            fire(&app, &org, (at, cause), due, wave);
            app.trim_journals();
        }
    });
    timeline::connect(app, org);
}

fn fire(app: &App, org: &Arc<Org>, (at, cause): (Timestamp, Cause), due: Due, wave: Wave) {
    match due {
        Due::Rotate(turn) => {
            keys::rotate(app, org, &turn.ring, turn.how, at);
            if let Some(period) = turn.every {
                org.clock.arm(at.plus(period), cause, Due::Rotate(turn));
            }
        }
        Due::Timeline(nth) => timeline::act(app, org, nth),
        Due::BotTurn(waiting) => step::of_bot(app, org, cause, *waiting, &wave),
        Due::SessionDeadline(session) => {
            step::of_timer(app, org, cause, &session, Event::Deadline, &wave);
        }
        Due::TokenExpired(connection) => org.cell(|cell| {
            let frame = Frame { tracing_id: None, body: Body::token_expired() };
            sockets::send(app, org, cell, connection, &frame, Some(&wave));
        }),
        Due::Unanswered { conversation, participant } => org.cell(|cell| {
            let step = Step { app, org, cause, now: at, requester: None, wave: Some(&wave) };
            step.unanswered(cell, &conversation, &participant);
        }),
        Due::Channel(channel) => org.cell(|cell| {
            let speaker = Speaker { app, org, cause, wave: Some(&wave) };
            notifications::look(&speaker, cell, &channel, at);
        }),
        Due::Heartbeat(connection) => org.cell(|cell| {
            let speaker = Speaker { app, org, cause, wave: Some(&wave) };
            notifications::heartbeat(&speaker, cell, connection, at);
        }),
        Due::Deliver { connection, item } => org.cell(|cell| {
            let (Some(socket), Some(item)) = (cell.sockets.get(connection), item.lock().take()) else {
                return;
            };
            socket.outbox.push(item.with(Some(wave)));
        }),
        Due::Release { connection, fault } => org.cell(|cell| {
            Line { app, org, id: connection, wave: Some(&wave) }.release(cell, &fault);
        }),
    }
}

/// Every open socket takes in what the operating system had delivered before now. Without this, a frame sent just
/// before a move would be overtaken by it.
async fn barrier(org: &Org) {
    let passed: Vec<_> = org
        .cell(|cell| cell.sockets.outboxes())
        .into_iter()
        .map(|outbox| {
            let (done, passed) = oneshot::channel();
            outbox.push(Item::Barrier(done));
            passed
        })
        .collect();
    wall::timeout(BARRIER_LIMIT, async {
        for one in passed {
            let _ = one.await;
        }
    })
    .await;
}

/// A clock does not get where it was to be moved.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the org was reset or taken away while its clock moved")]
pub struct Interrupted;

/// Moves the clock of an org. Answers when everything due has been done, or when the org is over.
pub async fn move_clock(
    org: &Org,
    target: impl FnOnce(Timestamp) -> Timestamp,
) -> Result<Moved, Interrupted> {
    barrier(org).await;
    let moved = org.clock.move_to(target).await;
    if org.cell(|cell| cell.over) { Err(Interrupted) } else { Ok(moved) }
}
