//! Deployments of legacy web chats, as administrators make, change and remove them.

use std::sync::Arc;

use crate::{
    base::ids::DeploymentId,
    domain::{visit::Refusal, web_chat::ChatDeployment},
    ops::cx::Cx,
};

/// Deployments of an org.
const MOST: usize = 25;

/// Why something is not done.
#[derive(Debug, thiserror::Error)]
pub enum AdministrationError {
    /// There is none of this id.
    #[error("There is no deployment {0}")]
    Unknown(String),
    /// There are too many.
    #[error("An org has at most {MOST} deployments")]
    TooMany,
}

fn refuse(cx: &Cx, error: AdministrationError) -> AdministrationError {
    let rule = match error {
        AdministrationError::Unknown(_) => "deployment.unknown",
        AdministrationError::TooMany => "deployment.too_many",
    };
    cx.refuse(Refusal::new(rule, error.to_string()));
    error
}

/// All of them, by id.
pub fn all(cx: &Cx) -> Vec<Arc<ChatDeployment>> {
    cx.state(|state| state.web_chats.deployments.values().cloned().collect())
}

/// One.
pub fn get(cx: &Cx, id: &str) -> Result<Arc<ChatDeployment>, AdministrationError> {
    let found = cx.state(|state| state.web_chats.deployments.get(id).cloned());
    found.ok_or_else(|| refuse(cx, AdministrationError::Unknown(id.to_owned())))
}

/// Makes one what is said, whatever id that has.
pub fn put(
    cx: &Cx,
    id: Option<&str>,
    said: ChatDeployment,
) -> Result<Arc<ChatDeployment>, AdministrationError> {
    let drawn = cx.draw("chat deployment").uuid();
    let done = cx.state(|state| {
        let all = &mut state.web_chats.deployments;
        match id {
            Some(id) if !all.contains_key(id) => return Err(AdministrationError::Unknown(id.to_owned())),
            None if all.len() >= MOST => return Err(AdministrationError::TooMany),
            _ => {}
        }
        let id = DeploymentId::from(id.unwrap_or(&drawn));
        let one = Arc::new(ChatDeployment { id: id.clone(), ..said });
        all.insert(id, Arc::clone(&one));
        Ok(one)
    });
    done.map_err(|error| refuse(cx, error))
}

/// Takes one away. Whoever chats there goes on.
pub fn delete(cx: &Cx, id: &str) -> Result<(), AdministrationError> {
    let gone = cx.state(|state| state.web_chats.deployments.remove(id));
    gone.map(drop).ok_or_else(|| refuse(cx, AdministrationError::Unknown(id.to_owned())))
}

/// Must guests name a deployment?
pub fn requires_deployment(cx: &Cx) -> bool {
    cx.state(|state| state.web_chats.require_deployment)
}

/// Says so.
pub fn require_deployment(cx: &Cx, required: bool) {
    cx.state(|state| state.web_chats.require_deployment = required);
}
