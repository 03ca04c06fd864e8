//! Every answer of the admin API is as its description says, without a member that is not described.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, Mutex},
};

use jsonschema::Validator;
use serde_json::{Value, json};

use super::Answer;

/// The description; objects of it have no other members than those that are named.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let text = include_str!("../../../src/web/control/openapi/openapi.json");
    let mut document = serde_json::from_str(text).unwrap();
    close(&mut document);
    document
});

static VALIDATORS: Mutex<BTreeMap<String, Arc<Validator>>> = Mutex::new(BTreeMap::new());

fn close(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.values_mut().for_each(close);
            let is_object = members.get("properties").is_some_and(Value::is_object);
            if is_object && !members.contains_key("additionalProperties") {
                members.insert("additionalProperties".to_owned(), false.into());
            }
        }
        Value::Array(all) => all.iter_mut().for_each(close),
        _ => {}
    }
}

/// The described path that this one is of: the one with the most segments that are no parameters.
pub fn template(path: &str) -> Option<&'static str> {
    let path = path.split('?').next().unwrap_or_default();
    let fits = |template: &str| {
        let (mut one, mut other) = (template.split('/'), path.split('/'));
        loop {
            match (one.next(), other.next()) {
                (None, None) => return true,
                (Some(part), Some(given)) if part == given || part.starts_with('{') && !given.is_empty() => {}
                _ => return false,
            }
        }
    };
    let all = DOCUMENT["paths"].as_object().unwrap().keys();
    all.filter(|template| fits(template))
        .min_by_key(|template| template.matches('{').count())
        .map(String::as_str)
}

/// Methods and paths, without those that name an org.
pub fn operations() -> Vec<(String, &'static str)> {
    let paths = DOCUMENT["paths"].as_object().unwrap().iter();
    let mut all: Vec<_> = paths
        .filter(|(path, _)| !path.starts_with("/__admin/orgs/{org}/"))
        .flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(move |method| (method.to_uppercase(), path.as_str()))
        })
        .collect();
    all.sort();
    all
}

fn validator(pointer: &str, schema: &Value) -> Arc<Validator> {
    let mut known = VALIDATORS.lock().unwrap();
    let made = known.entry(pointer.to_owned()).or_insert_with(|| {
        let whole = json!({ "allOf": [schema], "components": DOCUMENT["components"] });
        Arc::new(jsonschema::validator_for(&whole).unwrap())
    });
    Arc::clone(made)
}

/// Is this answer one that is described? `path` is below `/__admin`.
pub fn check(method: &str, path: &str, answer: &Answer) {
    let operation = template(&format!("/__admin{path}")).and_then(|template| {
        let operation = &DOCUMENT["paths"][template][method.to_ascii_lowercase()];
        operation.is_object().then_some((template, operation))
    });
    let Some((template, operation)) = operation else {
        assert!(
            [200, 404, 405].contains(&answer.status),
            "{method} {path} is not described: {}",
            answer.text
        );
        return;
    };
    let context = || format!("{method} {template} {}: {}", answer.status, answer.text);
    let responses = &operation["responses"];
    let status = answer.status.to_string();
    let described =
        responses.get(&status).or_else(|| responses.get("default").filter(|_| answer.status >= 400));
    let described = described.unwrap_or_else(|| panic!("the status is not described: {}", context()));
    let described = match described["$ref"].as_str() {
        Some(reference) => DOCUMENT.pointer(reference.trim_start_matches('#')).unwrap(),
        None => described,
    };
    let Some(content) = described["content"].as_object() else {
        assert_eq!(answer.text, "", "no body is described: {}", context());
        return;
    };
    // parameters of a type are not described
    let content_type = answer.header("content-type").split(';').next().unwrap_or_default();
    let of_type = content.get(content_type);
    let schema =
        &of_type.unwrap_or_else(|| panic!("the content type is not described: {}", context()))["schema"];
    if content_type.starts_with("text/") || answer.bytes.len() > 1 << 20 {
        return;
    }
    let pointer = format!("{method} {template} {status}");
    let body = answer.json();
    let wrong: Vec<_> = validator(&pointer, schema)
        .iter_errors(&body)
        .map(|error| format!("{} at {}", error, error.instance_path()))
        .collect();
    assert!(wrong.is_empty(), "{}: {}", wrong.join("; "), context());
}
