//! What waits to be written to one socket.

use std::{collections::VecDeque, future::poll_fn, task::Poll};

use futures_util::task::AtomicWaker;
use parking_lot::Mutex;
use tokio::sync::oneshot;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::{
    base::{time::Timestamp, wave::Wave},
    faults::verdict::{Bend, Ending},
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
    Drop(Ending),
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

#[derive(Default)]
struct Queue {
    items: VecDeque<Item>,
    bytes: usize,
    /// Was there ever too much?
    overflown: bool,
}

/// What waits to be written to one socket. A client that stops reading is dropped, not buffered for.
#[derive(Default)]
pub struct Outbox {
    queue: Mutex<Queue>,
    /// The socket's task while it waits for items: nobody else takes them.
    task: AtomicWaker,
    /// The same while it waits for its client to read.
    blocked: AtomicWaker,
}

impl Outbox {
    /// Adds an item; if there are too many, the connection is to be reset instead.
    pub fn push(&self, item: Item) {
        let mut queue = self.queue.lock();
        if let Item::Text { text, .. } = &item {
            queue.bytes += text.len();
        }
        if queue.items.len() >= MAX_WAITING || queue.bytes > MAX_WAITING_BYTES {
            queue.items.clear();
            queue.items.push_back(Item::Drop(Ending::Reset));
            queue.overflown = true;
            self.blocked.wake();
        } else {
            queue.items.push_back(item);
        }
        drop(queue);
        self.task.wake();
    }

    /// The socket is to be closed before anything else: the emulator stops.
    pub fn stop(&self) {
        let item = Item::Close { code: 1001, reason: "the emulator is stopping".to_owned() };
        self.queue.lock().items.push_front(item);
        self.task.wake();
    }

    /// Takes the next item, if there is one.
    pub fn try_pop(&self) -> Option<Item> {
        let mut queue = self.queue.lock();
        let item = queue.items.pop_front()?;
        if let Item::Text { text, .. } = &item {
            queue.bytes = queue.bytes.saturating_sub(text.len());
        }
        if queue.items.is_empty() {
            queue.items.shrink_to(4);
        }
        Some(item)
    }

    /// Waits until more was to be written than is kept for a client that does not read.
    pub async fn overflown(&self) {
        poll_fn(|cx| {
            self.blocked.register(cx.waker());
            if self.queue.lock().overflown { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    /// Waits for the next item.
    pub async fn pop(&self) -> Item {
        poll_fn(|cx| {
            // what comes before the task is known wakes nobody, so it is looked for afterwards
            self.task.register(cx.waker());
            self.try_pop().map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }

    /// The task has something else to do, and looks again by itself: it need not be woken.
    pub fn leave(&self) {
        drop(self.task.take());
    }
}
