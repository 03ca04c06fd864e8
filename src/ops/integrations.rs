//! Integrations and their credentials, as administrators see them. An OpenID Connect Messenger integration is what lets
//! people sign in to chats once it is enabled and complete.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Map, Value};

use super::{cx::Cx, web_configurations::integration_id};
use crate::{
    base::time::{Span, Timestamp},
    domain::relying_party::{Integration, KeyCache, Memory, Provider},
    store::{
        org_state::OrgState,
        web_administration::{Credential, IntegrationRecord, WebAdministration},
    },
};

/// Integrations of an org.
const MOST: usize = 100;
/// How long refresh tokens live, unless something else is said.
const REFRESH_LIFETIME: i64 = 86_400;
/// Bounds of that, in seconds.
const REFRESH: std::ops::RangeInclusive<i64> = 900..=90 * 86_400;

/// The type of integration that lets people sign in to chats, and of its credential.
pub const MESSENGER: &str = "webdeploymentsOAuthClient";
/// Types of credentials, with the fields that each has to have.
pub const CREDENTIAL_TYPES: [(&str, &[&str]); 3] = [
    (MESSENGER, &["clientId"]),
    ("pureCloudOAuthClient", &["clientId", "clientSecret"]),
    ("userDefinedOAuth", &[]),
];

/// Why something is not done.
#[derive(Debug, thiserror::Error)]
pub enum IntegrationError {
    /// There is none of this id.
    #[error("there is no {0} {1}")]
    Unknown(&'static str, String),
    /// Somebody else has configured it meanwhile.
    #[error("the configuration has version {now}, not {seen}")]
    Version {
        /// That it has.
        now: u64,
        /// That came.
        seen: i64,
    },
    /// A member cannot be.
    #[error("{member} is not {expected}")]
    Bad {
        /// The member.
        member: String,
        /// What was expected.
        expected: String,
    },
    /// There are too many.
    #[error("there are {MOST} integrations, which is the most there can be")]
    TooMany,
}

fn bad(member: &str, expected: &str) -> IntegrationError {
    IntegrationError::Bad { member: member.to_owned(), expected: expected.to_owned() }
}

fn unknown(id: &str) -> IntegrationError {
    IntegrationError::Unknown("integration", id.to_owned())
}

/// How an integration does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It is switched off.
    Off,
    /// People can sign in by it.
    Active,
    /// It is switched on, and something is missing.
    Incomplete(String),
}

/// An integration, as administrators see it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its id.
    pub id: String,
    /// What is written down of it.
    pub record: IntegrationRecord,
    /// Its credentials by what they are for, with their ids.
    pub credentials: BTreeMap<String, (String, Credential)>,
    /// How it does.
    pub standing: Standing,
}

/// All that is written down, with what the scenario says.
fn open<'a>(cx: &Cx, state: &'a mut OrgState) -> &'a mut WebAdministration {
    if !state.web.knows_integrations {
        let now = cx.org.began().unwrap_or_else(|| cx.now());
        for integration in state.integrations.values() {
            let (record, credential) = of_scenario(cx, integration, now);
            let credential_id = cx.org.draws.named(&["credential", &integration.name], 0).uuid();
            let id = integration_id(&cx.org, &integration.name);
            let credentials = BTreeMap::from([(MESSENGER.to_owned(), credential_id.clone())]);
            state.web.credentials.insert(credential_id, credential);
            state.web.integrations.insert(id, IntegrationRecord { credentials, ..record });
        }
        state.web.knows_integrations = true;
    }
    &mut state.web
}

fn of_scenario(cx: &Cx, integration: &Arc<Integration>, now: Timestamp) -> (IntegrationRecord, Credential) {
    let discovery = match &integration.provider {
        Provider::BuiltIn(name) => format!("{}/idp/{name}/.well-known/openid-configuration", cx.base),
        Provider::Discovery(url) => url.clone(),
        Provider::Uploaded(issuer) => format!("{issuer}/.well-known/openid-configuration"),
    };
    let implicit = if integration.implicit_flow { "True" } else { "False" };
    let properties = [
        ("discoveryUri", Value::from(discovery)),
        ("implicitFlowSupport", implicit.into()),
        ("maxRefreshTokenLifetime", integration.refresh_lifetime.secs().into()),
    ];
    let mut fields = BTreeMap::from([("clientId".to_owned(), integration.client_id.clone())]);
    fields.extend(integration.client_secret.clone().map(|secret| ("clientSecret".to_owned(), secret)));
    let name = format!("{} credential", integration.name);
    let credential = Credential { name, kind: MESSENGER.to_owned(), fields, created: now, modified: now };
    let record = IntegrationRecord {
        local: integration.name.clone(),
        name: integration.name.clone(),
        notes: String::new(),
        version: 1,
        enabled: true,
        properties: properties.map(|(name, value)| (name.to_owned(), value)).into_iter().collect(),
        advanced: Map::new(),
        credentials: BTreeMap::new(),
        rules: Some(Arc::clone(integration)),
        modified: now,
    };
    (record, credential)
}

