//! Rules that values fit or do not: what was expected, what came, and the difference in words. Scripts, faults, the
//! journal and verification speak this one language.

use std::{borrow::Cow, fmt};

use serde::Serialize;
use serde_json::Value;

use super::{
    suggest,
    way::{find, plain},
};

/// A difference.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Difference {
    /// Where, such as `body.code`.
    pub at: String,
    /// What was expected.
    pub expected: String,
    /// What came.
    pub seen: String,
}

impl Difference {
    /// Of nothing in particular.
    pub fn new(at: &str, expected: impl Into<String>, seen: impl Into<String>) -> Self {
        Self { at: at.to_owned(), expected: expected.into(), seen: seen.into() }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, expected, seen } = self;
        write!(f, "{at}: expected {expected}, found {seen}")
    }
}

/// Words that stand for a rule when they are the only member of an object.
pub const WORDS: &[(&str, &str)] = &[
    ("is", "exactly this, with nothing besides"),
    ("not", "anything but what fits this"),
    ("present", "`true`: it is there, whatever it is; `false`: it is not there"),
    ("contains", "a text with these words in it, or a list with an element that fits"),
    ("startsWith", "a text that begins so"),
    ("oneOf", "one of these"),
    ("atLeast", "a number that is not less"),
    ("atMost", "a number that is not more"),
    ("length", "so many characters, elements or members"),
];

/// Longer values are cut in what is told.
const LONGEST: usize = 160;

/// A value as it is told.
pub fn shown(value: Option<&Value>) -> String {
    let Some(value) = value else { return "nothing".to_owned() };
    let text = match value {
        Value::String(text) => format!("\u{201c}{text}\u{201d}"),
        other => other.to_string(),
    };
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}\u{2026}", &text[..at]),
        None => text,
    }
}

/// Where what came is not as expected. Objects may have more members than those that are expected.
pub fn differences(expected: &Value, seen: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("", expected, Some(seen), &mut found);
    found
}

/// Is it as expected? `*` is any value.
pub fn fits(expected: &Value, seen: Option<&Value>) -> bool {
    if expected == "*" {
        return seen.is_some();
    }
    let mut found = Vec::new();
    compare("", expected, seen, &mut found);
    found.is_empty()
}

/// Is one of several texts as expected, or none, if none is expected? What must not be, none of them may be.
pub fn any_fits<'a>(expected: &Value, seen: impl Iterator<Item = Cow<'a, str>>) -> bool {
    let mut seen = seen.map(|text| Value::String(text.into_owned())).peekable();
    if seen.peek().is_none() {
        return fits(expected, None);
    }
    match forbids(expected) {
        true => seen.all(|value| fits(expected, Some(&value))),
        false => seen.any(|value| fits(expected, Some(&value))),
    }
}

/// Does the rule say what must not be?
pub fn forbids(expected: &Value) -> bool {
    let rule = expected.as_object().and_then(word);
    rule.is_some_and(|(word, rule)| word == "not" || word == "present" && *rule == false)
}

/// What is wrong with a rule for a scalar: an object must be one of [`WORDS`].
pub fn check(expected: &Value) -> Result<(), String> {
    let Value::Object(members) = expected else { return Ok(()) };
    if word(members).is_some() {
        return Ok(());
    }
    let words = || WORDS.iter().map(|(word, _)| *word);
    let Some(given) = members.keys().find(|name| members.len() == 1 || !words().any(|word| word == *name))
    else {
        return Err("a rule has one word; write several as several expectations".to_owned());
    };
    let near = suggest::nearest(given, words()).map(|near| format!("; did you mean `{near}`?"));
    let known = || format!("; expected one of {}", words().collect::<Vec<_>>().join(", "));
    Err(format!("there is no rule `{given}`{}", near.unwrap_or_else(known)))
}

/// What is wrong with a rule for a value of JSON, which may be an object with any members: but one that is nearly a word, and
/// the only one, would never be there.
pub fn check_json(expected: &Value) -> Result<(), String> {
    match expected {
        Value::Object(members) => {
            // `is` and `not` are too short to be known again
            let words = || WORDS.iter().map(|(word, _)| *word).filter(|word| word.len() > 3);
            let only = members.keys().next().filter(|_| members.len() == 1);
            match only.and_then(|given| Some((given, suggest::slip(given, words())?))) {
                Some((given, meant)) => Err(format!(
                    "there is no rule `{given}`; did you mean `{meant}`? A member of that name stands behind a dot, as in \
                     `customer.{given}`"
                )),
                None => members.values().try_for_each(check_json),
            }
        }
        Value::Array(items) => items.iter().try_for_each(check_json),
        _ => Ok(()),
    }
}

/// Notes where what is at this place is not as expected.
pub fn compare(at: &str, expected: &Value, seen: Option<&Value>, found: &mut Vec<Difference>) {
    let mut differs = |what: String| found.push(Difference::new(at, what, shown(seen)));
    match expected {
        Value::Object(members) => {
            if let Some((word, rule)) = word(members) {
                if let Err(what) = holds(word, rule, seen) {
                    differs(what);
                }
                return;
            }
            let Some(object) = seen.filter(|seen| seen.is_object()) else {
                return differs("an object".to_owned());
            };
            for (key, wanted) in members {
                let place = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
                match find(object, key) {
                    Ok(inner) => compare(&place, wanted, inner.as_ref(), found),
                    Err(wrong) => found.push(Difference::new(&place, shown(Some(wanted)), wrong)),
                }
            }
        }
        Value::Array(wanted) => match seen {
            Some(Value::Array(items)) if items.len() == wanted.len() => {
                for (nth, (wanted, item)) in wanted.iter().zip(items).enumerate() {
                    let place = if at.is_empty() { nth.to_string() } else { format!("{at}.{nth}") };
                    compare(&place, wanted, Some(item), found);
                }
            }
            _ => differs(format!("a list of {}: {}", wanted.len(), shown(Some(expected)))),
        },
        scalar => {
            if !seen.is_some_and(|seen| same(scalar, seen)) {
                differs(shown(Some(scalar)));
            }
        }
    }
}

