//! Web deployments, as administrators make, change and remove them.

use std::sync::Arc;

use serde_json::Value;

use super::{
    cx::Cx,
    supported_content::find,
    web_configurations::{AdministrationError, integration_id, open, settings},
};
use crate::{
    base::ids::{DeploymentId, UserId},
    domain::{
        deployment::{Deployment, DeploymentStatus},
        web_configuration::Version,
    },
    store::{org_state::OrgState, web_administration::Record},
};

/// Deployments of an org.
const MOST: usize = 200;

/// What is said of one.
#[derive(Clone, Debug)]
pub struct Said {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Host names of pages; `None` admits all.
    pub allowed_domains: Option<Vec<String>>,
    /// Id and version of its configuration.
    pub configuration: (String, String),
    /// Id of the flow that answers guests.
    pub flow: Option<String>,
    /// Id of a supported content profile.
    pub supported_content: Option<String>,
    /// Integrations with push providers.
    pub push_integrations: Option<Value>,
    /// Is it switched on?
    pub status: Option<DeploymentStatus>,
    /// Who says so, if it is a person.
    pub by: Option<UserId>,
}

/// A deployment, as administrators see it.
#[derive(Clone, Debug)]
pub struct Administered {
    /// What the platform does.
    pub deployment: Arc<Deployment>,
    /// What is written down of it.
    pub record: Record,
    /// The version of the configuration that it has.
    pub version: Option<Version>,
    /// Id and name of the flow that answers guests.
    pub flow: Option<(String, String)>,
}

/// What signing in does with contacts.
#[derive(Clone, Debug)]
pub struct Resolution {
    /// Is somebody who signs in the contact that is known of them?
    pub resolves: bool,
    /// Id of the external source whose ids the subjects of people are.
    pub external_source: Option<String>,
    /// Is the guest's contact merged into the person's?
    pub merges: bool,
    /// The same for visitors of pages.
    pub merges_visitors: bool,
}

/// Id of the flow that a bot stands for.
pub fn flow_id(cx: &Cx, bot: &str) -> String {
    cx.org.draws.named(&["flow", bot], 0).uuid()
}

fn unknown(id: &str) -> AdministrationError {
    AdministrationError::Unknown("deployment", id.to_owned())
}

fn administered(cx: &Cx, state: &mut OrgState, id: &str) -> Option<Administered> {
    let web = open(cx, state);
    let record = web.deployments.get(id)?.clone();
    let version = web.configurations.get(&record.configuration);
    let version = version.and_then(|one| one.version(&record.version)).cloned();
    let deployment = state.deployments.get(id)?.clone();
    let flow = deployment.bot.clone().map(|bot| (flow_id(cx, &bot), bot));
    Some(Administered { deployment, record, version, flow })
}

/// All of them, by id.
pub fn all(cx: &Cx) -> Vec<Administered> {
    cx.state(|state| {
        let ids: Vec<_> = open(cx, state).deployments.keys().cloned().collect();
        ids.iter().filter_map(|id| administered(cx, state, id.as_str())).collect()
    })
}

/// One.
pub fn get(cx: &Cx, id: &str) -> Result<Administered, AdministrationError> {
    cx.state(|state| administered(cx, state, id)).ok_or_else(|| unknown(id))
}

/// Makes a deployment what is said. Guests can come in at once.
pub fn put(cx: &Cx, id: Option<&str>, said: &Said) -> Result<Administered, AdministrationError> {
    let drawn = || DeploymentId::from(cx.draw("web deployment").uuid());
    let done = cx.state(|state| {
        let known = match id {
            Some(id) => Some(state.deployments.get(id).cloned().ok_or_else(|| unknown(id))?),
            None if state.deployments.len() >= MOST => {
                return Err(AdministrationError::TooMany(MOST, "deployments"));
            }
            None => None,
        };
        let mut next = match &known {
            Some(known) => Deployment::clone(known),
            None => Deployment::plain(drawn(), said.name.clone()),
        };
        configure(cx, state, &mut next, said)?;
        let id = next.id.clone();
        state.deployments.insert(id.clone(), Arc::new(next));
        write_down(cx, state, &id, said);
        administered(cx, state, id.as_str()).ok_or_else(|| unknown(id.as_str()))
    })?;
    if id.is_none() {
        cx.app.list_deployment(&done.deployment.id, &cx.org);
    }
    Ok(done)
}

