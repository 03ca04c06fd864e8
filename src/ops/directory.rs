//! The orgs of an emulator, and how a request finds its own.

use std::{collections::BTreeMap, sync::Arc};

use super::org::Org;
use crate::base::ids::{ClientId, DeploymentId, OrgId};

/// An id is another org's.
#[derive(Debug, thiserror::Error)]
#[error("the {kind} id {id} is taken by another org")]
pub struct Taken {
    /// `org`, `client` or `deployment`.
    pub kind: &'static str,
    /// The id.
    pub id: String,
}

/// The orgs, by everything that names one.
#[derive(Clone, Default)]
pub struct Directory {
    orgs: BTreeMap<OrgId, Arc<Org>>,
    tags: BTreeMap<String, Arc<Org>>,
    clients: BTreeMap<String, Arc<Org>>,
    deployments: BTreeMap<String, Arc<Org>>,
    default: Option<Arc<Org>>,
}

impl Directory {
    /// The org that requests get which name none.
    pub fn default_org(&self) -> Option<&Arc<Org>> {
        self.default.as_ref()
    }

    /// The org of an id.
    pub fn org(&self, id: &str) -> Option<&Arc<Org>> {
        self.orgs.get(id)
    }

    /// The org whose opaque tokens begin like this.
    pub fn of_tag(&self, tag: &str) -> Option<&Arc<Org>> {
        self.tags.get(tag)
    }

    /// The org of a client.
    pub fn of_client(&self, id: &str) -> Option<&Arc<Org>> {
        self.clients.get(id)
    }

    /// The org of a deployment.
    pub fn of_deployment(&self, id: &str) -> Option<&Arc<Org>> {
        self.deployments.get(id)
    }

    /// All orgs, by id.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Org>> {
        self.orgs.values()
    }

    /// Writes an org in under its id and those of its clients and deployments.
    ///
    /// # Errors
    /// When one of them is taken; the directory is half written then, and to be thrown away.
    pub fn list(&mut self, org: &Arc<Org>) -> Result<(), Taken> {
        let taken = |kind, id: &str| Err(Taken { kind, id: id.to_owned() });
        if self.orgs.insert(org.id.clone(), Arc::clone(org)).is_some()
            || self.tags.insert(org.tag.clone(), Arc::clone(org)).is_some()
        {
            return taken("org", org.id.as_str());
        }
        let (clients, deployments): (Vec<_>, Vec<_>) = org.state(|state| {
            (state.clients.keys().cloned().collect(), state.deployments.keys().cloned().collect())
        });
        for id in clients {
            if self.clients.insert(id.to_string(), Arc::clone(org)).is_some() {
                return taken("client", id.as_str());
            }
        }
        for id in deployments {
            if self.deployments.insert(id.to_string(), Arc::clone(org)).is_some() {
                return taken("deployment", id.as_str());
            }
        }
        Ok(())
    }

    /// Writes in a client that an org got at run time, unless the org is another one by now.
    pub fn list_client(&mut self, client: &ClientId, org: &Arc<Org>) {
        if self.orgs.get(&org.id).is_some_and(|now| Arc::ptr_eq(now, org)) {
            self.clients.entry(client.to_string()).or_insert_with(|| Arc::clone(org));
        }
    }

    /// Takes out a client that an org has no more.
    pub fn unlist_client(&mut self, client: &ClientId, org: &Arc<Org>) {
        if self.clients.get(client.as_str()).is_some_and(|owner| Arc::ptr_eq(owner, org)) {
            self.clients.remove(client.as_str());
        }
    }

    /// Writes in a deployment that an org got at run time, unless the org is another one by now.
    pub fn list_deployment(&mut self, deployment: &DeploymentId, org: &Arc<Org>) {
        if self.orgs.get(&org.id).is_some_and(|now| Arc::ptr_eq(now, org)) {
            self.deployments.entry(deployment.to_string()).or_insert_with(|| Arc::clone(org));
        }
    }

    /// Takes out a deployment that an org has no more.
    pub fn unlist_deployment(&mut self, deployment: &DeploymentId, org: &Arc<Org>) {
        if self.deployments.get(deployment.as_str()).is_some_and(|owner| Arc::ptr_eq(owner, org)) {
            self.deployments.remove(deployment.as_str());
        }
    }

    /// Takes an org out, if it is there; and out of the place of the default one, if it has that.
    pub fn take(&mut self, id: &OrgId) -> Option<Arc<Org>> {
        let org = self.orgs.remove(id)?;
        self.tags.remove(&org.tag);
        self.clients.retain(|_, owner| owner.id != org.id);
        self.deployments.retain(|_, owner| owner.id != org.id);
        self.default.take_if(|default| default.id == org.id);
        Some(org)
    }

    /// Gives an org the place of the default one.
    pub fn set_default(&mut self, org: &Arc<Org>) {
        self.default = Some(Arc::clone(org));
    }
}
