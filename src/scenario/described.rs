//! Types as JSON Schema, for documents that are generated: what `traced` finds of a type, with the words that its source has
//! for members. Also sees whether such a document is what the code says; `UPDATE_GENERATED=1` writes it.

#![allow(clippy::disallowed_methods, reason = "a variable says whether files are written")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value, json};

use super::traced::{Turn, Wanted};

/// The folder of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Sees that a file is as generated; or writes it.
pub fn is_current(name: &str, text: &str) {
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
pub struct Docs(Vec<(String, BTreeMap<String, String>)>);

impl Docs {
    /// All of `src`.
    pub fn read() -> Self {
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
    pub fn of(&self, name: &str, fields: &[&str]) -> BTreeMap<String, String> {
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

/// What a type wants at the end of a way into it.
pub type Root = fn(&[Turn]) -> Wanted;

/// Writes schemas while it goes through types.
pub struct Writer {
    root: Root,
    docs: Docs,
    defs: BTreeMap<String, (Vec<&'static str>, Value)>,
}

impl Writer {
    /// Without any schema yet.
    pub fn new() -> Self {
        Self { root: |_| Wanted::Unknown, docs: Docs::read(), defs: BTreeMap::new() }
    }

    /// The schema of a type; its objects are among [`Self::defs`].
    pub fn schema(&mut self, root: Root) -> Value {
        self.root = root;
        self.of(&mut Vec::new())
    }

    /// All objects by their name.
    pub fn defs(self) -> Map<String, Value> {
        self.defs.into_iter().map(|(name, (_, schema))| (name, schema)).collect()
    }

    fn of(&mut self, way: &mut Vec<Turn>) -> Value {
        let inner = |writer: &mut Self, way: &mut Vec<Turn>, turn: Turn| {
            way.push(turn);
            let schema = writer.of(way);
            way.pop();
            schema
        };
        match (self.root)(way) {
            Wanted::Bool => json!({ "type": "boolean" }),
            Wanted::Integer => json!({ "type": "integer" }),
            Wanted::Number => json!({ "type": "number" }),
            Wanted::Text => json!({ "type": "string" }),
            Wanted::Unit => json!({ "const": null }),
            Wanted::Unknown => json!({}),
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
