//! TLS, when a client offers it: the handshake, and what faults make of it.

use rustls::server::Acceptor;
use tokio::io::AsyncWriteExt;
use tokio_rustls::LazyConfigAcceptor;

use super::accept::outlast;
use crate::{
    base::{clock::wall, wire::Wire},
    faults::verdict::Offered,
    ops::{app::App, gate::Admission},
};

/// The head of a record that holds an alert, which is fatal (RFC 8446 sections 5.1 and 6).
const FATAL: [u8; 6] = [21, 3, 3, 0, 2, 2];

/// Does the handshake, which faults may disturb unless it is with the listener of the admin API alone. What comes of it carries what the client says from then on.
pub async fn handshake(wire: Wire, app: &App, disturbed: bool) -> Option<Wire> {
    let limit = app.settings.patience.handshake;
    let hello = wall::timeout(limit, LazyConfigAcceptor::new(Acceptor::default(), wire)).await?;
    let mut hello = hello.inspect_err(|error| tracing::debug!(%error, "what came is not TLS")).ok()?;
    let name = hello.client_hello().server_name().map(str::to_ascii_lowercase);
    let name = name.as_deref();
    let certificates = app.tls.certificates();
    let certificates =
        certificates.inspect_err(|error| tracing::error!(%error, "TLS cannot be spoken")).ok()?;
    let (mut config, mut wanted) = (certificates.usual(), false);
    if disturbed && app.is_gated() {
        let admission = app.offer_tls(name);
        let offered = admission.tls;
        hello.io = outlast(hello.io, app, Admission { tls: None, ..admission }).await?;
        match offered {
            None => {}
            Some(Offered::Flawed(flaw)) => {
                let flawed = certificates.flawed(name, flaw);
                wanted = true;
                config =
                    flawed.inspect_err(|error| tracing::error!(%error, "there is no certificate")).ok()?;
            }
            Some(Offered::Refused(alert)) => {
                let _ = hello.io.write_all(&[&FATAL[..], &[alert]].concat()).await;
                let _ = hello.io.shutdown().await;
                return None;
            }
        }
    }
    match wall::timeout(limit, hello.into_stream(config)).await? {
        Ok(tls) => Some(tls.into()),
        Err(error) if wanted => {
            tracing::info!(server_name = name.unwrap_or("(none)"), %error, "a client did not believe it");
            None
        }
        Err(error) => {
            tracing::info!(
                server_name = name.unwrap_or("(none)"),
                %error,
                "a client broke TLS off; `genesys-emulator ca path` names the certificate that clients have to trust"
            );
            None
        }
    }
}
