//! Writes `scenarios/schema.json` and `scenarios/EFFECTS.md` from the code, and sees that they are what the code says.
//! `UPDATE_GENERATED=1 cargo test --lib generated` writes them.

#![allow(clippy::disallowed_methods, reason = "a variable says whether files are written")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value, json};

use super::traced::{Turn, Wanted, wanted};
use crate::{
    faults::effect::Effect,
    scenario::{file::File, step::Step},
};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Sees that a file is as generated; or writes it.
fn is_current(name: &str, text: &str) {
    let path = root().join(name);
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        fs::write(&path, text).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == text,
        "{name} is not what the code says; UPDATE_GENERATED=1 cargo test --lib generated writes it"
    );
}

/// What the code says of members: by the name of their type, then by their own, as it is written in files.
struct Docs(Vec<(String, BTreeMap<String, String>)>);

impl Docs {
    fn read() -> Self {
        let mut docs = Self(Vec::new());
        let mut files = Vec::new();
        walk(&root().join("src"), &mut files);
        files.sort();
        for file in files {
            docs.of_file(&fs::read_to_string(file).unwrap());
        }
        docs
    }

    fn of_file(&mut self, text: &str) {
        let (mut doc, mut rename) = (Vec::new(), None);
        for line in text.lines().map(str::trim) {
            if let Some(words) = line.strip_prefix("/// ") {
                doc.push(words.to_owned());
                continue;
            }
            if let Some(name) = line.split("rename = \"").nth(1).filter(|_| line.starts_with("#[serde")) {
                rename = name.split('"').next().map(str::to_owned);
            }
            if line.starts_with("#[") {
                continue;
            }
            let bare = line.trim_start_matches("pub(super) ").trim_start_matches("pub ");
            let opens = bare.strip_suffix('{').map(|rest| rest.trim().trim_start_matches("struct ").trim());
            let opens = opens.map(|name| name.split('<').next().unwrap_or(name));
            match (opens, bare.split_once(':')) {
                (Some(name), _) if is_name(name, true) => self.0.push((name.to_owned(), BTreeMap::new())),
                (_, Some((field, _))) if is_name(field, false) && !doc.is_empty() => {
                    let name = rename.take().unwrap_or_else(|| camel(field));
                    if let Some((_, members)) = self.0.last_mut() {
                        members.insert(name, doc.join(" "));
                    }
                }
                _ => {}
            }
            doc.clear();
            rename = None;
        }
    }

    /// Those of the type of this name that has these members.
    fn of(&self, name: &str, fields: &[&str]) -> BTreeMap<String, String> {
        let fits = |members: &BTreeMap<String, String>| {
            fields.iter().filter(|field| members.contains_key(**field)).count()
        };
        let named = self.0.iter().filter(|(known, _)| known == name);
        named.max_by_key(|(_, members)| fits(members)).map(|(_, members)| members.clone()).unwrap_or_default()
    }
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        match path.is_dir() {
            true => walk(&path, found),
            false => found.push(path),
        }
    }
}

fn is_name(text: &str, upper: bool) -> bool {
    text.chars().next().is_some_and(|first| first.is_uppercase() == upper && first.is_alphabetic())
        && text.chars().all(|char| char.is_alphanumeric() || char == '_')
}

fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let mut camel = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        camel += &part[..1].to_uppercase();
        camel += &part[1..];
    }
    camel
}

/// What is gone through. Steps are read with their place in the file, which hides what is behind.
#[derive(Clone, Copy)]
enum Root {
    File,
    Step,
}

/// Writes a schema while it goes through a type.
struct Writer {
    root: Root,
    docs: Docs,
    defs: BTreeMap<String, (Vec<&'static str>, Value)>,
}

impl Writer {
    fn of(&mut self, way: &mut Vec<Turn>) -> Value {
        let inner = |writer: &mut Self, way: &mut Vec<Turn>, turn: Turn| {
            way.push(turn);
            let schema = writer.of(way);
            way.pop();
            schema
        };
        let here = match self.root {
            Root::File => wanted::<File>(way),
            Root::Step => wanted::<Step>(way),
        };
        match here {
            Wanted::Bool => json!({ "type": "boolean" }),
            Wanted::Integer => json!({ "type": "integer" }),
            Wanted::Number => json!({ "type": "number" }),
            Wanted::Text => json!({ "type": "string" }),
            Wanted::Unit => json!({ "const": null }),
            Wanted::Unknown => json!({}),
            Wanted::Any(words) if words.contains("span-aware") => {
                let outer = std::mem::replace(&mut self.root, Root::Step);
                let schema = self.of(&mut Vec::new());
                self.root = outer;
                schema
            }
            Wanted::Any(words) if words.contains("any valid JSON") || words == "any value" => json!({}),
            Wanted::Any(words) => json!({ "description": format!("Expected: {words}.") }),
            Wanted::Option => inner(self, way, Turn::Inner),
            Wanted::List => json!({ "type": "array", "items": inner(self, way, Turn::Inner) }),
            Wanted::Map => json!({ "type": "object", "additionalProperties": inner(self, way, Turn::Inner) }),
            Wanted::Choice(variants) => {
                let (mut words, mut rest) = (Vec::new(), Vec::new());
                for variant in variants {
                    match inner(self, way, Turn::Variant(variant)) {
                        unit if unit == json!({ "const": null }) => words.push(*variant),
                        schema => rest.push(json!({
                            "type": "object", "properties": { (*variant): schema }, "required": [variant],
                            "additionalProperties": false,
                        })),
                    }
                }
                if !words.is_empty() {
                    rest.insert(0, json!({ "enum": words }));
                }
                if rest.len() == 1 { rest.remove(0) } else { json!({ "anyOf": rest }) }
            }
            Wanted::Object(name, fields) => self.object(way, name.trim_end_matches("Shape"), fields),
        }
    }

