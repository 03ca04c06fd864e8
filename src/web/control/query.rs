//! Queries of the control plane, with errors that name the parameter.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

use super::{body, error::Problem};
use crate::base::{codec::pairs, suggest};

/// Entries in one answer, unless the caller says how many.
pub const USUAL_LIMIT: usize = 100;
/// Entries in one answer at the most.
pub const MOST: usize = 1_000;

/// A name and its value.
type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Names and values, in order; a name that is not known is an error.
pub fn parameters<'a>(query: Option<&'a str>, known: &[&str]) -> Result<Vec<Pair<'a>>, Problem> {
    let given: Vec<_> = pairs(query.unwrap_or_default()).collect();
    match given.iter().find(|(name, _)| !known.contains(&name.as_ref())) {
        None => Ok(given),
        Some((name, _)) => {
            let near = suggest::nearest(name, known.iter().copied());
            let near = near.map(|near| format!(", did you mean `{near}`?")).unwrap_or_default();
            Err(Problem::field(name.as_ref(), format!("`{name}` is not a filter{near}")))
        }
    }
}

/// As members of something; those of `numbers` are numbers.
pub fn read<T: DeserializeOwned>(
    query: Option<&str>,
    known: &[&str],
    numbers: &[&str],
) -> Result<T, Problem> {
    let mut members = serde_json::Map::new();
    for (name, value) in parameters(query, known)? {
        let member = match numbers.contains(&name.as_ref()) {
            true => value
                .parse::<u64>()
                .map_err(|_| Problem::field(name.as_ref(), format!("`{value}` is not a number")))?
                .into(),
            false => value.as_ref().into(),
        };
        members.insert(name.into_owned(), member);
    }
    body::of_value(&serde_json::Value::Object(members))
}