/// Scalars are the same when a person would write them the same: a header `5` is the number 5.
fn same(wanted: &Value, seen: &Value) -> bool {
    let scalar = |value: &Value| !value.is_object() && !value.is_array() && !value.is_null();
    wanted == seen || scalar(wanted) && scalar(seen) && plain(wanted) == plain(seen)
}

fn word(members: &serde_json::Map<String, Value>) -> Option<(&'static str, &Value)> {
    let (key, rule) = members.iter().next().filter(|_| members.len() == 1)?;
    WORDS.iter().find(|(word, _)| word == key).map(|(word, _)| (*word, rule))
}

/// Does the rule hold? Else what was expected, in words.
fn holds(word: &str, rule: &Value, seen: Option<&Value>) -> Result<(), String> {
    let fits = |wanted: &Value, seen: &Value| differences(wanted, seen).is_empty();
    let text = seen.map(plain);
    let number = |value: &Value| plain(value).parse::<f64>().ok();
    let (seen_number, rule_number) = (seen.and_then(number), number(rule));
    let holds = match word {
        "is" => seen == Some(rule),
        "not" => seen.is_none_or(|seen| !fits(rule, seen)),
        "present" => seen.is_some() == rule.as_bool().unwrap_or(true),
        "contains" => match seen {
            Some(Value::Array(items)) => items.iter().any(|item| fits(rule, item)),
            Some(Value::String(text)) => text.contains(&plain(rule)),
            _ => false,
        },
        "startsWith" => text.is_some_and(|text| text.starts_with(&plain(rule))),
        "oneOf" => {
            let all = rule.as_array().map(Vec::as_slice).unwrap_or_default();
            seen.is_some_and(|seen| all.iter().any(|one| fits(one, seen)))
        }
        "atLeast" => seen_number.zip(rule_number).is_some_and(|(seen, least)| seen >= least),
        "atMost" => seen_number.zip(rule_number).is_some_and(|(seen, most)| seen <= most),
        _ => {
            let length = match seen {
                Some(Value::Array(items)) => Some(items.len()),
                Some(Value::Object(members)) => Some(members.len()),
                other => other.map(|value| plain(value).chars().count()),
            };
            length.is_some_and(|length| fits(rule, &length.into()))
        }
    };
    let rule = shown(Some(rule));
    if holds {
        return Ok(());
    }
    Err(match word {
        "is" => format!("exactly {rule}"),
        "not" => format!("anything but {rule}"),
        "present" if rule == "false" => "nothing".to_owned(),
        "present" => "anything".to_owned(),
        "contains" => format!("something with {rule} in it"),
        "startsWith" => format!("something that begins with {rule}"),
        "oneOf" => format!("one of {rule}"),
        "atLeast" => format!("at least {rule}"),
        "atMost" => format!("at most {rule}"),
        _ => format!("a length of {rule}"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(expected: Value, seen: Value) -> Vec<String> {
        let told = |d: Difference| format!("{}: {} / {}", d.at, d.expected, d.seen);
        differences(&expected, &seen).into_iter().map(told).collect()
    }

    #[test]
    fn members_that_nobody_expects_do_not_matter_and_ways_lead_deeper() {
        let seen =
            json!({ "status": 429, "headers": { "retry-after": "5" }, "body": { "a": [1, { "b": 2 }] } });
        let expected = json!({ "status": 429, "headers.retry-after": 5, "body": { "a.1.b": 2 } });
        assert_eq!(told(expected, seen.clone()), [] as [String; 0]);
        let wrong = json!({ "status": 200, "body.code": "busy", "body.a": [1], "body.a.0": {} });
        assert_eq!(
            told(wrong, seen),
            [
                "body.a: a list of 1: [1] / [1,{\"b\":2}]",
                "body.a.0: an object / 1",
                "body.code: “busy” / nothing",
                "status: 200 / 429"
            ]
        );
    }

    #[test]
    fn every_word_holds_and_does_not() {
        let seen = json!({ "text": "You said: hi", "n": 5, "list": ["a", "b"], "none": null });
        for (key, good, bad) in [
            ("text", json!({ "is": "You said: hi" }), json!({ "is": "You" })),
            ("text", json!({ "not": "hi" }), json!({ "not": "You said: hi" })),
            ("text", json!({ "contains": "said" }), json!({ "contains": "done" })),
            ("text", json!({ "startsWith": "You" }), json!({ "startsWith": "hi" })),
            ("text", json!({ "length": 12 }), json!({ "length": { "atLeast": 13 } })),
            ("n", json!({ "atLeast": 5 }), json!({ "atLeast": 6 })),
            ("n", json!({ "atMost": 5 }), json!({ "atMost": 4 })),
            ("n", json!({ "oneOf": [4, 5] }), json!({ "oneOf": [4] })),
            ("list", json!({ "contains": "b" }), json!({ "contains": "c" })),
            ("list", json!({ "length": 2 }), json!({ "length": 1 })),
            ("none", json!({ "present": true }), json!({ "present": false })),
            ("gone", json!({ "present": false }), json!({ "present": true })),
        ] {
            assert_eq!(told(json!({ key: good }), seen.clone()), [] as [String; 0], "{good}");
            assert_eq!(told(json!({ key: bad }), seen.clone()).len(), 1, "{bad}");
        }
    }
}
