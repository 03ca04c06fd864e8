//! The admin API of a running emulator, as commands ask it.

use std::time::Duration;

use clap::Args;
use serde_json::Value;

use super::{Exit, way_in::WayIn};
use crate::play::http::{Request, exchange_within};

/// Why a command could not do what it should.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// How the process ends.
    pub exit: Exit,
    /// For people.
    pub words: String,
    /// Does nobody answer at all?
    pub nobody: bool,
}

impl Failure {
    /// The command was not meant like this.
    pub fn configuration(words: impl Into<String>) -> Self {
        Self { exit: Exit::Configuration, words: words.into(), nobody: false }
    }

    /// Something went wrong.
    pub fn run_time(words: impl Into<String>) -> Self {
        Self { exit: Exit::RunTime, words: words.into(), nobody: false }
    }

    /// Tells it.
    pub fn told(&self) -> Exit {
        eprintln!("genesys-emulator: {}", self.words);
        self.exit
    }
}

/// Which emulator, and which org of it.
#[derive(Clone, Debug, Default, Args)]
pub struct Target {
    /// A running emulator: its URL, that of its admin API, or that of an org of it [default: http://127.0.0.1:4363]
    #[arg(long, global = true, env = "GENESYS_EMULATOR_ADMIN_URL", value_name = "URL")]
    pub url: Option<String>,
    /// An org by its id [default: the default org]
    #[arg(long, global = true, env = "GENESYS_EMULATOR_ORG", value_name = "ID")]
    pub org: Option<String>,
    /// What the admin API wants as bearer token
    #[arg(
        long,
        global = true,
        env = "GENESYS_EMULATOR_ADMIN_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true
    )]
    pub admin_token: Option<String>,
}

/// How long an answer may take in real time, unless the call itself says how long it waits.
pub const PATIENCE: Duration = Duration::from_secs(60);

impl Target {
    /// `host:port`, and the org that the URL or the flag names.
    pub fn place(&self) -> Result<(String, Option<String>), Failure> {
        let url = self.url.as_deref().unwrap_or("http://127.0.0.1:4363");
        let wrong = |words: &str| {
            let words = format!("`{url}` {words}, such as http://127.0.0.1:4363");
            Failure::configuration(words)
        };
        if url.starts_with("https://") {
            return Err(wrong("is https; the admin API is reached over http"));
        }
        let rest = url.strip_prefix("http://").unwrap_or(url);
        let (address, path) = rest.split_once('/').unwrap_or((rest, ""));
        if address.is_empty() || address.contains(['@', '?', '#']) {
            return Err(wrong("is not the URL of an emulator"));
        }
        let path = path.trim_end_matches('/');
        let of_url = match path.strip_suffix("__admin").unwrap_or(path).trim_end_matches('/') {
            "" => None,
            path => match path.strip_prefix('@').filter(|org| !org.contains('/')) {
                Some(org) => Some(org.to_owned()),
                None => return Err(wrong("is not the URL of an emulator or of an org of it")),
            },
        };
        let ported = address.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        let address = if ported { address.to_owned() } else { format!("{address}:80") };
        Ok((address, self.org.clone().or(of_url)))
    }

    /// A call; `path` is below `/__admin`. Answers the body: JSON, a text, or null.
    pub async fn call(&self, request: Request, limit: Duration) -> Result<Value, Failure> {
        let (address, _) = self.place()?;
        let answer = exchange_within(limit, &address, self.signed(request)).await;
        understood(&address, answer)
    }

    /// Asks for something below `/__admin`.
    pub async fn get(&self, path: &str) -> Result<Value, Failure> {
        self.call(Request::new("GET", &format!("/__admin{path}")), PATIENCE).await
    }

    /// With what the admin API wants.
    pub fn signed(&self, request: Request) -> Request {
        match &self.admin_token {
            Some(token) => request.with("authorization", format!("Bearer {token}")),
            None => request,
        }
    }

