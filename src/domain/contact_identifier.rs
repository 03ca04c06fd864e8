//! By what an external contact is known again, and the systems whose ids that may be.

use serde::{Deserialize, Serialize};

use crate::base::time::Timestamp;

/// What an identifier is, in the vendor's words.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the vendor's own names")]
pub enum IdentifierType {
    SocialLine,
    SocialFacebook,
    SocialTwitter,
    SocialWhatsapp,
    SocialInstagram,
    SocialWhatsappBsuid,
    AppleOpaqueId,
    Email,
    Phone,
    Cookie,
    /// The id that another system has for somebody; it says which.
    ExternalId,
}

/// One identifier. No two contacts have the same.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identifier {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: IdentifierType,
    /// Its text, as it came.
    pub value: String,
    /// The id of the system, of an `ExternalId`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Since when it is the contact's.
    pub claimed: Timestamp,
}

/// What tells identifiers apart.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct IdentifierKey(IdentifierType, String, Option<String>);

impl Identifier {
    /// The one by which somebody is known in another system.
    pub fn external(value: &str, source: &str, now: Timestamp) -> Self {
        let (value, source) = (value.to_owned(), Some(source.to_owned()));
        Self { kind: IdentifierType::ExternalId, value, source, claimed: now }
    }

    /// What tells it apart: addresses in any letter case, numbers without what is between the digits.
    pub fn key(&self) -> IdentifierKey {
        let value = match self.kind {
            IdentifierType::Email => self.value.trim().to_lowercase(),
            IdentifierType::Phone => {
                self.value.chars().filter(|char| char.is_ascii_digit() || *char == '+').collect()
            }
            _ => self.value.clone(),
        };
        IdentifierKey(self.kind, value, self.source.clone())
    }
}

/// Another system, which has ids of its own for people.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExternalSource {
    /// Its id.
    pub id: String,
    /// Its name; no other has it.
    pub name: String,
    /// Is it in use?
    pub active: bool,
    /// URL of a person there, with a placeholder for the id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri_template: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_numbers_are_the_same_however_they_are_written() {
        let key = |kind, value: &str| {
            Identifier { kind, value: value.into(), source: None, claimed: Timestamp::default() }.key()
        };
        assert_eq!(key(IdentifierType::Email, "Ann@Shop.test "), key(IdentifierType::Email, "ann@shop.test"));
        assert_eq!(key(IdentifierType::Phone, "+43 (1) 234-5"), key(IdentifierType::Phone, "+4312345"));
        assert_ne!(key(IdentifierType::Cookie, "A"), key(IdentifierType::Cookie, "a"));
        assert_ne!(key(IdentifierType::Email, "a@b"), key(IdentifierType::Cookie, "a@b"));
    }
}
