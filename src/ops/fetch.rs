//! Requests of the platform to identity providers: one connection each, bounded in time and size, in real time.

use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, LazyLock},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
};
use tokio_rustls::TlsConnector;

use crate::base::clock::wall;

/// A request and its answer may take this long together.
const LIMIT: Duration = Duration::from_secs(10);
/// Largest answer.
const MAX_BODY: usize = 1 << 20;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Method.
    pub method: Method,
    /// `http` or `https`.
    pub url: Uri,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
    /// Where to connect, whatever the URL's host resolves to.
    pub connect_to: Option<SocketAddr>,
}

impl Outgoing {
    /// A `GET`.
    pub fn get(url: Uri) -> Self {
        let (method, headers, body) = (Method::GET, HeaderMap::new(), Bytes::new());
        Self { method, url, headers, body, connect_to: None }
    }
}

/// What came.
#[derive(Clone, Debug)]
pub struct Answered {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

/// Why nothing came.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Not a URL that can be fetched.
    #[error("{0} is not an http or https URL")]
    Url(Uri),
    /// Only loopback may be asked.
    #[error("{host} is at {address}, and fetches are confined to loopback")]
    Confined {
        /// The URL's host.
        host: String,
        /// What it resolves to.
        address: SocketAddr,
    },
    /// Nobody is there.
    #[error("no connection to {host}: {error}")]
    Connect {
        /// The URL's host.
        host: String,
        /// What the system said.
        error: io::Error,
    },
    /// The certificate is not trusted, or the like.
    #[error("TLS with {host}: {error}")]
    Tls {
        /// The URL's host.
        host: String,
        /// What the library said.
        error: String,
    },
    /// The connection ended, or what came is not HTTP.
    #[error("the answer could not be read: {0}")]
    Broken(String),
    /// Too much came.
    #[error("the answer has more than {MAX_BODY} bytes")]
    TooLarge,
    /// Too little came.
    #[error("no answer within {} s", LIMIT.as_secs())]
    TooSlow,
}

/// Asks and waits for the answer. `confined` asks nobody but loopback.
pub async fn fetch(outgoing: Outgoing, confined: bool) -> Result<Answered, FetchError> {
    wall::timeout(LIMIT, exchange(outgoing, confined)).await.unwrap_or(Err(FetchError::TooSlow))
}

async fn exchange(outgoing: Outgoing, confined: bool) -> Result<Answered, FetchError> {
    let url = &outgoing.url;
    let (Some(host), Some(scheme)) = (url.host().map(str::to_owned), url.scheme_str()) else {
        return Err(FetchError::Url(url.clone()));
    };
    let tls = match scheme {
        "https" => true,
        "http" => false,
        _ => return Err(FetchError::Url(url.clone())),
    };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let port = url.port_u16().unwrap_or(if tls { 443 } else { 80 });
    let connect = |error| FetchError::Connect { host: host.clone(), error };
    let addresses: Vec<SocketAddr> = match outgoing.connect_to {
        Some(address) => vec![address],
        // nobody has to be asked for it, and in a container without files nobody could be (RFC 6761 section 6.3)
        None if bare == "localhost" || bare.ends_with(".localhost") => {
            vec![(Ipv4Addr::LOCALHOST, port).into(), (Ipv6Addr::LOCALHOST, port).into()]
        }
        None => lookup_host((bare, port)).await.map_err(connect)?.collect(),
    };
    if let Some(address) = addresses.iter().find(|address| confined && !address.ip().is_loopback()) {
        return Err(FetchError::Confined { host, address: *address });
    }
    let tcp = TcpStream::connect(&addresses[..]).await.map_err(connect)?;
    // a failed option costs some speed, and nothing else
    let _ = tcp.set_nodelay(true);
    let request = head(&outgoing, url)?;
    if !tls || outgoing.connect_to.is_some() {
        return answer(tcp, request).await;
    }
    let wrong = |error: String| FetchError::Tls { host: host.clone(), error };
    let name = ServerName::try_from(bare.to_owned()).map_err(|error| wrong(error.to_string()))?;
    let connector = TlsConnector::from(TRUST.clone().map_err(wrong)?);
    let stream = connector.connect(name, tcp).await.map_err(|error| wrong(error.to_string()))?;
    answer(stream, request).await
}

/// In origin form, as servers want it.
fn head(outgoing: &Outgoing, url: &Uri) -> Result<Request<Full<Bytes>>, FetchError> {
    let target = url.path_and_query().map_or("/", |target| target.as_str());
    let authority = url.authority().map_or("", |authority| authority.as_str());
    let mut request = Request::builder()
        .method(outgoing.method.clone())
        .uri(target)
        .header(header::HOST, authority)
        .header(header::ACCEPT, "application/json")
        .header(header::USER_AGENT, concat!("genesys-emulator/", env!("CARGO_PKG_VERSION")));
    for (name, value) in &outgoing.headers {
        request = request.header(name, value);
    }
    request.body(Full::new(outgoing.body.clone())).map_err(|error| FetchError::Broken(error.to_string()))
}

async fn answer<S>(stream: S, request: Request<Full<Bytes>>) -> Result<Answered, FetchError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let broken = |error: hyper::Error| FetchError::Broken(error.to_string());
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let talking = async {
        let (parts, body) = sender.send_request(request).await.map_err(broken)?.into_parts();
        let body = Limited::new(body, MAX_BODY).collect().await.map_err(|error| {
            match error.is::<http_body_util::LengthLimitError>() {
                true => FetchError::TooLarge,
                false => FetchError::Broken(error.to_string()),
            }
        })?;
        Ok(Answered { status: parts.status, headers: parts.headers, body: body.to_bytes() })
    };
    let mut talking = std::pin::pin!(talking);
    tokio::select! {
        biased;
        done = &mut talking => done,
        // the connection is over; what came is there, or is not
        _ = connection => talking.await,
    }
}

/// Whom the machine trusts: read once, for that takes many files.
static TRUST: LazyLock<Result<Arc<ClientConfig>, String>> = LazyLock::new(trust);

fn trust() -> Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        let why: Vec<_> = found.errors.iter().map(ToString::to_string).collect();
        return Err(format!(
            "this machine trusts nobody; SSL_CERT_FILE names whom to trust {}",
            why.join("; ")
        ));
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}
