//! The bytes on the wire, over a bare TCP stream.

mod addresses;
mod broken;
mod letter_case;
mod patience;

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::TestEmulator;

/// Nothing takes this long unless it never comes.
const PATIENCE: Duration = Duration::from_secs(10);

/// A connection, and what has been read of it beyond the last answer.
struct Wire {
    tcp: TcpStream,
    read: Vec<u8>,
}

/// An answer as it came.
struct Raw {
    head: String,
    body: String,
}

impl Raw {
    /// The value of a header in exactly this spelling.
    fn header(&self, name: &str) -> Option<&str> {
        let line = self.head.lines().find(|line| line.starts_with(&format!("{name}: ")))?;
        Some(&line[name.len() + 2..])
    }

    fn status(&self) -> &str {
        self.head.lines().next().unwrap().split(' ').nth(1).unwrap()
    }
}

impl Wire {
    async fn open(emulator: &TestEmulator) -> Self {
        let tcp = TcpStream::connect(emulator.emulator.address()).await.unwrap();
        Self { tcp, read: Vec::new() }
    }

    async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.tcp.write_all(bytes.as_ref()).await.unwrap();
    }

    /// The next answer. `bodyless` is one to HEAD: its length is not that of what follows.
    async fn answer(&mut self, bodyless: bool) -> Raw {
        let end = loop {
            if let Some(at) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            assert!(self.more().await, "the connection ended: {:?}", String::from_utf8_lossy(&self.read));
        };
        let head = String::from_utf8(self.read.drain(..end).collect()).unwrap();
        let mut raw = Raw { head, body: String::new() };
        let length = raw.header("Content-Length").or(raw.header("content-length"));
        let length = length.map_or(0, |length| length.parse::<usize>().unwrap());
        if !bodyless {
            while self.read.len() < length {
                assert!(self.more().await, "the connection ended within a body");
            }
            raw.body = String::from_utf8(self.read.drain(..length).collect()).unwrap();
        }
        raw
    }

    /// Whether the connection is at its end, and nothing but what was read came.
    async fn ended(&mut self) -> bool {
        self.read.is_empty() && !self.more().await
    }

    async fn more(&mut self) -> bool {
        let mut chunk = [0; 4096];
        let read = tokio::time::timeout(PATIENCE, self.tcp.read(&mut chunk)).await;
        let count = read.expect("bytes in time").unwrap_or(0);
        self.read.extend_from_slice(&chunk[..count]);
        count > 0
    }
}

/// One exchange on a connection of its own.
async fn exchange(emulator: &TestEmulator, request: &str) -> Raw {
    let mut wire = Wire::open(emulator).await;
    wire.send(request.replace('\n', "\r\n")).await;
    wire.answer(request.starts_with("HEAD ")).await
}
