//! Bounded tables: looked up by key, iterated and evicted in the order of coming.

use std::{
    borrow::Borrow,
    collections::{VecDeque, hash_map::Entry},
    hash::Hash,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[expect(clippy::disallowed_types, reason = "looked up here, iterated through `Table::order`")]
type Rows<K, V> = std::collections::HashMap<K, V>;

/// A table of at most so many rows; one more evicts the oldest.
#[derive(Clone, Debug)]
pub struct Table<K, V> {
    rows: Rows<K, V>,
    order: VecDeque<K>,
    most: usize,
}

impl<K: Clone + Eq + Hash, V> Table<K, V> {
    /// An empty table for `most` rows.
    pub fn bounded(most: usize) -> Self {
        Self { rows: Rows::new(), order: VecDeque::new(), most }
    }

    /// From now on it is for `most` rows; the oldest that are too many go.
    pub fn hold(&mut self, most: usize) {
        self.most = most;
        while self.rows.len() > most
            && let Some(oldest) = self.order.pop_front()
        {
            self.rows.remove(&oldest);
        }
    }

    /// The row of a key.
    pub fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.rows.get(key)
    }

    /// The row of a key, to change it.
    pub fn get_mut<Q: Eq + Hash + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.rows.get_mut(key)
    }

    /// Writes a row. Answers the row that had to go for it, if one had to.
    pub fn insert(&mut self, key: K, value: V) -> Option<(K, V)> {
        // A table that gets this far is likely to be filled, and then churned for ever. With room for twice its rows
        // the marks that evicted rows leave are cleaned up in place; else it would double at some later time.
        if self.rows.len() == self.most / 2 {
            self.rows.reserve(2 * self.most - self.rows.len());
        }
        match self.rows.entry(key) {
            Entry::Occupied(mut row) => {
                row.insert(value);
                return None;
            }
            Entry::Vacant(row) => {
                self.order.push_back(row.key().clone());
                row.insert(value);
            }
        }
        if self.rows.len() <= self.most {
            return None;
        }
        let oldest = self.order.pop_front()?;
        self.rows.remove_entry(&oldest)
    }

    /// The row of a key, made if there is none.
    pub fn entry(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        if !self.rows.contains_key(&key) {
            self.insert(key.clone(), make());
        }
        self.get_mut(&key).expect("a table has room for the row that was written last")
    }

    /// Takes a row out. It has to be looked for among the keys, so this is not for every request.
    pub fn remove<Q: Eq + Hash + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let row = self.rows.remove(key)?;
        if let Some(place) = self.order.iter().position(|kept| kept.borrow() == key) {
            self.order.remove(place);
        }
        Some(row)
    }

    /// Changes every row, in the order of coming.
    pub fn for_each(&mut self, mut work: impl FnMut(&K, &mut V)) {
        for key in &self.order {
            if let Some(row) = self.rows.get_mut(key) {
                work(key, row);
            }
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Keys and rows in the order of coming.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.order.iter().filter_map(|key| self.rows.get_key_value(key))
    }
}

impl<K: Serialize + Clone + Eq + Hash, V: Serialize> Serialize for Table<K, V> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(self.iter())
    }
}

/// A table without a bound, until [`Table::hold`] gives it one.
impl<'de, K: Deserialize<'de> + Clone + Eq + Hash, V: Deserialize<'de>> Deserialize<'de> for Table<K, V> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let rows = Vec::<(K, V)>::deserialize(d)?;
        let mut table = Self::bounded(usize::MAX);
        for (key, row) in rows {
            table.insert(key, row);
        }
        Ok(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_row_goes_first_and_rewriting_keeps_its_place() {
        let mut table = Table::bounded(2);
        table.insert(1, "a");
        table.insert(2, "b");
        table.insert(1, "again");
        assert_eq!(table.insert(3, "c"), Some((1, "again")));
        assert_eq!(table.iter().map(|(key, row)| (*key, *row)).collect::<Vec<_>>(), [(2, "b"), (3, "c")]);
    }

    #[test]
    fn a_row_that_was_taken_out_leaves_room_and_no_place() {
        let mut table = Table::bounded(2);
        table.insert(1, "a");
        table.insert(2, "b");
        assert_eq!((table.remove(&1), table.remove(&1)), (Some("a"), None));
        assert_eq!(table.insert(1, "again"), None);
        assert_eq!(table.insert(3, "c"), Some((2, "b")));
    }
}
