//! The blocks of `message.content`, which is otherwise kept as it came.

use std::collections::BTreeSet;

use serde_json::{Map, Value, value::RawValue};

use crate::base::codec::json_wrong;

type Block = Map<String, Value>;

/// What is looked for in them.
#[derive(Debug, Default)]
pub struct Blocks {
    /// The id of each: its own, or that of what it shows.
    pub ids: Vec<Option<String>>,
    /// The ids of the files that they show, each once.
    pub files: Vec<String>,
    /// The label of the first one that answers a button.
    pub button: Option<String>,
    /// The payloads of all that answer one.
    pub payloads: Vec<String>,
}

impl Blocks {
    /// Reads them; `also` are files that small clients name beside. Answers what is wrong with content that no client
    /// could show: only a list of objects is content, and no deeper than JSON is read everywhere. Files stand alone:
    /// beside them there may be text, but no other content.
    pub fn read(content: Option<&RawValue>, also: Vec<String>) -> Result<Self, String> {
        let blocks: Vec<Block> = match content {
            None => Vec::new(),
            Some(raw) => serde_json::from_str(raw.get())
                .map_err(|error| format!("message.content cannot be read: {}", json_wrong(&error)))?,
        };
        let mut read = Self { ids: blocks.iter().map(id).collect(), ..Self::default() };
        for (nth, block) in blocks.iter().enumerate() {
            if let Some(button) = shown(block, "buttonResponse") {
                let Value::Object(button) = button else {
                    return Err(format!("message.content[{nth}].buttonResponse is not an object"));
                };
                let payload = button.get("payload").and_then(Value::as_str);
                read.payloads.extend(payload.map(str::to_owned));
                let label = || button.get("text").and_then(Value::as_str).unwrap_or_default().to_owned();
                read.button.get_or_insert_with(label);
            }
            if is_file(block) {
                let id = shown(block, "attachment").and_then(|file| file.get("id")?.as_str());
                read.files.push(id.ok_or("content of type Attachment has no attachment.id")?.to_owned());
            }
        }
        read.files.extend(also);
        if !read.files.is_empty() && !blocks.iter().all(is_file) {
            return Err("content of type Attachment cannot be mixed with content of other types".to_owned());
        }
        let mut seen = BTreeSet::new();
        read.files.retain(|id| seen.insert(id.clone()));
        Ok(read)
    }
}

fn shown<'a>(block: &'a Block, what: &str) -> Option<&'a Value> {
    block.get(what).filter(|value| !value.is_null())
}

fn is_file(block: &Block) -> bool {
    shown(block, "attachment").is_some() || block.get("contentType").is_some_and(|kind| kind == "Attachment")
}

fn id(block: &Block) -> Option<String> {
    let text = |id: &Value| id.as_str().filter(|id| !id.is_empty()).map(str::to_owned);
    let inner = |shown: &Value| shown.get("id").and_then(text);
    block.get("id").and_then(text).or_else(|| block.values().find_map(inner))
}
