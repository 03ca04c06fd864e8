//! The limit: axum's router on the same hyper loop as the emulator's, and nothing else. It runs as a process of its
//! own, which is this program again. [`sockets`] are its WebSockets, [`things`] what it keeps;
//! [`tls`] is another one.

pub mod sockets;
pub mod things;
pub mod tls;

use std::{
    convert::Infallible,
    io::Write,
    process::{Command, ExitCode},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    response::Response,
    routing::{get, post},
};
use hyper::{body::Incoming, header, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use tokio::net::TcpListener;
use tower::ServiceExt;

use super::Outcome;

/// The argument that makes this program the bare server.
pub const ROLE: &str = "bare";
/// A document of the size that it was told.
pub const DOCUMENT: &str = "/document.json";
/// Takes a form and answers a constant token.
pub const TOKEN: &str = "/token";

/// This program as the bare server.
pub fn command(listen: &str, document: usize) -> Outcome<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args([ROLE, listen, &document.to_string()]).env_clear();
    Ok(command)
}

/// Runs it until it is killed.
pub fn run(listen: &str, document: &str) -> ExitCode {
    match serve(listen, document) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the bare server: {error}");
            ExitCode::FAILURE
        }
    }
}

fn json(body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(Body::from(body.into()));
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    response
}

#[derive(Serialize)]
struct Token {
    access_token: &'static str,
    token_type: &'static str,
    expires_in: u32,
}

async fn token(body: Bytes) -> Response {
    let credentials = form_urlencoded::parse(&body)
        .any(|(name, value)| name == "grant_type" && value == "client_credentials");
    let token = Token {
        access_token: "0123456789abcdef0123456789abcdef0123456789abcdef",
        token_type: "bearer",
        expires_in: if credentials { 86_400 } else { 0 },
    };
    json(serde_json::to_vec(&token).unwrap_or_default())
}

fn routes(document: usize) -> Router {
    let filler = document.saturating_sub(r#"{"a":""}"#.len());
    let document = Bytes::from(format!(r#"{{"a":"{}"}}"#, "x".repeat(filler)));
    Router::new()
        .route(DOCUMENT, get(move || async move { json(document) }))
        .route(TOKEN, post(token))
        .merge(sockets::routes())
        .merge(things::routes())
}

#[tokio::main]
async fn serve(listen: &str, document: &str) -> Outcome<()> {
    let routes = routes(document.parse()?);
    let listener = TcpListener::bind(listen).await?;
    println!(r#"{{"url":"http://{}"}}"#, listener.local_addr()?);
    std::io::stdout().flush()?;
    loop {
        let (tcp, _) = listener.accept().await?;
        tcp.set_nodelay(true)?;
        let routes = routes.clone();
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let routes = routes.clone();
            async move { Ok::<_, Infallible>(answer(routes, request.map(Body::new)).await) }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(tcp), service).with_upgrades());
    }
}

async fn answer(routes: Router, request: Request) -> Response {
    match routes.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
