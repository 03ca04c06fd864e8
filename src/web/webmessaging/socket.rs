//! One open socket: the hallway in small. Frame → journal → verdict → session → verdict → frame.

use std::{
    collections::VecDeque,
    future::poll_fn,
    pin::{Pin, pin},
    sync::Arc,
    task::Poll,
    time::Duration,
};

use futures_util::{SinkExt, Stream as _, StreamExt};
use hyper::upgrade::{OnUpgrade, Parts};
use hyper_util::rt::TokioIo;
use tokio::sync::oneshot;
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};

use super::{
    actions,
    request::Request,
    stream::{Stream, close, complaint, websocket},
};
use crate::{
    base::{
        clock::wall,
        codec::json_wrong,
        conn::Conn,
        draw::Cause,
        fate::Fate,
        ids::{ConnectionId, SessionToken},
        time::Timestamp,
        wave::Wave,
    },
    domain::frame::{Body, Frame},
    faults::verdict::Verdict,
    ops::{
        admission,
        cx::Cx,
        messaging::{self, Incoming},
        outbox::{Item, Outbox},
        sockets,
    },
};

/// A client that takes longer to read one frame is dropped, in real time.
const WRITE_LIMIT: Duration = Duration::from_secs(30);
/// How long a frame that has arrived may take to be read before the clock moves on, in real time.
const BARRIER_STEP: Duration = Duration::from_millis(20);

/// Frames that are read while one of their connection waits; the pings between them are answered.
const MOST_BEHIND: usize = 64;

type Read = Option<Result<Message, Error>>;

/// One open socket.
struct Open {
    cx: Cx,
    id: ConnectionId,
    outbox: Arc<Outbox>,
    fate: Arc<Fate>,
    stream: Stream,
    /// The moves of the clock that wait until everything that has arrived is taken in.
    barriers: Vec<oneshot::Sender<()>>,
    /// The wave that woke a frame, held until what had arrived behind that frame is taken in too.
    woken: Option<Wave>,
    /// What came while a frame waited.
    behind: VecDeque<Read>,
}

/// The socket is over; its connection ends as its fate says.
struct End;

/// Runs the socket as soon as the connection is handed over.
pub fn spawn(cx: &Cx, id: ConnectionId, fate: Arc<Fate>, upgrading: OnUpgrade) {
    let (cx, org) = (cx.clone(), Arc::clone(&cx.org));
    let Some(outbox) = org.cell(|cell| cell.sockets.get(id).map(|socket| Arc::clone(&socket.outbox))) else {
        return;
    };
    tokio::spawn(async move {
        if let Ok(Ok(parts)) = upgrading.await.map(|up| up.downcast::<TokioIo<Conn>>()) {
            let Parts { io, read_buf, .. } = parts;
            let stream = websocket(io.into_inner(), read_buf).await;
            let (barriers, behind) = (Vec::new(), VecDeque::new());
            let open = Open { cx, id, outbox, fate, stream, barriers, woken: None, behind };
            open.run().await;
        }
        admission::leave(&org, id);
    });
}

impl Open {
    async fn run(mut self) {
        let stop = self.cx.app.stop.clone();
        loop {
            if let Some(read) = self.behind.pop_front() {
                if self.go_on(read).await.is_some() {
                    return;
                }
                continue;
            }
            let end = tokio::select! {
                biased;
                () = stop.cancelled() => {
                    close(&mut self.stream, 1001, "the emulator is stopping").await;
                    return;
                }
                item = self.outbox.pop() => match item {
                    Item::Barrier(passed) => {
                        self.barriers.push(passed);
                        self.take_in().await
                    }
                    item => self.write(item).await,
                },
                read = self.stream.next() => self.go_on(read).await,
            };
            if end.is_some() {
                return;
            }
        }
    }

    async fn go_on(&mut self, read: Read) -> Option<End> {
        match self.read(read).await {
            None if self.woken.is_some() => self.take_in().await,
            end => end,
        }
    }

    async fn write(&mut self, item: Item) -> Option<End> {
        match item {
            Item::Text { text, wave } => {
                let written = tokio::select! {
                    biased;
                    written = wall::timeout(WRITE_LIMIT, self.stream.send(Message::Text(Utf8Bytes::from(text)))) => written,
                    () = self.outbox.overflown() => None,
                };
                drop(wave);
                if !matches!(written, Some(Ok(()))) {
                    return Some(self.end(true));
                }
                None
            }
            Item::Close { code, reason } => {
                close(&mut self.stream, code, &reason).await;
                Some(End)
            }
            Item::Drop { reset } => Some(self.end(reset)),
            // while a frame waits, the ones behind it do too
            Item::Barrier(passed) => {
                let _ = passed.send(());
                None
            }
        }
    }

