//! Registering phones for notifications. Nobody has to prove anything: the session token in the path is the credential.

use super::cx::Cx;
use crate::{
    base::{
        codec::looks_like_uuid,
        ids::{DeploymentId, SessionToken},
    },
    domain::{deployment::Notifications, push_device::PushDevice, visit::Refusal},
    store::org_state::PushKey,
};

/// Why a phone is not registered, changed or taken out.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// What stands where the session token belongs is none.
    #[error("the session token in the path is not a UUID")]
    NotAToken,
    /// The session of the token was begun at another deployment.
    #[error("the session of the token belongs to another deployment")]
    OtherDeployment,
    /// There is no such deployment.
    #[error("there is no such deployment in this org")]
    NoDeployment,
    /// The deployment sends no notifications.
    #[error("notifications are disabled for this deployment")]
    Disabled,
    /// There is no phone for this session.
    #[error("no device is registered for this session")]
    NotFound,
    /// There is one.
    #[error("a device is registered for this session already")]
    Registered,
}

impl PushError {
    fn rule(&self) -> &'static str {
        match self {
            Self::NotAToken => "push.not_a_token",
            Self::OtherDeployment => "push.other_deployment",
            Self::NoDeployment => "deployment.unknown",
            Self::Disabled => "push.disabled",
            Self::NotFound => "push.not_found",
            Self::Registered => "push.registered",
        }
    }
}

fn refused(cx: &Cx, error: PushError) -> PushError {
    cx.refuse(Refusal::new(error.rule(), error.to_string()));
    error
}

/// The place of a session's phone, where the deployment has one. Letter case does not matter: clients lower it.
pub fn place(cx: &Cx, deployment: &str, token: &str) -> Result<PushKey, PushError> {
    if !looks_like_uuid(token) {
        return Err(refused(cx, PushError::NotAToken));
    }
    let lower = token.to_ascii_lowercase();
    cx.journal(|draft| draft.subject().session = Some(lower.as_str().into()));
    let id = DeploymentId::from(deployment);
    let found = cx.state(|state| {
        let known = state.deployments.get(&id).ok_or(PushError::NoDeployment)?;
        if known.notifications == Notifications::Disabled {
            return Err(PushError::Disabled);
        }
        // as the client spelled it when it configured the session
        let spellings = [token, &lower, &token.to_ascii_uppercase()];
        let session = spellings.into_iter().find_map(|token| state.sessions.get(token));
        match session.filter(|session| session.deployment != id) {
            Some(_) => Err(PushError::OtherDeployment),
            None => Ok(()),
        }
    });
    found.map_err(|error| refused(cx, error))?;
    Ok((id, SessionToken::from(lower)))
}

/// Registers a phone.
pub fn register(cx: &Cx, place: PushKey, device: PushDevice) -> Result<(), PushError> {
    let PushDevice { device_type, provider, .. } = device;
    let language = device.language.clone();
    let taken = cx.state(|state| {
        let taken = state.push_devices.get(&place).is_some();
        if !taken {
            state.push_devices.insert(place, device);
        }
        taken
    });
    if taken {
        return Err(refused(cx, PushError::Registered));
    }
    let note = format!("a device is told of messages: {device_type:?} by {provider:?} in {language}");
    cx.journal(|draft| draft.note(note));
    Ok(())
}

/// Changes a phone's address or language.
pub fn update(
    cx: &Cx,
    place: &PushKey,
    device_token: Option<String>,
    language: Option<String>,
) -> Result<(), PushError> {
    let now = cx.now();
    let found = cx.state(|state| {
        let device = state.push_devices.get_mut(place)?;
        device.at = now;
        device.device_token = device_token.unwrap_or_else(|| std::mem::take(&mut device.device_token));
        device.language = language.unwrap_or_else(|| std::mem::take(&mut device.language));
        Some(())
    });
    found.ok_or_else(|| refused(cx, PushError::NotFound))
}

/// Takes a phone out.
pub fn remove(cx: &Cx, place: &PushKey) -> Result<(), PushError> {
    let gone = cx.state(|state| state.push_devices.remove(place));
    gone.map(drop).ok_or_else(|| refused(cx, PushError::NotFound))
}
