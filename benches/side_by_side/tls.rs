//! What TLS on the same port costs those who do not speak it, and handshakes a second beside those of a bare server.

use std::{
    net::{SocketAddr, TcpStream},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme,
    client::{
        Resumption,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};

use super::{
    Outcome, Plan,
    load::{Until, once, saturate},
    median,
    server::{Server, get},
    table::Row,
};

/// What those who do not speak it have to be left with.
const LEFT: f64 = 0.97;
/// What handshakes have to reach of the bare server's.
const SHARE: f64 = 0.7;
const THREADS: usize = 2;
/// Whom all of them ask for: its certificate is made by the first one.
const NAME: &str = "api.mypurecloud.com";

pub fn measure(plan: &Plan) -> Outcome<Vec<Row>> {
    let (both, plain) = (Server::emulator()?, Server::emulator_flags(&["--tls", "off"])?);
    let config =
        get(&format!("/webdeployments/v1/deployments/{}/config.json", both.org()?.deployment_id), "");
    once(both.address, &config)?;
    let bare = Server::bare_tls()?;
    let (mut rates, mut handshakes): ([Vec<f64>; 2], [Vec<f64>; 2]) = Default::default();
    for _ in 0..plan.rounds {
        for (server, rates) in [&both, &plain].into_iter().zip(&mut rates) {
            rates.push(saturate(server.address, std::slice::from_ref(&config), Until::Passed(plan.span))?);
        }
        for (address, rates) in [both.address, bare.address].into_iter().zip(&mut handshakes) {
            rates.push(shake(address, plan.span)?);
        }
    }
    let [with, without] = rates.each_ref().map(|rates| median(rates));
    let [ours, theirs] = handshakes.each_ref().map(|rates| median(rates));
    Ok(vec![
        Row {
            what: "GET config.json in plain HTTP where TLS is spoken too".to_owned(),
            emulator: format!("{with:.0}/s"),
            beside: format!("{without:.0}/s with --tls off"),
            figure: format!("{:.2} x", with / without),
            goal: ">= 0.97 x",
            met: with >= LEFT * without,
        },
        Row {
            what: "handshakes of TLS for a name whose certificate is there".to_owned(),
            emulator: format!("{ours:.0}/s"),
            beside: format!("bare {theirs:.0}/s"),
            figure: format!("{:.2} x", ours / theirs),
            goal: ">= 0.7 x bare",
            met: ours >= SHARE * theirs,
        },
    ])
}

/// Whole handshakes in a second, each on a connection of its own.
fn shake(address: SocketAddr, span: Duration) -> Outcome<f64> {
    let config = Arc::new(client()?);
    let run = || -> Outcome<f64> {
        let name = ServerName::try_from(NAME)?;
        let (begin, mut done) = (Instant::now(), 0_u32);
        while begin.elapsed() < span {
            let mut tcp = TcpStream::connect(address)?;
            tcp.set_nodelay(true)?;
            let mut tls = ClientConnection::new(Arc::clone(&config), name.clone())?;
            while tls.is_handshaking() {
                tls.complete_io(&mut tcp)?;
            }
            done += 1;
        }
        Ok(f64::from(done) / begin.elapsed().as_secs_f64())
    };
    let results: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(run)).collect();
        threads.into_iter().map(thread::ScopedJoinHandle::join).collect()
    });
    let mut rate = 0.0;
    for result in results {
        rate += result.map_err(|_| "a thread of the load panicked")??;
    }
    Ok(rate)
}

/// A client that goes on with no session of before. It believes everybody, after the same work.
fn client() -> Outcome<ClientConfig> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let believing = Arc::new(Believing(Arc::clone(&provider)));
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut config = versions.dangerous().with_custom_certificate_verifier(believing).with_no_client_auth();
    config.resumption = Resumption::disabled();
    Ok(config)
}

#[derive(Debug)]
struct Believing(Arc<CryptoProvider>);

impl ServerCertVerifier for Believing {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
