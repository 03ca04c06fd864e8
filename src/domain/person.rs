//! Somebody who has signed in with an identity provider, as the platform's own JWT says.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Who a guest has proved to be.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Person {
    /// `sub` of the identity provider.
    pub subject: String,
    /// `iss` of the identity provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What flows are told of the person.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
}

/// By what somebody is known again: `iss` and `sub`.
pub type PersonKey = (Option<String>, String);

impl Person {
    /// By what it is known again.
    pub fn key(&self) -> PersonKey {
        (self.issuer.clone(), self.subject.clone())
    }

    /// The name that agents see.
    pub fn shown(&self) -> String {
        full_name(&self.first_name, &self.last_name).unwrap_or_else(|| self.subject.clone())
    }

    /// Is it the same person, whatever is known of it?
    pub fn is(&self, other: &Self) -> bool {
        self.subject == other.subject && self.issuer == other.issuer
    }
}

/// Given and family name as one, as far as they are known.
pub fn full_name(first: &Option<String>, last: &Option<String>) -> Option<String> {
    let names: Vec<&str> = [first, last].into_iter().flatten().map(String::as_str).collect();
    (!names.is_empty()).then(|| names.join(" "))
}