fn configure(
    cx: &Cx,
    state: &mut OrgState,
    next: &mut Deployment,
    said: &Said,
) -> Result<(), AdministrationError> {
    let (id, version) = &said.configuration;
    let web = open(cx, state);
    let same = web
        .deployments
        .get(&next.id)
        .is_some_and(|record| record.configuration == *id && record.version == *version);
    let configuration = web.configurations.get(id);
    let configuration =
        configuration.ok_or_else(|| AdministrationError::Unknown("configuration", id.clone()))?;
    let published = configuration.published.iter().find(|one| one.name() == *version);
    let published = published.ok_or_else(|| {
        AdministrationError::Unknown("published version", format!("{version} of configuration {id}"))
    })?;
    let written = published.written.clone();
    // what a scenario says may be more than a configuration can say
    if !same {
        let settings = settings(&written)?;
        let wanted = settings.authentication_settings.integration_id.clone();
        let wanted = wanted.filter(|_| settings.authentication_settings.enabled);
        let local = wanted.as_ref().and_then(|wanted| {
            state
                .integrations
                .keys()
                .find(|local| integration_id(&cx.org, local) == *wanted || *local == wanted)
        });
        settings.apply(next, local.cloned().or(wanted));
        next.written = Some(Arc::new(written));
        next.version.clone_from(version);
    }
    if let Some(flow) = &said.flow {
        let bot = state.bots.keys().find(|bot| flow_id(cx, bot) == *flow);
        next.bot = Some(bot.ok_or_else(|| AdministrationError::Flow(flow.clone()))?.clone());
    }
    if let Some(profile) = said.supported_content.as_ref().filter(|id| find(&cx.org, state, id).is_none()) {
        return Err(AdministrationError::SupportedContent(profile.clone()));
    }
    next.name.clone_from(&said.name);
    next.allowed_domains.clone_from(&said.allowed_domains);
    next.status = said.status.unwrap_or(next.status);
    next.revision += 1;
    Ok(())
}

fn write_down(cx: &Cx, state: &mut OrgState, id: &DeploymentId, said: &Said) {
    let now = cx.now();
    let (configuration, version) = said.configuration.clone();
    let records = &mut open(cx, state).deployments;
    let before = records.get(id);
    let record = Record {
        description: said.description.clone(),
        configuration,
        version,
        supported_content: said.supported_content.clone(),
        push_integrations: said.push_integrations.clone(),
        merges_visitors: before.is_some_and(|record| record.merges_visitors),
        created: before.map_or(now, |record| record.created),
        modified: now,
        by: said.by.clone(),
    };
    records.insert(id.clone(), record);
}

/// Takes one away. Whoever chats there can go on; nobody comes in any more.
pub fn delete(cx: &Cx, id: &str) -> Result<(), AdministrationError> {
    let gone = cx.state(|state| {
        open(cx, state).deployments.remove(id);
        state.deployments.remove(id)
    });
    let gone = gone.ok_or_else(|| unknown(id))?;
    cx.app.unlist_deployment(&gone.id, &cx.org);
    Ok(())
}

/// What signing in does with contacts there.
pub fn resolution(cx: &Cx, id: &str) -> Result<Resolution, AdministrationError> {
    let one = get(cx, id)?;
    let rules = &one.deployment.sign_in;
    Ok(Resolution {
        resolves: rules.resolves_identities,
        external_source: rules.external_source.clone(),
        merges: rules.merge_contacts,
        merges_visitors: one.record.merges_visitors,
    })
}

/// Says what it does.
pub fn resolve(cx: &Cx, id: &str, wanted: &Resolution) -> Result<(), AdministrationError> {
    cx.state(|state| {
        if let Some(source) =
            wanted.external_source.as_ref().filter(|id| !state.external_sources.contains_key(*id))
        {
            return Err(AdministrationError::Unknown("external source", source.clone()));
        }
        open(cx, state);
        let (Some(deployment), Some(record)) =
            (state.deployments.get_mut(id), state.web.deployments.get_mut(id))
        else {
            return Err(unknown(id));
        };
        let rules = &mut Arc::make_mut(deployment).sign_in;
        rules.resolves_identities = wanted.resolves;
        rules.external_source.clone_from(&wanted.external_source);
        rules.merge_contacts = wanted.merges;
        record.merges_visitors = wanted.merges_visitors;
        Ok(())
    })
}
