//! Permissions of roles: `domain:entity:action`, each segment possibly `*`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::base::suggest;

/// Permissions that something of this emulator asks for, by domain and entity.
pub const KNOWN: &[(&str, &str, &[&str])] = &[
    ("authentication", "signature", &["create"]),
    ("authorization", "division", &["add", "delete", "edit"]),
    ("authorization", "grant", &["add", "view"]),
    ("authorization", "role", &["add", "delete", "edit", "view"]),
    ("bridge", "actions", &["execute"]),
    ("conversation", "cachedMedia", &["delete", "view"]),
    ("conversation", "call", &["record"]),
    ("conversation", "communication", &["blindTransfer", "disconnect", "view"]),
    ("conversation", "externalTag", &["edit"]),
    ("conversation", "message", &["create", "monitor", "park", "receive", "view"]),
    ("conversation", "messageMedia", &["view"]),
    ("conversation", "participant", &["wrapup"]),
    ("conversation", "recording", &["pauseOthers"]),
    ("conversation", "socialmedia", &["create"]),
    ("conversation", "threadingTimeline", &["edit", "view"]),
    ("conversation", "webchat", &["create"]),
    ("conversation", "webmessaging", &["create", "view"]),
    ("directory", "organization", &["admin"]),
    ("directory", "user", &["add", "delete", "edit"]),
    ("externalContacts", "contact", &["add", "delete", "edit", "view"]),
    ("externalContacts", "conversation", &["associate"]),
    ("externalContacts", "externalOrganization", &["view"]),
    ("externalContacts", "externalSource", &["add", "delete", "edit", "view"]),
    ("externalContacts", "identity", &["merge", "promote"]),
    ("integrations", "action", &["execute"]),
    ("integrations", "integration", &["add", "delete", "edit", "view"]),
    ("messaging", "integration", &["add", "delete", "edit", "view"]),
    ("messaging", "setting", &["add", "delete", "edit", "view"]),
    ("messaging", "supportedContent", &["add", "delete", "edit", "view"]),
    ("oauth", "client", &["add", "authorize", "delete", "edit", "view"]),
    ("oauth", "token", &["delete"]),
    ("presence", "presenceDefinition", &["add", "delete", "edit", "view"]),
    ("relate", "contact", &["add", "delete", "edit", "view"]),
    ("relate", "conversation", &["associate"]),
    ("routing", "queue", &["add", "delete", "edit", "join", "view"]),
    ("routing", "queueMember", &["manage"]),
    ("routing", "wrapupCode", &["add", "delete", "edit", "search", "view"]),
    ("telephony", "otherStationAssociation", &["edit", "view"]),
    ("telephony", "phone", &["assign"]),
    ("telephony", "plugin", &["all"]),
    ("telephony", "station", &["disassociate"]),
    ("usage", "client", &["view"]),
    ("webchat", "deployment", &["create", "delete", "read", "update"]),
    ("webchat", "guest", &["edit", "view"]),
    ("webDeployments", "configuration", &["add", "delete", "edit", "view"]),
    ("webDeployments", "deployment", &["add", "delete", "edit", "view"]),
    ("webDeployments", "identityResolution", &["edit", "view"]),
];

/// A permission as a role grants it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct Permission(String);

impl Permission {
    /// By its text, if it is one.
    pub fn parse(text: &str) -> Option<Self> {
        let segments: Vec<_> = text.split(':').collect();
        let whole = (2..=3).contains(&segments.len()) && segments.iter().all(|segment| !segment.is_empty());
        (text == "*" || whole).then(|| Self(text.to_owned()))
    }

    /// Does it grant anything that something of this emulator asks for? Else what may have been meant.
    pub fn grants_known(&self) -> Result<(), Option<String>> {
        let of = |(domain, entity, actions): &(&str, &str, &'static [&str])| {
            let stem = format!("{domain}:{entity}");
            actions.iter().map(move |action| format!("{stem}:{action}"))
        };
        let known: Vec<String> = KNOWN.iter().flat_map(of).collect();
        if known.iter().any(|required| self.grants(required)) {
            return Ok(());
        }
        Err(suggest::nearest(&self.0, known.iter().map(String::as_str)).map(str::to_owned))
    }

    /// Domain, entity and action; a missing tail is `*`.
    pub fn parts(&self) -> [&str; 3] {
        let mut segments = self.0.split(':');
        [(); 3].map(|()| segments.next().unwrap_or("*"))
    }

    /// Does this grant the required `domain:entity:action`? A missing tail counts as `*`.
    pub fn grants(&self, required: &str) -> bool {
        let mut wanted = self.0.split(':');
        for given in required.split(':') {
            match wanted.next() {
                None => break,
                Some("*") => {}
                Some(one) if one == given => {}
                Some(_) => return false,
            }
        }
        true
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Permission {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| {
            de::Error::custom(format!(
                "`{text}` is not a permission; expected `domain:entity:action` such as `webchat:guest:edit`, or `*`"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    /// Texts of the form `domain:entity:action` in the sources below a folder.
    fn asked_for(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                asked_for(&path, found);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            // requirements are constants, and scopes of the guide are of that form too
            for (_, list) in
                code.match_indices("&[&str] =").map(|(at, _)| code[at..].split_once('[').unwrap())
            {
                let list = list.split_once("&[").map_or("", |(_, rest)| rest);
                let list = list.split_once("];").map_or("", |(list, _)| list);
                let is = |text: &&str| text.split(':').count() == 3;
                found.extend(list.split('"').filter(is).map(str::to_owned));
            }
        }
    }

    #[test]
    fn every_permission_that_an_endpoint_asks_for_is_known() {
        let mut asked = BTreeSet::new();
        asked_for(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/api"), &mut asked);
        assert!(asked.len() > 20, "{asked:?}");
        let known: BTreeSet<String> = KNOWN
            .iter()
            .flat_map(|(domain, entity, actions)| {
                actions.iter().map(move |action| format!("{domain}:{entity}:{action}"))
            })
            .collect();
        assert_eq!(asked.difference(&known).collect::<Vec<_>>(), [""; 0]);
    }

    #[test]
    fn stars_and_missing_tails_grant_everything_below() {
        for (granted, grants) in [
            ("*", true),
            ("webchat:*", true),
            ("webchat:guest", true),
            ("webchat:guest:edit", true),
            ("*:guest:edit", true),
            ("webchat:guest:view", false),
            ("chat:*", false),
        ] {
            assert_eq!(Permission(granted.into()).grants("webchat:guest:edit"), grants, "{granted}");
        }
    }
}
