//! Which kinds of files may come and go in messages.

use serde::{Deserialize, Serialize};

use super::{attachment::covers, client::Actor};
use crate::base::time::Timestamp;

/// Kinds of files that a profile names, each way.
pub const MOST_TYPES: usize = 100;

/// Which way a message goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// From the guest.
    Inbound,
    /// To the guest.
    Outbound,
}

/// A profile.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SupportedContent {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Types that may come: `*/*`, `image/*`, or whole ones.
    pub inbound: Vec<String>,
    /// Types that may go.
    pub outbound: Vec<String>,
    /// How often it was written.
    pub version: u32,
    /// When it was made; nothing of the one that every org has.
    pub created: Option<Timestamp>,
    /// By whom.
    pub created_by: Option<Actor>,
    /// When it was changed last.
    pub modified: Option<Timestamp>,
    /// By whom.
    pub modified_by: Option<Actor>,
}

impl SupportedContent {
    /// The one that every org has: anything may come and go.
    pub fn built_in(id: String) -> Self {
        let all = vec!["*/*".to_owned()];
        Self {
            id,
            name: "Default".to_owned(),
            inbound: all.clone(),
            outbound: all,
            version: 1,
            created: None,
            created_by: None,
            modified: None,
            modified_by: None,
        }
    }

    /// May a file of this type go this way?
    pub fn allows(&self, way: Way, mime: &str) -> bool {
        let types = match way {
            Way::Inbound => &self.inbound,
            Way::Outbound => &self.outbound,
        };
        types.iter().any(|pattern| covers(pattern, mime))
    }
}

/// Is it a type such as `image/png`, or all of a kind?
pub fn is_type(text: &str) -> bool {
    const KINDS: [&str; 5] = ["application", "audio", "image", "text", "video"];
    let is_name = |name: &str| {
        name == "*"
            || !name.is_empty()
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    match text.split_once('/') {
        Some(("*", "*")) => true,
        Some((kind, subtype)) => KINDS.contains(&kind) && is_name(subtype),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_allows_what_its_types_cover_each_way() {
        let one = SupportedContent {
            inbound: vec!["image/*".to_owned(), "application/pdf".to_owned()],
            outbound: Vec::new(),
            ..SupportedContent::built_in("x".to_owned())
        };
        for (mime, allowed) in [("image/png", true), ("application/pdf", true), ("application/zip", false)] {
            assert_eq!(one.allows(Way::Inbound, mime), allowed, "{mime}");
            assert!(!one.allows(Way::Outbound, mime), "{mime}");
        }
    }

    #[test]
    fn types_are_of_known_kinds() {
        for (text, is) in [
            ("*/*", true),
            ("image/*", true),
            ("image/png", true),
            ("application/vnd.x+json", true),
            ("*/png", false),
            ("image", false),
            ("image/", false),
            ("pigeon/post", false),
            ("image/a b", false),
            ("", false),
        ] {
            assert_eq!(is_type(text), is, "{text}");
        }
    }
}
