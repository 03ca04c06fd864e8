//! Profiles of what may come and go in messages. Web deployments and integrations name one, or mean the default.

use super::{cx::Cx, org::Org};
use crate::{
    domain::{
        client::Actor,
        conversation::Conversation,
        supported_content::{MOST_TYPES, SupportedContent, Way, is_type},
        visit::Refusal,
    },
    store::org_state::OrgState,
};

/// Profiles of an org.
const MOST: usize = 100;
/// Characters of a name.
const LONGEST: usize = 256;

/// Why something is not done.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// There is none of this id.
    #[error("there is no supported content profile {0}")]
    Unknown(String),
    /// The id is missing.
    #[error("id is missing")]
    NoId,
    /// It is no type.
    #[error("{0} is not a media type such as image/png, image/* or */*")]
    Type(String),
    /// There are too many types.
    #[error("a profile has at most {MOST_TYPES} media types each way")]
    ManyTypes,
    /// There are too many.
    #[error("there are {MOST} profiles, which is the most there can be")]
    TooMany,
    /// Something has it.
    #[error("{0} has this profile")]
    InUse(String),
    /// It cannot be meant.
    #[error("{0}")]
    Invalid(String),
}

fn refuse(cx: &Cx, error: ContentError) -> ContentError {
    let rule = match error {
        ContentError::Unknown(_) => "supported_content.unknown",
        ContentError::InUse(_) => "supported_content.in_use",
        ContentError::TooMany => "supported_content.too_many",
        _ => "body.invalid",
    };
    cx.refuse(Refusal::new(rule, error.to_string()));
    error
}

/// What is said of one; what is not said stays.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Its name.
    pub name: Option<String>,
    /// Types that may come.
    pub inbound: Option<Vec<String>>,
    /// Types that may go.
    pub outbound: Option<Vec<String>>,
}

impl Said {
    fn check(&self) -> Result<(), ContentError> {
        let is_good = |name: &String| !name.trim().is_empty() && name.chars().count() <= LONGEST;
        if self.name.as_ref().is_some_and(|name| !is_good(name)) {
            return Err(ContentError::Invalid(format!("name is blank, or longer than {LONGEST} characters")));
        }
        for types in [&self.inbound, &self.outbound].into_iter().flatten() {
            if types.len() > MOST_TYPES {
                return Err(ContentError::ManyTypes);
            }
            if let Some(wrong) = types.iter().find(|text| !is_type(text)) {
                return Err(ContentError::Type(wrong.clone()));
            }
        }
        Ok(())
    }
}

/// The id of the one that every org has.
pub fn built_in_id(org: &Org) -> String {
    org.draws.named(&["supported content"], 0).uuid()
}

/// The profile of an id.
pub(super) fn find(org: &Org, state: &OrgState, id: &str) -> Option<SupportedContent> {
    let built_in = || {
        let own = built_in_id(org);
        (own == id).then(|| SupportedContent::built_in(own))
    };
    state.messaging.profiles.get(id).cloned().or_else(built_in)
}

/// The one that is named, or else the default.
pub(super) fn meant(org: &Org, state: &OrgState, id: Option<&String>) -> SupportedContent {
    let named = id.or(state.messaging.default_profile.as_ref()).and_then(|id| find(org, state, id));
    named.unwrap_or_else(|| SupportedContent::built_in(built_in_id(org)))
}

/// The same of a visit.
pub fn meant_by(cx: &Cx, id: Option<&String>) -> SupportedContent {
    cx.state(|state| meant(&cx.org, state, id))
}

/// The profile of a deployment.
pub(super) fn of_deployment(org: &Org, state: &OrgState, deployment: &str) -> SupportedContent {
    meant(
        org,
        state,
        state.web.deployments.get(deployment).and_then(|record| record.supported_content.as_ref()),
    )
}

/// The profile of the integration or deployment that a conversation is at.
pub(super) fn of_conversation(org: &Org, state: &OrgState, known: &Conversation) -> SupportedContent {
    match &known.open {
        None => of_deployment(org, state, known.deployment.as_str()),
        Some(open) => of_integration(org, state, &open.integration),
    }
}

/// The profile of an integration.
pub(super) fn of_integration(org: &Org, state: &OrgState, integration: &str) -> SupportedContent {
    meant(org, state, state.open_integrations.get(integration).and_then(|one| one.supported_content.as_ref()))
}

