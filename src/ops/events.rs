//! Whom events are about, and reading them. Telling one is `cell.events.push`, under the org's lock.

use std::sync::Arc;

use super::{
    app::App,
    connections::Socket,
    org::{Cell, Org},
};
use crate::{
    base::{
        ids::{ConnectionId, SessionToken},
        time::Timestamp,
    },
    events::{
        BadCursor, Cursor, Filter, Told,
        event::{About, What},
    },
};

/// Events that a reader is given at a time.
const BATCH: usize = 64;

/// Whom something is about that happens in a session.
pub fn of_session(cell: &Cell, token: &SessionToken) -> About {
    // nobody outside of web messaging has one
    let session = Some(token.clone()).filter(|token| !token.as_str().is_empty());
    let about = About { session, ..About::default() };
    match cell.state.sessions.get(token) {
        None => about,
        Some(session) => About {
            conversation: session.conversation.clone(),
            deployment: Some(session.deployment.clone()),
            guest: session.guest.clone(),
            ..about
        },
    }
}

/// Whom something is about that happens to a socket.
pub fn of_connection(id: ConnectionId, socket: &Socket) -> About {
    About {
        connection: Some(id),
        conversation: socket.chat().cloned(),
        session: socket.session().cloned(),
        deployment: socket.deployment().cloned(),
        client: socket.application().cloned(),
        guest: socket.guest.as_ref().map(|guest| guest.id.clone()),
    }
}

/// Tells that the platform closes a connection.
pub fn evicted(cell: &mut Cell, now: Timestamp, id: ConnectionId) {
    if let Some(socket) = cell.sockets.get(id) {
        let about = of_connection(id, socket);
        cell.events.push(now, about, What::ConnectionEvicted);
    }
}

/// Somebody who reads the events of an org, at its own speed, and of the org that is in its place after a reset.
pub struct Reader {
    app: Arc<App>,
    org: Arc<Org>,
    filter: Filter,
    at: Cursor,
}

impl Reader {
    /// Begins behind the event of this id, else with the oldest one that is kept.
    pub fn new(app: Arc<App>, org: Arc<Org>, filter: Filter, after: Option<&str>) -> Result<Self, BadCursor> {
        let at = org.cell(|cell| match after {
            Some(after) => cell.events.after(after),
            None => Ok(cell.events.start()),
        })?;
        Ok(Self { app, org, filter, at })
    }

    /// What there is already; nothing when all is read.
    pub fn ready(&mut self) -> Vec<(Cursor, Told)> {
        let Self { org, filter, at, .. } = self;
        org.cell(|cell| cell.events.read(at, filter, BATCH))
    }

    /// What comes next; `None` when the org is gone.
    pub async fn next(&mut self) -> Option<Vec<(Cursor, Told)>> {
        loop {
            let more = self.org.cell(|cell| cell.events.more());
            let mut woken = std::pin::pin!(more.notified());
            // what happens between reading and waiting wakes it too
            woken.as_mut().enable();
            let told = self.ready();
            if !told.is_empty() {
                return Some(told);
            }
            if self.org.cell(|cell| cell.events.is_closed()) {
                let next = self.app.org(self.org.id.as_str());
                self.org = next.filter(|next| !Arc::ptr_eq(next, &self.org))?;
                continue;
            }
            woken.await;
        }
    }
}
