//! Ways into JSON values, such as `body.entities.0.id`, with a few filters behind them, such as `body.jwt | claims.sub`.

use serde_json::Value;

use super::{
    codec::{base64, from_base64url},
    suggest,
};

/// What can stand behind `|`.
pub const FILTERS: &[(&str, &str)] = &[
    ("claims", "the claims of a JWT, unverified"),
    ("header", "the header of a JWT"),
    ("base64", "the text in base64 (RFC 4648)"),
    ("urlencoded", "the text as one value of a query"),
    ("json", "the value as JSON text"),
    ("length", "how many characters, elements or members it has"),
];

/// What an expression finds in a value: a way such as `body.entities.0.id`, and filters such as `body.jwt | claims.exp`.
pub fn find(value: &Value, expression: &str) -> Result<Option<Value>, String> {
    let mut parts = expression.split('|');
    let mut found = way(value, parts.next().unwrap_or_default().trim()).cloned();
    for part in parts {
        let (filter, rest) = part.trim().split_once('.').unwrap_or((part.trim(), ""));
        found = match found {
            Some(value) => way(&filtered(filter, &value)?, rest).cloned(),
            None => None,
        };
    }
    Ok(found)
}

/// Are the filters of an expression known?
pub fn check_filters(expression: &str) -> Result<(), String> {
    for part in expression.split('|').skip(1) {
        let filter = part.trim().split('.').next().unwrap_or_default();
        if !FILTERS.iter().any(|(name, _)| *name == filter) {
            return Err(unknown_filter(filter));
        }
    }
    Ok(())
}

/// A scalar as a person would write it; anything else as JSON.
pub fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A way into a value; the empty one is the value itself. A member whose name has dots in it is found too.
pub fn way<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    if path.is_empty() {
        return Some(value);
    }
    if let Some(found) = value.get(path) {
        return Some(found);
    }
    path.split('.').try_fold(value, |at, name| match at {
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        _ => at.get(name),
    })
}

fn filtered(filter: &str, value: &Value) -> Result<Value, String> {
    let text = plain(value);
    let part = |nth: usize| {
        let part = text.split('.').nth(nth).and_then(from_base64url);
        part.and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .ok_or_else(|| format!("`{text}` is no JWT"))
    };
    Ok(match filter {
        "claims" => part(1)?,
        "header" => part(0)?,
        "base64" => base64(text.as_bytes()).into(),
        "urlencoded" => form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().into(),
        "json" => value.to_string().into(),
        "length" => match value {
            Value::Array(items) => items.len(),
            Value::Object(members) => members.len(),
            _ => text.chars().count(),
        }
        .into(),
        unknown => return Err(unknown_filter(unknown)),
    })
}

fn unknown_filter(filter: &str) -> String {
    let names = || FILTERS.iter().map(|(name, _)| *name);
    let near = suggest::nearest(filter, names());
    let hint = near.map_or_else(
        || format!("; expected one of {}", names().collect::<Vec<_>>().join(", ")),
        |near| format!("; did you mean `{near}`?"),
    );
    format!("there is no filter `{filter}`{hint}")
}
