//! The player's WebSocket client. A ping behind everything that was sent shows when all of it has been answered.

use std::{collections::VecDeque, io, time::Duration};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        Bytes, Error, Message,
        client::IntoClientRequest,
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};

use super::http::{Request, answer};
use crate::base::clock::wall;

/// Real time in which a pong comes, if it ever does.
const PONG: Duration = Duration::from_millis(500);
/// Real time in which an upgrade is answered, if it ever is.
const UPGRADE: Duration = Duration::from_secs(30);

/// One socket of a client.
pub struct ClientSocket {
    stream: WebSocketStream<TcpStream>,
    /// What came and was not asked for yet.
    heard: VecDeque<Value>,
    /// It is over.
    ended: bool,
    /// Its pings are not answered.
    mute: bool,
    /// What was told when something could not be sent any more.
    broken: Option<&'static str>,
    pings: u64,
}

/// Opens one. What comes is the answer to the upgrade, as scripts see it.
pub async fn open(address: &str, request: &Request) -> (Value, Option<ClientSocket>) {
    let opening = wall::timeout(UPGRADE, upgrade(address, request)).await;
    opening.unwrap_or_else(|| (json!({ "error": "timeout" }), None))
}

async fn upgrade(address: &str, request: &Request) -> (Value, Option<ClientSocket>) {
    let failed = |error: &str| (json!({ "error": error }), None);
    let stream = match TcpStream::connect(address).await {
        Ok(stream) => stream,
        Err(_) => return failed("refused"),
    };
    let url = format!("ws://{address}{}", request.target);
    let Ok(mut upgrade) = url.into_client_request() else {
        return failed("not sent: the target is no URL");
    };
    for (name, value) in &request.headers {
        match (name.parse::<http::HeaderName>(), value.parse::<http::HeaderValue>()) {
            (Ok(name), Ok(value)) => drop(upgrade.headers_mut().insert(name, value)),
            _ => return failed(&format!("not sent: `{name}` is no header")),
        }
    }
    match client_async(upgrade, stream).await {
        Ok((stream, response)) => {
            let told = answer(response.status().as_u16(), response.headers(), b"");
            let (heard, ended, mute, broken, pings) = (VecDeque::new(), false, false, None, 0);
            (told, Some(ClientSocket { stream, heard, ended, mute, broken, pings }))
        }
        Err(Error::Http(response)) => {
            let body = response.body().clone().unwrap_or_default();
            (answer(response.status().as_u16(), response.headers(), &body), None)
        }
        Err(error) => (json!({ "error": how(&error) }), None),
    }
}

/// In one word, how a socket ended without a close frame.
fn how(error: &Error) -> &'static str {
    match error {
        Error::Io(error) if error.kind() == io::ErrorKind::ConnectionReset => "reset",
        Error::Protocol(
            tokio_tungstenite::tungstenite::error::ProtocolError::ResetWithoutClosingHandshake
            | tokio_tungstenite::tungstenite::error::ProtocolError::HandshakeIncomplete,
        )
        | Error::ConnectionClosed
        | Error::AlreadyClosed
        | Error::Io(_) => "closed",
        _ => "malformed",
    }
}

impl ClientSocket {
    /// Sends a frame. Whoever listens no more is noticed when something is to come.
    pub async fn send(&mut self, text: String) {
        self.sent(Message::text(text)).await;
    }

    /// Was it sent?
    async fn sent(&mut self, message: Message) -> bool {
        let sent = self.stream.send(message).await;
        self.broken = self.broken.or(sent.as_ref().err().map(how));
        sent.is_ok()
    }

    /// Says goodbye, and reads until the other side has done so too.
    pub async fn close(mut self) {
        let frame = CloseFrame { code: CloseCode::Normal, reason: "".into() };
        if self.stream.close(Some(frame)).await.is_ok() {
            wall::timeout(PONG, async { while let Some(Ok(_)) = self.stream.next().await {} }).await;
        }
    }

    /// Takes in everything that was sent to it before now.
    pub async fn settle(&mut self) {
        if self.ended {
            return;
        }
        if self.mute {
            return self.take_in(PONG / 10).await;
        }
        self.pings += 1;
        let payload = Bytes::copy_from_slice(&self.pings.to_be_bytes());
        if !self.sent(Message::Ping(payload.clone())).await {
            return self.take_in(Duration::ZERO).await;
        }
        loop {
            match wall::timeout(PONG, self.stream.next()).await {
                Some(Some(Ok(Message::Pong(back)))) if back == payload => return,
                Some(read) => {
                    self.hear(read);
                    if self.ended {
                        return;
                    }
                }
                None => {
                    self.mute = true;
                    return;
                }
            }
        }
    }

    async fn take_in(&mut self, patience: Duration) {
        while let Some(read) = wall::timeout(patience.max(Duration::from_millis(1)), self.stream.next()).await
        {
            self.hear(read);
            if self.ended {
                return;
            }
        }
    }

    /// Waits in real time for something to come.
    pub async fn wait(&mut self, patience: Duration) {
        if !self.ended
            && self.heard.is_empty()
            && let Some(read) = wall::timeout(patience, self.stream.next()).await
        {
            self.hear(read);
        }
    }

    fn hear(&mut self, read: Option<Result<Message, Error>>) {
        let told = match read {
            Some(Ok(Message::Text(text))) => {
                serde_json::from_str(&text).unwrap_or_else(|_| json!({ "text": text.as_str() }))
            }
            Some(Ok(Message::Binary(bytes))) => json!({ "binary": bytes.len() }),
            Some(Ok(Message::Close(frame))) => {
                self.ended = true;
                let (code, reason) = frame
                    .map_or((1005, String::new()), |frame| (frame.code.into(), frame.reason.to_string()));
                json!({ "closed": { "code": code, "reason": reason } })
            }
            Some(Ok(_)) => return,
            end => {
                self.ended = true;
                let told = end.and_then(Result::err).map(|error| how(&error));
                // a reset is told only once, and that may have been when something was sent
                let how = [self.broken, told].into_iter().flatten().find(|how| *how != "closed");
                json!({ "closed": { "code": 1006, "how": how.unwrap_or("closed") } })
            }
        };
        self.heard.push_back(told);
    }

    /// The next thing that came.
    pub fn next(&mut self) -> Option<Value> {
        self.heard.pop_front()
    }

    /// Nothing more will come.
    pub fn is_over(&self) -> bool {
        self.ended && self.heard.is_empty()
    }
}
