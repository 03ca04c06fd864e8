//! Writes the document, and sees that it is current, whole and sound.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    DOCUMENT, answers,
    operations::{self, About, Answered, Operation, Sent},
};
use crate::{
    scenario::described::{Writer, is_current},
    web::{control, routes::of_router},
};

/// Filters that are numbers, and those that may be given several times.
const NUMBERS: [&str; 1] = ["limit"];
const REPEATED: [&str; 1] = ["type"];

fn parameters(path: &str, filters: &[&str]) -> Vec<Value> {
    let of_path = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let of_path = of_path
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }));
    let of_query = filters.iter().map(|name| {
        let schema = match *name {
            name if NUMBERS.contains(&name) => json!({ "type": "integer" }),
            name if REPEATED.contains(&name) => json!({ "type": "array", "items": { "type": "string" } }),
            "follow" => json!({ "type": "boolean" }),
            _ => json!({ "type": "string" }),
        };
        json!({ "name": name, "in": "query", "required": false, "schema": schema })
    });
    of_path.chain(of_query).collect()
}

fn written(operation: &Operation, path: &str, id: &str) -> Value {
    let content = match &operation.answered {
        Answered::Empty => None,
        Answered::Json(name) => {
            let schema = json!({ "$ref": format!("#/$defs/{name}") });
            Some(json!({ "application/json": { "schema": schema } }))
        }
        Answered::Text(kind) => Some(json!({ *kind: { "schema": { "type": "string" } } })),
        Answered::Events => Some(json!({ "text/event-stream": { "schema": { "type": "string" } } })),
    };
    let mut fine = json!({ "description": operation.summary });
    if let Some(content) = content {
        fine["content"] = content;
    }
    let mut responses = Map::new();
    responses.insert(operation.status.to_string(), fine);
    responses.insert("default".to_owned(), json!({ "$ref": "#/components/responses/Problem" }));
    if operation.path == "/ready" {
        let status = json!({ "schema": { "$ref": "#/$defs/Status" } });
        let stopping =
            json!({ "description": "It is about to stop", "content": { "application/json": status } });
        responses.insert("503".to_owned(), stopping);
    }
    if operation.path == "/verify" {
        let report = json!({ "schema": { "$ref": "#/$defs/NotHeld" } });
        let failed = json!({
            "description": "Something did not happen as it was to",
            "content": { "application/problem+json": report },
        });
        responses.insert("409".to_owned(), failed);
    }
    let tag = path.trim_start_matches("/orgs/{org}").split('/').nth(1).unwrap_or("orgs");
    let mut written = json!({
        "operationId": id,
        "summary": operation.summary,
        "tags": [tag],
        "responses": responses,
    });
    let parameters = parameters(path, &operation.filters);
    if !parameters.is_empty() {
        written["parameters"] = parameters.into();
    }
    match &operation.sent {
        None => {}
        Some(Sent::Json(schema)) => {
            written["requestBody"] = json!({ "content": { "application/json": { "schema": schema } } });
        }
        Some(Sent::Yaml) => {
            let name = json!({ "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } } });
            let yaml = json!({ "schema": { "type": "string" } });
            let content = json!({ "application/json": { "schema": name }, "application/yaml": yaml });
            written["requestBody"] = json!({ "required": true, "content": content });
        }
    }
    written
}

/// The document. Nothing in it is of a certain emulator.
fn document() -> Value {
    let mut writer = Writer::new();
    let operations = operations::all(&mut writer);
    let mut paths: Map<String, Value> = Map::new();
    let mut add = |operation: &Operation, path: &str, id: &str| {
        let methods = paths.entry(format!("/__admin{path}")).or_insert_with(|| json!({}));
        methods[operation.method] = written(operation, path, id);
    };
    for operation in &operations {
        add(operation, operation.path, operation.id);
        if operation.about == About::Org {
            let path = format!("/orgs/{{org}}{}", operation.path);
            add(operation, &path, &format!("{}OfOrg", operation.id));
        }
    }
    let mut schemas = writer.defs();
    let mut shown = schemas["Fault"].clone();
    shown["required"] = json!(["id", "when", "matched", "fired"]);
    for counter in ["matched", "fired"] {
        shown["properties"][counter] = json!({ "type": "integer", "minimum": 0 });
    }
    shown["properties"]["finished"] = json!({ "type": "boolean" });
    schemas.insert("ShownFault".to_owned(), shown);
    for (name, schema) in answers::all() {
        let before = schemas.insert(name.to_owned(), schema);
        assert!(before.is_none(), "two schemas are called {name}");
    }
    let problem = json!({ "schema": { "$ref": "#/$defs/Problem" } });
    let problem = json!({
        "description": "What is wrong (RFC 9457)",
        "content": { "application/problem+json": problem },
    });
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "genesys-emulator admin API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What tests do to an emulator beside its emulated surfaces. Paths without an org are about the default org.",
            "license": { "name": "MIT", "identifier": "MIT" },
        },
        "servers": [{ "url": "http://127.0.0.1:4363" }],
        "security": [{}, { "adminToken": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "adminToken": { "type": "http", "scheme": "bearer" } },
            "responses": { "Problem": problem },
            "schemas": schemas,
        },
    });
    let text = document.to_string().replace("#/$defs/", "#/components/schemas/");
    serde_json::from_str(&text).unwrap()
}

#[test]
fn generated_description_of_the_admin_api() {
    // it is part of the program, so it is no longer than it must be to be read
    let mut text = Vec::new();
    let narrow = serde_json::ser::PrettyFormatter::with_indent(b"");
    document().serialize(&mut serde_json::Serializer::with_formatter(&mut text, narrow)).unwrap();
    text.push(b'\n');
    is_current("src/web/control/openapi/openapi.json", &String::from_utf8(text).unwrap());
}

fn committed() -> Value {
    serde_json::from_str(DOCUMENT).unwrap()
}

/// All operations of the document: path, method, and what is said of it.
fn each(document: &Value) -> impl Iterator<Item = (&String, &String, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, methods)| {
        methods.as_object().unwrap().iter().map(move |(method, operation)| (path, method, operation))
    })
}

#[test]
fn every_route_has_an_operation_and_every_operation_a_route() {
    let document = committed();
    let described: BTreeSet<_> =
        each(&document).map(|(path, method, _)| (path.clone(), method.to_uppercase())).collect();
    let routes = of_router(&control::router());
    let served: BTreeSet<_> = routes
        .iter()
        .flat_map(|(path, methods)| methods.split(' ').map(|method| (path.clone(), method.to_owned())))
        .collect();
    assert_eq!(described, served);
}

fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str));
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(all) => all.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn ids_are_unique_references_lead_somewhere_and_every_path_parameter_is_declared() {
    let document = committed();
    let mut ids = BTreeSet::new();
    for (path, method, operation) in each(&document) {
        assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{method} {path}");
        let declared = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        let declared: BTreeSet<_> = declared
            .iter()
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| format!("{{{}}}", parameter["name"].as_str().unwrap()))
            .collect();
        let wanted: BTreeSet<_> =
            path.split('/').filter(|part| part.starts_with('{')).map(str::to_owned).collect();
        assert_eq!(declared, wanted, "{method} {path}");
        let fine = operation["responses"].as_object().unwrap();
        assert!(fine.keys().any(|status| status.starts_with('2')) && fine.contains_key("default"), "{path}");
    }
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    for reference in &found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some_and(Value::is_object), "{reference}");
    }
    let unused: Vec<_> = document["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
        .filter(|name| !found.contains(format!("#/components/schemas/{name}").as_str()))
        .collect();
    assert_eq!(unused, [] as [&str; 0]);
}
