//! A certificate authority of this machine's own. Whoever trusts it trusts it for loopback, for the vendor's hosts and for names
//! that are nobody's: its certificate says so itself.

use std::{
    fs, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, GeneralSubtree, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, NameConstraints, date_time_ymd,
};
use rustls::pki_types::CertificateDer;
use x509_parser::{extensions::GeneralName, parse_x509_certificate};

use super::Home;
use crate::{
    base::{clock::wall, time::Timestamp},
    domain::region,
};

/// Key and certificate. Nobody else may read it.
const SECRET: &str = "authority.pem";
/// The certificate alone, for those who are to trust it.
pub const CERTIFICATE: &str = "ca.pem";
/// Held by whoever reads or makes it.
const LOCK: &str = ".lock";
/// Names that are nobody's (RFC 6761), and this machine's own.
const OWN: [&str; 3] = ["localhost", "test", "example"];
/// It lives so many days.
const LIFE: i64 = 5 * 366;
/// When fewer are left, the next one is made.
const LAST: i64 = 30;

/// Why there is no authority.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NoAuthority {
    /// A file or folder cannot be read or written.
    #[error("the certificate authority in {0} cannot be read or written: {1}; --ca-dir takes another folder")]
    Io(PathBuf, String),
    /// A file is not what it was written as.
    #[error(
        "{0} is not a certificate authority that this program has written: {1}; `genesys-emulator ca remove` removes it"
    )]
    Strange(PathBuf, String),
    /// It was made for fewer names.
    #[error(
        "the certificate authority in {1} does not vouch for {0}: it was made without it; `genesys-emulator ca remove` removes it, and the next one vouches for it"
    )]
    NotVouched(String, PathBuf),
    /// Something could not be made.
    #[error("a certificate cannot be made: {0}")]
    Unmade(String),
}

impl From<rcgen::Error> for NoAuthority {
    fn from(error: rcgen::Error) -> Self {
        Self::Unmade(error.to_string())
    }
}

/// The authority.
#[derive(Debug)]
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    der: CertificateDer<'static>,
    pem: String,
    /// Domains that it vouches for, with all names below them.
    domains: Vec<String>,
}

impl Authority {
    /// The one that is kept there; one is made if there is none, or if it will soon be over. It has to vouch for these domains,
    /// besides its own.
    pub fn at(home: &Home, domains: &[String]) -> Result<Self, NoAuthority> {
        match home {
            Home::Nowhere => Self::in_memory(domains),
            Home::Folder(folder) => Self::in_folder(folder, domains),
            Home::Usual(folder) => match Self::in_folder(folder, domains) {
                Err(error @ NoAuthority::Io(..)) => {
                    tracing::warn!(%error, "the certificate authority is kept in memory, and gone with the emulator");
                    Self::in_memory(domains)
                }
                kept => kept,
            },
        }
    }

    fn in_memory(domains: &[String]) -> Result<Self, NoAuthority> {
        Self::read(&made(domains)?).map_err(NoAuthority::Unmade)
    }

    fn in_folder(folder: &Path, domains: &[String]) -> Result<Self, NoAuthority> {
        let unusable = |error: io::Error| NoAuthority::Io(folder.to_owned(), error.to_string());
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(unusable)?;
        // one at a time, in all processes; a folder that cannot be written has to have one already
        let lock = fs::File::create(folder.join(LOCK)).and_then(|lock| lock.lock().map(|()| lock));
        let path = folder.join(SECRET);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                keep(folder, domains).map_err(unusable)?
            }
            Err(error) => return Err(unusable(error)),
        };
        let mut authority = Self::read(&text).map_err(|wrong| NoAuthority::Strange(path.clone(), wrong))?;
        if authority.is_nearly_over() {
            let own = authority.domains.iter().filter(|domain| !is_usual(domain));
            let all: Vec<String> = own.chain(domains).cloned().collect();
            let text = keep(folder, &all).map_err(unusable)?;
            authority = Self::read(&text).map_err(|wrong| NoAuthority::Strange(path, wrong))?;
            tracing::warn!(
                folder = %folder.display(),
                "the certificate authority was nearly over; there is another one now, which clients do not trust yet"
            );
        }
        let certificate = folder.join(CERTIFICATE);
        if lock.is_ok() && fs::read_to_string(&certificate).ok().as_deref() != Some(authority.pem()) {
            put(&certificate, 0o644, authority.pem().as_bytes()).map_err(unusable)?;
        }
        match domains.iter().find(|domain| !authority.vouches_for(domain)) {
            Some(domain) => Err(NoAuthority::NotVouched(domain.clone(), folder.to_owned())),
            None => Ok(authority),
        }
    }

    fn read(text: &str) -> Result<Self, String> {
        const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
        let at = text.find(BEGIN).ok_or("it has no certificate")?;
        let (key, pem) = text.split_at(at);
        let key = KeyPair::from_pem(key).map_err(|error| format!("its key cannot be read: {error}"))?;
        let der = rustls::pki_types::pem::PemObject::from_pem_slice(pem.as_bytes());
        let der: CertificateDer<'static> = der.map_err(|error| format!("its certificate: {error}"))?;
        let domains = domains_of(&der).ok_or("its certificate does not say what it vouches for")?;
        let issuer = Issuer::from_ca_cert_der(&der, key).map_err(|error| error.to_string())?;
        Ok(Self { issuer, der, pem: pem.to_owned(), domains })
    }

    /// Its certificate, for those who are to trust it.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// The same in DER.
    pub fn der(&self) -> &CertificateDer<'static> {
        &self.der
    }

    fn is_nearly_over(&self) -> bool {
        let Ok((_, certificate)) = parse_x509_certificate(&self.der) else { return true };
        certificate.validity().not_after.timestamp() < wall::now().seconds() + LAST * 86_400
    }

    /// Signs.
    pub(super) fn issuer(&self) -> &Issuer<'static, KeyPair> {
        &self.issuer
    }

    /// Would clients believe it about this host name?
    pub fn vouches_for(&self, name: &str) -> bool {
        self.domains.iter().any(|domain| region::is_below(name, domain))
    }
}

