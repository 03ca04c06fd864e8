//! What a client has to be told to find its way to an org: the values that `env` prints and `exec` exports.

use serde_json::Value;

use crate::{
    base::draw::DrawKey,
    emulator::Emulator,
    scenario::{
        bad_world::BadWorld,
        load::Scenario,
        world::{self, Entrance, Ids},
    },
};

/// What every variable of ours begins with.
pub const PREFIX: &str = "GENESYS_EMULATOR_";

/// Names of what is exported, without the prefix.
pub const NAMES: [&str; 10] = [
    "URL",
    "ADMIN_URL",
    "ADMIN_TOKEN",
    "ORG_ID",
    "CLIENT_ID",
    "CLIENT_SECRET",
    "DEPLOYMENT_ID",
    "AUTH_DEPLOYMENT_ID",
    "IDP_URL",
    "SEED",
];

/// The values, as far as there are any.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct WayIn {
    /// What clients take as base URL, without a trailing slash.
    pub url: String,
    /// The admin API.
    pub admin_url: String,
    /// What the admin API wants as bearer token.
    pub admin_token: Option<String>,
    /// The org.
    pub org_id: Option<String>,
    /// Its client-credentials client.
    pub client: Option<(String, String)>,
    /// Its web messaging deployment.
    pub deployment_id: Option<String>,
    /// The deployment of the local name `authenticated`, whose sessions must be authenticated.
    pub auth_deployment_id: Option<String>,
    /// Its identity provider `main`, else its first one.
    pub idp_url: Option<String>,
    /// The seed.
    pub seed: Option<u64>,
}

/// The provider that tests use: `main`, else the first one.
fn provider<'a>(names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut names = names.peekable();
    let first = names.peek().copied();
    names.find(|name| *name == "main").or(first)
}

impl WayIn {
    /// That of the default org of an emulator in this process.
    pub fn of(emulator: &Emulator) -> Self {
        let mut way = Self {
            url: emulator.url(),
            admin_url: emulator.admin_url(),
            admin_token: emulator.app().settings.admin_token.clone(),
            seed: Some(emulator.seed()),
            ..Self::default()
        };
        if let Some(org) = emulator.app().default_org() {
            let idp = org.state(|state| {
                provider(state.identity_providers.keys().map(String::as_str)).map(str::to_owned)
            });
            way.enter(org.id.to_string(), &org.entrance, idp.as_deref());
        }
        way
    }

    /// That of the first org of a scenario, in an emulator that would be reached at `url`.
    pub fn planned(url: &str, scenario: &Scenario) -> Result<Self, BadWorld> {
        let seed = scenario.seed.unwrap_or(1);
        let mut way = Self {
            url: url.to_owned(),
            admin_url: format!("{url}/__admin"),
            seed: Some(seed),
            ..Self::default()
        };
        if let Some(shape) = scenario.orgs.first() {
            let id = world::org_id(shape, Ids::AsWritten, seed, 0);
            let built = world::build(shape, Ids::AsWritten, &DrawKey::new(seed, id.as_str()))?;
            let idp = provider(built.world.identity_providers.keys().map(String::as_str));
            way.enter(id.to_string(), &built.entrance, idp);
        }
        Ok(way)
    }

    fn enter(&mut self, org: String, entrance: &Entrance, idp: Option<&str>) {
        self.org_id = Some(org);
        self.client = entrance.client.clone().map(|(id, secret)| (id.to_string(), secret));
        self.deployment_id = entrance.deployment.as_ref().map(ToString::to_string);
        self.auth_deployment_id = entrance.ids.get("deployments.authenticated").cloned();
        self.idp_url = idp.map(|name| format!("{}/idp/{name}", self.url));
    }

    /// That of an org as the admin API shows it, with its key rings.
    pub fn shown(url: &str, admin_url: &str, org: &Value, rings: &Value) -> Self {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let rings = rings["entities"].as_array().into_iter().flatten();
        let idps = rings.filter_map(|ring| ring["ring"].as_str()?.strip_prefix("idp:"));
        Self {
            url: url.to_owned(),
            admin_url: admin_url.to_owned(),
            admin_token: None,
            org_id: text(&org["id"]),
            client: text(&org["clientId"]).zip(text(&org["clientSecret"])),
            deployment_id: text(&org["deploymentId"]),
            auth_deployment_id: text(&org["ids"]["deployments.authenticated"]),
            idp_url: provider(idps).map(|name| format!("{url}/idp/{name}")),
            seed: org["seed"].as_u64(),
        }
    }

    /// Name and value of every variable, with the prefix; without a value where there is none.
    pub fn variables(&self) -> Vec<(String, Option<String>)> {
        let (id, secret) = self.client.clone().unzip();
        let values = [
            Some(self.url.clone()),
            Some(self.admin_url.clone()),
            self.admin_token.clone(),
            self.org_id.clone(),
            id,
            secret,
            self.deployment_id.clone(),
            self.auth_deployment_id.clone(),
            self.idp_url.clone(),
            self.seed.map(|seed| seed.to_string()),
        ];
        NAMES.iter().map(|name| format!("{PREFIX}{name}")).zip(values).collect()
    }

    /// `host:port` of the base URL and whether it is https; nothing if it has no host.
    pub fn host(&self) -> Option<(String, u16, bool)> {
        let uri: http::Uri = self.url.parse().ok()?;
        let https = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if https { 443 } else { 80 });
        Some((uri.host()?.to_owned(), port, https))
    }
}
