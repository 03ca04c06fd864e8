//! `env`: the variables and settings that point clients at an emulator, whether it runs already or not.

mod recipes;
pub mod via;

use clap::{Args, ValueEnum};
use recipes::Recipe;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    Exit,
    admin::{Failure, Target},
    ca::Place,
    quote,
    settings::{self, LISTEN, Switch},
    stdout,
    way_in::WayIn,
};
use via::{Family, Via};

use crate::{emulator::StartError, scenario::load::Scenario};

/// How it is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// For `eval` in a POSIX shell.
    Export,
    /// For files named `.env`, and `docker run --env-file`.
    Dotenv,
    /// One object with `variables` and `recipes`.
    Json,
    /// For `Invoke-Expression`.
    Powershell,
}

/// Whose variables.
#[derive(Debug, Args)]
pub struct Env {
    /// How it is written on stdout
    #[arg(long, env = "GENESYS_EMULATOR_FORMAT", value_name = "FORMAT", default_value = "export")]
    format: Format,
    #[command(flatten)]
    target: Target,
    /// Where the emulator listens or will listen, when no --url is given
    #[arg(long, env = "GENESYS_EMULATOR_LISTEN", value_name = "ADDR", default_value = LISTEN)]
    listen: String,
    /// What it will be started with, if it does not run yet
    #[arg(long, env = "GENESYS_EMULATOR_SCENARIO", value_name = "NAME|FILE", value_delimiter = ',')]
    scenario: Vec<String>,
    /// The same of its seed
    #[arg(long, env = "GENESYS_EMULATOR_SEED", value_name = "N")]
    seed: Option<u64>,
    /// The same of its public URL
    #[arg(long, env = "GENESYS_EMULATOR_PUBLIC_URL", value_name = "URL", value_parser = settings::public_url)]
    public_url: Option<String>,
    #[command(flatten)]
    way: Way,
    #[command(flatten)]
    ca: Place,
}

/// How programs arrive.
#[derive(Clone, Copy, Debug, Args)]
pub struct Way {
    /// How clients find it: by its URL, or by the platform's own hosts through its proxy or by their names
    #[arg(long, env = "GENESYS_EMULATOR_VIA", value_name = "url|proxy|hosts", default_value = "url")]
    pub via: Via,
    /// Also lead Node programs to it whose libraries ignore proxies, by a file that Node reads first
    #[arg(long, env = "GENESYS_EMULATOR_NODE_PRELOAD", value_name = "on|off", default_value = "off")]
    pub node_preload: Switch,
}

impl Way {
    /// Do clients have to trust it?
    fn is_by_tls(self) -> bool {
        self.via != Via::Url || self.node_preload == Switch::On
    }
}

/// Variables, where they are of, and recipes.
struct Told {
    /// In words, for people.
    of: String,
    variables: Vec<(String, String)>,
    /// Variables of other programs, with their names.
    others: Vec<Family>,
    recipes: Vec<Recipe>,
    /// Lines of a hosts file.
    hosts: Option<String>,
}

/// Prints them.
pub fn run(env: &Env) -> Exit {
    let told = super::on_runtime(async {
        let (of, way) = find(env).await?;
        let mut told = Told::of(of, &way);
        let address = way.admin_url.trim_start_matches("http://").split('/').next().unwrap_or_default();
        let host = way.host().map(|(host, ..)| host);
        told.others.extend(via::families(env.way, (address, host.as_deref()), &env.ca)?);
        if env.way.via == Via::Hosts {
            let ip = address.rsplit_once(':').map_or(address, |(host, _)| host).trim_matches(['[', ']']);
            if ip.parse::<std::net::IpAddr>().is_err() {
                let words = format!("a hosts file has addresses, and {ip} is none; --listen names one");
                return Err(Failure::configuration(words));
            }
            told.hosts = Some(via::hosts(ip, &env.ca.domain));
        }
        Ok(told)
    });
    match told {
        Ok(told) => {
            stdout::put(told.written(env.format));
            Exit::Fine
        }
        Err(failure) => failure.told(),
    }
}

/// What runs there; else what would run there.
async fn find(env: &Env) -> Result<(String, WayIn), Failure> {
    let mut target = env.target.clone();
    let named = target.url.is_some();
    if !named {
        target.url = Some(settings::reachable(&env.listen));
    }
    match target.way_in().await {
        Ok(_) if env.way.is_by_tls() && !same_authority(&target, &env.ca).await? => {
            let url = target.url.as_deref().unwrap_or_default();
            Err(Failure::configuration(format!(
                "the emulator at {url} has another certificate authority than this folder: --ca-dir names its folder, or \
                 {url}/__admin/ca.pem is what clients have to trust"
            )))
        }
        Ok(way) => Ok((format!("the emulator that runs at {}", way.url), way)),
        Err(Failure { nobody: true, .. }) if !named && target.org.is_none() => planned(env),
        Err(failure) => Err(failure),
    }
}

