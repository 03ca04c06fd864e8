//! One open socket: the hallway in small. Frame → journal → verdict → session → verdict → frame.

use std::{
    collections::VecDeque,
    future::poll_fn,
    pin::{Pin, pin},
    sync::Arc,
    task::Poll,
    time::Duration,
};

use bytes::Bytes;
use futures_util::{FutureExt, SinkExt, Stream as _, StreamExt};
use hyper::upgrade::{OnUpgrade, Parts};
use hyper_util::rt::TokioIo;
use tokio::sync::oneshot;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::{
    Protocol, bent,
    stream::{Stream, close, complaint, heard, websocket},
};
use crate::{
    base::{
        clock::wall,
        conn::Conn,
        draw::Cause,
        fate::Fate,
        ids::ConnectionId,
        time::{Span, Timestamp},
        wave::Wave,
    },
    faults::verdict::Ending,
    ops::{
        admission,
        cx::Cx,
        host::Host,
        outbox::{Item, Outbox},
    },
};

/// How long a frame that has arrived may take to be read before the clock moves on, in real time.
const BARRIER_STEP: Duration = Duration::from_millis(20);

/// Frames that are read while one of their connection waits; the pings between them are answered.
const MOST_BEHIND: usize = 64;

type Read = Option<Result<Message, Error>>;

/// One open socket.
pub struct Open {
    pub(in crate::web) host: Host,
    pub(in crate::web) id: ConnectionId,
    pub(in crate::web) speaks: Protocol,
    outbox: Arc<Outbox>,
    fate: Arc<Fate>,
    pub(in crate::web) stream: Stream,
    /// The moves of the clock that wait until everything that has arrived is taken in.
    barriers: Vec<oneshot::Sender<()>>,
    /// The wave that woke a frame, or the reader; held until what had arrived is taken in too.
    pub(in crate::web) woken: Option<Wave>,
    /// What came while a frame waited.
    behind: VecDeque<Read>,
    /// Nothing is read before then.
    deaf_until: Option<Timestamp>,
    /// Are pings left unanswered?
    ignores_pings: bool,
}

/// The socket is over; its connection ends as its fate says.
pub struct End;

/// Runs the socket as soon as the connection is handed over.
pub fn spawn(cx: &Cx, speaks: Protocol, id: ConnectionId, fate: Arc<Fate>, upgrading: OnUpgrade) {
    let host = Host::from(cx);
    let Some(outbox) = host.org.cell(|cell| cell.sockets.get(id).map(|socket| Arc::clone(&socket.outbox)))
    else {
        return;
    };
    tokio::spawn(async move {
        let org = Arc::clone(&host.org);
        if host.app.stop.is_cancelled() {
            // too late for whoever closes all
            outbox.stop();
        }
        if let Some((conn, early)) = upgraded(upgrading).await {
            let stream = websocket(conn, early).await;
            let open = Open {
                host,
                id,
                speaks,
                outbox,
                fate,
                stream,
                barriers: Vec::new(),
                woken: None,
                behind: VecDeque::new(),
                deaf_until: None,
                ignores_pings: false,
            };
            open.run().await;
        }
        admission::leave(&org, id);
    });
}

/// The connection after the upgrade, and what was read of it early.
async fn upgraded(upgrading: OnUpgrade) -> Option<(Conn, Bytes)> {
    let Parts { io, read_buf, .. } = upgrading.await.ok()?.downcast::<TokioIo<Conn>>().ok()?;
    Some((io.into_inner(), read_buf))
}

/// What a socket does next.
enum Next {
    Item(Item),
    Read(Read),
}

impl Open {
    async fn run(mut self) {
        loop {
            let (end, takes_in) = match self.next().await {
                Next::Item(Item::Barrier(passed)) => {
                    self.barriers.push(passed);
                    (None, true)
                }
                Next::Item(Item::ReadOn { since, wave }) => {
                    self.read_on(since);
                    self.woken = wave;
                    (None, true)
                }
                Next::Item(item) => (self.write(item).await, false),
                Next::Read(read) => (self.read(read).await, self.woken.is_some()),
            };
            let end = match end {
                // in a place of its own: most sockets never see the clock moved
                None if takes_in => Box::pin(self.take_in()).await,
                end => end,
            };
            if end.is_some() {
                if self.fate.is_half_open() {
                    // in a place of its own: most sockets never see it
                    Box::pin(self.hold()).await;
                }
                return;
            }
        }
    }