/// Takes the authority of a folder away. Was there one?
pub fn remove(folder: &Path) -> io::Result<bool> {
    for beside in [CERTIFICATE, LOCK] {
        let _ = fs::remove_file(folder.join(beside));
    }
    match fs::remove_file(folder.join(SECRET)) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Makes one and keeps it in a folder.
fn keep(folder: &Path, domains: &[String]) -> io::Result<String> {
    let text = made(domains).map_err(io::Error::other)?;
    put(&folder.join(SECRET), 0o600, text.as_bytes())?;
    Ok(text)
}

/// Writes a file, whole or not at all.
pub fn put(path: &Path, mode: u32, content: &[u8]) -> io::Result<()> {
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    let own = format!("{}.{}.new", std::process::id(), WRITTEN.fetch_add(1, Relaxed));
    let own = path.with_extension(own);
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(&own)?;
    let written = io::Write::write_all(&mut file, content).and_then(|()| fs::rename(&own, path));
    written.inspect_err(|_| drop(fs::remove_file(&own)))
}

/// The domains that every one of them vouches for.
fn usual() -> impl Iterator<Item = &'static str> {
    OWN.into_iter().chain(region::DOMAINS.iter().copied())
}

fn is_usual(domain: &str) -> bool {
    usual().any(|one| one == domain)
}

/// Key and certificate of a new one.
fn made(domains: &[String]) -> Result<String, NoAuthority> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    // two of them in one list of trusted ones must not have the same name
    let print =
        params.key_identifier(&key).iter().take(4).map(|byte| format!("{byte:02x}")).collect::<String>();
    let mut name = DistinguishedName::new();
    name.push(DnType::OrganizationName, "genesys-emulator, for tests on this machine");
    name.push(DnType::CommonName, format!("genesys-emulator local authority {print}"));
    params.distinguished_name = name;
    valid(&mut params, -1, LIFE);
    let names = usual().map(str::to_owned).chain(domains.iter().cloned()).map(GeneralSubtree::DnsName);
    let loopback = [
        CidrSubnet::from_addr_prefix(IpAddr::V4(Ipv4Addr::LOCALHOST), 8),
        CidrSubnet::from_addr_prefix(IpAddr::V6(Ipv6Addr::LOCALHOST), 128),
    ];
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: names.chain(loopback.map(GeneralSubtree::IpAddress)).collect(),
        excluded_subtrees: Vec::new(),
    });
    let certificate = params.self_signed(&key)?;
    Ok(key.serialize_pem() + &certificate.pem())
}

/// A certificate is good from the beginning of one day to that of another; days are counted from today.
pub(super) fn valid(params: &mut CertificateParams, from: i64, to: i64) {
    let day = |days: i64| {
        let moment = Timestamp::from_micros(wall::now().micros() + days * 86_400_000_000);
        let (year, month, day) = moment.date();
        date_time_ymd(year, month, day)
    };
    (params.not_before, params.not_after) = (day(from), day(to));
}

/// The domains that a certificate is for; `None` when it is for all, or none at all.
fn domains_of(der: &[u8]) -> Option<Vec<String>> {
    let (_, certificate) = parse_x509_certificate(der).ok()?;
    let constraints = certificate.name_constraints().ok()??;
    let names = constraints.value.permitted_subtrees.as_ref()?.iter().filter_map(|tree| match tree.base {
        GeneralName::DNSName(name) => Some(name.to_owned()),
        _ => None,
    });
    Some(names.collect())
}
