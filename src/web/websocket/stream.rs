//! The frames of RFC 6455 on a connection.

use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error, Message,
        error::{CapacityError, ProtocolError},
        protocol::{CloseFrame, Role, WebSocketConfig, frame::coding::CloseCode},
    },
};

use crate::base::{clock::wall, conn::Conn};

/// Largest frame of a client; the platform documents none.
const MAX_FRAME: usize = 128 << 10;
/// How long a client may take to say goodbye, in real time.
const FAREWELL: Duration = Duration::from_secs(2);

/// Frames on a connection.
pub type Stream = WebSocketStream<Conn>;

/// How much is read at once; a larger frame gets a buffer of its size.
const READ_BUFFER: usize = 1 << 10;

/// Small buffers: the defaults cost 128 KiB a connection. What was read early is copied, since its buffer is large.
pub async fn websocket(conn: Conn, early: Bytes) -> Stream {
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_message_size(Some(MAX_FRAME))
        .max_frame_size(Some(MAX_FRAME));
    WebSocketStream::from_partially_read(conn, early.to_vec(), Role::Server, Some(config)).await
}

/// Closes with a close frame, and waits a little for the client's. 1005 is one without code and reason, which is what
/// the number stands for (RFC 6455 section 7.4.1).
pub async fn close(stream: &mut Stream, code: u16, reason: &str) {
    let frame = CloseFrame { code: CloseCode::from(code), reason: reason.to_owned().into() };
    let frame = Some(frame).filter(|frame| frame.code != CloseCode::Status);
    // in a place of its own: every socket would keep room for what is done once
    let farewell = Box::pin(async move {
        let _ = stream.close(frame).await;
        while let Some(Ok(_)) = stream.next().await {}
        // bytes that nobody read would make the system reset the connection, and the close frame be lost
        let conn = stream.get_mut();
        let _ = conn.shutdown().await;
        let mut rest = vec![0; 4096];
        while let Ok(1..) = conn.read(&mut rest).await {}
    });
    let _ = wall::timeout(FAREWELL, farewell).await;
}

/// The next message; of a client that is not listened to, only its end.
pub async fn heard(stream: &mut Stream, deaf: bool) -> Option<Result<Message, Error>> {
    if deaf {
        stream.get_ref().peer_gone().await;
        return None;
    }
    stream.next().await
}

/// The close frame that a client's mistake is answered with; a connection that is gone gets none.
pub fn complaint(error: Error) -> Option<(u16, String)> {
    match error {
        Error::Capacity(CapacityError::MessageTooLong { .. }) => {
            Some((1009, format!("a frame has at most {MAX_FRAME} bytes")))
        }
        Error::Utf8(_) => Some((1007, "a text frame is UTF-8".to_owned())),
        Error::Protocol(wrong) if wrong != ProtocolError::ResetWithoutClosingHandshake => {
            Some((1002, "this is not RFC 6455".to_owned()))
        }
        _ => None,
    }
}