    async fn next(&mut self) -> Next {
        if let Some(item) = self.outbox.try_pop() {
            return Next::Item(item);
        }
        let deaf = self.deaf_until.is_some();
        if !deaf && let Some(read) = self.behind.pop_front() {
            return Next::Read(read);
        }
        let next = tokio::select! {
            biased;
            item = self.outbox.pop() => Next::Item(item),
            read = heard(&mut self.stream, deaf) => Next::Read(read),
        };
        self.outbox.leave();
        next
    }

    async fn write(&mut self, item: Item) -> Option<End> {
        match item {
            Item::Text { text, bends, wave } => {
                let end = match bends.is_empty() {
                    true => self.send(Message::Text(text)).await,
                    false => self.send_all(bent::messages(&text, &bends)).await,
                };
                drop(wave);
                end
            }
            Item::StopPong => {
                self.ignores_pings = true;
                // half a pong may be left that is not to be
                let flushed = wall::timeout(self.write_limit(), self.stream.flush()).await;
                flushed.is_none_or(|done| done.is_err()).then(|| self.end(Ending::Reset))
            }
            Item::StopReading { until } => {
                self.deaf_until = self.deaf_until.max(Some(until));
                None
            }
            Item::ReadOn { since, wave } => {
                self.read_on(since);
                drop(wave);
                None
            }
            Item::Close { code, reason } => {
                close(&mut self.stream, code, &reason).await;
                Some(End)
            }
            Item::Drop(how) => Some(self.end(how)),
            // while a frame waits, the ones behind it do too
            Item::Barrier(passed) => {
                let _ = passed.send(());
                None
            }
        }
    }

    /// A client that takes longer to read one frame is dropped, in real time.
    fn write_limit(&self) -> Duration {
        self.host.app.settings.patience.write
    }

    async fn send(&mut self, message: Message) -> Option<End> {
        let limit = self.write_limit();
        let mut sending = self.stream.send(message);
        // mostly the system takes all of it at once
        let written = match poll_fn(|cx| Poll::Ready(sending.poll_unpin(cx))).await {
            Poll::Ready(written) => Some(written),
            Poll::Pending => {
                Box::pin(async {
                    tokio::select! {
                        biased;
                        written = wall::timeout(limit, sending) => written,
                        () = self.outbox.overflown() => None,
                    }
                })
                .await
            }
        };
        (!matches!(written, Some(Ok(())))).then(|| self.end(Ending::Reset))
    }

    async fn send_all(&mut self, messages: Vec<Message>) -> Option<End> {
        for message in messages {
            if let Some(end) = self.send(message).await {
                return Some(end);
            }
        }
        None
    }

    fn read_on(&mut self, since: Timestamp) {
        self.deaf_until = self.deaf_until.filter(|until| *until > since);
    }

    /// A ping came. Its pong is ready and leaves with whatever is written next, unless it is lost before.
    async fn pinged(&mut self) {
        if self.ignores_pings {
            self.fate.mute(true);
            let _ = self.stream.flush().await;
            self.fate.mute(false);
        }
    }

    /// A frame of the client waits in the org's time. What goes to the client does not wait with it.
    pub(in crate::web) async fn wait(&mut self, due: Timestamp, cause: Cause) -> Option<End> {
        let mut sleep = pin!(self.host.org.clock.sleep_until(due, cause));
        self.let_move();
        loop {
            let item = tokio::select! {
                biased;
                wave = &mut sleep => {
                    self.woken = wave;
                    return None;
                }
                item = self.outbox.pop() => item,
                read = self.stream.next(), if self.reads_on() => {
                    match read {
                        Some(Ok(Message::Ping(_))) => self.pinged().await,
                        Some(Ok(Message::Pong(_))) => {}
                        read => self.behind.push_back(read),
                    }
                    continue;
                }
            };
            if let Some(end) = self.write(item).await {
                return Some(end);
            }
        }
    }

