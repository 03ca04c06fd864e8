//! A connection without an HTTP library: what a reset leaves behind is seen byte for byte.

use std::io;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// What came over a connection until it ended, and how it ended.
pub struct Ended {
    pub text: String,
    pub error: Option<io::ErrorKind>,
}

impl Ended {
    /// The head of the answer, up to and with the empty line.
    pub fn head(&self) -> &str {
        self.text.split_inclusive("\r\n\r\n").next().unwrap_or_default()
    }

    /// What came of the body.
    pub fn body(&self) -> &str {
        &self.text[self.head().len()..]
    }
}

/// Sends these bytes and reads to the end.
pub async fn exchange(base: &str, request: &str) -> Ended {
    let address = base.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let error = stream.read_to_end(&mut bytes).await.err().map(|error| error.kind());
    Ended { text: String::from_utf8(bytes).unwrap(), error }
}

/// A request that asks for the connection to stay open, so that only a fault ends it.
pub fn post(path: &str, content_type: &str, authorization: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: emulator.test\r\nContent-Type: {content_type}\r\n\
         Authorization: {authorization}\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

/// A connection that is read a piece at a time.
pub struct Line(TcpStream);

impl Line {
    /// Sends a GET for this path.
    pub async fn get(base: &str, path: &str) -> Self {
        Self::send(base, &format!("GET {path} HTTP/1.1\r\nHost: emulator.test\r\n\r\n")).await
    }

    /// Sends these bytes.
    pub async fn send(base: &str, request: &str) -> Self {
        let mut stream = TcpStream::connect(base.trim_start_matches("http://")).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        Self(stream)
    }

    /// The head of the answer.
    pub async fn head(&mut self) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.0.read_u8().await.unwrap());
        }
        String::from_utf8(head).unwrap()
    }

    /// So many bytes more.
    pub async fn take(&mut self, bytes: usize) -> String {
        let mut text = vec![0; bytes];
        self.0.read_exact(&mut text).await.unwrap();
        String::from_utf8(text).unwrap()
    }

    /// Has nothing come that was not read?
    pub fn is_silent(&self) -> bool {
        self.0.try_read(&mut [0]).is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
    }

    /// How it ends, when nothing comes any more.
    pub async fn end(mut self) -> Option<io::ErrorKind> {
        let mut rest = Vec::new();
        let error = self.0.read_to_end(&mut rest).await.err().map(|error| error.kind());
        assert_eq!(rest, b"");
        error
    }

    /// What comes until it ends.
    pub async fn rest(mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        self.0.read_to_end(&mut rest).await.unwrap();
        rest
    }
}
