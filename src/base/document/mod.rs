//! What people write, as a tree: `yaml` and `json` read a text once, whatever is to come of it, and a JSON value that is there
//! already becomes one too. [`Reader`] is the one deserializer that takes types out of it: each large type is compiled
//! for it and for no other. What is wrong is a [`Wrong`], with the way to it and its place.

mod access;
mod find;
mod json;
#[cfg(test)]
mod properties;
mod reader;
mod scalar;
mod shown;
mod tag;
#[cfg(test)]
mod tests;
mod value;
mod wrong;
mod yaml;

use std::{borrow::Cow, collections::BTreeMap, fmt};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use self::scalar::Scalar;
pub use self::{json::BadJson, reader::Reader, wrong::Wrong};

/// A place in a text, from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Spot {
    /// The line.
    pub line: u64,
    /// The column, in characters.
    pub column: u64,
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} column {}", self.line, self.column)
    }
}

impl Spot {
    /// Of this many bytes into a text.
    pub fn of(text: &str, byte: usize) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Self { line: before.matches('\n').count() as u64 + 1, column: line.chars().count() as u64 + 1 }
    }
}

/// The number of a node.
type Id = u32;

/// A value, or the name of a member.
#[derive(Debug)]
struct Node<'t> {
    kind: Kind<'t>,
    /// Where it is. In YAML: line and column, from 1. In JSON: its first byte, and the one behind its last.
    place: (u32, u32),
}

/// What a node is.
#[derive(Debug)]
enum Kind<'t> {
    /// JSON's.
    Null,
    /// JSON's.
    Bool(bool),
    /// A number of JSON.
    Unsigned(u64),
    /// A negative one.
    Signed(i64),
    /// One with a fraction, or a large one.
    Float(f64),
    /// A string of JSON.
    Text(Cow<'t, str>),
    /// A scalar of YAML, which is what it is asked for; or the name of a member in JSON.
    Scalar(Scalar<'t>),
    /// Another node stands here.
    Alias(Id),
    List(Vec<Id>),
    /// Names and values; what YAML merges is behind its own.
    Map(Vec<(Id, Id)>),
}

/// What a tree was made of.
#[derive(Clone, Copy, Debug)]
enum Source<'t> {
    Yaml,
    Json(&'t str),
    Value,
}

/// A text, or a value, as a tree. The first node is the whole.
#[derive(Debug)]
pub struct Document<'t> {
    nodes: Vec<Node<'t>>,
    /// Words that YAML has given to nodes as tags, such as `!name`.
    words: BTreeMap<Id, String>,
    source: Source<'t>,
}

impl<'t> Document<'t> {
    /// Reads YAML, all of it: what it repeats by aliases and merge keys is bounded.
    ///
    /// # Errors
    /// With the place in the text.
    pub fn yaml(text: &'t str) -> Result<Self, Wrong> {
        yaml::read(text)
    }

    /// Reads JSON.
    ///
    /// # Errors
    /// In the words of `serde_json`, with line and column.
    pub fn json(text: &'t [u8]) -> Result<Self, BadJson> {
        json::read(text)
    }

    /// Takes a type out of it.
    ///
    /// # Errors
    /// With the way to what is wrong, and its place if the tree is of a text.
    pub fn read<'d, T: Deserialize<'d>>(&'d self) -> Result<T, Wrong> {
        T::deserialize(Reader::of(self, 0)).map_err(|wrong| self.placed(wrong))
    }

    fn node(&self, id: Id) -> &Node<'t> {
        // every id is that of a node that was pushed before
        &self.nodes[id as usize]
    }

    /// What stands there, whatever it is called by.
    fn meant(&self, id: Id) -> Id {
        match self.node(id).kind {
            Kind::Alias(other) => other,
            _ => id,
        }
    }
}

/// Takes a type out of a value.
///
/// # Errors
/// With the way to what is wrong.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, Wrong> {
    Document::from(value).read()
}
