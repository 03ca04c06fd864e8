//! Publishes and rotates signing keys: the platform's, and those of its identity providers.

use std::{collections::BTreeMap, sync::Arc};

use serde::Serialize;

use super::{cx::Cx, org::Org};
use crate::{
    base::{draw::DrawKey, time::Timestamp},
    domain::{
        identity_provider::IdentityProvider,
        keyring::{KeyType, Published, Ring, RingKey, RingName, Rotation},
    },
    events::event::{About, What},
    faults::fault::{BadFault, Fault},
    jose::{
        jwk::{Jwk, JwkSet},
        keygen::{Key, Source, kid},
        signer::{SignError, Signer},
    },
    store::org_state::OrgState,
};

/// Where the material of the platform's n-th key comes from.
pub fn platform_key(draws: &DrawKey, n: u32) -> Source {
    source(draws, &RingName::Platform, KeyType::Rsa, n)
}

/// Where the material of the n-th key of a ring comes from.
pub fn source(draws: &DrawKey, ring: &RingName, key_type: KeyType, n: u32) -> Source {
    Source::of(draws, &ring.to_string(), key_type, n)
}

/// The `kid` of the n-th key of a ring.
pub fn ring_kid(draws: &DrawKey, ring: &RingName, n: u32) -> String {
    kid(draws, &ring.to_string(), n)
}

/// The first keys of identity providers; those that sign by secrets have none.
pub fn first_of_providers(
    draws: &DrawKey,
    providers: &BTreeMap<String, Arc<IdentityProvider>>,
) -> BTreeMap<String, Ring> {
    let first = providers.values().filter_map(|provider| {
        let name = RingName::Idp(provider.name.clone());
        let ring = Ring::new(provider.algorithm.key_type()?, ring_kid(draws, &name, 0));
        Some((provider.name.clone(), ring))
    });
    first.collect()
}

/// What a fetch of public keys shows.
pub struct PublicKeys {
    /// The one that a bare JWK shows.
    pub bare: Jwk,
    /// The whole set.
    pub set: JwkSet,
}

/// The platform's public keys, as a fetch sees them.
pub async fn publish(cx: &Cx) -> Result<PublicKeys, SignError> {
    let now = cx.now();
    let published = cx.state(|state| state.platform_keys.fetch(now));
    note_stale(cx, &published);
    let set = shown(cx, &RingName::Platform, KeyType::Rsa, &published.keys).await?;
    Ok(PublicKeys { bare: jwk(cx, &RingName::Platform, KeyType::Rsa, &published.bare).await?, set })
}

/// The public keys of an identity provider, as a fetch sees them; one that signs by secrets has none.
pub async fn publish_provider(cx: &Cx, provider: &str) -> Result<JwkSet, SignError> {
    let (now, ring) = (cx.now(), RingName::Idp(provider.to_owned()));
    let fetched = cx.state(|state| state.ring_mut(&ring).map(|ring| (ring.key_type(), ring.fetch(now))));
    let Some((key_type, published)) = fetched else {
        return Ok(JwkSet::default());
    };
    note_stale(cx, &published);
    shown(cx, &ring, key_type, &published.keys).await
}

fn note_stale(cx: &Cx, published: &Published) {
    if published.stale {
        cx.journal(|draft| draft.note("an old key set is served on purpose: the keys were rotated `stale`"));
    }
}

async fn shown(
    cx: &Cx,
    ring: &RingName,
    key_type: KeyType,
    published: &[RingKey],
) -> Result<JwkSet, SignError> {
    let mut keys = Vec::with_capacity(published.len());
    for key in published {
        keys.push(jwk(cx, ring, key_type, key).await?);
    }
    Ok(JwkSet { keys })
}

async fn jwk(cx: &Cx, ring: &RingName, key_type: KeyType, key: &RingKey) -> Result<Jwk, SignError> {
    let material = cx.app.signer.key(source(&cx.org.draws, ring, key_type, key.n)).await?;
    Ok(Jwk::of(&material, &key.kid))
}

/// The material of a key of the platform.
pub async fn material(signer: &Signer, org: &Org, key: &RingKey) -> Result<Arc<Key>, SignError> {
    signer.key(platform_key(&org.draws, key.n)).await
}

/// Brings in the next key. Answers its `kid`, or `None` when the org has no such ring.
pub fn rotate(org: &Org, ring: &RingName, how: Rotation, now: Timestamp) -> Option<String> {
    org.cell(|cell| {
        let keys = cell.state.ring_mut(ring)?;
        let kid = ring_kid(&org.draws, ring, keys.next_n());
        keys.rotate(kid.clone(), how, now);
        let what = What::KeyRotated { ring: ring.to_string(), kid: kid.clone() };
        cell.events.push(now, About::default(), what);
        Some(kid)
    })
}

/// Are there all the rings that these faults name?
pub fn check_rings(state: &OrgState, faults: &[Fault]) -> Result<(), BadFault> {
    for fault in faults {
        if let Some(ring) = fault.rings().find(|ring| state.ring(ring).is_none()) {
            let rings: Vec<_> = state.rings().map(|(name, _)| name.to_string()).collect();
            let wrong = format!("there is no key ring `{ring}` in this org; there are {}", rings.join(", "));
            return Err(BadFault { id: fault.id(), wrong });
        }
    }
    Ok(())
}

/// A ring as the admin API shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownRing {
    ring: RingName,
    signing: RingKey,
    /// The `kid`s that a fetch would show now.
    published: Vec<String>,
    /// Is an old set served on purpose?
    stale: bool,
}

/// The rings of an org.
pub fn list(org: &Org) -> Vec<ShownRing> {
    let now = org.clock.now();
    org.state(|state| {
        let rings = state.rings().map(|(ring, keys)| {
            let published = keys.published(now);
            ShownRing {
                ring,
                signing: keys.signing().clone(),
                published: published.keys.into_iter().map(|key| key.kid).collect(),
                stale: published.stale,
            }
        });
        rings.collect()
    })
}
