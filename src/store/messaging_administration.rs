//! What administrators say of messages: what may be in them, and what is done with them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::{
    messaging_setting::{MessagingSetting, ThreadingWindow},
    supported_content::SupportedContent,
};

/// All of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessagingAdministration {
    /// Profiles of what may come and go, by id: all but the one that every org has, unless that was written.
    pub profiles: BTreeMap<String, SupportedContent>,
    /// The one that is meant where none is named, if it is not the one that every org has.
    pub default_profile: Option<String>,
    /// What is done with messages, by id.
    pub settings: BTreeMap<String, MessagingSetting>,
    /// The one that is meant where none is named.
    pub default_setting: Option<String>,
    /// How long conversations go on, by where messages come from.
    pub windows: Vec<ThreadingWindow>,
}
