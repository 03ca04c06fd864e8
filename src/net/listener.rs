//! Accepts connections and serves HTTP/1.1 on them.

use std::{convert::Infallible, io, pin::Pin, sync::Arc, time::Duration};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use futures_util::{StreamExt, stream::FuturesUnordered};
use http::{Method, Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use socket2::{SockRef, TcpKeepalive};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

use super::{
    accept,
    proxy::{self, Goes},
    tls,
};
use crate::{
    base::{clock::wall, conn::Conn, fate::Fate, wire::Wire},
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
    let (stop, door) = (web.app.stop.clone(), Arc::new(Door { web: Arc::clone(&web), admin_of }));
    let (open, mut all_closed) = mpsc::channel::<Infallible>(1);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok((tcp, _)) => {
                tokio::spawn(connection(tcp, Arc::clone(&door), open.clone()));
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

/// What the connections of a listener share.
struct Door {
    web: Arc<Web>,
    admin_of: Option<u16>,
}

/// What the requests of one connection share, so that they share nothing with those of other connections.
struct Line {
    door: Arc<Door>,
    peer: Peer,
    open: mpsc::Sender<Infallible>,
    /// Did it come through a tunnel? Then it opens none.
    tunnelled: bool,
}

impl Line {
    async fn answer(&self, mut request: Request<Incoming>) -> io::Result<Response> {
        let goes = match self.door.admin_of {
            None => proxy::judge(&mut request, &self.door.web.app),
            Some(_) => Goes::Here,
        };
        match goes {
            Goes::Here if request.method() == Method::CONNECT && self.tunnelled => {
                self.stray(&request, "a tunnel through a tunnel is not opened").await
            }
            Goes::Here if request.method() == Method::CONNECT && self.door.admin_of.is_none() => {
                let (door, open) = (Arc::clone(&self.door), self.open.clone());
                tokio::spawn(through(proxy::tunnel(hyper::upgrade::on(request)), door, open));
                Ok(Response::new(Body::empty()))
            }
            Goes::Here => self.visit(&self.peer, request).await,
            Goes::On(to) => {
                self.peer.fate.asked();
                let answer = proxy::pass(request, &to, &self.door.web.app).await;
                self.peer.fate.answered();
                Ok(answer)
            }
            Goes::Nowhere(why) => self.stray(&request, &why).await,
        }
    }

    async fn stray(&self, request: &Request<Incoming>, why: &str) -> io::Result<Response> {
        let stray = Peer { stray: Some(why.into()), ..self.peer.clone() };
        self.visit(&stray, proxy::outline(request)).await
    }

    async fn visit<B>(&self, peer: &Peer, request: Request<B>) -> io::Result<Response>
    where
        B: http_body::Body<Data = Bytes, Error: Into<axum::BoxError>> + Send + 'static,
    {
        peer.fate.asked();
        let answer = hallway(&self.door.web, peer, request).await;
        peer.fate.answered();
        answer.map_err(io::Error::other)
    }
}

/// Serves what comes through a tunnel: it may be TLS, and it may ask for anything but another tunnel.
fn through(
    opening: impl Future<Output = Option<(Conn, Bytes)>> + Send + 'static,
    door: Arc<Door>,
    open: mpsc::Sender<Infallible>,
) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        if let Some((conn, ahead)) = opening.await {
            converse(Wire::tunnel(conn, ahead), door, open, true).await;
        }
    })
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

async fn connection(tcp: TcpStream, door: Arc<Door>, open: mpsc::Sender<Infallible>) {
    let wire = match door.admin_of {
        Some(_) => tcp.into(),
        None => match accept::let_in(tcp.into(), &door.web.app).await {
            Some(wire) => wire,
            None => return,
        },
    };
    // a peer that vanished without a word is noticed in the end, also on an idle socket
    let keepalive =
        TcpKeepalive::new().with_time(Duration::from_secs(60)).with_interval(Duration::from_secs(20));
    let tcp = wire.tcp();
    if let Err(error) = tcp.set_nodelay(true).and_then(|()| SockRef::from(tcp).set_tcp_keepalive(&keepalive))
    {
        tracing::debug!(%error, "the options of a connection could not be set");
    }
    converse(wire, door, open, false).await;
}

/// Speaks TLS, if the first byte does, and then HTTP.
async fn converse(mut wire: Wire, door: Arc<Door>, open: mpsc::Sender<Infallible>, tunnelled: bool) {
    let app = &door.web.app;
    let mut secure = false;
    if app.settings.tls {
        let first = tokio::select! {
            first = wall::timeout(app.settings.patience.quiet, wire.first()) => first,
            () = app.stop.cancelled() => return,
        };
        let Some(Ok(Some(first))) = first else { return };
        if first == accept::TLS {
            let done = tokio::select! {
                done = tls::handshake(wire, app, door.admin_of.is_none()) => done,
                () = app.stop.cancelled() => return,
            };
            let Some(inner) = done else { return };
            (wire, secure) = (inner, true);
        }
    }
    http(wire, (secure, tunnelled), door, open).await;
}

async fn http(
    wire: Wire,
    (secure, tunnelled): (bool, bool),
    door: Arc<Door>,
    open: mpsc::Sender<Infallible>,
) {
    let fate = Arc::new(Fate::default());
    let conn = Conn::new(wire, Arc::clone(&fate), HEADER_NAMES, open.clone());
    let (limit, stop) = (door.web.app.settings.patience.quiet, door.web.app.stop.clone());
    let peer = Peer { fate: Arc::clone(&fate), admin_of: door.admin_of, secure, stray: None };
    let line = Arc::new(Line { door, peer, open, tunnelled });
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
