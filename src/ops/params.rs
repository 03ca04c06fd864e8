//! The parameters of a query or form, as RFC 6749 sections 3.1 and 3.2 read them.

use std::collections::{BTreeMap, btree_map::Entry};

use crate::base::codec::pairs;

/// The longest query or form that is read, in bytes: some of it is remembered.
pub const LONGEST: usize = 8 * 1024;

/// Parameters by name. An empty value is none.
#[derive(Clone, Debug, Default)]
pub struct Params {
    values: BTreeMap<String, String>,
    repeated: Option<String>,
    too_long: bool,
}

impl Params {
    /// Of a query or form.
    pub fn parse(encoded: &str) -> Self {
        let mut params = Self { too_long: encoded.len() > LONGEST, ..Self::default() };
        for (name, value) in pairs(encoded).filter(|(_, value)| !value.is_empty()) {
            match params.values.entry(name.into_owned()) {
                Entry::Occupied(row) => {
                    params.repeated.get_or_insert_with(|| row.key().clone());
                }
                Entry::Vacant(row) => {
                    row.insert(value.into_owned());
                }
            }
        }
        params
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Is it longer than anybody means?
    pub fn is_too_long(&self) -> bool {
        self.too_long
    }

    /// A name that came more than once, which none may.
    pub fn repeated(&self) -> Option<&str> {
        self.repeated.as_deref()
    }
}
