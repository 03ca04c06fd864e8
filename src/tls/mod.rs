//! Floor 2: TLS. [`authority`] is the emulator's own certificate authority, [`certificates`] what it vouches for, a leaf a server
//! name; [`truststore`] is how Java reads whom to trust. Everything is made when it is first needed: a start makes nothing.

pub mod authority;
pub mod certificates;
pub mod truststore;

use std::{
    path::PathBuf,
    sync::{Arc, OnceLock},
};

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
}

/// TLS as an emulator speaks it.
#[derive(Debug)]
pub struct Tls {
    home: Home,
    domains: Vec<String>,
    made: OnceLock<Result<Made, NoAuthority>>,
}

#[derive(Debug)]
struct Made {
    authority: Arc<Authority>,
    certificates: Certificates,
}

impl Tls {
    /// With an authority that is kept there; it vouches for these domains too.
    pub fn new(home: Home, domains: Vec<String>) -> Self {
        Self { home, domains, made: OnceLock::new() }
    }

    fn made(&self) -> Result<&Made, &NoAuthority> {
        let make = || {
            let authority = Arc::new(Authority::at(&self.home, &self.domains)?);
            Ok(Made { certificates: Certificates::of(Arc::clone(&authority))?, authority })
        };
        self.made.get_or_init(make).as_ref()
    }

    /// Whom clients are to trust.
    pub fn authority(&self) -> Result<&Authority, &NoAuthority> {
        self.made().map(|made| &*made.authority)
    }

    /// What servers show.
    pub fn certificates(&self) -> Result<&Certificates, &NoAuthority> {
        self.made().map(|made| &made.certificates)
    }
}
