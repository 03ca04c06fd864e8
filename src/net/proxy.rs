//! The forward proxy: who asks for a host of the platform is served, who asks for another is refused, unless it is listed.

use std::{io, net::IpAddr};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header,
    uri::{Authority, Scheme},
};
use http_body_util::Empty;
use hyper::{
    body::Incoming,
    client::conn::http1,
    upgrade::{OnUpgrade, on},
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::{
    base::{clock::wall, conn::Conn},
    domain::deployment::host_of,
    ops::app::App,
};

/// Headers of one connection (RFC 9110 section 7.6.1).
const OF_ONE_CONNECTION: [HeaderName; 8] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
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

/// Says where one goes. Who a client says that it is in a target is left out, and `Host` is the target's (RFC 9112 section 3.2.2).
pub fn judge<B>(request: &mut Request<B>, app: &App) -> Goes {
    let Some(authority) = request.uri().authority().cloned() else { return Goes::Here };
    let bare = authority.as_str().rsplit('@').next().unwrap_or_default().to_owned();
    let tunnel = request.method() == Method::CONNECT;
    let mut parts = request.uri().clone().into_parts();
    parts.authority = bare.parse().ok();
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
    let tls = tunnel || request.uri().scheme() == Some(&Scheme::HTTPS);
    let goes = destination(&authority, if tls { 443 } else { 80 }, app);
    if goes == Goes::Here
        && !tunnel
        && let Ok(host) = HeaderValue::try_from(bare)
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

/// What is kept of a request that goes nowhere: nothing that was meant for somebody else.
pub fn outline<B>(request: &Request<B>) -> Request<Empty<Bytes>> {
    let whole = request.uri().to_string();
    let target = whole.split('?').next().unwrap_or_default();
    let mut outline = Request::new(Empty::new());
    request.method().clone_into(outline.method_mut());
    *outline.uri_mut() = target.parse().unwrap_or_default();
    outline
}

fn destination(authority: &Authority, usual: u16, app: &App) -> Goes {
    let host = authority.host().to_ascii_lowercase();
    let name = host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
    let port = authority.port_u16().unwrap_or(usual);
    let settings = &app.settings;
    if settings.is_platform_host(name) {
        return Goes::Here;
    }
    let listening = app.listening.get();
    let address = name.parse::<IpAddr>().ok();
    let machine = name == "localhost"
        || name.ends_with(".localhost")
        || address.is_some_and(|ip| ip.is_loopback() || listening.is_some_and(|at| at.ip() == ip));
    let is = |other: &str| other.eq_ignore_ascii_case(&host) || other.eq_ignore_ascii_case(name);
    let own = settings.allowed_hosts.iter().any(|allowed| is(allowed))
        || settings.public_url.as_deref().is_some_and(|url| is(host_of(url)));
    let ours = [Some(80), Some(443), listening.map(|at| at.port())].contains(&Some(port));
    if own || machine && ours {
        return Goes::Here;
    }
    if settings.proxy_pass.iter().any(|listed| is(listed)) {
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
pub async fn tunnel(upgrading: OnUpgrade) -> Option<(Conn, Bytes)> {
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

async fn between(mut conn: Conn, ahead: Bytes, mut tcp: TcpStream) -> io::Result<()> {
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
    leave_out(&mut parts.headers);
    let answer = sender.send_request(Request::from_parts(parts, body)).await?;
    let mut answer = answer.map(Body::new);
    leave_out(answer.headers_mut());
    Ok(answer)
}

/// Takes headers away that are of one connection, those too that `Connection` names.
fn leave_out(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|names| names.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    OF_ONE_CONNECTION.iter().chain(&named).for_each(|name| drop(headers.remove(name)));
}
