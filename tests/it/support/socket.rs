//! A plain WebSocket client that checks the envelope of each frame.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest, protocol::CloseFrame},
};

/// Nothing takes this long unless it never comes.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Socket {
    pub stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

/// A frame whose envelope is as every client expects it.
pub fn checked(text: &str) -> Value {
    let frame: Value = serde_json::from_str(text).unwrap();
    assert!(matches!(frame["type"].as_str(), Some("response" | "message")), "{frame}");
    assert!(frame["class"].is_string() && frame["code"].is_u64(), "{frame}");
    let body = frame.get("body").unwrap_or_else(|| panic!("no body in {frame}"));
    assert_eq!(body.is_string(), frame["class"] == "string", "{frame}");
    frame
}

impl Socket {
    /// Upgrades, or answers status and body of the refusal.
    pub async fn open(base: &str, target: &str, headers: &[(&str, &str)]) -> Result<Self, (u16, String)> {
        let url = format!("{}{target}", base.replacen("http", "ws", 1));
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            let name: reqwest::header::HeaderName = name.parse().unwrap();
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        match connect_async(request).await {
            Ok((stream, _)) => Ok(Self { stream }),
            Err(Error::Http(response)) => {
                let body = response.body().clone().unwrap_or_default();
                Err((response.status().as_u16(), String::from_utf8(body).unwrap()))
            }
            Err(error) => panic!("{error}"),
        }
    }

    pub async fn send(&mut self, frame: Value) {
        self.send_text(&frame.to_string()).await;
    }

    pub async fn send_text(&mut self, text: &str) {
        self.stream.send(Message::text(text)).await.unwrap();
    }

    /// The next frame, whose envelope is checked.
    pub async fn next(&mut self) -> Value {
        serde_json::from_str(&self.next_text().await).unwrap()
    }

    /// The next frame as it came; its envelope is checked.
    pub async fn next_text(&mut self) -> String {
        let text = match self.next_message().await {
            Some(Ok(Message::Text(text))) => text.to_string(),
            other => panic!("a text frame was expected, not {other:?}"),
        };
        let frame = checked(&text);
        assert!(!frame.to_string().contains("null"), "absent members are left out: {frame}");
        text
    }

    /// The next frame as it came, whatever is in it.
    pub async fn next_raw(&mut self) -> String {
        match self.next_message().await {
            Some(Ok(Message::Text(text))) => text.to_string(),
            other => panic!("a text frame was expected, not {other:?}"),
        }
    }

    /// The next message of any kind, pings passed over.
    pub async fn next_message(&mut self) -> Option<Result<Message, Error>> {
        loop {
            let message =
                tokio::time::timeout(PATIENCE, self.stream.next()).await.expect("a message in time");
            if !matches!(message, Some(Ok(Message::Ping(_) | Message::Pong(_)))) {
                return message;
            }
        }
    }

    /// The close frame that ends the socket; `None` when it ends without one.
    pub async fn closed(&mut self) -> Option<CloseFrame> {
        loop {
            match self.next_message().await {
                Some(Ok(Message::Close(frame))) => return frame,
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }

    /// `configureSession` and its answer.
    pub async fn configure(&mut self, deployment: &str, token: &str) -> Value {
        let frame = json!({ "action": "configureSession", "deploymentId": deployment, "token": token });
        self.send(frame).await;
        self.next().await
    }

    /// Says a text; nothing is read.
    pub async fn say(&mut self, token: &str, text: &str) {
        self.send(
            json!({ "action": "onMessage", "token": token, "message": { "type": "Text", "text": text } }),
        )
        .await;
    }
}
