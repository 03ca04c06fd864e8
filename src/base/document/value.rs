//! JSON values as trees.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::Value;

use super::{Document, Id, Kind, Node, Source, scalar::Scalar, tag::Tag};

impl<'t> From<&'t Value> for Document<'t> {
    fn from(value: &'t Value) -> Self {
        let mut document = Self { nodes: Vec::new(), words: BTreeMap::new(), source: Source::Value };
        document.take(value);
        document
    }
}

impl<'t> Document<'t> {
    /// Adds a node, which has no place.
    fn add(&mut self, kind: Kind<'t>) -> Id {
        // more than four thousand million values do not fit into memory
        let id = Id::try_from(self.nodes.len()).unwrap_or(Id::MAX);
        self.nodes.push(Node { kind, place: (0, 0) });
        id
    }

    fn take(&mut self, value: &'t Value) -> Id {
        match value {
            Value::Null => self.add(Kind::Null),
            Value::Bool(is) => self.add(Kind::Bool(*is)),
            Value::Number(number) => self.add(match (number.as_u64(), number.as_i64()) {
                (Some(n), _) => Kind::Unsigned(n),
                (None, Some(n)) => Kind::Signed(n),
                (None, None) => Kind::Float(number.as_f64().unwrap_or(f64::NAN)),
            }),
            Value::String(text) => self.add(Kind::Text(Cow::Borrowed(text))),
            Value::Array(items) => {
                let id = self.add(Kind::Null);
                let all = items.iter().map(|item| self.take(item)).collect();
                self.nodes[id as usize].kind = Kind::List(all);
                id
            }
            Value::Object(members) => {
                let id = self.add(Kind::Null);
                let all =
                    members.iter().map(|(name, value)| (self.add(named(name.into())), self.take(value)));
                let all = all.collect();
                self.nodes[id as usize].kind = Kind::Map(all);
                id
            }
        }
    }
}

/// The name of a member in JSON: a text, or a number if one is asked for.
pub(super) fn named(text: Cow<'_, str>) -> Kind<'_> {
    Kind::Scalar(Scalar { text, plain: false, tag: Tag::None })
}
