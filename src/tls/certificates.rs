//! What servers show: a certificate a server name, made when the name is first asked for. For faults, certificates with a flaw.

use std::{collections::BTreeMap, sync::Arc};

use parking_lot::RwLock;
use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, Issuer, KeyPair, KeyUsagePurpose,
};
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    server::{ClientHello, ResolvesServerCert},
    sign::{CertifiedKey, SigningKey},
};

use super::authority::{Authority, NoAuthority, valid};
use crate::domain::certificate::Flaw;

/// Names of clients that say none, or one that nobody vouches for.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "::1"];
/// As many names are remembered; clients can make up more.
const NAMES: usize = 1_000;
/// A leaf lives so many days: browsers refuse more than 397.
const LIFE: i64 = 396;
/// Which protocol is spoken.
const HTTP: &[u8] = b"http/1.1";

/// The certificates of an emulator.
#[derive(Debug)]
pub struct Certificates {
    shelf: Arc<Shelf>,
    usual: Arc<ServerConfig>,
}

#[derive(Debug)]
struct Shelf {
    authority: Arc<Authority>,
    key: KeyPair,
    signing: Arc<dyn SigningKey>,
    default: Arc<CertifiedKey>,
    named: RwLock<BTreeMap<String, Arc<CertifiedKey>>>,
}

impl Certificates {
    /// All of them have one key, which is made anew for each emulator.
    pub fn of(authority: Arc<Authority>) -> Result<Self, NoAuthority> {
        let key = KeyPair::generate()?;
        let der = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let signing = aws_lc_rs::sign::any_ecdsa_type(&der).map_err(unmade)?;
        let default = certified(&LOOPBACK, None, &key, authority.issuer(), &signing)?;
        let shelf = Arc::new(Shelf { authority, key, signing, default, named: RwLock::default() });
        let resolver = Arc::clone(&shelf) as Arc<dyn ResolvesServerCert>;
        let usual = config(resolver)?;
        Ok(Self { shelf, usual })
    }

    /// How handshakes are answered.
    pub fn usual(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.usual)
    }

    /// How one is answered with a certificate that clients must refuse. No session goes on under it.
    pub fn flawed(&self, name: Option<&str>, flaw: Flaw) -> Result<Arc<ServerConfig>, NoAuthority> {
        let asked = [name.unwrap_or(LOOPBACK[0])];
        let names: &[&str] = match (flaw, name) {
            (Flaw::WrongHost, _) => &["wrong-host.test"],
            (_, None) => &LOOPBACK,
            (_, Some(_)) => &asked,
        };
        let stranger;
        let issuer = match flaw {
            Flaw::Untrusted => {
                stranger = Issuer::new(stranger_params(), KeyPair::generate()?);
                &stranger
            }
            Flaw::Expired | Flaw::WrongHost => self.shelf.authority.issuer(),
        };
        let key = certified(names, Some(flaw), &self.shelf.key, issuer, &self.shelf.signing)?;
        config(Arc::new(Always(key)))
    }
}

impl ResolvesServerCert for Shelf {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let name = hello.server_name().map(str::to_ascii_lowercase);
        let Some(name) = name.filter(|name| self.authority.vouches_for(name)) else {
            return Some(Arc::clone(&self.default));
        };
        if let Some(known) = self.named.read().get(&name) {
            return Some(Arc::clone(known));
        }
        let made = certified(&[&name], None, &self.key, self.authority.issuer(), &self.signing);
        let made = made.inspect_err(|error| tracing::warn!(%error, name, "there is no certificate")).ok()?;
        let mut named = self.named.write();
        if named.len() >= NAMES {
            named.clear();
        }
        named.insert(name, Arc::clone(&made));
        Some(made)
    }
}

/// Shows the same to everybody.
#[derive(Debug)]
struct Always(Arc<CertifiedKey>);

impl ResolvesServerCert for Always {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

fn unmade(error: rustls::Error) -> NoAuthority {
    NoAuthority::Unmade(error.to_string())
}

fn config(resolver: Arc<dyn ResolvesServerCert>) -> Result<Arc<ServerConfig>, NoAuthority> {
    let versions = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(unmade)?;
    let mut config = versions.with_no_client_auth().with_cert_resolver(resolver);
    config.alpn_protocols = vec![HTTP.to_vec()];
    config.ticketer = aws_lc_rs::Ticketer::new().map_err(unmade)?;
    Ok(Arc::new(config))
}

fn stranger_params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = named("an authority that nobody trusts");
    params
}

fn named(name: &str) -> DistinguishedName {
    let mut whole = DistinguishedName::new();
    whole.push(DnType::CommonName, name);
    whole
}

fn certified(
    names: &[&str],
    flaw: Option<Flaw>,
    key: &KeyPair,
    issuer: &Issuer<'_, KeyPair>,
    signing: &Arc<dyn SigningKey>,
) -> Result<Arc<CertifiedKey>, NoAuthority> {
    let mut params = CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())?;
    params.distinguished_name = named(names[0]);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    match flaw {
        Some(Flaw::Expired) => valid(&mut params, -30, -1),
        _ => valid(&mut params, -1, LIFE),
    }
    let leaf = params.signed_by(key, issuer)?;
    Ok(Arc::new(CertifiedKey::new(vec![leaf.der().clone()], Arc::clone(signing))))
}
