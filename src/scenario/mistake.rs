//! What is wrong with the text of a scenario file, told to whoever wrote it.

use super::schema;
use crate::base::{
    document::{Document, Wrong},
    suggest,
};

/// What is wrong with a text that is no YAML.
pub fn of_text(text: &str, wrong: &Wrong) -> String {
    wrong.shown(text, None)
}

/// What is wrong with what is in it, and what may have been meant.
pub fn told(text: &str, document: &Document<'_>, wrong: &Wrong) -> String {
    suggest::explained(&wrong.shown(text, of_type(document, wrong).as_deref()))
}

/// A value of a wrong type: which member it is of, what was found, and what was meant.
fn of_type(document: &Document<'_>, wrong: &Wrong) -> Option<String> {
    let way = wrong.steps();
    let way: Vec<_> = way.iter().map(String::as_str).collect();
    let (meant, example) = schema::meant(&way).filter(|_| wrong.is_of_type())?;
    let place = if way.is_empty() { "the file".to_owned() } else { format!("`{}`", way.join(".")) };
    Some(format!("{place} is {}; expected {meant}, such as `{example}`", document.found(wrong)))
}
