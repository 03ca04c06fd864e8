//! Permissions of roles: `domain:entity:action`, each segment possibly `*`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

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
    use super::*;

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
