//! rustls on tokio, and nothing behind it.

use std::{
    io::Write,
    process::{Command, ExitCode},
    sync::Arc,
};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio::{io::AsyncReadExt, net::TcpListener};
use tokio_rustls::TlsAcceptor;

use super::super::Outcome;

/// The argument that makes this program that server.
pub const ROLE: &str = "bare-tls";

/// This program as that server.
pub fn command(listen: &str) -> Outcome<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args([ROLE, listen]).env_clear();
    Ok(command)
}

/// Runs it until it is killed.
pub fn run(listen: &str) -> ExitCode {
    match serve(listen) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the bare server of TLS: {error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn serve(listen: &str) -> Outcome<()> {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()])?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let versions = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?;
    let mut config = versions.with_no_client_auth().with_single_cert(vec![cert.der().clone()], key)?;
    config.ticketer = aws_lc_rs::Ticketer::new()?;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind(listen).await?;
    println!(r#"{{"url":"http://{}"}}"#, listener.local_addr()?);
    std::io::stdout().flush()?;
    loop {
        let (tcp, _) = listener.accept().await?;
        tcp.set_nodelay(true)?;
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            // the client goes away when it has shaken hands
            if let Ok(mut tls) = acceptor.accept(tcp).await {
                let _ = tls.read(&mut [0; 16]).await;
            }
        });
    }
}
