//! What a journal is to hold: how many entries of a kind, or several in an order; by when, and then nothing more for how
//! long. Scenarios (`expect`) and verification speak of it alike.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{
    matcher::Matcher,
    matching::{BadMatch, Match},
};
use crate::base::time::Span;

/// One thing that is to be so.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Expectation {
    /// What is told to people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub say: Option<String>,
    /// What entries are like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#match: Option<Match>,
    /// How many of them: a number, `none`, or `{ exactly: 1 }` `{ atLeast: 1, atMost: 3 }`. Default: at least one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<Times>,
    /// Instead of `match`: entries that come in this order, whatever comes between them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub order: Vec<Match>,
    /// Nothing else that fits any of `order` comes between, before or after.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub strict: bool,
    /// So long is waited for it. Default: not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<Span>,
    /// Nothing (more) that fits comes for so long; without `times`, `order` and `within` counted from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub never_for: Option<Span>,
    /// The time by which is waited: `wall`, the default, or `virtual`, the org's.
    #[serde(skip_serializing_if = "is_wall")]
    pub clock: Timing,
}

/// The time by which is waited.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// Real time.
    #[default]
    Wall,
    /// The org's.
    Virtual,
}

fn is_wall(timing: &Timing) -> bool {
    *timing == Timing::Wall
}

/// How many.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Times {
    /// At least.
    pub least: u64,
    /// At most.
    pub most: Option<u64>,
}

impl Default for Times {
    fn default() -> Self {
        Self { least: 1, most: None }
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.least, self.most) {
            (0, Some(0)) => f.write_str("none"),
            (least, Some(most)) if least == most => write!(f, "exactly {least}"),
            (0, Some(most)) => write!(f, "at most {most}"),
            (least, Some(most)) => write!(f, "{least} to {most}"),
            (least, None) => write!(f, "at least {least}"),
        }
    }
}

/// As it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Bounds {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exactly: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at_least: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at_most: Option<u64>,
}

impl Serialize for Times {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let exactly = self.most.filter(|most| *most == self.least);
        let open = exactly.is_none();
        let at_least = Some(self.least).filter(|least| open && *least > 0);
        Bounds { exactly, at_least, at_most: self.most.filter(|_| open) }.serialize(s)
    }
}

impl<'de> Deserialize<'de> for Times {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Times;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, `none`, or an object with `exactly`, or `atLeast` and `atMost`")
            }

            fn visit_u64<E: de::Error>(self, n: u64) -> Result<Times, E> {
                Ok(Times { least: n, most: Some(n) })
            }

            fn visit_i64<E: de::Error>(self, n: i64) -> Result<Times, E> {
                u64::try_from(n)
                    .map_err(|_| E::invalid_value(de::Unexpected::Signed(n), &self))
                    .and_then(|n| self.visit_u64(n))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Times, E> {
                match text {
                    "none" => Ok(Times { least: 0, most: Some(0) }),
                    other => Err(E::invalid_value(de::Unexpected::Str(other), &self)),
                }
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Times, A::Error> {
                let bounds = Bounds::deserialize(de::value::MapAccessDeserializer::new(map))?;
                match (bounds.exactly, bounds.at_least, bounds.at_most) {
                    (Some(n), None, None) => Ok(Times { least: n, most: Some(n) }),
                    (Some(_), _, _) => Err(de::Error::custom("`exactly` stands alone")),
                    (None, None, None) => {
                        Err(de::Error::custom("it says nothing; give `exactly`, `atLeast` or `atMost`"))
                    }
                    (None, least, Some(most)) if least.unwrap_or(0) > most => {
                        Err(de::Error::custom("`atLeast` is more than `atMost`"))
                    }
                    (None, Some(0), None) => Err(de::Error::custom("`atLeast: 0` holds always")),
                    (None, least, most) => Ok(Times { least: least.unwrap_or(0), most }),
                }
            }
        }

        d.deserialize_any(Visitor)
    }
}

