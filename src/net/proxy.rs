//! The forward proxy: who asks for a host of the platform is served, who asks for another is refused, unless it is listed.

use std::{io, net::IpAddr};

use axum::{body::Body, response::Response};
use http::{HeaderValue, Method, Request, StatusCode, header, uri::Authority};
use hyper::{
    body::Incoming,
    client::conn::http1,
    upgrade::{OnUpgrade, on},
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::{
    base::{clock::wall, conn::Conn},
    ops::app::App,
};

/// Headers of one connection (RFC 9110 section 7.6.1).
const OF_ONE_CONNECTION: [header::HeaderName; 6] = [
    header::CONNECTION,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Where a request that names a host is to go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Goes {
    /// Here.
    Here,
    /// To this host and port.
    On(String),
    /// Nowhere; in words.
    Nowhere(String),
}

/// Says where one goes, and names the host in its `Host` too (RFC 9112 section 3.2.2).
pub fn judge<B>(request: &mut Request<B>, app: &App) -> Goes {
    let Some(authority) = request.uri().authority().cloned() else { return Goes::Here };
    let tunnel = request.method() == Method::CONNECT;
    let tls = tunnel || request.uri().scheme() == Some(&http::uri::Scheme::HTTPS);
    let goes = destination(&authority, if tls { 443 } else { 80 }, app);
    if goes == Goes::Here
        && !tunnel
        && let Ok(host) = HeaderValue::try_from(authority.as_str())
    {
        request.headers_mut().insert(header::HOST, host);
        request.headers_mut().remove(header::PROXY_AUTHORIZATION);
    }
    match goes {
        Goes::On(to) if tls && !tunnel => Goes::Nowhere(format!(
            "{to} is let through by --proxy-pass, but not for an https URL in the request line; ask for a tunnel with CONNECT"
        )),
        goes => goes,
    }
}

fn destination(authority: &Authority, usual: u16, app: &App) -> Goes {
    let host = authority.host();
    let name = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    let port = authority.port_u16().unwrap_or(usual);
    let settings = &app.settings;
    if settings.is_platform_host(&name) {
        return Goes::Here;
    }
    let listening = app.listening.get();
    let address = name.parse::<IpAddr>().ok();
    let machine = name == "localhost"
        || name.ends_with(".localhost")
        || address.is_some_and(|ip| ip.is_loopback() || listening.is_some_and(|at| at.ip() == ip));
    let own = settings.allowed_hosts.contains(&name)
        || settings.public_url.as_deref().is_some_and(|url| url.contains(&format!("//{name}")));
    let ours = [Some(80), Some(443), listening.map(|at| at.port())].contains(&Some(port));
    if own || machine && ours {
        return Goes::Here;
    }
    if settings.proxy_pass.contains(&name) {
        return Goes::On(format!("{host}:{port}"));
    }
    Goes::Nowhere(if machine {
        format!(
            "port {port} of this machine is not the emulator's; what runs there is reached without a proxy: NO_PROXY={name}"
        )
    } else {
        format!(
            "{name} is no host of the platform, and nobody is asked for it; --proxy-pass {name} lets it through"
        )
    })
}

/// A connection that is a tunnel from now on, and what came over it already.
pub async fn tunnel(upgrading: OnUpgrade) -> Option<(Conn, bytes::Bytes)> {
    let parts = upgrading.await.ok()?.downcast::<TokioIo<Conn>>().ok()?;
    Some((parts.io.into_inner(), parts.read_buf))
}

/// Lets a request through, or opens a tunnel.
pub async fn pass(mut request: Request<Incoming>, to: &str, app: &App) -> Response {
    let connected = wall::timeout(app.settings.patience.handshake, TcpStream::connect(to)).await;
    let wrong = match connected.unwrap_or_else(|| Err(io::ErrorKind::TimedOut.into())) {
        Ok(tcp) if request.method() == Method::CONNECT => {
            let (upgrading, stop) = (on(&mut request), app.stop.clone());
            tokio::spawn(async move {
                let Some((conn, ahead)) = tunnel(upgrading).await else { return };
                tokio::select! {
                    _ = between(conn, ahead, tcp) => {}
                    () = stop.cancelled() => {}
                }
            });
            return Response::new(Body::empty());
        }
        Ok(tcp) => match ask(request, tcp).await {
            Ok(response) => return response,
            Err(error) => error.to_string(),
        },
        Err(error) => error.to_string(),
    };
    let mut response = Response::new(Body::from(format!("{to} cannot be reached: {wrong}\n")));
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    response
}

async fn between(mut conn: Conn, ahead: bytes::Bytes, mut tcp: TcpStream) -> io::Result<()> {
    tokio::io::AsyncWriteExt::write_all(&mut tcp, &ahead).await?;
    tokio::io::copy_bidirectional(&mut conn, &mut tcp).await.map(drop)
}

/// Asks another server, in origin form.
async fn ask(request: Request<Incoming>, tcp: TcpStream) -> Result<Response, hyper::Error> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(tcp)).await?;
    tokio::spawn(connection);
    let (mut parts, body) = request.into_parts();
    if let Some(host) = parts.uri.authority().and_then(|host| HeaderValue::try_from(host.as_str()).ok()) {
        parts.headers.insert(header::HOST, host);
    }
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    parts.uri = target.parse().unwrap_or_default();
    OF_ONE_CONNECTION.iter().for_each(|name| drop(parts.headers.remove(name)));
    let answer = sender.send_request(Request::from_parts(parts, body)).await?;
    let mut answer = answer.map(Body::new);
    OF_ONE_CONNECTION.iter().for_each(|name| drop(answer.headers_mut().remove(name)));
    Ok(answer)
}
