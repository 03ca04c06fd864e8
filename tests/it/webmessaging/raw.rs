//! A socket byte by byte, for what a WebSocket client would not let one do.

use std::{mem::MaybeUninit, time::Duration};

use socket2::SockRef;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{TestEmulator, unread};

/// Nothing takes this long unless it never comes.
const PATIENCE: Duration = Duration::from_secs(10);

pub const TEXT: u8 = 0x81;
pub const CLOSE: u8 = 0x88;
pub const PING: u8 = 0x89;
pub const PONG: u8 = 0x8a;

pub struct Raw {
    pub tcp: TcpStream,
}

/// A frame as clients send it: first byte, then the payload under a mask.
pub fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        short @ 0..126 => frame.push(0x80 | short as u8),
        middle @ 126..65_536 => {
            frame.push(0x80 | 126);
            frame.extend((middle as u16).to_be_bytes());
        }
        long => {
            frame.push(0x80 | 127);
            frame.extend((long as u64).to_be_bytes());
        }
    }
    let mask = [0x1f, 0x2e, 0x3d, 0x4c];
    frame.extend(mask);
    frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

/// A handshake with further header lines, each with its line end.
pub fn handshake(target: &str, headers: &str) -> String {
    format!(
        "GET {target} HTTP/1.1\r\nHost: emulator.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
    )
}

impl Raw {
    pub async fn connect(emulator: &TestEmulator) -> Self {
        let tcp = TcpStream::connect(emulator.emulator.address()).await.unwrap();
        tcp.set_nodelay(true).unwrap();
        Self { tcp }
    }

    /// A socket on a deployment.
    pub async fn open(emulator: &TestEmulator, deployment: &str) -> Self {
        Self::connect(emulator).await.upgraded(deployment).await
    }

    /// One that is not read from, unless it is asked to; see [`unread`].
    pub async fn unread(emulator: &TestEmulator, deployment: &str) -> Self {
        Self { tcp: unread::connect(emulator).await }.upgraded(deployment).await
    }

    async fn upgraded(self, deployment: &str) -> Self {
        let mut raw = self;
        raw.send(handshake(&format!("/v1?deploymentId={deployment}"), "").as_bytes()).await;
        let head = raw.head().await;
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        raw
    }

    pub async fn send(&mut self, bytes: &[u8]) {
        self.tcp.write_all(bytes).await.unwrap();
    }

    /// A text frame.
    pub async fn say(&mut self, text: &str) {
        self.send(&masked(TEXT, text.as_bytes())).await;
    }

    async fn byte(&mut self) -> Option<u8> {
        let read = tokio::time::timeout(PATIENCE, self.tcp.read_u8()).await;
        read.expect("a byte in time").ok()
    }

    /// The head of an answer.
    pub async fn head(&mut self) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.byte().await.expect("a whole head"));
        }
        String::from_utf8(head).unwrap().replace("\r\n", "\n")
    }

    /// First byte and payload of the next frame; `None` when the connection ends.
    pub async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        let (first, mask, payload) = self.any_frame().await?;
        assert_eq!(mask, None, "a server does not mask");
        Some((first, payload))
    }

    /// First byte, mask and payload of the next frame as they came; `None` when the connection ends.
    pub async fn any_frame(&mut self) -> Option<(u8, Option<[u8; 4]>, Vec<u8>)> {
        let first = self.byte().await?;
        let second = self.byte().await?;
        let length = match second & 0x7f {
            126 => u64::from(self.tcp.read_u16().await.ok()?),
            127 => self.tcp.read_u64().await.ok()?,
            short => u64::from(short),
        };
        let mask = match second & 0x80 {
            0 => None,
            _ => Some(self.tcp.read_u32().await.ok()?.to_be_bytes()),
        };
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        self.tcp.read_exact(&mut payload).await.ok()?;
        Some((first, mask, payload))
    }

    /// The text of the next frame.
    pub async fn text(&mut self) -> String {
        match self.frame().await {
            Some((TEXT, payload)) => String::from_utf8(payload).unwrap(),
            other => panic!("a text frame was expected, not {other:?}"),
        }
    }

    /// Code and reason of the close frame that comes next, after which the connection ends.
    pub async fn closed(&mut self) -> (u16, String) {
        let Some((CLOSE, payload)) = self.frame().await else {
            panic!("a close frame was expected");
        };
        let (code, reason) = payload.split_at(2);
        let end = tokio::time::timeout(PATIENCE, self.tcp.read(&mut [0])).await.unwrap();
        assert!(matches!(end, Ok(0)), "a close frame is the last one, and no reset overtakes it: {end:?}");
        (u16::from_be_bytes([code[0], code[1]]), String::from_utf8(reason.to_vec()).unwrap())
    }

    /// Has the operating system something to be read at this very moment?
    pub fn has_bytes(&self) -> bool {
        let mut byte = [MaybeUninit::uninit(); 1];
        matches!(SockRef::from(&self.tcp).peek(&mut byte), Ok(n) if n > 0)
    }
}