fn seen(web: &WebAdministration, id: &str) -> Option<Seen> {
    let record = web.integrations.get(id)?.clone();
    let with = |(purpose, id): (&String, &String)| {
        Some((purpose.clone(), (id.clone(), web.credentials.get(id)?.clone())))
    };
    let credentials: BTreeMap<_, _> = record.credentials.iter().filter_map(with).collect();
    let standing = match (record.enabled, rules(&record, &credentials)) {
        (false, _) => Standing::Off,
        (true, Ok(_)) => Standing::Active,
        (true, Err(error)) => Standing::Incomplete(error.to_string()),
    };
    Some(Seen { id: id.to_owned(), record, credentials, standing })
}

/// What the platform does with it: what was written lies over what it did before.
fn rules(
    record: &IntegrationRecord,
    credentials: &BTreeMap<String, (String, Credential)>,
) -> Result<Integration, IntegrationError> {
    let text =
        |name: &str| record.properties.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let before = record.rules.as_deref();
    let discovery = text("discoveryUri").ok_or_else(|| bad("properties.discoveryUri", "a URL"))?;
    if !discovery.starts_with("http://") && !discovery.starts_with("https://") {
        return Err(bad("properties.discoveryUri", "an http or https URL"));
    }
    // the same as before is whatever the scenario made of it
    let provider = match before.filter(|_| record.version == 1) {
        Some(before) => before.provider.clone(),
        None => Provider::Discovery(discovery.to_owned()),
    };
    let implicit_flow = match record.properties.get("implicitFlowSupport") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(flag)) => *flag,
        Some(Value::String(text)) if text.eq_ignore_ascii_case("true") => true,
        Some(Value::String(text)) if text.eq_ignore_ascii_case("false") => false,
        Some(_) => return Err(bad("properties.implicitFlowSupport", "True or False")),
    };
    let lifetime = match record.properties.get("maxRefreshTokenLifetime") {
        None | Some(Value::Null) => REFRESH_LIFETIME,
        Some(Value::Number(number)) => number.as_i64().unwrap_or(0),
        Some(Value::String(text)) => text.parse().unwrap_or(0),
        Some(_) => 0,
    };
    if !REFRESH.contains(&lifetime) {
        return Err(bad("properties.maxRefreshTokenLifetime", "a number of seconds, 900 to 7776000"));
    }
    let field = |name: &str| credentials.values().find_map(|(_, one)| one.fields.get(name).cloned());
    let client_id = field("clientId").ok_or_else(|| bad("credentials", "one with clientId"))?;
    Ok(Integration {
        name: record.local.clone(),
        provider,
        client_id,
        client_secret: field("clientSecret").filter(|secret| !secret.is_empty()),
        implicit_flow,
        refresh_lifetime: Span::from_secs(lifetime),
        keys: before.map_or_else(KeyCache::default, |before| before.keys),
        static_key: before.and_then(|before| before.static_key.clone()),
        clock_skew: before.map_or(Span::from_secs(60), |before| before.clock_skew),
        minimum_lifetime: before.map_or(Span::ZERO, |before| before.minimum_lifetime),
    })
}

/// What is written down becomes what the platform does.
fn settle(state: &mut OrgState, id: &str) {
    let Some(one) = seen(&state.web, id) else { return };
    let local = one.record.local.clone();
    match rules(&one.record, &one.credentials).ok().filter(|_| one.record.enabled) {
        Some(rules) => {
            let before = state.integrations.insert(local.clone(), Arc::new(rules.clone()));
            if before.is_none_or(|before| before.provider != rules.provider) {
                // documents of another provider are worth nothing
                state.providers.insert(local, Memory::default());
            }
        }
        None => drop(state.integrations.remove(&local)),
    }
}

/// All of them, by id.
pub fn all(cx: &Cx) -> Vec<Seen> {
    cx.state(|state| {
        let web = open(cx, state);
        web.integrations.keys().filter_map(|id| seen(web, id)).collect()
    })
}

/// One.
pub fn get(cx: &Cx, id: &str) -> Result<Seen, IntegrationError> {
    cx.state(|state| seen(open(cx, state), id)).ok_or_else(|| unknown(id))
}

/// A new one, which is switched off and knows nothing yet.
pub fn create(cx: &Cx, name: &str) -> Result<Seen, IntegrationError> {
    let (id, now) = (cx.draw("integration").uuid(), cx.now());
    cx.state(|state| {
        let web = open(cx, state);
        if web.integrations.len() >= MOST {
            return Err(IntegrationError::TooMany);
        }
        let record = IntegrationRecord {
            local: id.clone(),
            name: name.to_owned(),
            notes: String::new(),
            version: 1,
            enabled: false,
            properties: Map::new(),
            advanced: Map::new(),
            credentials: BTreeMap::new(),
            rules: None,
            modified: now,
        };
        web.integrations.insert(id.clone(), record);
        seen(web, &id).ok_or_else(|| unknown(&id))
    })
}

