//! `${…}` in scripts: names that a script knows, and ways into what they hold.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::base::{
    suggest,
    way::{check_filters, find, plain},
};

/// What a script knows by name.
pub type Names = BTreeMap<String, Value>;

/// The value with every `${…}` in it replaced. A text that is nothing but one `${…}` becomes what stands there, whatever
/// its type; `$${` is a literal `${`.
pub fn fill(value: &Value, names: &Names) -> Result<Value, String> {
    Ok(match value {
        Value::String(text) => match whole(text) {
            Some(expression) => named(expression, names)?,
            None => Value::String(fill_text(text, names)?),
        },
        Value::Array(items) => {
            Value::Array(items.iter().map(|item| fill(item, names)).collect::<Result<_, _>>()?)
        }
        Value::Object(members) => {
            let filled = |(key, value): (&String, &Value)| Ok((fill_text(key, names)?, fill(value, names)?));
            Value::Object(members.iter().map(filled).collect::<Result<Map<_, _>, String>>()?)
        }
        other => other.clone(),
    })
}

/// The text with every `${…}` in it replaced.
pub fn fill_text(text: &str, names: &Names) -> Result<String, String> {
    let mut filled = String::with_capacity(text.len());
    for piece in pieces(text)? {
        match piece {
            Piece::Text(text) => filled.push_str(text),
            Piece::Expression(expression) => filled.push_str(&plain(&named(expression, names)?)),
        }
    }
    Ok(filled)
}

/// The first words of the expressions in a value: the names that it takes to fill it.
pub fn roots(value: &Value) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    collect(value, &mut found)?;
    Ok(found)
}

fn collect(value: &Value, found: &mut Vec<String>) -> Result<(), String> {
    match value {
        Value::String(text) => {
            for piece in pieces(text)? {
                if let Piece::Expression(expression) = piece {
                    check_filters(expression)?;
                    found.push(root(expression).0.to_owned());
                }
            }
            Ok(())
        }
        Value::Array(items) => items.iter().try_for_each(|item| collect(item, found)),
        Value::Object(members) => members.iter().try_for_each(|(key, value)| {
            collect(&Value::String(key.clone()), found)?;
            collect(value, found)
        }),
        _ => Ok(()),
    }
}

enum Piece<'a> {
    Text(&'a str),
    Expression(&'a str),
}

fn pieces(text: &str) -> Result<Vec<Piece<'_>>, String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        if let Some(before) = rest[..at].strip_suffix('$') {
            pieces.extend([Piece::Text(before), Piece::Text("${")]);
            rest = &rest[at + 2..];
            continue;
        }
        let end = rest[at..].find('}').ok_or_else(|| format!("`{text}` has a `${{` without `}}`"))?;
        pieces.push(Piece::Text(&rest[..at]));
        pieces.push(Piece::Expression(rest[at + 2..at + end].trim()));
        rest = &rest[at + end + 1..];
    }
    pieces.push(Piece::Text(rest));
    Ok(pieces)
}

/// The expression of a text that is nothing else.
fn whole(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("${")?.strip_suffix('}')?;
    (!inner.contains('}')).then(|| inner.trim())
}

/// The name that an expression begins with, and the rest.
fn root(expression: &str) -> (&str, &str) {
    let end = expression.find(['.', '|', ' ']).unwrap_or(expression.len());
    (&expression[..end], &expression[end..])
}

fn named(expression: &str, names: &Names) -> Result<Value, String> {
    let (name, rest) = root(expression);
    let value = names.get(name).ok_or_else(|| unknown(name, names.keys().map(String::as_str)))?;
    match find(value, rest.trim_start_matches('.'))? {
        Some(found) => Ok(found),
        None => {
            let there = value.as_object().map(|members| members.keys().map(String::as_str));
            let near = there.and_then(|there| {
                suggest::nearest(rest.trim_matches(['.', ' ']).split(['.', ' ']).next()?, there)
            });
            let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            Err(format!("`${{{expression}}}` is nothing: `{name}` has no such member{hint}"))
        }
    }
}

/// That a name is not known, and which one may have been meant.
pub fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let near = suggest::nearest(name, known);
    let hint = near.map_or_else(
        || "; names come from `capture`, `set` and the world".to_owned(),
        |near| format!("; did you mean `{near}`?"),
    );
    format!("nothing is called `{name}` here{hint}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names() -> Names {
        let jwt = "eyJraWQiOiJrLTEifQ.eyJleHAiOjd9.sig";
        [("n", json!(3)), ("name", json!("Ann")), ("list", json!([{ "id": "a.b" }])), ("jwt", json!(jwt))]
            .map(|(name, value)| (name.to_owned(), value))
            .into()
    }

    #[test]
    fn a_text_that_is_one_expression_keeps_its_type_and_any_other_is_text() {
        let filled = fill(&json!({ "${name}": ["${n}", "n=${n}s", "${list}", "$${n}"] }), &names()).unwrap();
        assert_eq!(filled, json!({ "Ann": [3, "n=3s", [{ "id": "a.b" }], "${n}"] }));
    }

    #[test]
    fn ways_and_filters_lead_into_values() {
        let text = "${list.0.id} ${jwt | claims.exp} ${jwt|header.kid} ${name | base64} ${list | length}";
        assert_eq!(fill_text(text, &names()).unwrap(), "a.b 7 k-1 QW5u 1");
        assert_eq!(find(&json!({ "a.b": 1, "a": { "b": 2 } }), "a.b").unwrap(), Some(json!(1)));
        assert_eq!(find(&json!({}), "body.jwt | claims").unwrap(), None);
    }

    #[test]
    fn what_is_not_known_is_told_with_what_may_have_been_meant() {
        let wrong = |text: &str| fill_text(text, &names()).unwrap_err();
        assert_eq!(wrong("${nam}"), "nothing is called `nam` here; did you mean `name`?");
        assert_eq!(wrong("${jwt | clams}"), "there is no filter `clams`; did you mean `claims`?");
        assert_eq!(wrong("${n"), "`${n` has a `${` without `}`");
        assert_eq!(wrong("${name.first}"), "`${name.first}` is nothing: `name` has no such member");
        assert_eq!(wrong("${name | claims}"), "`Ann` is no JWT");
        assert_eq!(roots(&json!(["${a.b} ${c | json}", { "${d}": 1 }])).unwrap(), ["a", "c", "d"]);
    }
}
