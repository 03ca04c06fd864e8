//! Accepts connections and serves HTTP/1.1 on them.

use std::{convert::Infallible, io, sync::Arc, time::Duration};

use axum::response::Response;
use futures_util::{StreamExt, stream::FuturesUnordered};
use http::Request;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use socket2::{SockRef, TcpKeepalive};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc,
};
use tokio_util::sync::CancellationToken;

use super::accept;
use crate::{
    base::{clock::wall, conn::Conn, fate::Fate},
    web::{
        HEADER_NAMES, Web,
        hallway::{Peer, hallway},
    },
};

/// How often a connection is looked at while it may be quiet. It is closed when no request was under way and nothing was
/// written at so many looks in a row, and one more: the first may come just after something was.
const LOOKS: u32 = 4;
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
    web.app.close_sockets();
    wall::timeout(DRAIN_LIMIT, all_closed.recv()).await;
}

/// What the requests of one connection share, so that they share nothing with those of other connections.
struct Line {
    web: Arc<Web>,
    peer: Peer,
}

impl Line {
    async fn answer(&self, request: Request<Incoming>) -> io::Result<Response> {
        self.peer.fate.asked();
        let answer = hallway(&self.web, &self.peer, request).await;
        self.peer.fate.answered();
        answer.map_err(io::Error::other)
    }
}

/// Ends when nothing has happened on a connection for so long. hyper could watch for that, with a timer for each head.
async fn quiet(fate: &Fate, limit: Duration) {
    loop {
        wall::sleep(limit / LOOKS).await;
        if fate.look() > LOOKS {
            return;
        }
    }
}

async fn connection(
    tcp: TcpStream,
    web: Arc<Web>,
    admin_of: Option<u16>,
    stop: CancellationToken,
    open: mpsc::Sender<Infallible>,
) {
    let tcp = match admin_of {
        Some(_) => tcp,
        None => match accept::let_in(tcp, &web.app).await {
            Some(tcp) => tcp,
            None => return,
        },
    };
    // a peer that vanished without a word is noticed in the end, also on an idle socket
    let keepalive =
        TcpKeepalive::new().with_time(Duration::from_secs(60)).with_interval(Duration::from_secs(20));
    if let Err(error) = tcp.set_nodelay(true).and_then(|()| SockRef::from(&tcp).set_tcp_keepalive(&keepalive))
    {
        tracing::debug!(%error, "the options of a connection could not be set");
    }
    let fate = Arc::new(Fate::default());
    let conn = Conn::new(tcp, Arc::clone(&fate), HEADER_NAMES, open);
    let limit = web.app.settings.patience.quiet;
    let line = Arc::new(Line { web, peer: Peer { fate: Arc::clone(&fate), admin_of } });
    let service = service_fn(move |request| {
        let line = Arc::clone(&line);
        async move { line.answer(request).await }
    });
    let serving = http1::Builder::new()
        .auto_date_header(false)
        .max_buf_size(64 << 10)
        .serve_connection(TokioIo::new(conn), service)
        .with_upgrades();
    tokio::pin!(serving);
    // in a set, this is polled when it has something to say, and not whenever the connection has
    let mut over = FuturesUnordered::from_iter([async {
        tokio::select! {
            () = stop.cancelled() => true,
            () = quiet(&fate, limit) => false,
        }
    }]);
    let stopped = tokio::select! {
        biased;
        ended = serving.as_mut() => {
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection ended early");
            }
            return;
        }
        stopped = over.select_next_some() => stopped,
    };
    if stopped {
        serving.as_mut().graceful_shutdown();
        wall::timeout(DRAIN_LIMIT, serving).await;
    }
}
