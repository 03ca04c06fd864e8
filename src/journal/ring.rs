//! Bytes in the order of coming. The oldest go first, and their room is written to again.

use std::collections::VecDeque;

/// Unused bytes that a ring may always keep.
const SLACK: usize = 64 << 10;

/// A ring of bytes, not much larger than what is in it.
#[derive(Debug, Default)]
pub(super) struct Ring {
    bytes: VecDeque<u8>,
    /// How many have gone.
    gone: u64,
}

impl Ring {
    /// Adds bytes. Answers where they are.
    pub fn push(&mut self, bytes: &[u8]) -> u64 {
        let at = self.gone + self.bytes.len() as u64;
        if self.bytes.capacity() - self.bytes.len() < bytes.len() {
            // doubling would hold twice of what is counted
            self.bytes.reserve_exact(bytes.len() + self.bytes.len() / 8);
        }
        self.bytes.extend(bytes);
        at
    }

    /// Forgets the oldest bytes.
    pub fn pop(&mut self, count: usize) {
        self.bytes.drain(..count);
        self.gone += count as u64;
        let left = self.bytes.len();
        if self.bytes.capacity() - left > SLACK + left / 4 {
            self.bytes.shrink_to(left + left / 8);
        }
    }

    /// The bytes at a place, as far as they are still there.
    pub fn get(&self, at: u64, count: usize) -> Vec<u8> {
        let start = at.checked_sub(self.gone).and_then(|start| usize::try_from(start).ok());
        let start = start.unwrap_or(usize::MAX).min(self.bytes.len());
        let end = start.saturating_add(count).min(self.bytes.len());
        let (front, back) = self.bytes.as_slices();
        let split = front.len();
        let mut bytes = Vec::with_capacity(end - start);
        bytes.extend_from_slice(&front[start.min(split)..end.min(split)]);
        bytes.extend_from_slice(&back[start.max(split) - split..end.max(split) - split]);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_stay_where_they_were_put_until_they_go() {
        let mut ring = Ring::default();
        let mut places = VecDeque::new();
        for n in 0..200_u8 {
            places.push_back((n, ring.push(&[n; 1_000])));
            if places.len() > 7 {
                ring.pop(1_000);
                places.pop_front();
            }
            for (n, at) in &places {
                assert_eq!(ring.get(*at, 1_000), [*n; 1_000]);
            }
        }
        assert!(ring.get(0, 1_000).is_empty());
        assert_eq!(ring.get(places[6].1, 5_000).len(), 1_000);
    }

    #[test]
    fn a_ring_gives_back_what_it_does_not_need() {
        let mut ring = Ring::default();
        for _ in 0..1_000 {
            ring.push(&[0; 1_000]);
        }
        assert!(ring.bytes.capacity() <= 1_130_000);
        ring.pop(900_000);
        assert!(ring.bytes.capacity() <= 112_500 + SLACK);
    }
}
