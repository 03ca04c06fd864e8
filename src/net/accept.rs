//! What faults of the emulator make of a connection before anything is read of it.

use std::time::Duration;

use socket2::SockRef;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    base::{clock::wall, conn::gone, time::Span, wire::Wire},
    faults::verdict::Ending,
    ops::{app::App, gate::Admission},
    web::address::is_admin,
};

/// As much of the first request is looked at, to see whether it is for the admin API.
const START: usize = 512;
/// The first byte of TLS (RFC 8446 section 5.1): what is asked for cannot be seen.
pub const TLS: u8 = 22;
/// How often a request line is looked at of which not all has come.
const LOOK: Duration = Duration::from_millis(5);
/// A client has this much real time to see that the connection was closed.
const FAREWELL: Duration = Duration::from_secs(2);

/// Lets a connection in, or carries out what is to become of it instead. Its first bytes are looked at and left where they
/// are: what is for the admin API is let in, and not counted.
pub async fn let_in(wire: Wire, app: &App) -> Option<Wire> {
    if !app.is_gated() {
        return Some(wire);
    }
    let patience = app.settings.patience.quiet;
    let for_admin = tokio::select! {
        looked = wall::timeout(patience, is_for_admin(wire.tcp())) => looked.flatten()?,
        () = app.stop.cancelled() => return None,
    };
    if for_admin {
        return Some(wire);
    }
    outlast(wire, app, app.admit()).await
}

/// Waits as long as faults want it; then ends the connection, if they want that.
pub async fn outlast(wire: Wire, app: &App, Admission { wait, end, .. }: Admission) -> Option<Wire> {
    if wait > Span::ZERO {
        tokio::select! {
            waited = app.wait_at_gate(wait) => waited.then_some(())?,
            () = gone(wire.tcp()) => return None,
            () = app.stop.cancelled() => return None,
        }
    }
    match end {
        None => return Some(wire),
        Some(Ending::Reset) => {
            let _ = SockRef::from(wire.tcp()).set_linger(Some(Duration::ZERO));
        }
        Some(Ending::Close) => drop(wall::timeout(FAREWELL, close(wire)).await),
        Some(Ending::HalfOpen) => tokio::select! {
            () = gone(wire.tcp()) => {}
            () = app.stop.cancelled() => {}
        },
    }
    None
}

/// Bytes that nobody read would make the system reset the connection.
async fn close(mut wire: Wire) {
    let _ = wire.shutdown().await;
    let mut rest = [0; 4096];
    while let Ok(1..) = wire.read(&mut rest).await {}
}

/// Is the first request for the admin API? `None` when there is none.
async fn is_for_admin(tcp: &TcpStream) -> Option<bool> {
    let mut start = [0; START];
    loop {
        let length = tcp.peek(&mut start).await.ok().filter(|length| *length > 0)?;
        match asks_admin(&start[..length]) {
            Some(known) => return Some(known),
            None if length == START => return Some(false),
            None => wall::sleep(LOOK).await,
        }
    }
}

/// Is this the beginning of a request to the admin API? `None` when it is too short to tell.
fn asks_admin(start: &[u8]) -> Option<bool> {
    if start.first() == Some(&TLS) {
        return Some(false);
    }
    let line = start.trim_ascii_start();
    let mut words = line.splitn(3, |byte| *byte == b' ');
    let (_method, target, _rest) = (words.next()?, words.next()?, words.next()?);
    let target = std::str::from_utf8(target).ok().and_then(|target| target.parse::<http::Uri>().ok());
    Some(target.is_some_and(|target| is_admin(target.path())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_line_tells_whether_it_is_for_the_admin_api() {
        for (start, known) in [
            ("", None),
            ("GET", None),
            ("GET /__admin", None),
            ("GET /__admin/faults HTTP/1.1\r\n", Some(true)),
            ("\r\nDELETE /__admin HTTP/1.1\r\n", Some(true)),
            ("PUT http://localhost:1/__admin/faults?x=1 HTTP/1.1", Some(true)),
            ("GET /__administrator HTTP/1.1", Some(false)),
            ("GET /@org/__admin HTTP/1.1", Some(false)),
            ("GET /x HTTP/1.1", Some(false)),
            ("\u{1} \u{2} \u{3}", Some(false)),
            ("\u{16}\u{3}", Some(false)),
        ] {
            assert_eq!(asks_admin(start.as_bytes()), known, "{start:?}");
        }
    }
}
