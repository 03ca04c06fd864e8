//! Configurations of web deployments: drafts, versions, publishing.

use serde_json::{Map, Value};

use super::{cx::Cx, org::Org};
use crate::{
    base::{document, ids::UserId},
    domain::{
        deployment::Deployment,
        web_configuration::{BadConfiguration, Configuration, Settings, Version},
        web_configuration_written::written,
    },
    store::{
        org_state::OrgState,
        web_administration::{Record, WebAdministration},
    },
};

/// Configurations of an org.
const MOST: usize = 100;
/// Versions of a configuration: the oldest that no deployment has goes for another.
const MOST_VERSIONS: usize = 50;

/// Why something is not done.
#[derive(Debug, thiserror::Error)]
pub enum AdministrationError {
    /// There is none of this id.
    #[error("there is no {0} {1}")]
    Unknown(&'static str, String),
    /// A deployment has it.
    #[error("deployment {0} has this configuration")]
    InUse(String),
    /// It cannot be read.
    #[error("the configuration cannot be read: {0}")]
    Unreadable(String),
    /// It cannot be.
    #[error("{member} is not {expected}")]
    Bad {
        /// The member.
        member: String,
        /// What was expected.
        expected: String,
    },
    /// There are too many.
    #[error("there are {0} {1}, which is the most there can be")]
    TooMany(usize, &'static str),
    /// There is no flow of this id.
    #[error("there is no inbound message flow {0}")]
    Flow(String),
    /// There is no supported content profile of this id.
    #[error("there is no supported content profile {0}")]
    SupportedContent(String),
}

impl From<BadConfiguration> for AdministrationError {
    fn from(bad: BadConfiguration) -> Self {
        Self::Bad { member: bad.member.to_owned(), expected: bad.expected.to_owned() }
    }
}

/// Local names of integrations, as people name them.
pub fn integration_id(org: &Org, local: &str) -> String {
    org.draws.named(&["integration", local], 0).uuid()
}

/// What is read out of what was written.
pub fn settings(written: &Map<String, Value>) -> Result<Settings, AdministrationError> {
    let settings: Settings = document::from_value(&Value::Object(written.clone()))
        .map_err(|wrong| AdministrationError::Unreadable(wrong.to_string()))?;
    settings.check()?;
    Ok(settings)
}

/// All that is written down, with what the scenario says.
pub(super) fn open<'a>(cx: &Cx, state: &'a mut OrgState) -> &'a mut WebAdministration {
    if !state.web.complete {
        let now = cx.org.began().unwrap_or_else(|| cx.now());
        let of_scenario: Vec<_> = state.deployments.values().cloned().collect();
        for deployment in of_scenario {
            if !state.web.deployments.contains_key(&deployment.id) {
                write_down(cx, state, &deployment, now);
            }
        }
        state.web.complete = true;
    }
    &mut state.web
}

fn write_down(cx: &Cx, state: &mut OrgState, deployment: &Deployment, now: crate::base::time::Timestamp) {
    let id = cx.org.draws.named(&["configuration", deployment.id.as_str()], 0).uuid();
    let integration = deployment.sign_in.integration.as_deref().map(|local| integration_id(&cx.org, local));
    let draft = Version {
        number: None,
        written: written(deployment, integration.as_deref()),
        created: now,
        modified: now,
        published: Some(now),
        by: None,
    };
    let number = deployment.version.parse().ok().or(Some(1));
    let published = vec![Version { number, ..draft.clone() }];
    let record = Record {
        description: None,
        configuration: id.clone(),
        version: published[0].name(),
        supported_content: None,
        push_integrations: None,
        merges_visitors: false,
        created: now,
        modified: now,
        by: None,
    };
    state.web.configurations.insert(id.clone(), Configuration { id, draft, published });
    state.web.deployments.insert(deployment.id.clone(), record);
}

/// All of them.
pub fn all(cx: &Cx) -> Vec<Configuration> {
    cx.state(|state| open(cx, state).configurations.values().cloned().collect())
}

/// One.
pub fn get(cx: &Cx, id: &str) -> Result<Configuration, AdministrationError> {
    cx.state(|state| open(cx, state).configurations.get(id).cloned()).ok_or_else(|| unknown(id))
}

fn unknown(id: &str) -> AdministrationError {
    AdministrationError::Unknown("configuration", id.to_owned())
}

/// Writes a new draft.
pub fn create(
    cx: &Cx,
    written: Map<String, Value>,
    by: Option<UserId>,
) -> Result<Configuration, AdministrationError> {
    settings(&written)?;
    let (id, now) = (cx.draw("web configuration").uuid(), cx.now());
    cx.state(|state| {
        let all = &mut open(cx, state).configurations;
        if all.len() >= MOST {
            return Err(AdministrationError::TooMany(MOST, "configurations"));
        }
        let draft = Version { number: None, written, created: now, modified: now, published: None, by };
        let made = Configuration { id: id.clone(), draft, published: Vec::new() };
        all.insert(id, made.clone());
        Ok(made)
    })
}

/// Writes the draft anew.
pub fn write(
    cx: &Cx,
    id: &str,
    written: Map<String, Value>,
    by: Option<UserId>,
) -> Result<Configuration, AdministrationError> {
    settings(&written)?;
    let now = cx.now();
    change(cx, id, |one| one.draft = Version { written, modified: now, by, ..one.draft.clone() })
}

/// Makes a version of the draft. Deployments have the one that they have until they are given another.
pub fn publish(cx: &Cx, id: &str) -> Result<Configuration, AdministrationError> {
    let now = cx.now();
    let in_use = cx.state(|state| {
        let all = open(cx, state).deployments.values();
        all.filter(|one| one.configuration == id).map(|one| one.version.clone()).collect::<Vec<_>>()
    });
    change(cx, id, |one| {
        one.publish(now);
        if one.published.len() > MOST_VERSIONS
            && let Some(at) = one.published.iter().position(|version| !in_use.contains(&version.name()))
        {
            one.published.remove(at);
        }
    })
}

fn change(
    cx: &Cx,
    id: &str,
    work: impl FnOnce(&mut Configuration),
) -> Result<Configuration, AdministrationError> {
    cx.state(|state| {
        let one = open(cx, state).configurations.get_mut(id).ok_or_else(|| unknown(id))?;
        work(one);
        Ok(one.clone())
    })
}

/// Takes one away that no deployment has.
pub fn delete(cx: &Cx, id: &str) -> Result<(), AdministrationError> {
    cx.state(|state| {
        let web = open(cx, state);
        if !web.configurations.contains_key(id) {
            return Err(unknown(id));
        }
        if let Some((deployment, _)) = web.deployments.iter().find(|(_, one)| one.configuration == id) {
            return Err(AdministrationError::InUse(deployment.to_string()));
        }
        web.configurations.remove(id);
        Ok(())
    })
}
