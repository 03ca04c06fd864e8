//! Which keys an issuer signs with and publishes, and how they follow one another.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::rotation::{Late, Naming, Rotation, Signs};
use crate::base::time::{Span, Timestamp};

/// Whose keys.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum RingName {
    /// The platform's own issuer.
    #[default]
    Platform,
    /// The identity provider of this name.
    Idp(String),
}

/// `platform`, or `idp:` and the provider's name.
impl fmt::Display for RingName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Platform => f.write_str("platform"),
            Self::Idp(name) => write!(f, "idp:{name}"),
        }
    }
}

/// What a text is not, when it should have named a ring.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a key ring; expected `platform`, or `idp:` and the name of an identity provider")]
pub struct NotARing(String);

impl FromStr for RingName {
    type Err = NotARing;

    fn from_str(text: &str) -> Result<Self, NotARing> {
        match text.strip_prefix("idp:") {
            Some(name) if !name.is_empty() => Ok(Self::Idp(name.to_owned())),
            None if text == "platform" => Ok(Self::Platform),
            _ => Err(NotARing(text.to_owned())),
        }
    }
}

impl Serialize for RingName {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RingName {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(de::Error::custom)
    }
}

/// What the keys of a ring are: `kty` of RFC 7518 section 6.1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum KeyType {
    /// 2048 bits; signs RS256.
    Rsa,
    /// On the curve P-256; signs ES256.
    Ec,
}

impl KeyType {
    /// The one that it is not.
    pub const fn other(self) -> Self {
        match self {
            Self::Rsa => Self::Ec,
            Self::Ec => Self::Rsa,
        }
    }
}

/// A `kid` that no key has.
pub const UNKNOWN_KID: &str = "emulator-unknown-key";

/// One key of a ring.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RingKey {
    /// The n-th key that this ring ever had; picks the key material.
    pub n: u32,
    /// What it is.
    pub kty: KeyType,
    /// Its `kid`, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// From then on it is neither published nor accepted; `None` while it is current.
    pub retires: Option<Timestamp>,
}

impl RingKey {
    fn lives(&self, now: Timestamp) -> bool {
        self.retires.is_none_or(|at| now < at)
    }
}

/// An old set that goes on being served.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct StaleSet {
    until: Option<Timestamp>,
    fetches: Option<u32>,
    /// How long its keys live on after its last fetch.
    overlap: Span,
    bare: RingKey,
    keys: Vec<RingKey>,
}

/// What a fetch of the public keys is answered with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Published {
    /// The one that a bare JWK shows.
    pub bare: RingKey,
    /// The whole set.
    pub keys: Vec<RingKey>,
    /// Is it an old set, served on purpose?
    pub stale: bool,
}

/// The keys of one issuer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Ring {
    current: RingKey,
    former: Vec<RingKey>,
    stale: Option<StaleSet>,
    /// What signs, when it is not the current key under its own name.
    signs: Option<RingKey>,
}

impl Ring {
    /// The number of its newest key.
    pub fn newest(&self) -> u32 {
        self.former.iter().map(|key| key.n).max().unwrap_or(0).max(self.current.n)
    }

    /// A ring with its first key.
    pub fn new(kty: KeyType, kid: String) -> Self {
        let current = RingKey { n: 0, kty, kid: Some(kid), retires: None };
        Self { current, former: Vec::new(), stale: None, signs: None }
    }

    /// The newest key.
    pub fn current(&self) -> &RingKey {
        &self.current
    }

    /// The key that signs, under the `kid` that tokens name.
    pub fn signing(&self) -> &RingKey {
        self.signs.as_ref().unwrap_or(&self.current)
    }

    /// The number that the next key will have.
    pub fn next_n(&self) -> u32 {
        self.current.n + 1
    }

    /// The keys that a token of this `kid` can be by, if the issuer still stands by them: several only where none has
    /// a `kid`.
    pub fn named(&self, kid: Option<&str>, now: Timestamp) -> Vec<RingKey> {
        self.live(now).filter(|key| key.kid.as_deref() == kid).cloned().collect()
    }

    fn live(&self, now: Timestamp) -> impl Iterator<Item = &RingKey> {
        std::iter::once(&self.current).chain(self.former.iter().filter(move |key| key.lives(now)))
    }

    fn set(&self, now: Timestamp) -> Vec<RingKey> {
        self.live(now).cloned().collect()
    }

    /// The keys to show now, without counting it as a fetch.
    pub fn published(&self, now: Timestamp) -> Published {
        match self.stale.as_ref().filter(|s| s.until.is_none_or(|at| now < at) && s.fetches != Some(0)) {
            Some(old) => Published { bare: old.bare.clone(), keys: old.keys.clone(), stale: true },
            None => Published { bare: self.current.clone(), keys: self.set(now), stale: false },
        }
    }

    /// Is one key being followed by another: are both published, or is an old set still served?
    pub fn is_rotating(&self, now: Timestamp) -> bool {
        self.former.iter().any(|key| key.lives(now)) || self.published(now).stale
    }

    /// The keys to answer a fetch with.
    pub fn fetch(&mut self, now: Timestamp) -> Published {
        let published = self.published(now);
        if let Some(stale) = self.stale.as_mut()
            && let Some(left) = stale.fetches.as_mut()
        {
            *left = left.saturating_sub(1);
            if *left == 0 {
                // with the last fetch of the old set, the time of its keys begins to run out
                let end = now.plus(stale.overlap);
                self.former.iter_mut().for_each(|key| key.retires = Some(key.retires.unwrap_or(end)));
            }
        }
        published
    }

    /// Brings in the next key. `kid` is its name, unless the rotation says otherwise.
    pub fn rotate(&mut self, kid: String, how: Rotation, now: Timestamp) {
        let before = self.published(now);
        let kid = match how.naming {
            Naming::Fresh => Some(kid),
            Naming::Same => self.current.kid.clone(),
            Naming::Absent => None,
        };
        let kty = if how.other_type { self.current.kty.other() } else { self.current.kty };
        let next = RingKey { n: self.next_n(), kty, kid, retires: None };
        self.signs = match how.signs {
            Signs::New => None,
            Signs::NewAsUnknown => Some(RingKey { kid: Some(UNKNOWN_KID.to_owned()), ..next.clone() }),
            Signs::Old => Some(self.signing().clone()),
        };
        let mut old = std::mem::replace(&mut self.current, next);
        self.former.retain(|key| key.lives(now));
        self.stale = how.late.map(|Late { lasting, fetches }| {
            let until = lasting.map(|span| now.plus(span));
            StaleSet { until, fetches, overlap: how.overlap, bare: before.bare, keys: before.keys }
        });
        old.retires = match &self.stale {
            Some(stale) => stale.until.map(|at| at.plus(how.overlap)),
            None => Some(now.plus(how.overlap)),
        };
        if old.lives(now) {
            self.former.insert(0, old);
        } else {
            self.former.clear();
        }
    }
}

#[cfg(test)]
#[path = "keyring_tests.rs"]
mod tests;
