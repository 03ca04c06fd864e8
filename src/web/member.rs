//! One member of a JSON text is taken out or replaced; the rest stays as it is, byte for byte.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Value, value::RawValue};

/// The members of an object in their order.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        d.deserialize_map(InOrder)
    }
}

/// The text without the member at the end of the way, or with this value of it. `None` when there is no such member.
pub fn replaced(text: &[u8], way: &str, value: Option<&Value>) -> Option<String> {
    let names: Vec<&str> = way.split('.').collect();
    let value = value.map(Value::to_string);
    within(std::str::from_utf8(text).ok()?, &names, value.as_deref())
}

fn within(text: &str, names: &[&str], value: Option<&str>) -> Option<String> {
    let (name, rest) = names.split_first()?;
    // what stands in the member's place; an empty text is nothing
    let instead = |old: &RawValue| match rest {
        [] => Some(value.unwrap_or_default().to_owned()),
        _ => within(old.get(), rest, value),
    };
    if let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(text) {
        let nth: usize = name.parse().ok()?;
        let new = instead(items.get(nth)?)?;
        let kept = items.iter().enumerate().map(|(at, old)| if at == nth { &new } else { old.get() });
        return Some(format!("[{}]", joined(kept.map(ToOwned::to_owned))));
    }
    let Members(members) = serde_json::from_str(text).ok()?;
    let new = instead(members.iter().find(|(known, _)| known == name)?.1)?;
    let kept = members.iter().map(|(known, old)| match (known == name, new.as_str()) {
        (true, "") => String::new(),
        (true, new) => format!("{}:{new}", Value::from(known.as_str())),
        (false, _) => format!("{}:{}", Value::from(known.as_str()), old.get()),
    });
    Some(format!("{{{}}}", joined(kept)))
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_member_goes_or_changes_and_the_rest_keeps_its_place() {
        let text = br#"{"b":1,"a":{"z":[{"id":7},{"id":8}],"y":"\u00e9"},"c":null}"#;
        let cases = [
            ("b", None, Some(r#"{"a":{"z":[{"id":7},{"id":8}],"y":"\u00e9"},"c":null}"#)),
            (
                "a.z.1.id",
                Some("new".into()),
                Some(r#"{"b":1,"a":{"z":[{"id":7},{"id":"new"}],"y":"\u00e9"},"c":null}"#),
            ),
            ("a.z.0", None, Some(r#"{"b":1,"a":{"z":[{"id":8}],"y":"\u00e9"},"c":null}"#)),
            ("a.x", None, None),
            ("b.x", None, None),
        ];
        for (way, value, expected) in cases {
            assert_eq!(replaced(text, way, value.as_ref()).as_deref(), expected, "{way}");
        }
        assert_eq!(replaced(b"no json", "a", None), None);
    }
}
