//! The platform as a relying party: how an org's deployments trust an identity provider, and what is remembered of it.

use serde::{Deserialize, Serialize};

use crate::base::time::{Span, Timestamp};

/// Where an identity provider's documents are.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Provider {
    /// A provider of this org, by its local name.
    BuiltIn(String),
    /// The URL of a discovery document.
    Discovery(String),
    /// Nowhere: its issuer is known and its public key was uploaded, so nothing is fetched. There is no token endpoint.
    Uploaded(String),
}

/// How long what was fetched is used, and when it is fetched again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyCache {
    /// A key set and a discovery document are used for so long, in the org's time. Default 5 min.
    pub ttl: Span,
    /// Is the set fetched again for a `kid` that is not in it? Default: no.
    pub refetch_on_unknown_kid: bool,
    /// After such a fetch there is none for so long. Default 30 s.
    pub cooldown: Span,
    /// Does `Cache-Control: max-age` of the provider's answer count instead of `ttl`? Default: no.
    pub honour_cache_control: bool,
}

impl Default for KeyCache {
    fn default() -> Self {
        Self {
            ttl: Span::from_secs(300),
            refetch_on_unknown_kid: false,
            cooldown: Span::from_secs(30),
            honour_cache_control: false,
        }
    }
}

/// An OpenID Connect Messenger integration.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Integration {
    /// Local name.
    pub name: String,
    /// Whom it trusts.
    pub provider: Provider,
    /// The platform's client id at the provider.
    pub client_id: String,
    /// Its secret there.
    pub client_secret: Option<String>,
    /// May clients send an id token instead of a code?
    pub implicit_flow: bool,
    /// Refresh tokens live so long.
    pub refresh_lifetime: Span,
    /// Caching.
    pub keys: KeyCache,
    /// A public key that was uploaded, as PEM or JWK, instead of the provider's key set.
    pub static_key: Option<String>,
    /// How far clocks may differ. Default 60 s.
    pub clock_skew: Span,
    /// Tokens that live shorter than this are refused. Default: any will do.
    pub minimum_lifetime: Span,
}

/// A document that was fetched.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fetched {
    /// Its text.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// It is not used from then on.
    pub until: Timestamp,
}

/// What an org remembers of one integration's provider.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Memory {
    /// The discovery document.
    pub discovery: Option<Fetched>,
    /// The key set.
    pub key_set: Option<Fetched>,
    /// Discovery documents fetched so far.
    pub discovery_fetches: u64,
    /// Key sets fetched so far.
    pub key_set_fetches: u64,
    /// When the set was last fetched for an unknown `kid`.
    pub refetched: Option<Timestamp>,
}

impl Memory {
    /// May the set be fetched again because a `kid` is not in it?
    pub fn may_refetch(&self, cache: &KeyCache, now: Timestamp) -> bool {
        cache.refetch_on_unknown_kid && self.refetched.is_none_or(|last| now >= last.plus(cache.cooldown))
    }

    /// Forgets the documents; the counts stay.
    pub fn flush(&mut self) {
        (self.discovery, self.key_set, self.refetched) = (None, None, None);
    }
}

/// The document, while it may be used.
pub fn fresh(kept: Option<&Fetched>, now: Timestamp) -> Option<&Fetched> {
    kept.filter(|document| document.at <= now && now < document.until)
}

/// How long a document that came with this `Cache-Control` is used.
pub fn lifetime(cache: &KeyCache, cache_control: Option<&str>) -> Span {
    if !cache.honour_cache_control {
        return cache.ttl;
    }
    let directives = || cache_control.into_iter().flat_map(|value| value.split(',')).map(str::trim);
    if directives().any(|one| one.eq_ignore_ascii_case("no-store") || one.eq_ignore_ascii_case("no-cache")) {
        return Span::ZERO;
    }
    let max_age = directives().find_map(|one| {
        let (name, value) = one.split_once('=')?;
        name.trim().eq_ignore_ascii_case("max-age").then(|| value.trim().parse().ok()).flatten()
    });
    max_age.map_or(cache.ttl, |secs: u32| Span::from_secs(i64::from(secs)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_micros(secs * 1_000_000)
    }

    #[test]
    fn cache_headers_count_only_when_they_are_to() {
        let honest = KeyCache { honour_cache_control: true, ..KeyCache::default() };
        for (cache, header, secs) in [
            (KeyCache::default(), Some("max-age=10"), 300),
            (honest, Some("public, max-age=10"), 10),
            (honest, Some("no-store"), 0),
            (honest, Some("max-age=soon"), 300),
            (honest, None, 300),
        ] {
            assert_eq!(lifetime(&cache, header).secs(), secs, "{header:?}");
        }
    }

    #[test]
    fn a_document_is_used_until_its_time_and_not_before_it_was_fetched() {
        let kept = Fetched { text: String::new(), at: at(10), until: at(20) };
        assert!(fresh(Some(&kept), at(19)).is_some() && fresh(Some(&kept), at(10)).is_some());
        assert!(fresh(Some(&kept), at(20)).is_none() && fresh(Some(&kept), at(9)).is_none());
    }

    #[test]
    fn an_unknown_kid_is_looked_for_once_in_each_cooldown() {
        let cache = KeyCache { refetch_on_unknown_kid: true, ..KeyCache::default() };
        let mut memory = Memory::default();
        assert!(!memory.may_refetch(&KeyCache::default(), at(0)));
        assert!(memory.may_refetch(&cache, at(0)));
        memory.refetched = Some(at(0));
        assert!(!memory.may_refetch(&cache, at(29)) && memory.may_refetch(&cache, at(30)));
    }
}
