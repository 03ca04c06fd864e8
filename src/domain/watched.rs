//! Who looks on in a conversation, and whether it is recorded.

use serde::{Deserialize, Serialize};

use crate::base::ids::UserId;

/// Users who look on in a conversation at a time.
pub const MOST_MONITORS: usize = 10;

/// Whether a conversation is recorded, in the vendor's spelling.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Recording {
    /// It is.
    Active,
    /// Not at the moment.
    Paused,
    /// It is not.
    #[default]
    None,
}

/// What is done with a conversation by those who do not take part.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Watched {
    /// Is it recorded?
    pub recording: Recording,
    /// What applications call it.
    pub tag: Option<String>,
    /// Users who look on, each with the participant that it looks at.
    pub monitors: Vec<(UserId, String)>,
}
