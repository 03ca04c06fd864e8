//! A connection that obeys its fate. `net` accepts it, the socket of `web` takes it over after an upgrade.

use std::{
    convert::Infallible,
    io::{self, IoSlice},
    mem::MaybeUninit,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use socket2::SockRef;
use tokio::{
    io::{AsyncRead, AsyncWrite, Interest, ReadBuf},
    net::TcpStream,
    sync::mpsc,
};

use super::{clock::wall, fate::Fate, letter_case::Rest, wire::Wire};

/// How often a connection that is not read from is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// A connection and its fate.
pub struct Conn {
    wire: Wire,
    fate: Arc<Fate>,
    /// Header names in the letter case of the platform.
    names: &'static [&'static str],
    rest: Rest,
    /// Whoever stops the emulator waits until these are gone.
    _open: mpsc::Sender<Infallible>,
}

impl Conn {
    /// A connection that was just accepted. Heads of answers are to spell header names like `names`.
    pub fn new(
        wire: Wire,
        fate: Arc<Fate>,
        names: &'static [&'static str],
        open: mpsc::Sender<Infallible>,
    ) -> Self {
        Self { wire, fate, names, rest: Rest::default(), _open: open }
    }

    /// The TCP connection under it.
    pub fn tcp(&self) -> &TcpStream {
        self.wire.tcp()
    }

    /// Waits until the peer has closed its side, without reading what it had sent before.
    pub async fn peer_gone(&self) {
        gone(self.tcp()).await;
    }

    /// Has the operating system bytes of the peer that nobody has read? It is asked at this very moment.
    pub fn has_unread(&self) -> bool {
        let mut byte = [MaybeUninit::uninit(); 1];
        matches!(SockRef::from(self.tcp()).peek(&mut byte), Ok(n) if n > 0)
    }
}

/// Waits until the peer has closed its side, without reading what it had sent before. Looked at once a second of real
/// time while there is something to be read.
pub async fn gone(tcp: &TcpStream) {
    while let Ok(ready) = tcp.ready(Interest::READABLE).await {
        if ready.is_read_closed() {
            return;
        }
        wall::sleep(LOOK).await;
    }
}

/// Zero linger makes the operating system send a reset, and discard what it has not sent.
impl Drop for Conn {
    fn drop(&mut self) {
        if self.fate.is_reset() {
            let _ = SockRef::from(self.tcp()).set_linger(Some(Duration::ZERO));
        }
    }
}

impl AsyncRead for Conn {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_read(cx, buf)
    }
}

/// hyper writes heads, and bodies behind them, as vectors; a head is always the first slice.
impl AsyncWrite for Conn {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if self.fate.is_mute() {
            return Poll::Ready(Ok(buf.len()));
        }
        Pin::new(&mut self.wire).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.fate.is_mute() {
            return Poll::Ready(Ok(bufs.iter().map(|buf| buf.len()).sum()));
        }
        let Self { wire, fate, names, rest, .. } = &mut *self;
        if fate.has_bytes() {
            ready!(fate.poll_bytes(|bytes| Pin::new(&mut *wire).poll_write(cx, bytes)))?;
            return Poll::Ready(Ok(bufs.iter().map(|buf| buf.len()).sum()));
        }
        let write = |bufs: &[IoSlice<'_>]| Pin::new(wire).poll_write_vectored(cx, bufs);
        let written = match rest.is_empty() && !fate.is_head_due() {
            true => ready!(write(bufs))?,
            false => ready!(rest.write(names, bufs, write))?,
        };
        fate.wrote();
        Poll::Ready(Ok(written))
    }

    fn is_write_vectored(&self) -> bool {
        self.wire.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.fate.is_reset() {
            // an orderly end would come before the reset
            return Poll::Ready(Ok(()));
        }
        ready!(self.fate.poll_linger(cx));
        Pin::new(&mut self.wire).poll_shutdown(cx)
    }
}
