//! What a flow is told of somebody who has signed in: claims of the identity provider, as participant data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Claims that one deployment makes attributes of.
const MOST: usize = 50;
/// The longest name, in bytes.
const LONGEST_NAME: usize = 64;
/// Names and values together, in bytes: as much as guests may send along themselves.
const MAX_BYTES: usize = 2048;

/// Attributes by claim.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClaimAttributes(BTreeMap<String, String>);

/// What came of the claims of somebody.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Mapped {
    /// Values by attribute.
    pub attributes: BTreeMap<String, String>,
    /// Attributes for which there was no room.
    pub left_out: Vec<String>,
}

/// What is wrong with the name of an attribute.
fn bad_name(name: &str) -> Option<String> {
    let right = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if name.is_empty() || name.len() > LONGEST_NAME || !name.bytes().all(right) {
        return Some(format!(
            "`{name}` is not an attribute; expected 1 to {LONGEST_NAME} letters, digits, `.`, `_` or `-`"
        ));
    }
    None
}

/// What is wrong with attributes that somebody gives by hand.
pub fn wrong(attributes: &BTreeMap<String, String>) -> Option<String> {
    let bytes: usize = attributes.iter().map(|(name, value)| name.len() + value.len()).sum();
    let too_many =
        (attributes.len() > MOST).then(|| format!("there are {}, at most {MOST}", attributes.len()));
    let too_long = || (bytes > MAX_BYTES).then(|| format!("they have {bytes} bytes, at most {MAX_BYTES}"));
    attributes.keys().find_map(|name| bad_name(name)).or(too_many).or_else(too_long)
}

impl ClaimAttributes {
    /// From a scenario: attributes by claim.
    ///
    /// # Errors
    /// In words: what was wrong and what was expected.
    pub fn new(by_claim: BTreeMap<String, String>) -> Result<Self, String> {
        if by_claim.len() > MOST {
            return Err(format!("there are {} claims, at most {MOST}", by_claim.len()));
        }
        let mut claims = BTreeMap::new();
        for (claim, attribute) in &by_claim {
            if let Some(wrong) = bad_name(attribute) {
                return Err(wrong);
            }
            if let Some(other) = claims.insert(attribute, claim) {
                return Err(format!("`{attribute}` is made of two claims, `{other}` and `{claim}`"));
            }
        }
        Ok(Self(by_claim))
    }

    /// The attributes of somebody with these claims: what is no text becomes its JSON. What is too much is left out.
    pub fn of<'a>(&self, claim: impl Fn(&str) -> Option<&'a Value>) -> Mapped {
        let mut mapped = Mapped::default();
        let mut bytes = 0;
        for (name, attribute) in &self.0 {
            let value = match claim(name) {
                None | Some(Value::Null) => continue,
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
            };
            let more = attribute.len() + value.len();
            if bytes + more > MAX_BYTES {
                mapped.left_out.push(attribute.clone());
                continue;
            }
            bytes += more;
            mapped.attributes.insert(attribute.clone(), value);
        }
        mapped
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rules(pairs: &[(&str, &str)]) -> Result<ClaimAttributes, String> {
        ClaimAttributes::new(
            pairs.iter().map(|(claim, name)| ((*claim).to_owned(), (*name).to_owned())).collect(),
        )
    }

    #[test]
    fn claims_become_texts_and_what_is_too_much_is_left_out() {
        let claims = json!({ "tier": "gold", "age": 42, "vip": true, "tags": ["a"], "none": null, "huge": "x".repeat(2048) });
        let pairs = [
            ("tier", "shop.tier"),
            ("age", "age"),
            ("vip", "vip"),
            ("tags", "tags"),
            ("none", "none"),
            ("huge", "huge"),
            ("more", "more"),
        ];
        let mapped = rules(&pairs).unwrap().of(|claim| claims.get(claim));
        let told: Vec<_> = mapped.attributes.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(told, ["age=42", "shop.tier=gold", "tags=[\"a\"]", "vip=true"]);
        assert_eq!(mapped.left_out, ["huge"]);
    }

    #[test]
    fn names_that_cannot_be_meant_are_told() {
        let long = "x".repeat(65);
        for (pairs, wrong) in [
            (
                &[("tier", "shop tier")][..],
                "`shop tier` is not an attribute; expected 1 to 64 letters, digits, `.`, `_` or `-`",
            ),
            (&[("tier", "")], "`` is not an attribute; expected 1 to 64 letters, digits, `.`, `_` or `-`"),
            (&[("a", "x"), ("b", "x")], "`x` is made of two claims, `a` and `b`"),
        ] {
            assert_eq!(rules(pairs).unwrap_err(), wrong);
        }
        assert!(rules(&[("tier", long.as_str())]).is_err());
        let many: BTreeMap<_, _> = (0..51).map(|n| (n.to_string(), n.to_string())).collect();
        assert_eq!(wrong(&many).unwrap(), "there are 51, at most 50");
        assert_eq!(ClaimAttributes::new(many).unwrap_err(), "there are 51 claims, at most 50");
        let large = BTreeMap::from([("a".to_owned(), "x".repeat(2048))]);
        assert_eq!(wrong(&large).unwrap(), "they have 2049 bytes, at most 2048");
    }
}
