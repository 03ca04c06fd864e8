//! A client of TLS that trusts one authority alone, also through the proxy.

use std::{io, sync::Arc};

use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::TestEmulator;

/// Trusts what this emulator says of itself.
pub fn trusting(emulator: &TestEmulator) -> ClientConfig {
    trusting_pem(&emulator.emulator.authority_pem().unwrap())
}

pub fn trusting_pem(pem: &str) -> ClientConfig {
    use rustls::pki_types::{CertificateDer, pem::PemObject};
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let versions =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    versions.with_root_certificates(roots).with_no_client_auth()
}

/// Shakes hands over a stream, with whoever is called like this.
pub async fn over<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    name: &str,
    config: ClientConfig,
) -> io::Result<TlsStream<S>> {
    let name = ServerName::try_from(name.to_owned()).unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

/// Connects to this emulator and shakes hands.
pub async fn connect(emulator: &TestEmulator, name: &str) -> io::Result<TlsStream<TcpStream>> {
    let tcp = TcpStream::connect(emulator.emulator.address()).await.unwrap();
    over(tcp, name, trusting(emulator)).await
}

/// What went wrong in a handshake that must not succeed.
pub async fn refusal(emulator: &TestEmulator, name: &str) -> String {
    match connect(emulator, name).await {
        Ok(_) => panic!("{name} was believed"),
        Err(error) => error.to_string(),
    }
}

/// Sends a request and reads to the end; the connection is to be closed behind it.
pub async fn ask<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.flush().await.unwrap();
    let mut bytes = Vec::new();
    // who closes without a word of TLS has closed all the same
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8(bytes).unwrap()
}

/// A `GET` after which the connection is closed.
pub fn get(path: &str, host: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
}

/// Asks the proxy for a tunnel. Answers the head of its answer and the connection.
pub async fn tunnel(emulator: &TestEmulator, to: &str) -> (String, TcpStream) {
    let mut tcp = TcpStream::connect(emulator.emulator.address()).await.unwrap();
    tcp.write_all(format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n\r\n").as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(tcp.read_u8().await.unwrap());
    }
    (String::from_utf8(head).unwrap(), tcp)
}