    /// What a client of the org has to be told.
    pub async fn way_in(&self) -> Result<WayIn, Failure> {
        let (address, named) = self.place()?;
        let orgs = self.get("/orgs").await?;
        let id = named.or_else(|| orgs["default"].as_str().map(str::to_owned));
        let Some(id) = id else {
            let admin_url = format!("http://{address}/__admin");
            let admin_token = self.admin_token.clone();
            return Ok(WayIn {
                url: format!("http://{address}"),
                admin_url,
                admin_token,
                ..WayIn::default()
            });
        };
        let org = self.get(&format!("/orgs/{id}")).await?;
        let rings = self.get(&format!("/orgs/{id}/keys")).await?;
        let url = org["url"].as_str().unwrap_or_default();
        // requests that name no org get the default one
        let base = url.strip_suffix(&format!("/@{id}")).filter(|_| orgs["default"] == id.as_str());
        let mut way = WayIn::shown(base.unwrap_or(url), &format!("http://{address}/__admin"), &org, &rings);
        way.admin_token.clone_from(&self.admin_token);
        Ok(way)
    }
}

/// The body of an answer, unless it is a refusal or there is none.
pub fn understood(address: &str, mut answer: Value) -> Result<Value, Failure> {
    let problem = &answer["body"];
    let words = match (&answer["error"], answer["status"].as_u64()) {
        (Value::String(how), None) if how == "refused" => return Err(nobody(address)),
        (Value::String(how), _) => return Err(Failure::run_time(format!("{address} did not answer: {how}"))),
        (_, Some(status)) if status < 400 => return Ok(answer["body"].take()),
        (_, status) => match (problem["detail"].as_str(), problem["title"].as_str()) {
            (Some(detail), Some(title)) => sentence(title, detail, problem["field"].as_str()),
            _ => {
                let status = status.unwrap_or_default();
                return Err(Failure::run_time(format!(
                    "{address} answers {status}, and not as an emulator would"
                )));
            }
        },
    };
    match answer["status"].as_u64() {
        Some(404 | 409 | 429) => Err(Failure::run_time(words)),
        Some(status) if status >= 500 => Err(Failure::run_time(words)),
        _ => Err(Failure::configuration(words)),
    }
}

/// Problem details in words.
fn sentence(title: &str, detail: &str, field: Option<&str>) -> String {
    let detail = detail.trim_end_matches('.');
    match field {
        Some(field) if !detail.contains(&format!("`{field}`")) => format!("{title}: `{field}`: {detail}"),
        _ => format!("{title}: {detail}"),
    }
}

fn nobody(address: &str) -> Failure {
    let listen = if address == "127.0.0.1:4363" { String::new() } else { format!(" --listen {address}") };
    let words = format!(
        "nothing answers at {address}; `genesys-emulator serve{listen}` starts an emulator there, --url or \
         GENESYS_EMULATOR_ADMIN_URL names another one"
    );
    Failure { nobody: true, ..Failure::run_time(words) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_emulator_is_named_by_its_url_that_of_its_admin_api_or_that_of_an_org() {
        let place = |url: &str| Target { url: Some(url.to_owned()), ..Target::default() }.place();
        let at = |address: &str, org: Option<&str>| Ok((address.to_owned(), org.map(str::to_owned)));
        assert_eq!(place("http://127.0.0.1:9"), at("127.0.0.1:9", None));
        assert_eq!(place("localhost:9/"), at("localhost:9", None));
        assert_eq!(place("http://emulator/__admin"), at("emulator:80", None));
        assert_eq!(place("http://[::1]:9/@blue"), at("[::1]:9", Some("blue")));
        assert_eq!(place("http://127.0.0.1:9/@blue/__admin/"), at("127.0.0.1:9", Some("blue")));
        for wrong in ["https://127.0.0.1:9", "http://", "http://h:9/elsewhere", "http://h:9/@a/b"] {
            assert!(place(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Target::default().place(), at("127.0.0.1:4363", None));
    }

    #[test]
    fn problems_become_sentences() {
        let problem = |status: u16, field: Option<&str>, detail: &str| {
            let body = json!({ "title": "Not so", "detail": detail, "field": field });
            let failure = understood("h:1", json!({ "status": status, "body": body })).unwrap_err();
            (failure.exit, failure.words)
        };
        let of = |exit: Exit, words: &str| (exit, words.to_owned());
        assert_eq!(
            problem(400, Some("rate"), "it is odd."),
            of(Exit::Configuration, "Not so: `rate`: it is odd")
        );
        assert_eq!(
            problem(400, Some("limit"), "`limit` is odd"),
            of(Exit::Configuration, "Not so: `limit` is odd")
        );
        assert_eq!(problem(404, None, "There is none"), of(Exit::RunTime, "Not so: There is none"));
        let foreign = understood("h:1", json!({ "status": 404, "body": "<html>" })).unwrap_err();
        assert_eq!(foreign.words, "h:1 answers 404, and not as an emulator would");
    }
}