/// Is what a running emulator shows what clients will be told to trust?
async fn same_authority(target: &Target, place: &Place) -> Result<bool, Failure> {
    let shown = target.get("/ca.pem").await?;
    let files = place.files()?;
    Ok(std::fs::read_to_string(files.pem).is_ok_and(|own| shown == own.as_str()))
}

fn planned(env: &Env) -> Result<(String, WayIn), Failure> {
    let unusable = |wrong: String| Failure::configuration(wrong);
    if env.listen.ends_with(":0") {
        return Err(unusable(format!(
            "the port of {} is known when it runs: --url names the emulator, or `exec` exports the variables",
            env.listen
        )));
    }
    let default = [String::from("default")];
    let names = if env.scenario.is_empty() { &default[..] } else { &env.scenario };
    let mut scenario =
        Scenario::load(names).map_err(|error| unusable(StartError::from(error).to_string()))?;
    scenario.seed = env.seed.or(scenario.seed);
    let url = env.public_url.clone().unwrap_or_else(|| settings::reachable(&env.listen));
    let mut way = WayIn::planned(&url, &scenario).map_err(|error| unusable(error.to_string()))?;
    way.admin_url = format!("{}/__admin", settings::reachable(&env.listen));
    way.admin_token.clone_from(&env.target.admin_token);
    Ok((format!("the emulator that `genesys-emulator serve` will start at {}", env.listen), way))
}

impl Told {
    fn of(of: String, way: &WayIn) -> Self {
        let variables =
            way.variables().into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let named = |name: &str, value: String| (name.to_owned(), value);
        let mut others = Vec::new();
        if let Some((host, port, https)) = way.host() {
            if let Some((id, secret)) = way.client.clone() {
                others.push((
                    "Terraform provider genesyscloud",
                    vec![
                        named("GENESYSCLOUD_OAUTHCLIENT_ID", id),
                        named("GENESYSCLOUD_OAUTHCLIENT_SECRET", secret),
                        named("GENESYSCLOUD_GATEWAY_HOST", host.clone()),
                        named("GENESYSCLOUD_GATEWAY_PORT", port.to_string()),
                        named(
                            "GENESYSCLOUD_GATEWAY_PROTOCOL",
                            if https { "https" } else { "http" }.to_owned(),
                        ),
                    ],
                ));
            }
            if !https {
                let endpoint = named("TRANSPORT_CUSTOM_ENDPOINT", format!("{host}:{port}"));
                others.push(("mobile Messenger transport SDK", vec![endpoint]));
            }
        }
        Self { of, variables, others, recipes: recipes::all(way), hosts: None }
    }

    fn written(&self, format: Format) -> String {
        let line: fn(&str, &str) -> String = match format {
            Format::Json => return self.json(),
            Format::Export => |name, value| format!("export {name}={}\n", quote::shell(value)),
            Format::Dotenv => |name, value| format!("{name}={}\n", quote::dotenv(value)),
            Format::Powershell => |name, value| format!("$env:{name} = {}\n", quote::powershell(value)),
        };
        let mut text = format!("# {}\n", self.of);
        self.variables.iter().for_each(|(name, value)| text += &line(name, value));
        for (program, variables) in &self.others {
            text += &format!("\n# {program}\n");
            variables.iter().for_each(|(name, value)| text += &line(name, value));
        }
        if let Some(hosts) = &self.hosts {
            text += "\n# In the hosts file, with the emulator on port 443:\n";
            hosts.lines().for_each(|line| text += &format!("# {line}\n"));
        }
        text += "\n# In code:\n";
        for Recipe { client, what, language, code } in &self.recipes {
            text += &format!("# {client} ({language}; {what})\n#   {code}\n");
        }
        text
    }

    fn json(&self) -> String {
        #[derive(Serialize)]
        struct Written<'a> {
            variables: Map<String, Value>,
            recipes: &'a [Recipe],
            #[serde(skip_serializing_if = "Option::is_none")]
            hosts: Option<Vec<&'a str>>,
        }
        let all = self.others.iter().flat_map(|(_, variables)| variables).chain(&self.variables);
        let variables = all.map(|(name, value)| (name.clone(), value.as_str().into())).collect();
        let written = Written {
            variables,
            recipes: &self.recipes,
            hosts: self.hosts.as_ref().map(|hosts| hosts.lines().collect()),
        };
        serde_json::to_string_pretty(&written).unwrap_or_default() + "\n"
    }
}
