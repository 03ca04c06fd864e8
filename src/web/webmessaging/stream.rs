//! The WebSocket of a connection that was just handed over.

use bytes::Bytes;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::protocol::{Role, WebSocketConfig},
};

use crate::base::conn::Conn;

/// Largest frame of a client; the platform documents none.
pub const MAX_FRAME: usize = 128 << 10;

/// A WebSocket over a connection that obeys its fate.
pub type Stream = WebSocketStream<Conn>;

/// Small buffers: the defaults cost 128 KiB a connection. What was read early is copied, since its buffer is large.
pub async fn websocket(conn: Conn, early: Bytes) -> Stream {
    let config = WebSocketConfig::default()
        .read_buffer_size(4096)
        .write_buffer_size(0)
        .max_message_size(Some(MAX_FRAME))
        .max_frame_size(Some(MAX_FRAME));
    WebSocketStream::from_partially_read(conn, early.to_vec(), Role::Server, Some(config)).await
}