    fn object(&mut self, way: &mut Vec<Turn>, name: &str, fields: &'static [&'static str]) -> Value {
        let same = self.defs.iter().find(|(known, (members, _))| {
            known.trim_end_matches(|c: char| c.is_ascii_digit()) == name && members == fields
        });
        if let Some((known, _)) = same {
            return json!({ "$ref": format!("#/$defs/{known}") });
        }
        let nth = (1..).find(|nth| !self.defs.contains_key(&numbered(name, *nth))).unwrap_or(1);
        let key = numbered(name, nth);
        self.defs.insert(key.clone(), (fields.to_vec(), Value::Null));
        let docs = self.docs.of(name, fields);
        let mut properties = Map::new();
        for field in fields {
            way.push(Turn::Field(field));
            let mut schema = self.of(way);
            way.pop();
            if let (Some(doc), Value::Object(members)) = (docs.get(*field), &mut schema) {
                members.insert("description".to_owned(), doc.as_str().into());
            }
            properties.insert((*field).to_owned(), schema);
        }
        let schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
        self.defs.insert(key.clone(), (fields.to_vec(), schema));
        json!({ "$ref": format!("#/$defs/{key}") })
    }
}

fn numbered(name: &str, nth: usize) -> String {
    if nth == 1 { name.to_owned() } else { format!("{name}{nth}") }
}

#[test]
fn generated_schema_of_scenario_files() {
    let mut writer = Writer { root: Root::File, docs: Docs::read(), defs: BTreeMap::new() };
    let root = writer.of(&mut Vec::new());
    let defs: Map<String, Value> =
        writer.defs.into_iter().map(|(name, (_, schema))| (name, schema)).collect();
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A scenario of genesys-emulator",
        "$ref": root["$ref"],
        "$defs": defs,
    });
    is_current("scenarios/schema.json", &(serde_json::to_string_pretty(&schema).unwrap() + "\n"));
}

#[test]
fn generated_reference_of_effects() {
    let docs = Docs::read();
    let mut text = "# Effects of faults\n\nGenerated from `src/faults/effect/`; the README's table is shorter. Each has its smallest file in `faults/`.\n".to_owned();
    let Wanted::Object(_, names) = wanted::<Effect>(&[]) else { panic!("effects are an object") };
    let mut names = names.to_vec();
    names.sort_unstable();
    let file = |name: &str| root().join(format!("src/faults/effect/{name}.rs"));
    let (own, others): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| file(name).exists());
    for name in own {
        let source = fs::read_to_string(file(name)).unwrap();
        let head: Vec<_> = source.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim).collect();
        let head = head.join(" ");
        let told = head.split_once(": ").map_or(head.as_str(), |(_, told)| told);
        text += &format!("\n## `{name}`\n\n{}{}\n", told[..1].to_uppercase(), &told[1..]);
        let way = [Turn::Field(name), Turn::Inner];
        if let Wanted::Object(shape, fields) = wanted::<Effect>(&way)
            && !fields.is_empty()
        {
            let docs = docs.of(shape, fields);
            text += "\n| option | |\n|---|---|\n";
            for field in fields {
                text += &format!("| `{field}` | {} |\n", docs.get(*field).map_or("", String::as_str));
            }
        }
        let smallest = fs::read_to_string(root().join(format!("scenarios/faults/{name}.yaml"))).unwrap();
        let faults = smallest.split_once("\nfaults:\n").map_or("", |(_, faults)| faults);
        text += &format!("\n```yaml\nfaults:\n{}```\n", faults);
    }
    let others: Vec<_> = others.iter().map(|name| format!("`{name}`")).collect();
    text += &format!(
        "\n## Other names\n\nAs other tools name them, and read as one of the above: {}.\n",
        others.join(", ")
    );
    is_current("scenarios/EFFECTS.md", &text);
}
