//! What is held while a clock moves: by the consequences of a timer, by work under way, by whoever waits.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use tokio::sync::{mpsc, oneshot};

use super::{clock::Clock, timers::TimerKey};

/// Held by everything that a fired timer causes; when the last clone is dropped, the timer has settled.
#[derive(Clone, Debug)]
pub struct Wave {
    _open: mpsc::Sender<Infallible>,
}

/// A wave, and what closes when its last clone is dropped.
pub(super) fn wave() -> (Wave, mpsc::Receiver<Infallible>) {
    let (open, settled) = mpsc::channel(1);
    (Wave { _open: open }, settled)
}

/// Work under way; see [`Clock::busy`].
pub struct Busy<E: Send + 'static>(pub(super) Arc<Clock<E>>);

impl<E: Send + 'static> Drop for Busy<E> {
    fn drop(&mut self) {
        self.0.idle();
    }
}

/// A wait on an org's clock. It ends with the wave of the timer, or with `None` when the org is over.
pub struct Sleep<E: Send + 'static> {
    pub(super) clock: Arc<Clock<E>>,
    pub(super) key: Option<TimerKey>,
    pub(super) woken: oneshot::Receiver<Wave>,
}

impl<E: Send + 'static> Future for Sleep<E> {
    type Output = Option<Wave>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Wave>> {
        match Pin::new(&mut self.woken).poll(cx) {
            Poll::Ready(woken) => {
                self.key = None;
                Poll::Ready(woken.ok())
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<E: Send + 'static> Drop for Sleep<E> {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            self.clock.disarm(key);
        }
    }
}
