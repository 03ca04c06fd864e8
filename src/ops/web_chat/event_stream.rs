//! The sockets on which guests hear of their chats.

use super::access::{self, GuestAccessError};
use crate::{
    base::{
        draw::Mint,
        ids::{ConnectionId, ConversationId},
    },
    domain::{
        channel::HEARTBEAT,
        conversation::{Participant, Purpose, Side},
        visit::Refusal,
    },
    events::event::What,
    ops::{
        connections::Socket, cx::Cx, events, notifications::arm, open_messaging::nobody, org::Cell,
        step::Step,
    },
};

/// Why nobody hears anything.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// The JWT is not good.
    #[error(transparent)]
    Access(#[from] GuestAccessError),
    /// The guest has left, or its chat is forgotten.
    #[error("The guest takes no part in a conversation")]
    Over,
}

/// Admits a socket. From then on the visit's number is the connection's. With the first one the guest waits in its queue.
pub async fn admit(cx: &Cx, token: &str) -> Result<ConnectionId, StreamError> {
    let (id, guest) = access::of_stream(cx, token).await?;
    let connection = ConnectionId(cx.cause.visit_number());
    let (wave, now) = (cx.wave(), cx.now());
    let step = cx.step(wave.as_ref());
    let id = ConversationId::from(id);
    let admitted = cx.org.cell(|cell| {
        let known = cell.state.conversations.get(&id).filter(|known| known.chat.is_some())?;
        known.present(Purpose::Customer).next().filter(|one| one.side.id == guest.id.as_str())?;
        let socket = Socket::of_chat(id.clone(), guest, known.deployment.clone());
        cell.events.push(now, events::of_connection(connection, &socket), What::ConnectionOpened);
        cell.open(connection, socket);
        arm(&cx.org, cell, connection, now.plus(HEARTBEAT));
        step.route(cell, &id);
        Some(connection)
    });
    admitted.ok_or_else(|| {
        cx.refuse(Refusal::new("conversation.over", "The guest takes no part in a conversation"));
        StreamError::Over
    })
}

impl Step<'_> {
    /// Somebody hears what happens in a chat: if it did not wait yet, it does now.
    pub(super) fn route(&self, cell: &mut Cell, id: &ConversationId) {
        let Some(known) = cell.state.conversations.get(id) else { return };
        let guest = known.customer.side.id.clone();
        let answered = known.present(Purpose::Agent).next().is_some();
        let local = cell.state.conversations.with_chat(id, |chat| {
            let first = !chat.routed;
            chat.routed = true;
            first.then(|| chat.queue.clone())
        });
        let Some(local) = local.flatten() else { return };
        let name = cell.state.queues.get(&local).map_or_else(|| local.clone(), |queue| queue.name.clone());
        let mut mint = Mint::new(&self.org.draws, self.cause);
        let side = Side { id: mint.uuid("participant"), purpose: Purpose::Acd, name };
        let acd = Participant { queue: Some(local), ..Participant::new(side, self.now) };
        self.member_changed(cell, id, &guest);
        // somebody was quicker, by hand
        if answered {
            return;
        }
        self.joins(cell, &nobody(), id, acd);
        self.offer(cell, id);
    }
}
