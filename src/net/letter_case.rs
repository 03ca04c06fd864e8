//! Exact letter case of answer headers on HTTP/1.1.
//!
//! hyper writes header names in lower case, or title-cased as a whole. Two official SDKs look `ININ-Correlation-Id` up
//! in exactly this spelling. hyper can preserve the spelling of a request in a proxy's answer; the note by which it
//! does so is an extension of its own type. So one request with the names as we spell them is played through an
//! in-memory connection, and its extensions are kept for all answers.

use std::{convert::Infallible, io, sync::Arc};

use http::{Extensions, Request, Response};
use http_body_util::Empty;
use hyper::{
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use tokio::io::AsyncWriteExt;

/// Extensions that make hyper spell these names like this.
pub async fn learn(names: &[&str]) -> io::Result<Extensions> {
    let (mut client, server) = tokio::io::duplex(8192);
    let mut head = String::from("GET / HTTP/1.1\r\n");
    for name in names {
        // framing names would change the meaning of the request itself
        let value = if name.eq_ignore_ascii_case("connection") { "close" } else { "0" };
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    client.write_all(head.as_bytes()).await?;
    let learnt = Arc::new(Mutex::new(Extensions::new()));
    let keep = Arc::clone(&learnt);
    let service = service_fn(move |request: Request<Incoming>| {
        *keep.lock() = request.into_parts().0.extensions;
        async { Ok::<_, Infallible>(Response::new(Empty::<Bytes>::new())) }
    });
    http1::Builder::new()
        .preserve_header_case(true)
        .serve_connection(TokioIo::new(server), service)
        .await
        .map_err(io::Error::other)?;
    Ok(std::mem::take(&mut *learnt.lock()))
}