/// What is said of a configuration.
#[derive(Clone, Debug)]
pub struct Configured {
    /// Its name.
    pub name: String,
    /// What is noted.
    pub notes: String,
    /// The version that is changed.
    pub version: i64,
    /// Properties.
    pub properties: Map<String, Value>,
    /// More of them.
    pub advanced: Map<String, Value>,
    /// Ids of credentials, by what they are for.
    pub credentials: BTreeMap<String, String>,
}

/// Configures one.
pub fn configure(cx: &Cx, id: &str, said: Configured) -> Result<Seen, IntegrationError> {
    let now = cx.now();
    cx.state(|state| {
        let web = open(cx, state);
        if let Some(strange) = said.credentials.values().find(|id| !web.credentials.contains_key(*id)) {
            return Err(IntegrationError::Unknown("credential", strange.clone()));
        }
        let one = web.integrations.get_mut(id).ok_or_else(|| unknown(id))?;
        if i64::try_from(one.version) != Ok(said.version) {
            return Err(IntegrationError::Version { now: one.version, seen: said.version });
        }
        let Configured { name, notes, properties, advanced, credentials, .. } = said;
        let (version, modified) = (one.version + 1, now);
        *one = IntegrationRecord {
            name,
            notes,
            properties,
            advanced,
            credentials,
            version,
            modified,
            ..one.clone()
        };
        settle(state, id);
        seen(&state.web, id).ok_or_else(|| unknown(id))
    })
}

/// Switches one on or off.
pub fn switch(cx: &Cx, id: &str, on: bool) -> Result<Seen, IntegrationError> {
    let now = cx.now();
    cx.state(|state| {
        let one = open(cx, state).integrations.get_mut(id).ok_or_else(|| unknown(id))?;
        (one.enabled, one.modified) = (on, now);
        settle(state, id);
        seen(&state.web, id).ok_or_else(|| unknown(id))
    })
}

/// Takes one away: nobody signs in by it any more.
pub fn delete(cx: &Cx, id: &str) -> Result<Seen, IntegrationError> {
    cx.state(|state| {
        let one = seen(open(cx, state), id).ok_or_else(|| unknown(id))?;
        state.web.integrations.remove(id);
        state.integrations.remove(&one.record.local);
        Ok(one)
    })
}

/// All credentials, with their ids.
pub fn credentials(cx: &Cx) -> Vec<(String, Credential)> {
    cx.state(|state| open(cx, state).credentials.iter().map(|(id, one)| (id.clone(), one.clone())).collect())
}

/// One.
pub fn credential(cx: &Cx, id: &str) -> Result<Credential, IntegrationError> {
    let found = cx.state(|state| open(cx, state).credentials.get(id).cloned());
    found.ok_or_else(|| IntegrationError::Unknown("credential", id.to_owned()))
}

/// What is said of a credential.
#[derive(Clone, Debug)]
pub struct SaidCredential {
    /// Its name.
    pub name: String,
    /// The name of its type.
    pub kind: String,
    /// What it is.
    pub fields: BTreeMap<String, String>,
}

/// Writes one; without `id` a new one. Integrations that have it go by it from now on.
pub fn put_credential(
    cx: &Cx,
    id: Option<&str>,
    said: SaidCredential,
) -> Result<(String, Credential), IntegrationError> {
    let SaidCredential { name, kind, fields } = said;
    let wanted = CREDENTIAL_TYPES.iter().find(|(known, _)| *known == kind);
    let (_, wanted) =
        wanted.ok_or_else(|| bad("type.name", &CREDENTIAL_TYPES.map(|(known, _)| known).join(" or ")))?;
    if let Some(missing) = wanted.iter().find(|field| !fields.contains_key(**field)) {
        return Err(bad(&format!("credentialFields.{missing}"), "there"));
    }
    let (drawn, now) = (cx.draw("credential").uuid(), cx.now());
    cx.state(|state| {
        let all = &mut open(cx, state).credentials;
        let created = match id {
            Some(id) => all.get(id).map(|one| one.created),
            None => Some(now),
        };
        let created = created
            .ok_or_else(|| IntegrationError::Unknown("credential", id.unwrap_or_default().to_owned()))?;
        let id = id.map_or(drawn, str::to_owned);
        let one = Credential { name, kind, fields, created, modified: now };
        all.insert(id.clone(), one.clone());
        settle_all(state, &id);
        Ok((id, one))
    })
}

/// Takes one away. Integrations that had it are incomplete.
pub fn delete_credential(cx: &Cx, id: &str) -> Result<(), IntegrationError> {
    cx.state(|state| {
        let gone = open(cx, state).credentials.remove(id);
        gone.ok_or_else(|| IntegrationError::Unknown("credential", id.to_owned()))?;
        settle_all(state, id);
        Ok(())
    })
}

fn settle_all(state: &mut OrgState, credential: &str) {
    let all = state.web.integrations.iter();
    let with = all.filter(|(_, one)| one.credentials.values().any(|id| id == credential));
    let with: Vec<_> = with.map(|(id, _)| id.clone()).collect();
    with.iter().for_each(|id| settle(state, id));
}
