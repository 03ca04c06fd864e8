//! The bytes of a peer: those that were read ahead, then those of TCP, of TLS, or of a tunnel through a connection.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::server::TlsStream;

use super::conn::Conn;

/// As much is read ahead at most.
const AHEAD: usize = 512;

/// A stream of bytes. Under all of them is TCP.
pub struct Wire {
    ahead: Bytes,
    under: Under,
}

enum Under {
    Tcp(TcpStream),
    Tls(Box<TlsStream<Wire>>),
    Tunnel(Box<Conn>),
}

impl From<TcpStream> for Wire {
    fn from(tcp: TcpStream) -> Self {
        Self { ahead: Bytes::new(), under: Under::Tcp(tcp) }
    }
}

impl From<TlsStream<Wire>> for Wire {
    fn from(tls: TlsStream<Wire>) -> Self {
        Self { ahead: Bytes::new(), under: Under::Tls(Box::new(tls)) }
    }
}

impl Wire {
    /// What goes through a connection whose client has asked for a tunnel; it may have sent some of that already.
    pub fn tunnel(conn: Conn, ahead: Bytes) -> Self {
        Self { ahead, under: Under::Tunnel(Box::new(conn)) }
    }

    /// The connection under all of it.
    pub fn tcp(&self) -> &TcpStream {
        match &self.under {
            Under::Tcp(tcp) => tcp,
            Under::Tls(tls) => tls.get_ref().0.tcp(),
            Under::Tunnel(conn) => conn.tcp(),
        }
    }

    /// Waits for the first byte, and leaves it where it is; `None` when there is none.
    pub async fn first(&mut self) -> io::Result<Option<u8>> {
        if self.ahead.is_empty() {
            if let Under::Tcp(tcp) = &self.under {
                let mut byte = [0];
                return Ok((tcp.peek(&mut byte).await? > 0).then_some(byte[0]));
            }
            let mut bytes = [0; AHEAD];
            let read = self.read(&mut bytes).await?;
            self.ahead = Bytes::copy_from_slice(&bytes[..read]);
        }
        Ok(self.ahead.first().copied())
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Self { ahead, under } = &mut *self;
        if !ahead.is_empty() {
            let length = ahead.len().min(buf.remaining());
            buf.put_slice(&ahead[..length]);
            ahead.advance(length);
            return Poll::Ready(Ok(()));
        }
        match under {
            Under::Tcp(tcp) => Pin::new(tcp).poll_read(cx, buf),
            // a peer that ends TCP without a word of TLS has ended
            Under::Tls(tls) => match ready!(Pin::new(tls).poll_read(cx, buf)) {
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Poll::Ready(Ok(())),
                read => Poll::Ready(read),
            },
            Under::Tunnel(conn) => Pin::new(conn).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.under {
            Under::Tcp(tcp) => Pin::new(tcp).poll_write(cx, buf),
            Under::Tls(tls) => Pin::new(tls).poll_write(cx, buf),
            Under::Tunnel(conn) => Pin::new(conn).poll_write(cx, buf),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match &mut self.under {
            Under::Tcp(tcp) => Pin::new(tcp).poll_write_vectored(cx, bufs),
            Under::Tls(tls) => Pin::new(tls).poll_write_vectored(cx, bufs),
            Under::Tunnel(conn) => Pin::new(conn).poll_write_vectored(cx, bufs),
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.under {
            Under::Tcp(tcp) => Pin::new(tcp).poll_flush(cx),
            Under::Tls(tls) => Pin::new(tls).poll_flush(cx),
            Under::Tunnel(conn) => Pin::new(conn).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.under {
            Under::Tcp(tcp) => Pin::new(tcp).poll_shutdown(cx),
            Under::Tls(tls) => Pin::new(tls).poll_shutdown(cx),
            Under::Tunnel(conn) => Pin::new(conn).poll_shutdown(cx),
        }
    }
}
