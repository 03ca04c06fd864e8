//! The blocks of a guest's message, where a deployment is strict about them.

use std::collections::{BTreeMap, btree_map::Entry};

/// What is wrong with the ids of the blocks, where each must have one of its own.
pub(super) fn wrong(ids: &[Option<String>]) -> Option<String> {
    let mut known = BTreeMap::new();
    for (nth, id) in ids.iter().enumerate() {
        let Some(id) = id else {
            return Some(format!("message.content[{nth}] has no id"));
        };
        match known.entry(id) {
            Entry::Occupied(first) => {
                return Some(format!(
                    "message.content[{nth}] has the same id as message.content[{}]",
                    first.get()
                ));
            }
            Entry::Vacant(free) => free.insert(nth),
        };
    }
    None
}