/// What a file that a profile does not have is refused with, if it is one.
pub(super) fn objection(profile: &SupportedContent, way: Way, mime: &str) -> Option<String> {
    let way_of = if way == Way::Inbound { "inbound" } else { "outbound" };
    let SupportedContent { name, .. } = profile;
    (!profile.allows(way, mime))
        .then(|| format!("The supported content profile {name} has no {mime} {way_of}"))
}

/// All of them, by name.
pub fn all(cx: &Cx) -> Vec<SupportedContent> {
    let mut all: Vec<_> = cx.state(|state| {
        let own = built_in_id(&cx.org);
        let built_in =
            (!state.messaging.profiles.contains_key(&own)).then(|| SupportedContent::built_in(own));
        state.messaging.profiles.values().cloned().chain(built_in).collect()
    });
    all.sort_by_cached_key(|one: &SupportedContent| (one.name.to_lowercase(), one.id.clone()));
    all
}

/// One.
pub fn get(cx: &Cx, id: &str) -> Result<SupportedContent, ContentError> {
    let found = cx.state(|state| find(&cx.org, state, id));
    found.ok_or_else(|| refuse(cx, ContentError::Unknown(id.to_owned())))
}

/// The one that is meant where none is named.
pub fn default(cx: &Cx) -> SupportedContent {
    cx.state(|state| meant(&cx.org, state, None))
}

/// Another one is meant where none is named.
pub fn set_default(cx: &Cx, id: Option<&str>) -> Result<SupportedContent, ContentError> {
    let set = cx.state(|state| {
        let id = id.ok_or(ContentError::NoId)?;
        let one = find(&cx.org, state, id).ok_or_else(|| ContentError::Unknown(id.to_owned()))?;
        state.messaging.default_profile = Some(one.id.clone());
        Ok(one)
    });
    set.map_err(|error| refuse(cx, error))
}

/// Writes one; without `id` a new one.
pub fn put(cx: &Cx, id: Option<&str>, said: Said, by: Actor) -> Result<SupportedContent, ContentError> {
    let now = cx.now();
    let written = cx.state(|state| {
        said.check()?;
        let before = match id {
            Some(id) => find(&cx.org, state, id).ok_or_else(|| ContentError::Unknown(id.to_owned()))?,
            None if state.messaging.profiles.len() >= MOST => return Err(ContentError::TooMany),
            None => SupportedContent {
                version: 0,
                inbound: Vec::new(),
                outbound: Vec::new(),
                created: Some(now),
                created_by: Some(by.clone()),
                ..SupportedContent::built_in(cx.draw("supported content").uuid())
            },
        };
        let one = SupportedContent {
            name: said.name.unwrap_or(before.name),
            inbound: said.inbound.unwrap_or(before.inbound),
            outbound: said.outbound.unwrap_or(before.outbound),
            version: before.version + 1,
            modified: Some(now),
            modified_by: Some(by),
            ..before
        };
        state.messaging.profiles.insert(one.id.clone(), one.clone());
        Ok(one)
    });
    written.map_err(|error| refuse(cx, error))
}

/// Takes one away that nothing has.
pub fn remove(cx: &Cx, id: &str) -> Result<(), ContentError> {
    let gone = cx.state(|state| {
        if find(&cx.org, state, id).is_none() {
            return Err(ContentError::Unknown(id.to_owned()));
        }
        let has = |named: &Option<String>| named.as_deref() == Some(id);
        let deployment = state.web.deployments.iter().find(|(_, record)| has(&record.supported_content));
        let integration = state.open_integrations.values().find(|one| has(&one.supported_content));
        let user = deployment.map(|(id, _)| format!("deployment {id}"));
        let user = user.or_else(|| integration.map(|one| format!("integration {}", one.id)));
        let is_default = has(&state.messaging.default_profile)
            || state.messaging.default_profile.is_none() && built_in_id(&cx.org) == id;
        let user = user.or_else(|| is_default.then(|| "the org, as its default,".to_owned()));
        if let Some(user) = user {
            return Err(ContentError::InUse(user));
        }
        if built_in_id(&cx.org) == id {
            return Err(ContentError::InUse("every org".to_owned()));
        }
        state.messaging.profiles.remove(id);
        Ok(())
    });
    gone.map_err(|error| refuse(cx, error))
}
