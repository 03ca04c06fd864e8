//! Floor 2: TLS. [`authority`] is the emulator's own certificate authority, [`certificates`] what it vouches for, a leaf a server
//! name; [`truststore`] is how Java reads whom to trust. Everything is made when it is first needed: a start makes nothing.

pub mod authority;
pub mod certificates;
pub mod truststore;

use std::{path::PathBuf, sync::Arc};

use parking_lot::RwLock;

use authority::{Authority, NoAuthority};
use certificates::Certificates;

/// Where the authority of an emulator is kept.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Home {
    /// In memory: it is gone with the emulator.
    #[default]
    Nowhere,
    /// In this folder.
    Folder(PathBuf),
    /// In this folder, which nobody has asked for; in memory where it cannot be written.
    Usual(PathBuf),
}

/// TLS as an emulator speaks it.
#[derive(Debug)]
pub struct Tls {
    home: Home,
    domains: Vec<String>,
    made: RwLock<Option<Made>>,
}

#[derive(Clone, Debug)]
struct Made {
    authority: Arc<Authority>,
    certificates: Arc<Certificates>,
}

impl Tls {
    /// With an authority that is kept there; it vouches for these domains too.
    pub fn new(home: Home, domains: Vec<String>) -> Self {
        Self { home, domains, made: RwLock::default() }
    }

    /// What went wrong may go well the next time.
    fn made(&self) -> Result<Made, NoAuthority> {
        if let Some(made) = &*self.made.read() {
            return Ok(made.clone());
        }
        let mut made = self.made.write();
        if let Some(made) = &*made {
            return Ok(made.clone());
        }
        let authority = Arc::new(Authority::at(&self.home, &self.domains)?);
        let certificates = Arc::new(Certificates::of(Arc::clone(&authority))?);
        Ok(made.insert(Made { authority, certificates }).clone())
    }

    /// Whom clients are to trust.
    pub fn authority(&self) -> Result<Arc<Authority>, NoAuthority> {
        self.made().map(|made| made.authority)
    }

    /// What servers show.
    pub fn certificates(&self) -> Result<Arc<Certificates>, NoAuthority> {
        self.made().map(|made| made.certificates)
    }
}
