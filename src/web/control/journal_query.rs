//! The words of a match as filters of a query: `path=/oauth/token`, `header.user-agent=…`, `body.customer.name=Ann`,
//! `response.body.code=…`. A rule stands behind a dot, as in `status.atLeast=400`; what is given twice means either.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{body, error::Problem};
use crate::{
    base::{codec::pairs, rules, suggest},
    journal::{matcher::Matcher, matching, matching::Match},
};

/// Words that have values by name.
const MAPS: [&str; 5] = ["header", "query", "form", "body", "response"];

/// All that a query may name, `others` first; values by name stand as their first word.
#[cfg(test)]
pub fn parameters(others: &[&'static str]) -> Vec<&'static str> {
    let words = matching::WORDS.into_iter().filter(|word| !MAPS.contains(word));
    others.iter().copied().chain(words).collect()
}

/// What is wanted of a journal.
pub struct Asked {
    /// Which entries.
    pub matcher: Matcher,
    /// What else was asked, by name.
    pub others: BTreeMap<&'static str, String>,
}

/// Reads the filters, and `others` beside them.
pub fn read(query: Option<&str>, others: &[&'static str]) -> Result<Asked, Problem> {
    let mut wanted = Map::new();
    let mut rest = BTreeMap::new();
    for (name, value) in pairs(query.unwrap_or_default()) {
        match others.iter().find(|other| **other == name) {
            Some(other) => drop(rest.insert(*other, value.into_owned())),
            None => add(&mut wanted, &name, &value, others)?,
        }
    }
    let wanted: Match = body::of_value(&Value::Object(wanted))?;
    let matcher = Matcher::new(&wanted).map_err(|bad| Problem::field(bad.at.clone(), bad.to_string()))?;
    Ok(Asked { matcher, others: rest })
}

fn add(wanted: &mut Map<String, Value>, name: &str, value: &str, others: &[&str]) -> Result<(), Problem> {
    let (first, behind) = name.split_once('.').unwrap_or((name, ""));
    if !matching::WORDS.contains(&first) {
        let near = suggest::nearest(first, matching::WORDS.into_iter().chain(others.iter().copied()));
        let near = near.map(|near| format!(", did you mean `{near}`?")).unwrap_or_default();
        return Err(Problem::field(name, format!("`{name}` is not a filter{near}")));
    }
    let (place, rule) = split(behind);
    let (way, place) = match (MAPS.contains(&first), place) {
        (false, "") => (vec![], first),
        (false, _) => {
            return Err(Problem::field(
                name,
                format!("`{behind}` is no rule; expected one of {}", known_rules()),
            ));
        }
        (true, "") => {
            let words = format!("`{first}` is of values by name; write `{first}.<name>=<value>`");
            return Err(Problem::field(name, words));
        }
        (true, place) if first == "response" => match place.split_once('.') {
            Some((part @ ("header" | "body"), place)) => (vec![first, part], place),
            _ => {
                let words = "of an answer there are `response.header.<name>` and `response.body.<way>`";
                return Err(Problem::field(name, words));
            }
        },
        (true, place) => (vec![first], place),
    };
    let mut members = wanted;
    for part in way {
        let inner = members.entry(part).or_insert_with(|| Value::Object(Map::new()));
        let Value::Object(inner) = inner else { return Ok(()) };
        members = inner;
    }
    let given = match rule {
        None => value.into(),
        Some(rule) => Value::Object(Map::from_iter([(rule.to_owned(), compared(rule, value))])),
    };
    let both = match members.remove(place) {
        None => given,
        Some(before) => either(before, given),
    };
    members.insert(place.to_owned(), both);
    Ok(())
}

/// The way to a value, and the rule behind it.
fn split(behind: &str) -> (&str, Option<&str>) {
    let is_rule = |word: &str| rules::WORDS.iter().any(|(known, _)| *known == word);
    match behind.rsplit_once('.') {
        _ if is_rule(behind) => ("", Some(behind)),
        Some((place, word)) if is_rule(word) => (place, Some(word)),
        _ => (behind, None),
    }
}

fn known_rules() -> String {
    rules::WORDS.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ")
}

/// What a rule compares with, as a query has it.
fn compared(rule: &str, value: &str) -> Value {
    match rule {
        "present" => (value != "false").into(),
        "oneOf" => value.split(',').collect::<Vec<_>>().into(),
        _ => value.into(),
    }
}

fn either(before: Value, given: Value) -> Value {
    let mut all = match before {
        Value::Object(mut members) if members.contains_key("oneOf") => {
            members.remove("oneOf").and_then(|all| all.as_array().cloned()).unwrap_or_default()
        }
        other => vec![other],
    };
    all.push(given);
    Value::Object(Map::from_iter([("oneOf".to_owned(), all.into())]))
}
