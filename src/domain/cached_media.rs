//! Files that messages have named by their URLs.

use serde::{Deserialize, Serialize};

use crate::base::time::{Span, Timestamp};

/// How long one is known.
pub const LIFE: Span = Span::from_secs(86_400);

/// One of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CachedMedia {
    /// Its id.
    pub id: String,
    /// Where it is.
    pub url: String,
    /// MIME type.
    pub mime: String,
    /// Bytes, as the message says.
    pub size: u64,
    /// When it was named.
    pub created: Timestamp,
}

impl CachedMedia {
    /// Until when it is known.
    pub fn expires(&self) -> Timestamp {
        self.created.plus(LIFE)
    }
}
