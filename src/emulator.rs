//! Puts an emulator together, starts it, and stops it when the handle is dropped.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::{
    builder::Builder,
    domain::keyring::RingName,
    guard::OnDrop,
    net::listener,
    ops::{
        app::{App, Settings},
        keys,
        org_error::OrgError,
        orgs,
    },
    scenario::{
        load::{Scenario, ScenarioError},
        source::Source,
        world::Entrance,
    },
    web::{Web, api::open_webhook::webhook, webmessaging::wire::encode},
};

/// Why an emulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The scenario, or the world in it, is not usable.
    #[error("{0}")]
    Configuration(String),
    /// The address is taken by another program.
    #[error("{0} is in use by another program; --listen takes another address, port 0 takes a free one")]
    AddressInUse(String),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {error}")]
    Listen {
        /// The address.
        address: String,
        /// What the system said.
        error: io::Error,
    },
    /// The operating system refused something else.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl From<ScenarioError> for StartError {
    fn from(error: ScenarioError) -> Self {
        Self::Configuration(error.to_string())
    }
}

impl From<OrgError> for StartError {
    fn from(error: OrgError) -> Self {
        Self::Configuration(error.to_string())
    }
}

impl Builder {
    /// The scenarios as one; where a setting says something else, it says the same.
    fn load(&self) -> Result<Scenario, ScenarioError> {
        let default = [String::from("default")];
        let mut scenario =
            Scenario::load(if self.scenarios.is_empty() { &default } else { &self.scenarios })?;
        scenario.seed = self.seed.or(scenario.seed);
        scenario.clock = self.clock.unwrap_or(scenario.clock);
        Ok(scenario)
    }

    /// Binds, starts and answers when everything is ready.
    ///
    /// # Errors
    /// When a scenario is not usable or the address is not to be had.
    pub async fn start(self) -> Result<Emulator, StartError> {
        let scenario = self.load()?;
        self.start_in(scenario).await
    }

    /// The same in a scenario that is loaded already.
    pub(crate) async fn start_in(self, scenario: Scenario) -> Result<Emulator, StartError> {
        let settings = Settings {
            seed: scenario.seed.unwrap_or(1),
            rate: self.clock_rate,
            limits: self.limits,
            inject: self.inject,
            show_secrets: self.show_secrets,
            public_url: self.public_url.map(|url| url.trim_end_matches('/').to_owned()),
            allowed_hosts: self.allowed_hosts,
            admin_token: self.admin_token,
            confine_fetches: self.confine_fetches,
            patience: self.patience,
            tls: self.tls,
            authority: self.authority,
            domains: self.domains,
            proxy_pass: self.proxy_pass,
        };
        let app = Arc::new(App::new(settings, encode, webhook));
        let on_drop = self.verification.map(|verification| OnDrop::new(Arc::clone(&app), verification));
        let on_drop = on_drop.transpose()?;
        if app.settings.tls && !app.settings.domains.is_empty() {
            // an authority that was made without them would only be noticed by clients
            app.tls.authority().map_err(|error| StartError::Configuration(error.to_string()))?;
        }
        orgs::load(&app, scenario)?;
        let web = Arc::new(Web::new(Arc::clone(&app)));
        let main = bind(&self.listen).await?;
        let admin = match &self.admin_listen {
            Some(address) => Some(bind(address).await?),
            None => None,
        };
        let (address, admin_address) =
            (main.local_addr()?, admin.as_ref().map(TcpListener::local_addr).transpose()?);
        // nobody has set it before
        let _ = app.listening.set(reachable(address));
        let mut serving = vec![tokio::spawn(listener::serve(main, Arc::clone(&web), None))];
        serving.extend(admin.map(|admin| tokio::spawn(listener::serve(admin, web, Some(address.port())))));
        warm(&app);
        Ok(Emulator {
            stop: app.stop.clone().into(),
            app,
            address,
            admin_address,
            serving,
            _on_drop: on_drop,
        })
    }
}

/// The first signature of a process takes long; somebody else should wait for it.
fn warm(app: &Arc<App>) {
    let app = Arc::clone(app);
    tokio::spawn(async move {
        if let Some(org) = app.default_org() {
            let key = org.state(|state| state.platform_keys.signing().clone());
            app.signer.warm(keys::source(&org, &RingName::Platform, &key)).await;
        }
    });
}

async fn bind(address: &str) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => StartError::AddressInUse(address.to_owned()),
        _ => StartError::Listen { address: address.to_owned(), error },
    })
}

/// Who listens on every address is reached on loopback.
pub(crate) fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// Cancels when it is dropped.
struct StopOnDrop(CancellationToken);

impl From<CancellationToken> for StopOnDrop {
    fn from(token: CancellationToken) -> Self {
        Self(token)
    }
}

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// A running emulator. It stops when it is dropped.
pub struct Emulator {
    stop: StopOnDrop,
    app: Arc<App>,
    address: SocketAddr,
    admin_address: Option<SocketAddr>,
    serving: Vec<JoinHandle<()>>,
    /// Held for what it does when it is dropped.
    _on_drop: Option<OnDrop>,
}

impl Emulator {
    /// How the next one is to be.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// What to point clients at, such as `http://127.0.0.1:4363`; without a trailing slash.
    #[must_use]
    pub fn url(&self) -> String {
        self.app.settings.public_url.clone().unwrap_or_else(|| format!("http://{}", reachable(self.address)))
    }

    /// The certificate that clients have to trust when they speak TLS, in PEM.
    ///
    /// # Errors
    /// When there is no authority, because its folder cannot be written or read.
    pub fn authority_pem(&self) -> Result<String, StartError> {
        let authority = self.app.tls.authority();
        authority
            .map(|one| one.pem().to_owned())
            .map_err(|error| StartError::Configuration(error.to_string()))
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The admin API.
    #[must_use]
    pub fn admin_url(&self) -> String {
        format!("http://{}/__admin", reachable(self.admin_address.unwrap_or(self.address)))
    }

    /// Id of the default org, if the scenario has one.
    #[must_use]
    pub fn org_id(&self) -> Option<String> {
        self.app.default_org().map(|org| org.id.to_string())
    }

    /// Id and secret of the default org's client-credentials client.
    #[must_use]
    pub fn client(&self) -> Option<(String, String)> {
        self.entrance()?.client.map(|(id, secret)| (id.to_string(), secret))
    }

    /// Id of the default org's web messaging deployment.
    #[must_use]
    pub fn deployment_id(&self) -> Option<String> {
        self.entrance()?.deployment.map(|id| id.to_string())
    }

    /// The seed.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.app.settings.seed
    }

    /// All of it.
    pub(crate) fn app(&self) -> &Arc<App> {
        &self.app
    }

    fn entrance(&self) -> Option<Entrance> {
        self.app.default_org().map(|org| org.entrance.clone())
    }

    /// The files that its scenarios were read from.
    pub(crate) fn scenario_files(&self) -> Vec<Source> {
        self.app.scenario_files()
    }

    /// Loads the scenarios of its builder again: all orgs of theirs are made anew, or none.
    pub(crate) fn reload(&self, builder: &Builder) -> Result<(), StartError> {
        Ok(orgs::load(&self.app, builder.load()?)?)
    }

    /// Stops: no new connections, what is under way is finished, sockets are closed with 1001.
    pub async fn stop(self) {
        self.stop.0.cancel();
        for task in self.serving {
            if task.await.is_err() {
                tracing::error!("a listener ended badly");
            }
        }
    }
}