    /// A frame of the client waits in the org's time. What goes to the client does not wait with it.
    async fn wait(&mut self, due: Timestamp, cause: Cause) -> Option<End> {
        let stop = self.cx.app.stop.clone();
        let mut sleep = pin!(self.cx.org.clock.sleep_until(due, cause));
        self.let_move();
        loop {
            let item = tokio::select! {
                biased;
                () = stop.cancelled() => {
                    close(&mut self.stream, 1001, "the emulator is stopping").await;
                    return Some(End);
                }
                wave = &mut sleep => {
                    self.woken = wave;
                    return None;
                }
                item = self.outbox.pop() => item,
                read = self.stream.next(), if self.reads_on() => {
                    if !matches!(read, Some(Ok(Message::Ping(_) | Message::Pong(_)))) {
                        self.behind.push_back(read);
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
        self.behind.len() < MOST_BEHIND
            && last.is_none_or(|read| matches!(read, Some(Ok(m)) if !m.is_close()))
    }

    /// Without a close frame.
    fn end(&self, reset: bool) -> End {
        if reset {
            self.fate.seal_reset();
        }
        End
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
                    item => {
                        if let Some(end) = self.write(item).await {
                            return Some(end);
                        }
                    }
                }
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
                let _ = wall::timeout(WRITE_LIMIT, self.stream.flush()).await;
                Some(End)
            }
            Some(Ok(Message::Text(text))) => self.frame(text.as_str()).await,
            Some(Ok(Message::Binary(bytes))) => self.not_text(&bytes),
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => None,
            Some(Err(error)) => {
                if let Some((code, reason)) = complaint(error) {
                    close(&mut self.stream, code, &reason).await;
                }
                Some(End)
            }
        }
    }

    fn not_text(&self, bytes: &[u8]) -> Option<End> {
        let told = sockets::arrive(&self.cx.org, self.id, "(binary)", None, bytes);
        if told.is_some() {
            self.tell(None, 400, "Frames are text with one JSON object", None);
        }
        None
    }

    fn tell(&self, tracing_id: Option<String>, code: u32, text: &str, wave: Option<&Wave>) {
        let frame = Frame { tracing_id, body: Body::Error { code, text: text.to_owned() } };
        messaging::answer(&self.cx.app, &self.cx.org, self.id, &frame, wave);
    }

    /// One frame of the client.
    async fn frame(&mut self, text: &str) -> Option<End> {
        let mut busy = self.cx.org.clock.busy();
        let parsed = Request::read(text);
        let (action, token) = match &parsed {
            Ok(request) => (request.action.as_deref().unwrap_or("(none)"), request.token.as_deref()),
            Err(_) => ("(unreadable)", None),
        };
        let session = token.map(SessionToken::from);
        let arrival = sockets::arrive(&self.cx.org, self.id, action, session.as_ref(), text.as_bytes())?;
        let mut wave = None;
        let mut now = arrival.now;
        let tracing_id = parsed.as_ref().ok().and_then(|request| request.tracing_id.clone());
        for ruling in &arrival.rulings {
            match &ruling.verdict {
                Verdict::Wait(span) => {
                    drop(busy);
                    let cause = arrival.cause.timer(u32::MAX);
                    if let Some(end) = self.wait(now.plus(*span), cause).await {
                        return Some(end);
                    }
                    busy = self.cx.org.clock.busy();
                    wave = self.woken.clone();
                    now = self.cx.org.clock.now();
                }
                verdict @ (Verdict::Answer(_) | Verdict::Limited(_)) => {
                    let refusal = sockets::refusal(verdict, tracing_id);
                    messaging::answer(&self.cx.app, &self.cx.org, self.id, &refusal, wave.as_ref());
                    return None;
                }
                Verdict::Close { code, reason } => {
                    close(&mut self.stream, *code, reason).await;
                    return Some(End);
                }
                Verdict::Drop { reset } => return Some(self.end(*reset)),
                _ => {}
            }
        }
        let request = match parsed {
            Ok(request) => request,
            Err(error) => {
                self.tell(
                    None,
                    400,
                    &format!("The frame cannot be read: {}", json_wrong(&error)),
                    wave.as_ref(),
                );
                return None;
            }
        };
        // health checks of small clients have no token: they mean the session that is configured here
        let session = session.or_else(|| {
            let org = &self.cx.org;
            org.cell(|cell| cell.sockets.get(self.id).and_then(|socket| socket.session().cloned()))
        });
        let incoming = Incoming {
            connection: self.id,
            cause: arrival.cause,
            now,
            session: session.unwrap_or_else(|| SessionToken::from("")),
            tracing_id,
            wave: wave.as_ref(),
        };
        actions::act(&self.cx, request, &incoming).await;
        self.cx.app.trim_journals();
        drop(busy);
        None
    }
}
