//! Accepts connections and serves HTTP/1.1 on them.

use std::{convert::Infallible, io, sync::Arc, time::Duration};

use http::Request;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use socket2::{SockRef, TcpKeepalive};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc,
};
use tokio_util::sync::CancellationToken;

use crate::{
    base::{clock::wall, conn::Conn, fate::Fate},
    web::{
        HEADER_NAMES, Web,
        hallway::{Peer, hallway},
    },
};

/// A request head, or an idle connection, may take this much real time.
const HEAD_LIMIT: Duration = Duration::from_secs(60);
/// Requests under way have this much real time when the emulator stops.
const DRAIN_LIMIT: Duration = Duration::from_secs(3);

/// Serves until the emulator stops and everything under way is done, or has had its time.
pub async fn serve(listener: TcpListener, web: Arc<Web>, admin_of: Option<u16>) {
    let stop = web.app.stop.clone();
    let (open, mut all_closed) = mpsc::channel::<Infallible>(1);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok((tcp, _)) => {
                let (web, open, stop) = (Arc::clone(&web), open.clone(), stop.clone());
                tokio::spawn(async move {
                    connection(tcp, web, admin_of, stop, open).await;
                });
            }
            Err(error) => {
                // out of file descriptors, most likely: that passes
                tracing::warn!(%error, "a connection could not be accepted");
                wall::sleep(Duration::from_millis(20)).await;
            }
        }
    }
    drop((listener, open));
    wall::timeout(DRAIN_LIMIT, all_closed.recv()).await;
}

async fn connection(
    tcp: TcpStream,
    web: Arc<Web>,
    admin_of: Option<u16>,
    stop: CancellationToken,
    open: mpsc::Sender<Infallible>,
) {
    // a peer that vanished without a word is noticed in the end, also on an idle socket
    let keepalive = TcpKeepalive::new().with_time(HEAD_LIMIT).with_interval(Duration::from_secs(20));
    if let Err(error) = tcp.set_nodelay(true).and_then(|()| SockRef::from(&tcp).set_tcp_keepalive(&keepalive))
    {
        tracing::debug!(%error, "the options of a connection could not be set");
    }
    let fate = Arc::new(Fate::default());
    let conn = Conn::new(tcp, Arc::clone(&fate), HEADER_NAMES, open);
    let peer = Peer { fate, admin_of };
    let service = service_fn(move |request: Request<Incoming>| {
        let (web, peer) = (Arc::clone(&web), peer.clone());
        async move {
            let answer = hallway(&web, &peer, request).await.map_err(io::Error::other);
            peer.fate.head_is_due(true);
            answer
        }
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_LIMIT)
        .auto_date_header(false)
        .max_buf_size(64 << 10)
        .serve_connection(TokioIo::new(conn), service)
        .with_upgrades();
    tokio::pin!(serving);
    tokio::select! {
        ended = serving.as_mut() => {
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection ended early");
            }
            return;
        }
        () = stop.cancelled() => {}
    }
    serving.as_mut().graceful_shutdown();
    wall::timeout(DRAIN_LIMIT, serving).await;
}
