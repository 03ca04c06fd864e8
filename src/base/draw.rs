//! Every value that looks random: a hash of seed, org, cause, label and index.
//!
//! There is no shared stream, so an extra draw shifts nothing, and what one org does never changes another's bytes.

use std::fmt;

use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

/// What made something happen: the n-th visit of an org, the k-th frame of a visit's socket, the n-th call of the
/// admin API that speaks by hand, or a timer that one of them armed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Cause {
    visit: u64,
    frame: u32,
    timers: u64,
}

impl Cause {
    /// The n-th visit of its org.
    pub const fn visit(n: u64) -> Self {
        Self { visit: n, frame: 0, timers: 0 }
    }

    /// The n-th call that does by hand what an agent or a bot does, from one. It has no number of a visit, so such calls
    /// shift none.
    pub const fn by_hand(n: u32) -> Self {
        Self { visit: 0, frame: n, timers: 0 }
    }

    /// The k-th frame of this visit's socket.
    pub const fn frame(self, k: u32) -> Self {
        Self { visit: self.visit, frame: k, timers: 0 }
    }

    /// The nth timer that this cause armed.
    pub const fn timer(self, nth: u32) -> Self {
        Self { timers: self.timers.wrapping_mul(1_000_003).wrapping_add(nth as u64 + 1), ..self }
    }

    /// All that it is made of.
    pub const fn parts(self) -> (u64, u32, u64) {
        (self.visit, self.frame, self.timers)
    }

    /// The cause that is made of this.
    pub const fn of_parts((visit, frame, timers): (u64, u32, u64)) -> Self {
        Self { visit, frame, timers }
    }

    /// The number of the visit it goes back to.
    pub const fn visit_number(self) -> u64 {
        self.visit
    }
}

/// `7` for a visit, `7.3` for a frame of its socket.
impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.visit)?;
        if self.frame > 0 {
            write!(f, ".{}", self.frame)?;
        }
        Ok(())
    }
}

impl Serialize for Cause {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

/// Seed and org as one: where an org's draws come from.
#[derive(Clone)]
pub struct DrawKey(Sha256);

impl DrawKey {
    /// The key of an org. Equal seeds and names give equal draws.
    pub fn new(seed: u64, org: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(seed.to_le_bytes());
        part(&mut hash, org.as_bytes());
        Self(hash)
    }

    /// The draw of this cause, label and index.
    pub fn draw(&self, cause: Cause, label: &str, index: u64) -> Draw {
        let mut hash = self.0.clone();
        let mut numbers = [0; 28];
        numbers[..8].copy_from_slice(&cause.visit.to_le_bytes());
        numbers[8..12].copy_from_slice(&cause.frame.to_le_bytes());
        numbers[12..20].copy_from_slice(&cause.timers.to_le_bytes());
        numbers[20..].copy_from_slice(&index.to_le_bytes());
        hash.update(numbers);
        part(&mut hash, label.as_bytes());
        Draw(hash.finalize().into())
    }

    /// A draw that hangs on names only, such as a fault's.
    pub fn named(&self, names: &[&str], index: u64) -> Draw {
        let mut hash = self.0.clone();
        hash.update(index.to_le_bytes());
        for name in names {
            part(&mut hash, name.as_bytes());
        }
        Draw(hash.finalize().into())
    }
}

/// Length before content, so that no two lists of parts hash alike.
fn part(hash: &mut Sha256, bytes: &[u8]) {
    hash.update((bytes.len() as u64).to_le_bytes());
    hash.update(bytes);
}

/// Thirty-two bytes and the forms that people need them in.
#[derive(Clone, Copy)]
pub struct Draw([u8; 32]);

impl Draw {
    /// All of it.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A version 4 UUID in its usual spelling.
    pub fn uuid(&self) -> String {
        let mut b = [0; 16];
        b.copy_from_slice(&self.0[..16]);
        b[6] = b[6] & 0x0f | 0x40;
        b[8] = b[8] & 0x3f | 0x80;
        let mut text = [b'-'; 36];
        let mut at = 0;
        for (nth, byte) in b.into_iter().enumerate() {
            if let 4 | 6 | 8 | 10 = nth {
                at += 1;
            }
            text[at..at + 2].copy_from_slice(&super::codec::hex_digits(byte));
            at += 2;
        }
        str::from_utf8(&text).expect("digits are ASCII").to_owned()
    }

    /// Thirty-two hexadecimal digits: how the platform spells message ids.
    pub fn hex32(&self) -> String {
        super::codec::hex(&self.0[..16])
    }

    /// A fraction in 0..1.
    pub fn unit(&self) -> f64 {
        (self.integer() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// The first eight bytes as a number.
    pub fn integer(&self) -> u64 {
        let mut b = [0; 8];
        b.copy_from_slice(&self.0[..8]);
        u64::from_le_bytes(b)
    }
}

/// Mints ids for one cause: each call another one.
pub struct Mint<'a> {
    key: &'a DrawKey,
    cause: Cause,
    minted: u64,
}

impl<'a> Mint<'a> {
    /// For what this cause does.
    pub fn new(key: &'a DrawKey, cause: Cause) -> Self {
        Self { key, cause, minted: 0 }
    }

    /// The next draw.
    pub fn next(&mut self, label: &str) -> Draw {
        self.minted += 1;
        self.key.draw(self.cause, label, self.minted)
    }

    /// The next UUID.
    pub fn uuid(&mut self, label: &str) -> String {
        self.next(label).uuid()
    }

    /// The next message id.
    pub fn hex32(&mut self, label: &str) -> String {
        self.next(label).hex32()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_hangs_on_every_part_of_its_name() {
        let key = DrawKey::new(1, "a");
        let one = key.draw(Cause::visit(1), "id", 0).uuid();
        assert_eq!(one, DrawKey::new(1, "a").draw(Cause::visit(1), "id", 0).uuid());
        for other in [
            DrawKey::new(2, "a").draw(Cause::visit(1), "id", 0),
            DrawKey::new(1, "b").draw(Cause::visit(1), "id", 0),
            key.draw(Cause::visit(2), "id", 0),
            key.draw(Cause::visit(1).frame(1), "id", 0),
            key.draw(Cause::visit(1).timer(0), "id", 0),
            key.draw(Cause::visit(1), "other", 0),
            key.draw(Cause::visit(1), "id", 1),
        ] {
            assert_ne!(one, other.uuid());
        }
        assert_eq!(&one[14..15], "4");
        assert!((0.0..1.0).contains(&key.named(&["f"], 1).unit()));
    }
}
