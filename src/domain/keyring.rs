//! Which keys an issuer signs with and publishes, and how they follow one another.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

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
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum KeyType {
    /// 2048 bits; signs RS256.
    Rsa,
    /// On the curve P-256; signs ES256.
    Ec,
}

/// One key of a ring.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RingKey {
    /// The n-th key that this ring ever had; picks the key material.
    pub n: u32,
    /// Its `kid`.
    pub kid: String,
    /// From then on it is neither published nor accepted; `None` while it is current.
    pub retires: Option<Timestamp>,
}

impl RingKey {
    fn lives(&self, now: Timestamp) -> bool {
        self.retires.is_none_or(|at| now < at)
    }
}

/// How one key follows another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rotation {
    /// The old key stays published for a while.
    Graceful {
        /// So long.
        overlap: Span,
    },
    /// The old key is gone at once.
    Hard,
    /// The new key signs, but the old set goes on being served.
    Stale {
        /// So long, if that is the limit.
        lasting: Option<Span>,
        /// For so many fetches, if that is the limit.
        fetches: Option<u32>,
    },
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
struct StaleSet {
    until: Option<Timestamp>,
    fetches: Option<u32>,
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
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Ring {
    key_type: KeyType,
    current: RingKey,
    former: Vec<RingKey>,
    stale: Option<StaleSet>,
}

impl Ring {
    /// A ring with its first key.
    pub fn new(key_type: KeyType, kid: String) -> Self {
        let current = RingKey { n: 0, kid, retires: None };
        Self { key_type, current, former: Vec::new(), stale: None }
    }

    /// What its keys are.
    pub fn key_type(&self) -> KeyType {
        self.key_type
    }

    /// The key that signs.
    pub fn signing(&self) -> &RingKey {
        &self.current
    }

    /// The number that the next key will have.
    pub fn next_n(&self) -> u32 {
        self.current.n + 1
    }

    /// The key of this `kid`, if the issuer still stands by it.
    pub fn accepts(&self, kid: &str, now: Timestamp) -> Option<&RingKey> {
        self.live(now).find(|key| key.kid == kid)
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

    /// The keys to answer a fetch with.
    pub fn fetch(&mut self, now: Timestamp) -> Published {
        let published = self.published(now);
        if let Some(left) = self.stale.as_mut().and_then(|old| old.fetches.as_mut()) {
            *left = left.saturating_sub(1);
            if *left == 0 {
                // with the last fetch of the old set, its keys are gone
                self.former.iter_mut().for_each(|key| key.retires = Some(key.retires.unwrap_or(now)));
            }
        }
        published
    }

    /// Brings in the next key.
    pub fn rotate(&mut self, kid: String, how: Rotation, now: Timestamp) {
        let before = self.published(now);
        let next = RingKey { n: self.next_n(), kid, retires: None };
        let mut old = std::mem::replace(&mut self.current, next);
        self.former.retain(|key| key.lives(now));
        self.stale = None;
        match how {
            Rotation::Graceful { overlap } => old.retires = Some(now.plus(overlap)),
            Rotation::Hard => {
                old.retires = Some(now);
                self.former.clear();
            }
            Rotation::Stale { lasting, fetches } => {
                let until = lasting.map(|span| now.plus(span));
                old.retires = until;
                self.stale = Some(StaleSet { until, fetches, bare: before.bare, keys: before.keys });
            }
        }
        if old.lives(now) {
            self.former.insert(0, old);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T0: Timestamp = Timestamp::from_micros(0);

    fn kids(keys: &[RingKey]) -> Vec<&str> {
        keys.iter().map(|key| key.kid.as_str()).collect()
    }

    #[test]
    fn graceful_publishes_both_until_the_overlap_ends() {
        let mut ring = Ring::new(KeyType::Rsa, "a".into());
        ring.rotate("b".into(), Rotation::Graceful { overlap: Span::from_secs(60) }, T0);
        assert_eq!(kids(&ring.fetch(T0).keys), ["b", "a"]);
        let later = T0.plus(Span::from_secs(60));
        assert_eq!(kids(&ring.fetch(later).keys), ["b"]);
        assert!(ring.accepts("a", later).is_none() && ring.accepts("b", later).is_some());
    }

    #[test]
    fn hard_forgets_the_old_key_at_once() {
        let mut ring = Ring::new(KeyType::Rsa, "a".into());
        ring.rotate("b".into(), Rotation::Hard, T0);
        assert_eq!(kids(&ring.fetch(T0).keys), ["b"]);
        assert!(ring.accepts("a", T0).is_none());
    }

    #[test]
    fn stale_serves_the_old_set_for_as_many_fetches_as_told() {
        let mut ring = Ring::new(KeyType::Rsa, "a".into());
        ring.rotate("b".into(), Rotation::Stale { lasting: None, fetches: Some(2) }, T0);
        assert_eq!(ring.signing().kid, "b");
        for _ in 0..2 {
            let shown = ring.fetch(T0);
            assert_eq!((kids(&shown.keys), shown.bare.kid.as_str(), shown.stale), (vec!["a"], "a", true));
        }
        let shown = ring.fetch(T0);
        assert_eq!((kids(&shown.keys), shown.bare.kid.as_str(), shown.stale), (vec!["b"], "b", false));
        assert!(ring.accepts("a", T0).is_none());
    }
}