impl Expectation {
    /// The matches, and what cannot be meant.
    pub fn matchers(&self) -> Result<Vec<Matcher>, BadMatch> {
        let bad = |at: &str, wrong: &str| Err(BadMatch { at: at.to_owned(), wrong: wrong.to_owned() });
        let (all, name) = match (&self.r#match, &self.order[..]) {
            (Some(_), [_, ..]) => return bad("order", "stands in the place of `match`; give one"),
            (None, []) => return bad("match", "is missing: say what entries are like, or give `order`"),
            (Some(one), []) => (std::slice::from_ref(one), "match"),
            (None, [_]) => return bad("order", "takes two or more; write one as `match`"),
            (None, several) => (several, "order"),
        };
        if all.iter().any(Match::is_empty) {
            return bad(name, "says nothing of entries: path, status, fault, rule, …");
        }
        if self.times.is_some() && name == "order" {
            return bad("times", "is of `match`; in `order` each comes once");
        }
        if self.strict && name == "match" {
            return bad("strict", "is of `order`");
        }
        if self.within.is_some() && self.times().is_some_and(|times| times.least == 0) {
            return bad(
                "within",
                "waits for what is to come, and none is enough; `neverFor` waits for what must not come",
            );
        }
        if self.never_for.or(self.within).is_none() && self.clock != Timing::Wall {
            return bad("clock", "is of `within` and `neverFor`");
        }
        let all: Result<Vec<_>, _> = all.iter().map(Matcher::new).collect();
        all.map_err(|wrong| BadMatch { at: format!("{name}.{}", wrong.at), ..wrong })
    }

    /// How many are to be, if it is about a number.
    pub fn times(&self) -> Option<Times> {
        match (self.times, self.never_for, self.within) {
            _ if !self.order.is_empty() => None,
            (None, Some(_), None) => None,
            (times, ..) => Some(times.unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn times(value: Value) -> Result<String, String> {
        serde_json::from_value::<Times>(value)
            .map(|times| times.to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn times_are_read_in_every_way_that_people_write_them() {
        for (value, told) in [
            (json!(2), "exactly 2"),
            (json!(0), "none"),
            (json!("none"), "none"),
            (json!({ "exactly": 3 }), "exactly 3"),
            (json!({ "atLeast": 2 }), "at least 2"),
            (json!({ "atMost": 2 }), "at most 2"),
            (json!({ "atLeast": 1, "atMost": 2 }), "1 to 2"),
        ] {
            assert_eq!(times(value.clone()).as_deref(), Ok(told));
            let read: Times = serde_json::from_value(value).unwrap();
            assert_eq!(serde_json::from_value::<Times>(serde_json::to_value(read).unwrap()).unwrap(), read);
        }
        for wrong in [
            json!({}),
            json!({ "atLeast": 0 }),
            json!({ "exactly": 1, "atMost": 2 }),
            json!(-1),
            json!("once"),
            json!({ "atLeast": 3, "atMost": 2 }),
            json!({ "least": 1 }),
        ] {
            assert!(times(wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_would_hold_whatever_happens_or_never_is_refused() {
        let wrong = |value: Value| {
            let read: Expectation = serde_json::from_value(value).unwrap();
            read.matchers().unwrap_err().to_string()
        };
        let told = [
            json!({}),
            json!({ "match": {} }),
            json!({ "match": { "path": "/x" }, "order": [{ "path": "/x" }] }),
            json!({ "order": [{ "path": "/x" }] }),
            json!({ "order": [{ "path": "/x" }, {}] }),
            json!({ "order": [{ "path": "/x" }, { "path": "/y" }], "times": 1 }),
            json!({ "match": { "path": "/x" }, "strict": true }),
            json!({ "match": { "path": "/x" }, "times": "none", "within": "1s" }),
            json!({ "match": { "path": "/x" }, "clock": "virtual" }),
            json!({ "match": { "path": "x" } }),
        ]
        .map(wrong);
        insta::assert_snapshot!(told.join("\n"), @r"
        `match`: is missing: say what entries are like, or give `order`
        `match`: says nothing of entries: path, status, fault, rule, …
        `order`: stands in the place of `match`; give one
        `order`: takes two or more; write one as `match`
        `order`: says nothing of entries: path, status, fault, rule, …
        `times`: is of `match`; in `order` each comes once
        `strict`: is of `order`
        `within`: waits for what is to come, and none is enough; `neverFor` waits for what must not come
        `clock`: is of `within` and `neverFor`
        `match.path`: must begin with `/`
        ");
    }
}
