//! What scenario files may say, as JSON Schema: for editors, and for whoever wrote something else.

use serde_json::Value;

/// The schema, as it was generated from the code.
pub const TEXT: &str = include_str!("../../scenarios/schema.json");

/// What is meant by the member at the end of a way, in words, and an example of it.
pub fn meant(way: &[&str]) -> Option<(String, String)> {
    let root: Value = serde_json::from_str(TEXT).ok()?;
    let schema = way.iter().try_fold(&root, |schema, name| member(&root, schema, name))?;
    let doc = schema["description"].as_str().unwrap_or_default();
    let example = match doc.split_once("such as `").and_then(|(_, rest)| rest.split_once('`')) {
        Some((example, _)) => example.to_owned(),
        None => example(&root, schema),
    };
    let named = way.last().filter(|name| name.parse::<usize>().is_err());
    let example = named.map_or_else(|| example.clone(), |name| format!("{name}: {example}"));
    Some((words(&root, schema), example))
}

fn resolved<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let name = schema["$ref"].as_str().and_then(|name| name.strip_prefix("#/$defs/"));
    name.map_or(schema, |name| &root["$defs"][name])
}

fn member<'a>(root: &'a Value, schema: &'a Value, name: &str) -> Option<&'a Value> {
    let schema = resolved(root, schema);
    let own = schema["properties"].get(name);
    let any = || Some(&schema["additionalProperties"]).filter(|any| any.is_object());
    let element = || schema.get("items").filter(|_| name.parse::<usize>().is_ok());
    let one_of = || schema["anyOf"].as_array()?.iter().find_map(|one| member(root, one, name));
    own.or_else(element).or_else(any).or_else(one_of)
}

fn words(root: &Value, schema: &Value) -> String {
    let schema = resolved(root, schema);
    if let Some(all) = schema["enum"].as_array() {
        let all: Vec<_> = all.iter().filter_map(Value::as_str).collect();
        return format!("one of {}", all.join(", "));
    }
    if let Some(all) = schema["anyOf"].as_array() {
        return all.iter().map(|one| words(root, one)).collect::<Vec<_>>().join(", or ");
    }
    match schema["type"].as_str() {
        Some("string") => "a text",
        Some("integer") => "a whole number",
        Some("number") => "a number",
        Some("boolean") => "true or false",
        Some("array") => "a list",
        Some("object") => "a map",
        _ => "something else",
    }
    .to_owned()
}

fn example(root: &Value, schema: &Value) -> String {
    let schema = resolved(root, schema);
    if let Some(word) = schema["enum"][0].as_str() {
        return word.to_owned();
    }
    if let Some(one) = schema["anyOf"].get(0) {
        return example(root, one);
    }
    match schema["type"].as_str() {
        Some("string") => "some words".to_owned(),
        Some("integer") => "1".to_owned(),
        Some("number") => "0.5".to_owned(),
        Some("boolean") => "true".to_owned(),
        Some("array") => format!("[ {} ]", example(root, &schema["items"])),
        Some("object") => {
            let all = schema["properties"].as_object();
            let name = all.filter(|all| !all.contains_key("name")).and_then(|all| all.keys().next());
            format!("{{ {}: \u{2026} }}", name.map_or("name", String::as_str))
        }
        _ => "\u{2026}".to_owned(),
    }
}
