//! Data actions of a scenario: who in another system is which external contact.

use serde::{Deserialize, Serialize};

/// An action that a flow or a backend executes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DataAction {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The id of the external source whose ids come in.
    pub source: String,
    /// The member of the input that has the id.
    pub input: String,
    /// Is a contact written down for an id that nobody has?
    pub create: bool,
}
