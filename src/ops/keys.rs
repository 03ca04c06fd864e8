//! Publishes and rotates the platform's signing keys.

use std::sync::Arc;

use serde::Serialize;

use super::{cx::Cx, org::Org};
use crate::{
    base::{draw::DrawKey, time::Timestamp},
    domain::keyring::{Published, RingKey, Rotation},
    events::event::{About, What},
    jose::{
        jwk::{Jwk, JwkSet},
        keygen::{Key, Source, kid},
        signer::{SignError, Signer},
    },
};

/// The ring of the platform's own issuer.
const PLATFORM: &str = "platform";

/// Where the material of the platform's n-th key comes from.
pub fn platform_key(draws: &DrawKey, n: u32) -> Source {
    Source::of(draws, PLATFORM, n)
}

/// The `kid` of the platform's n-th key.
pub fn platform_kid(draws: &DrawKey, n: u32) -> String {
    kid(draws, PLATFORM, n)
}

/// What a fetch of public keys shows.
pub struct PublicKeys {
    /// The one that a bare JWK shows.
    pub bare: Jwk,
    /// The whole set.
    pub set: JwkSet,
}

/// The public keys, as a fetch sees them.
pub async fn publish(cx: &Cx) -> Result<PublicKeys, SignError> {
    let now = cx.now();
    let published = cx.state(|state| state.platform_keys.fetch(now));
    if published.stale {
        cx.journal(|draft| draft.note("an old key set is served on purpose: the keys were rotated `stale`"));
    }
    shown(&cx.app.signer, &cx.org, &published).await
}

async fn shown(signer: &Signer, org: &Org, published: &Published) -> Result<PublicKeys, SignError> {
    let jwk =
        async |key: &RingKey| Ok::<_, SignError>(Jwk::of(&*material(signer, org, key).await?, &key.kid));
    let mut keys = Vec::with_capacity(published.keys.len());
    for key in &published.keys {
        keys.push(jwk(key).await?);
    }
    Ok(PublicKeys { bare: jwk(&published.bare).await?, set: JwkSet { keys } })
}

/// The material of a key of this org.
pub async fn material(signer: &Signer, org: &Org, key: &RingKey) -> Result<Arc<Key>, SignError> {
    signer.key(platform_key(&org.draws, key.n)).await
}

/// Brings in the next key. Answers its `kid`.
pub fn rotate(org: &Org, how: Rotation, now: Timestamp) -> String {
    org.cell(|cell| {
        let kid = platform_kid(&org.draws, cell.state.platform_keys.next_n());
        cell.state.platform_keys.rotate(kid.clone(), how, now);
        let what = What::KeyRotated { ring: PLATFORM, kid: kid.clone() };
        cell.events.push(now, About::default(), what);
        kid
    })
}

/// A ring as the admin API shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownRing {
    ring: &'static str,
    signing: RingKey,
    /// The `kid`s that a fetch would show now.
    published: Vec<String>,
    /// Is an old set served on purpose?
    stale: bool,
}

/// The rings of an org.
pub fn list(org: &Org) -> Vec<ShownRing> {
    let now = org.clock.now();
    let (signing, published) =
        org.state(|state| (state.platform_keys.signing().clone(), state.platform_keys.published(now)));
    vec![ShownRing {
        ring: PLATFORM,
        signing,
        published: published.keys.into_iter().map(|key| key.kid).collect(),
        stale: published.stale,
    }]
}
