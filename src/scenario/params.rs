//! Parameters of a file: a base is included with other values than its own, so that a variation is small.

use std::{borrow::Cow, collections::BTreeMap};

use serde::Deserialize;
use serde_json::Value;

use crate::base::{
    document::{Document, Spot},
    suggest,
    way::plain,
};

const OPEN: &str = "${params.";

/// Names of parameters, and their values.
pub type Params = BTreeMap<String, Value>;

/// All that is read of a file before its parameters are put in.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Head {
    params: Params,
}

/// Which parameter is not there.
#[derive(Debug)]
pub enum BadParam {
    /// One that an including file gives.
    Given(String),
    /// One that stands in the text, and where.
    InText(String),
}

/// The text with each `${params.<name>}` in it replaced, by what is given or else by the default: `"${params.n}"`, in quotes
/// and nothing else in them, by the value whatever its type; within a longer text by what a person would write.
pub fn filled(text: Cow<'static, str>, given: &Params) -> Result<Cow<'static, str>, BadParam> {
    if given.is_empty() && !text.contains(OPEN) {
        return Ok(text);
    }
    // what is no YAML at all is told when it is parsed in earnest
    let head = Document::yaml(&text).and_then(|document| document.read::<Head>());
    let Head { mut params } = head.unwrap_or_default();
    for (name, value) in given {
        if !params.contains_key(name) {
            return Err(BadParam::Given(unknown(name, &params)));
        }
        params.insert(name.clone(), value.clone());
    }
    let mut filled = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(at) = rest.find(OPEN) {
        let (before, behind) = (&rest[..at], &rest[at + OPEN.len()..]);
        let spot = || Spot::of(&text, text.len() - rest.len() + at);
        let here = |wrong: String| BadParam::InText(format!("{}: {wrong}", spot()));
        let closed = behind.split_once('}').ok_or_else(|| here("a `${params.` has no `}`".to_owned()));
        let (name, after) = closed?;
        let value = params.get(name.trim()).ok_or_else(|| here(unknown(name.trim(), &params)))?;
        match (before.strip_suffix('"'), after.strip_prefix('"')) {
            // in quotes of its own it keeps its type
            (Some(before), Some(after)) => {
                filled.push_str(before);
                filled.push_str(&value.to_string());
                rest = after;
            }
            _ => {
                filled.push_str(before);
                filled.push_str(&plain(value));
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    Ok(Cow::Owned(filled))
}

fn unknown(name: &str, params: &Params) -> String {
    let near = suggest::nearest(name, params.keys().map(String::as_str));
    let hint = near.map_or_else(
        || "; the file's own are under `params`".to_owned(),
        |near| format!("; did you mean `{near}`?"),
    );
    format!("there is no parameter `{name}`{hint}")
}
