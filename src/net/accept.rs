//! What faults of the emulator make of a connection before anything is read of it.

use std::time::Duration;

use socket2::SockRef;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    base::{clock::wall, conn::gone, time::Span},
    faults::verdict::Ending,
    ops::{app::App, gate::Admission},
    web::address::is_admin,
};

/// As much of the first request is looked at, to see whether it is for the admin API.
const START: usize = 512;
/// How often a request line is looked at of which not all has come.
const LOOK: Duration = Duration::from_millis(5);
/// A client has this much real time to see that the connection was closed.
const FAREWELL: Duration = Duration::from_secs(2);

/// Lets a connection in, or carries out what is to become of it instead. Its first bytes are looked at and left where they
/// are: what is for the admin API is let in, and not counted.
pub async fn let_in(tcp: TcpStream, app: &App) -> Option<TcpStream> {
    if !app.is_gated() {
        return Some(tcp);
    }
    let patience = app.settings.patience.quiet;
    let for_admin = tokio::select! {
        looked = wall::timeout(patience, is_for_admin(&tcp)) => looked.flatten()?,
        () = app.stop.cancelled() => return None,
    };
    if for_admin {
        return Some(tcp);
    }
    let Admission { wait, end } = app.admit();
    if wait > Span::ZERO {
        tokio::select! {
            waited = app.wait_at_gate(wait) => waited.then_some(())?,
            () = gone(&tcp) => return None,
            () = app.stop.cancelled() => return None,
        }
    }
    match end {
        None => return Some(tcp),
        Some(Ending::Reset) => {
            let _ = SockRef::from(&tcp).set_linger(Some(Duration::ZERO));
        }
        Some(Ending::Close) => drop(wall::timeout(FAREWELL, close(tcp)).await),
        Some(Ending::HalfOpen) => tokio::select! {
            () = gone(&tcp) => {}
            () = app.stop.cancelled() => {}
        },
    }
    None
}

/// Bytes that nobody read would make the system reset the connection.
async fn close(mut tcp: TcpStream) {
    let _ = tcp.shutdown().await;
    let mut rest = [0; 4096];
    while let Ok(1..) = tcp.read(&mut rest).await {}
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
        ] {
            assert_eq!(asks_admin(start.as_bytes()), known, "{start:?}");
        }
    }
}
