//! Whatever is written: it is read as `serde_json` reads it, from JSON, from YAML and from values; and no text is too much.

use std::{collections::BTreeMap, fmt::Write};

use proptest::prelude::*;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{Document, from_value, tests::Sample};

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,6}", "[ -~\u{e9}\u{2603}\n\t]{0,8}", "(null|yes|~|0x1|1e3|-1|<<|&a|\\*a|!t|- |: |#)"]
}

fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i32>().prop_map(|n| Value::from(f64::from(n) / 8.0)),
        text().prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(text(), inner, 0..6).prop_map(|all| all.into_iter().collect()),
        ]
    })
}

/// A value as a person would write it, in lines.
fn in_lines(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                write!(out, "\n{:indent$}-", "").unwrap();
                in_lines(item, indent + 2, out);
            }
        }
        Value::Object(members) if !members.is_empty() => {
            for (name, member) in members {
                write!(out, "\n{:indent$}{}:", "", Value::from(name.as_str())).unwrap();
                in_lines(member, indent + 2, out);
            }
        }
        scalar => write!(out, " {scalar}").unwrap(),
    }
}

/// Members of every kind that files and snapshots have.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Written {
    on: bool,
    count: u64,
    offset: i32,
    share: f64,
    name: String,
    maybe: Option<String>,
    list: Vec<Row>,
    by_name: BTreeMap<String, (u8, Kind)>,
    by_number: BTreeMap<u16, Value>,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
struct Row(i64, Option<Box<Written>>);

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Unit,
    New(String),
    Pair(u8, bool),
    Named { of: Either },
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Either {
    Number(u64),
    Text(String),
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        Just(Kind::Unit),
        text().prop_map(Kind::New),
        any::<(u8, bool)>().prop_map(|(n, is)| Kind::Pair(n, is)),
        any::<u64>().prop_map(|n| Kind::Named { of: Either::Number(n) }),
        text().prop_map(|text| Kind::Named { of: Either::Text(text) }),
    ]
}

fn written() -> impl Strategy<Value = Written> {
    let leaf = (
        any::<(bool, u64, i32, i16)>(),
        text(),
        prop::option::of(text()),
        prop::collection::btree_map(text(), (any::<u8>(), kind()), 0..4),
        prop::collection::btree_map(any::<u16>(), value(), 0..3),
    );
    let leaf = leaf.prop_map(|((on, count, offset, eighths), name, maybe, by_name, by_number)| {
        let (share, list) = (f64::from(eighths) / 8.0, Vec::new());
        Written { on, count, offset, share, name, maybe, list, by_name, by_number }
    });
    leaf.prop_recursive(3, 12, 3, |inner| {
        let rows = (any::<i64>(), prop::option::of(inner.clone().prop_map(Box::new)));
        let rows = prop::collection::vec(rows.prop_map(|(n, inner)| Row(n, inner)), 0..3);
        (inner, rows).prop_map(|(outer, list)| Written { list, ..outer })
    })
}

/// The same from all that it can be read from.
fn is_read<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(
    it: &T,
) -> Result<(), TestCaseError> {
    let json = serde_json::to_string_pretty(it).unwrap();
    let expected: T = serde_json::from_str(&json).unwrap();
    prop_assert_eq!(&Document::json(json.as_bytes()).unwrap().read::<T>().unwrap(), &expected);
    let value = serde_json::to_value(it).unwrap();
    prop_assert_eq!(&from_value::<T>(&value).unwrap(), &expected);
    let mut lines = String::new();
    in_lines(&value, 0, &mut lines);
    for yaml in [&value.to_string(), &lines] {
        let read = Document::yaml(yaml).and_then(|document| document.read::<T>());
        let read = read.map_err(|wrong| TestCaseError::fail(format!("{yaml}\n{wrong}")))?;
        prop_assert_eq!(&read, &expected, "{}", yaml);
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_value_is_read_as_serde_json_reads_it(value in value()) {
        is_read(&value)?;
    }

    #[test]
    fn any_type_is_read_as_serde_json_reads_it(written in written()) {
        is_read(&written)?;
    }

    #[test]
    fn any_json_and_what_is_nearly_json_is_judged_as_serde_json_does(
        value in value(), at in any::<prop::sample::Index>(), other in "[\\[\\]{}:,\"\\\\0-9eE.+tfn -]{0,2}", cut in 0..3_usize,
    ) {
        let mut text: Vec<char> = value.to_string().chars().collect();
        let from = at.index(text.len());
        let to = (from + cut).min(text.len());
        text.splice(from..to, other.chars());
        let text: String = text.into_iter().collect();
        let read = Document::json(text.as_bytes()).map_err(|bad| bad.to_string());
        let read = read.map(|document| document.read::<Value>().unwrap());
        let expected = serde_json::from_str::<Value>(&text).map_err(|error| error.to_string());
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn no_bytes_are_too_much_for_json(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let read = Document::json(&bytes).map(|document| document.read::<Value>().unwrap()).ok();
        prop_assert_eq!(read, serde_json::from_slice(&bytes).ok());
    }

    #[test]
    fn no_text_is_too_much_for_yaml(text in "([a-c0-9~]|: |- |\\[|\\]|\\{|\\}|, |\n|  |&a |\\*a|<<: |!!?[a-z]{0,5} |\"|'|\\||>|#|\\?|%|---|\\.\\.\\.|\t|\u{e9}){0,40}") {
        for wrong in [
            Document::yaml(&text).and_then(|document| document.read::<Value>().map(drop)).err(),
            Document::yaml(&text).and_then(|document| document.read::<Sample>().map(drop)).err(),
        ].into_iter().flatten() {
            let shown = wrong.shown(&text, None);
            prop_assert!(shown.starts_with("error: line ") && !shown.contains("line 0 ") && !shown.contains("column 0:"));
        }
    }
}
