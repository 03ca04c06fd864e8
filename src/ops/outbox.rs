//! What waits to be written to one socket.

use std::collections::VecDeque;

use parking_lot::Mutex;
use tokio::sync::{Notify, oneshot};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::{
    base::{time::Timestamp, wave::Wave},
    faults::verdict::Bend,
};

/// Frames that may wait for a client that does not read.
const MAX_WAITING: usize = 1_024;
/// Their bytes.
const MAX_WAITING_BYTES: usize = 1 << 20;

/// What a socket's task has to do next.
pub enum Item {
    /// Write this.
    Text {
        /// The frame.
        text: Utf8Bytes,
        /// What faults do to its bytes, in this order.
        bends: Box<[Bend]>,
        /// Held until it is written.
        wave: Option<Wave>,
    },
    /// Write a close frame.
    Close {
        /// Close code.
        code: u16,
        /// Close reason.
        reason: String,
    },
    /// End the TCP connection.
    Drop {
        /// With a reset.
        reset: bool,
    },
    /// Leave pings unanswered from now on.
    StopPong,
    /// Read nothing from now on.
    StopReading {
        /// Until then.
        until: Timestamp,
    },
    /// Read on, unless it is too early.
    ReadOn {
        /// The time has come.
        since: Timestamp,
        /// Held until what has arrived is taken in.
        wave: Option<Wave>,
    },
    /// Take in what the client has sent already, then say so.
    Barrier(oneshot::Sender<()>),
}

impl Item {
    /// The same, caused by another timer or by none.
    pub fn with(self, wave: Option<Wave>) -> Self {
        match self {
            Self::Text { text, bends, .. } => Self::Text { text, bends, wave },
            Self::ReadOn { since, .. } => Self::ReadOn { since, wave },
            other => other,
        }
    }
}

/// What waits to be written to one socket. A client that stops reading is dropped, not buffered for.
#[derive(Default)]
pub struct Outbox {
    queue: Mutex<(VecDeque<Item>, usize)>,
    ready: Notify,
    full: Notify,
}

impl Outbox {
    /// Adds an item; if there are too many, the connection is to be reset instead.
    pub fn push(&self, item: Item) {
        let mut queue = self.queue.lock();
        if let Item::Text { text, .. } = &item {
            queue.1 += text.len();
        }
        if queue.0.len() >= MAX_WAITING || queue.1 > MAX_WAITING_BYTES {
            queue.0.clear();
            queue.0.push_back(Item::Drop { reset: true });
            self.full.notify_one();
        } else {
            queue.0.push_back(item);
        }
        drop(queue);
        self.ready.notify_one();
    }

    /// The socket is to be closed before anything else: the emulator stops.
    pub fn stop(&self) {
        let item = Item::Close { code: 1001, reason: "the emulator is stopping".to_owned() };
        self.queue.lock().0.push_front(item);
        self.ready.notify_one();
    }

    /// Takes the next item, if there is one.
    pub fn try_pop(&self) -> Option<Item> {
        let mut queue = self.queue.lock();
        let item = queue.0.pop_front()?;
        if let Item::Text { text, .. } = &item {
            queue.1 = queue.1.saturating_sub(text.len());
        }
        if queue.0.is_empty() {
            queue.0.shrink_to(4);
        }
        Some(item)
    }

    /// Waits until more was to be written than is kept for a client that does not read.
    pub async fn overflown(&self) {
        self.full.notified().await;
    }

    /// Waits for the next item.
    pub async fn pop(&self) -> Item {
        loop {
            if let Some(item) = self.try_pop() {
                return item;
            }
            self.ready.notified().await;
        }
    }
}
