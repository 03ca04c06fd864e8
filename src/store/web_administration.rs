//! What administrators of web deployments see besides what the platform needs: configurations with their versions, names
//! and dates.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    base::{
        ids::{DeploymentId, UserId},
        time::Timestamp,
    },
    domain::{relying_party::Integration, web_configuration::Configuration},
};

/// What is written down of a deployment.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// What it is for.
    pub description: Option<String>,
    /// Id of its configuration.
    pub configuration: String,
    /// Name of the version that it has.
    pub version: String,
    /// The supported content profile that was named.
    pub supported_content: Option<String>,
    /// Integrations with push providers, as they were written.
    pub push_integrations: Option<Value>,
    /// Are visitors of pages that turn out to be somebody merged into their contact?
    pub merges_visitors: bool,
    /// When it was made.
    pub created: Timestamp,
    /// When it was changed last.
    pub modified: Timestamp,
    /// By whom, if it was a person.
    pub by: Option<UserId>,
}

/// What is written down of an integration.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IntegrationRecord {
    /// Its local name.
    pub local: String,
    /// Its name.
    pub name: String,
    /// What is noted of it.
    pub notes: String,
    /// How often it was configured.
    pub version: u64,
    /// Is it to be active?
    pub enabled: bool,
    /// Its properties, as they were written.
    pub properties: Map<String, Value>,
    /// More properties.
    pub advanced: Map<String, Value>,
    /// Ids of credentials, by what they are for.
    pub credentials: BTreeMap<String, String>,
    /// What the platform does with it, when it is active.
    pub rules: Option<Arc<Integration>>,
    /// When it was changed last.
    pub modified: Timestamp,
}

/// What integrations come with.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Credential {
    /// Its name.
    pub name: String,
    /// The name of its type.
    pub kind: String,
    /// What it is.
    pub fields: BTreeMap<String, String>,
    /// When it was made.
    pub created: Timestamp,
    /// When it was changed last.
    pub modified: Timestamp,
}

/// All of it. What a scenario says is written down when somebody first asks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebAdministration {
    /// Configurations, by id.
    pub configurations: BTreeMap<String, Configuration>,
    /// Deployments.
    pub deployments: BTreeMap<DeploymentId, Record>,
    /// Is written down what the scenario says of them?
    pub complete: bool,
    /// Integrations, by id.
    pub integrations: BTreeMap<String, IntegrationRecord>,
    /// Credentials, by id.
    pub credentials: BTreeMap<String, Credential>,
    /// Is written down what the scenario says of those?
    pub knows_integrations: bool,
}
