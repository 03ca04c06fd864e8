//! What a file lies over: names, files, and values for their parameters.

use serde::Deserialize;

use super::params::Params;

/// Something that a file lies over.
#[derive(Clone, Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "a name or a file, or `{ scenario: <name or file>, with: { <parameter>: <value> } }`"
)]
pub enum Include {
    /// By its name, or the path of its file.
    Plain(String),
    /// With other values of its parameters.
    With(IncludeWith),
}

/// Something that a file lies over, with values.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncludeWith {
    /// Its name, or the path of its file.
    pub scenario: String,
    /// Values of its parameters.
    #[serde(default)]
    pub with: Params,
}

impl Include {
    /// Name or path, and values.
    pub fn parts(self) -> (String, Params) {
        match self {
            Self::Plain(name) => (name, Params::default()),
            Self::With(IncludeWith { scenario, with }) => (scenario, with),
        }
    }
}
