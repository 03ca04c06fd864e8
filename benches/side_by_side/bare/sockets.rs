//! Sockets with nothing behind them. axum's router takes the handshake; what follows is what axum's own `ws` does
//! with the upgraded connection. Its feature is not asked for, because what a bench needs would be built into the
//! emulator beside it too.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    body::Body,
    extract::{Path, Request, State},
    response::{IntoResponse, Response},
    routing::get,
};
use futures_util::{SinkExt, StreamExt};
use hyper::{StatusCode, header, upgrade::Upgraded};
use hyper_util::rt::TokioIo;
use tokio::sync::mpsc;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error, Message, Utf8Bytes,
        handshake::derive_accept_key,
        protocol::{Role, WebSocketConfig},
    },
};

type Socket = WebSocketStream<TokioIo<Upgraded>>;
/// What is sent to each connection of a room.
type Room = Vec<mpsc::UnboundedSender<Utf8Bytes>>;
type Rooms = Arc<Mutex<BTreeMap<u32, Arc<Mutex<Room>>>>>;

/// Where each frame is answered by a text of so many bytes.
pub fn echo(bytes: usize) -> String {
    format!("/echo/{bytes}")
}

/// Where each frame makes a text of so many bytes for every connection of this room.
pub fn room(room: usize, bytes: usize) -> String {
    format!("/room/{room}/{bytes}")
}

/// The routes of both.
pub fn routes() -> Router {
    Router::new()
        .route("/echo/{bytes}", get(answer_echo))
        .route("/room/{room}/{bytes}", get(answer_room))
        .with_state(Rooms::default())
}

async fn answer_echo(Path(bytes): Path<usize>, request: Request) -> Response {
    upgrade(request, move |socket| run_echo(socket, filler(bytes)))
}

async fn answer_room(
    Path((number, bytes)): Path<(u32, usize)>,
    State(rooms): State<Rooms>,
    request: Request,
) -> Response {
    let room = Arc::clone(lock(&rooms).entry(number).or_default());
    // the client may speak as soon as it has the answer, and all are to hear it
    let (to_here, waiting) = mpsc::unbounded_channel();
    lock(&room).push(to_here);
    upgrade(request, move |socket| run_room(socket, filler(bytes), room, waiting))
}

fn filler(bytes: usize) -> Utf8Bytes {
    "x".repeat(bytes).into()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn upgrade<F>(mut request: Request, run: impl FnOnce(Socket) -> F + Send + 'static) -> Response
where
    F: Future<Output = Result<(), Error>> + Send + 'static,
{
    let Some(key) = request.headers().get(header::SEC_WEBSOCKET_KEY) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let accept = derive_accept_key(key.as_bytes());
    let upgrading = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let Ok(upgraded) = upgrading.await else { return };
        let config = WebSocketConfig::default().read_buffer_size(4096).write_buffer_size(0);
        let io = TokioIo::new(upgraded);
        let socket = WebSocketStream::from_raw_socket(io, Role::Server, Some(config)).await;
        // the client goes away when it has measured enough
        let _ = run(socket).await;
    });
    let headers = [
        (header::CONNECTION, "upgrade"),
        (header::UPGRADE, "websocket"),
        (header::SEC_WEBSOCKET_ACCEPT, accept.as_str()),
    ];
    (StatusCode::SWITCHING_PROTOCOLS, headers, Body::empty()).into_response()
}

async fn run_echo(mut socket: Socket, answer: Utf8Bytes) -> Result<(), Error> {
    while let Some(message) = socket.next().await {
        if message?.is_text() {
            socket.send(Message::Text(answer.clone())).await?;
        }
    }
    Ok(())
}

async fn run_room(
    mut socket: Socket,
    text: Utf8Bytes,
    room: Arc<Mutex<Room>>,
    mut waiting: mpsc::UnboundedReceiver<Utf8Bytes>,
) -> Result<(), Error> {
    loop {
        tokio::select! {
            biased;
            Some(text) = waiting.recv() => socket.send(Message::Text(text)).await?,
            message = socket.next() => match message.transpose()? {
                Some(message) if message.is_text() => {
                    lock(&room).retain(|connection| connection.send(text.clone()).is_ok());
                }
                Some(_) => {}
                None => return Ok(()),
            },
        }
    }
}
