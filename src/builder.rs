//! How an emulator is to be.

use std::path::PathBuf;

use crate::{
    base::{clock::Rate, patience::Patience, time::Timestamp},
    emulator::StartError,
    ops::verify::Verification,
    tls::Home,
};

/// How an emulator is to be. Every setting has the default of the command line, but for the port: a free one.
#[derive(Clone, Debug)]
pub struct Builder {
    pub(crate) listen: String,
    pub(crate) admin_listen: Option<String>,
    pub(crate) scenarios: Vec<String>,
    pub(crate) seed: Option<u64>,
    /// `Some(None)` is the system's time, whatever the scenario says.
    pub(crate) clock: Option<Option<Timestamp>>,
    pub(crate) clock_rate: Rate,
    pub(crate) limits: bool,
    pub(crate) inject: bool,
    pub(crate) show_secrets: bool,
    pub(crate) public_url: Option<String>,
    pub(crate) allowed_hosts: Vec<String>,
    pub(crate) admin_token: Option<String>,
    pub(crate) confine_fetches: bool,
    pub(crate) patience: Patience,
    pub(crate) tls: bool,
    pub(crate) authority: Home,
    pub(crate) domains: Vec<String>,
    pub(crate) proxy_pass: Vec<String>,
    pub(crate) verification: Option<Verification>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:0".to_owned(),
            admin_listen: None,
            scenarios: Vec::new(),
            seed: None,
            clock: None,
            clock_rate: Rate::Times(1.0),
            limits: true,
            inject: true,
            show_secrets: false,
            public_url: None,
            allowed_hosts: Vec::new(),
            admin_token: None,
            confine_fetches: false,
            patience: Patience::default(),
            tls: true,
            authority: Home::Nowhere,
            domains: Vec::new(),
            proxy_pass: Vec::new(),
            verification: None,
        }
    }
}

impl Builder {
    /// Adds a scenario: a built-in name, or the path of a file. Later ones lie over earlier ones. Default: `default`.
    #[must_use]
    pub fn scenario(mut self, name: impl Into<String>) -> Self {
        self.scenarios.push(name.into());
        self
    }

    /// The seed of everything that looks random. Default: the scenario's, else 1.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Org clocks start here and stand still until they are moved.
    ///
    /// # Errors
    /// When `time` is not RFC 3339, such as `2026-01-02T03:04:05Z`.
    pub fn frozen_at(mut self, time: &str) -> Result<Self, StartError> {
        let at = time.parse::<Timestamp>().map_err(|error| StartError::Configuration(error.to_string()))?;
        self.clock = Some(Some(at));
        self.clock_rate = Rate::Times(0.0);
        Ok(self)
    }

    /// What absolute URLs and `iss` start with. Default: the request's own base.
    #[must_use]
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.public_url = Some(url.into());
        self
    }

    /// May a request ask for a fault, by the header `X-Emulator-Inject`? Default: yes.
    #[must_use]
    pub fn inject(mut self, on: bool) -> Self {
        self.inject = on;
        self
    }

    /// Does the journal show credentials and custom attributes as they came? Default: no.
    #[must_use]
    pub fn show_secrets(mut self, on: bool) -> Self {
        self.show_secrets = on;
        self
    }

    /// Do emulated rate limits answer? Default: yes.
    #[must_use]
    pub fn limits(mut self, on: bool) -> Self {
        self.limits = on;
        self
    }

    /// What the admin API wants as bearer token. Default: nothing.
    #[must_use]
    pub fn admin_token(mut self, token: impl Into<String>) -> Self {
        self.admin_token = Some(token.into());
        self
    }

    /// Are identity providers asked on loopback only? Default: no.
    #[must_use]
    pub fn confine_fetches(mut self, on: bool) -> Self {
        self.confine_fetches = on;
        self
    }

    /// How much real time others may take. Default: [`Patience::default`].
    #[must_use]
    pub fn patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// Is TLS spoken on the port too? Default: yes.
    #[must_use]
    pub fn tls(mut self, on: bool) -> Self {
        self.tls = on;
        self
    }

    /// The folder where its certificate authority is kept, and made if there is none. Default: an authority of its own,
    /// in memory; [`crate::Emulator::authority_pem`] has its certificate.
    #[must_use]
    pub fn ca_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.authority = Home::Folder(folder.into());
        self
    }

    /// A further domain whose names are the platform's, such as `genesys.test`: it is served over TLS and through the
    /// proxy.
    #[must_use]
    pub fn domain(mut self, domain: impl Into<String>) -> Self {
        self.domains.push(domain.into().trim_start_matches("*.").trim_matches('.').to_ascii_lowercase());
        self
    }

    /// A host that is not the platform's and is reached through the proxy all the same. Default: none is.
    #[must_use]
    pub fn proxy_pass(mut self, host: impl Into<String>) -> Self {
        self.proxy_pass.push(host.into());
        self
    }

    /// Verifies when the emulator is dropped or stopped, and panics when something is not as it is to be, unless the
    /// test is panicking already. [`Verification::default`] wants every fault to have fired. Default: no.
    #[must_use]
    pub fn verify_on_drop(mut self, verification: Verification) -> Self {
        self.verification = Some(verification);
        self
    }

    /// Where it listens. Default: a free port on loopback.
    #[must_use]
    pub fn listen(mut self, address: impl Into<String>) -> Self {
        self.listen = address.into();
        self
    }
}
