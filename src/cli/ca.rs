//! `ca`: the certificate authority that clients have to trust when they speak TLS. It is made when it is first asked for.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};

use super::{Exit, admin::Failure, env::via::PRELOAD_FILE};
use crate::{
    base::codec::base64,
    tls::{
        Home,
        authority::{Authority, CERTIFICATE, NoAuthority, put, remove},
        truststore::{PASSWORD, pkcs12},
    },
};

/// Whom to trust, as Java reads it.
const TRUSTSTORE: &str = "truststore.p12";
/// Whom the machine trusts, and the authority.
const BUNDLE: &str = "ca-bundle.pem";

/// What is wanted of it.
#[derive(Debug, Args)]
pub struct Ca {
    #[command(flatten)]
    place: Place,
    /// What is wanted of it
    #[arg(value_name = "path|pem|der|p12|remove")]
    wanted: Wanted,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Wanted {
    /// Print where its certificate is: for NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, REQUESTS_CA_BUNDLE, curl --cacert
    Path,
    /// Print its certificate in PEM
    Pem,
    /// Print its certificate in DER
    Der,
    /// Print a PKCS #12 file that holds it as a trusted one, for Java; the password is `changeit`
    P12,
    /// Remove it; the next one that is made has to be trusted anew
    Remove,
}

/// Where it is.
#[derive(Clone, Debug, Default, Args)]
pub struct Place {
    /// Folder of the certificate authority, which is made on first use [default: the user's own folder for data]
    #[arg(long, env = "GENESYS_EMULATOR_CA_DIR", value_name = "DIR")]
    ca_dir: Option<PathBuf>,
    /// A further domain whose names are the platform's, such as genesys.test; repeatable
    #[arg(long, env = "GENESYS_EMULATOR_DOMAIN", value_name = "DOMAIN", value_delimiter = ',', value_parser = domain)]
    pub domain: Vec<String>,
}

/// A domain, as names are compared with.
fn domain(text: &str) -> Result<String, String> {
    let name = text.trim_start_matches("*.").trim_matches('.').to_ascii_lowercase();
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    match name.contains('.') && name.split('.').all(is_label) {
        true => Ok(name),
        false => Err(format!("`{text}` is not a domain such as genesys.test")),
    }
}

/// What clients are told of it, as files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Files {
    /// The certificate, in PEM.
    pub pem: PathBuf,
    /// The same behind those whom the machine trusts, in PEM: for programs that are told of one file alone.
    pub bundle: PathBuf,
    /// The same for Java.
    pub p12: PathBuf,
}

impl From<NoAuthority> for Failure {
    fn from(error: NoAuthority) -> Self {
        Self::configuration(error.to_string())
    }
}

impl Place {
    /// The folder that was named; else that of the user, if there is one. Programs may change theirs, so it is absolute.
    pub fn folder(&self) -> Option<PathBuf> {
        let folder =
            self.ca_dir.clone().or_else(|| data_folder().map(|data| data.join("genesys-emulator")))?;
        Some(std::path::absolute(&folder).unwrap_or(folder))
    }

    /// Where an emulator keeps it. Who has no folder has an authority in memory.
    pub fn home(&self) -> Home {
        let kept = if self.ca_dir.is_some() { Home::Folder } else { Home::Usual };
        self.folder().map_or(Home::Nowhere, kept)
    }

    fn needed(&self) -> Result<PathBuf, Failure> {
        let missing =
            || Failure::configuration("there is no folder for data of this user; --ca-dir names one");
        self.folder().ok_or_else(missing)
    }

    fn authority(&self) -> Result<Authority, Failure> {
        Ok(Authority::at(&Home::Folder(self.needed()?), &self.domain)?)
    }

    /// Files for clients, in its folder.
    pub fn files(&self) -> Result<Files, Failure> {
        let (folder, authority) = (self.needed()?, self.authority()?);
        let pem = folder.join(CERTIFICATE);
        let files = Files { pem, bundle: folder.join(BUNDLE), p12: folder.join(TRUSTSTORE) };
        keep(&files.bundle, trusted_with(authority.pem()).as_bytes())?;
        keep(&files.p12, &pkcs12(&authority)?)?;
        Ok(files)
    }
}

/// Writes a file for programs of the same user.
pub fn keep(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let unwritten =
        |error: io::Error| Failure::run_time(format!("{} cannot be written: {error}", path.display()));
    put(path, 0o644, content).map_err(unwritten)
}

/// Whom the machine trusts, and this one.
fn trusted_with(pem: &str) -> String {
    let mut all = String::new();
    for one in rustls_native_certs::load_native_certs().certs {
        let lines = base64(&one);
        all += "-----BEGIN CERTIFICATE-----\n";
        lines.as_bytes().chunks(64).for_each(|line| all += &format!("{}\n", String::from_utf8_lossy(line)));
        all += "-----END CERTIFICATE-----\n";
    }
    all + pem
}

/// Where the system keeps data of its user.
fn data_folder() -> Option<PathBuf> {
    let named = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || std::env::var_os("HOME").map(PathBuf::from).filter(|home| home.is_absolute());
    let usual = if cfg!(target_os = "macos") { "Library/Application Support" } else { ".local/share" };
    named.or_else(|| Some(home()?.join(usual)))
}

/// Does what is wanted.
pub fn run(ca: &Ca) -> Exit {
    done(ca).map_or_else(|failure| failure.told(), |()| Exit::Fine)
}

fn done(Ca { place, wanted }: &Ca) -> Result<(), Failure> {
    let data = match wanted {
        Wanted::Path => format!("{}\n", place.files()?.pem.display()).into_bytes(),
        Wanted::Pem => place.authority()?.pem().as_bytes().to_vec(),
        Wanted::Der => place.authority()?.der().to_vec(),
        Wanted::P12 => {
            eprintln!("genesys-emulator: the password of the trust store is {PASSWORD}");
            pkcs12(&place.authority()?)?
        }
        Wanted::Remove => {
            let folder = place.needed()?;
            let failed = |error: io::Error| {
                Failure::run_time(format!("{} cannot be removed: {error}", folder.display()))
            };
            // what was made of it goes too
            for beside in [TRUSTSTORE, BUNDLE, PRELOAD_FILE] {
                let _ = fs::remove_file(folder.join(beside));
            }
            let told = if remove(&folder).map_err(failed)? { "is gone" } else { "was not there" };
            eprintln!("genesys-emulator: the certificate authority of {} {told}", folder.display());
            Vec::new()
        }
    };
    let written = io::stdout().write_all(&data);
    written.map_err(|error| Failure::run_time(format!("stdout cannot be written: {error}")))
}
