//! Where guests of legacy web chats come in.

use std::{collections::BTreeMap, sync::Arc};

use super::{bad_world::BadWorld, file, world::Builder};
use crate::{
    base::ids::DeploymentId,
    domain::web_chat::{ChatDeployment, WebChats},
};

impl Builder<'_> {
    pub(super) fn web_chats(
        &mut self,
        deployments: Option<BTreeMap<String, file::ChatDeployment>>,
        rules: Option<file::GuestChat>,
    ) -> Result<WebChats, BadWorld> {
        let require_deployment = rules.and_then(|rules| rules.require_deployment).unwrap_or(false);
        let mut all = WebChats { require_deployment, ..WebChats::default() };
        for (local, shape) in deployments.unwrap_or_default() {
            let id = DeploymentId::from(self.id("chatDeployments", &local, shape.id.as_ref()));
            let one = ChatDeployment {
                id: id.clone(),
                name: shape.name.unwrap_or_else(|| local.clone()),
                description: None,
                authentication_required: shape.authentication_required.unwrap_or(false),
                authentication_url: shape.authentication_url,
                disabled: shape.disabled.unwrap_or(false),
                skin: None,
                allowed_domains: shape.allowed_domains,
                flow: None,
            };
            if all.deployments.insert(id.clone(), Arc::new(one)).is_some() {
                return Err(self.taken("chatDeployments", &local, id.as_str()));
            }
        }
        Ok(all)
    }
}
