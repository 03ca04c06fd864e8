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