    /// Behind what ends the connection there is nothing more to read.
    fn reads_on(&self) -> bool {
        let last = self.behind.back();
        self.deaf_until.is_none()
            && self.behind.len() < MOST_BEHIND
            && last.is_none_or(|read| matches!(read, Some(Ok(m)) if !m.is_close()))
    }

    /// Without a close frame.
    pub(in crate::web) fn end(&self, how: Ending) -> End {
        match how {
            Ending::Reset => self.fate.seal_reset(),
            Ending::HalfOpen => self.fate.seal_half_open(),
            Ending::Close => {}
        }
        End
    }

    /// The org has forgotten the connection, and its client is not told: until that one, the org or the emulator ends.
    async fn hold(&mut self) {
        let Host { app, org, .. } = &self.host;
        admission::leave(org, self.id);
        self.barriers.clear();
        self.woken = None;
        let due = org.clock.now().plus(Span::FOREVER);
        tokio::select! {
            () = self.stream.get_ref().peer_gone() => {}
            _ = org.clock.sleep_until(due, Cause::visit(self.id.0).timer(u32::MAX)) => {}
            () = app.stop.cancelled() => {}
        }
    }

    fn let_move(&mut self) {
        self.woken = None;
        for passed in self.barriers.drain(..) {
            let _ = passed.send(());
        }
    }

    /// Reads what the client has sent by now, then lets the clock move on.
    async fn take_in(&mut self) -> Option<End> {
        loop {
            // a client that reads is not to be taken for one that does not, however much it had sent
            while let Some(item) = self.outbox.try_pop() {
                match item {
                    Item::Barrier(passed) => self.barriers.push(passed),
                    Item::ReadOn { since, wave } => {
                        self.read_on(since);
                        self.woken = wave;
                    }
                    item => {
                        if let Some(end) = self.write(item).await {
                            return Some(end);
                        }
                    }
                }
            }
            if self.deaf_until.is_some() {
                break;
            }
            if let Some(read) = self.behind.pop_front() {
                if let Some(end) = self.read(read).await {
                    return Some(end);
                }
                continue;
            }
            let ready = poll_fn(|cx| Poll::Ready(Pin::new(&mut self.stream).poll_next(cx))).await;
            let read = match ready {
                Poll::Ready(read) => read,
                Poll::Pending if !self.stream.get_ref().has_unread() => break,
                Poll::Pending => match wall::timeout(BARRIER_STEP, self.stream.next()).await {
                    Some(read) => read,
                    None => break,
                },
            };
            if let Some(end) = self.read(read).await {
                return Some(end);
            }
        }
        self.let_move();
        None
    }

    async fn read(&mut self, read: Read) -> Option<End> {
        match read {
            None => Some(End),
            // the answer to it is ready; a second close frame would be refused, and that one never written
            Some(Ok(Message::Close(_))) => {
                let _ = wall::timeout(self.write_limit(), self.stream.flush()).await;
                Some(End)
            }
            Some(Ok(Message::Text(text))) => match self.speaks {
                Protocol::Webmessaging => self.frame(text.as_str()).await,
                Protocol::Streaming => self.channel_frame(text.as_bytes()).await,
            },
            Some(Ok(Message::Binary(bytes))) => match self.speaks {
                Protocol::Webmessaging => self.not_text(&bytes),
                Protocol::Streaming => self.channel_frame(&bytes).await,
            },
            Some(Ok(Message::Ping(_))) => {
                self.pinged().await;
                None
            }
            Some(Ok(Message::Pong(_) | Message::Frame(_))) => None,
            Some(Err(error)) => {
                if let Some((code, reason)) = complaint(error) {
                    close(&mut self.stream, code, &reason).await;
                }
                Some(End)
            }
        }
    }
}
