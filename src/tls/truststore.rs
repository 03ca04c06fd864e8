//! Whom to trust, as Java reads it: a PKCS #12 file with a certificate that is marked as trusted.

use p12_keystore::{Certificate, KeyStore, KeyStoreEntry};

use super::authority::{Authority, NoAuthority};

/// It keeps no secret; Java wants one all the same.
pub const PASSWORD: &str = "changeit";
/// What the certificate is called in it.
const ALIAS: &str = "genesys-emulator";

/// The file.
pub fn pkcs12(authority: &Authority) -> Result<Vec<u8>, NoAuthority> {
    let unmade = |error: p12_keystore::error::Error| NoAuthority::Unmade(error.to_string());
    let mut store = KeyStore::new();
    let certificate = Certificate::from_der(authority.der()).map_err(unmade)?;
    store.add_entry(ALIAS, KeyStoreEntry::Certificate(certificate));
    store.writer(PASSWORD).write().map_err(unmade)
}
