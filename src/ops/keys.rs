//! Publishes and rotates signing keys: the platform's, and those of its identity providers.

use std::{collections::BTreeMap, sync::Arc};

use serde::Serialize;

use super::{app::App, cx::Cx, org::Org, time::Due};
use crate::{
    base::{
        draw::{Cause, DrawKey},
        time::Timestamp,
    },
    domain::{
        identity_provider::IdentityProvider,
        keyring::{Published, Ring, RingKey, RingName},
        rotation::{Rotation, Signs, Turn},
    },
    events::event::{About, What},
    jose::{
        jwk::{Jwk, JwkSet},
        keygen::{Key, Source, kid},
        signer::SignError,
        verifier::Jws,
    },
    store::org_state::OrgState,
};

/// How many keys of a ring are made ready before they are needed.
const READY: u32 = 2;

/// Where the material of a key of a ring comes from.
pub fn source(org: &Org, ring: &RingName, key: &RingKey) -> Source {
    org.source((ring.clone(), key.kty, key.n), || Source::of(&org.draws, &ring.to_string(), key.kty, key.n))
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
    let set = shown(cx, &RingName::Platform, published.keys).await?;
    Ok(PublicKeys { bare: jwk(cx, &RingName::Platform, published.bare).await?, set })
}

/// The public keys of an identity provider, as a fetch sees them; one that signs by secrets has none.
pub async fn publish_provider(cx: &Cx, provider: &str) -> Result<JwkSet, SignError> {
    let (now, ring) = (cx.now(), RingName::Idp(provider.to_owned()));
    let Some(published) = cx.state(|state| state.ring_mut(&ring).map(|ring| ring.fetch(now))) else {
        return Ok(JwkSet::default());
    };
    note_stale(cx, &published);
    shown(cx, &ring, published.keys).await
}

fn note_stale(cx: &Cx, published: &Published) {
    if published.stale {
        cx.journal(|draft| draft.note("an old key set is served on purpose: the last rotation says so"));
    }
}

async fn shown(cx: &Cx, ring: &RingName, published: Vec<RingKey>) -> Result<JwkSet, SignError> {
    let mut keys = Vec::with_capacity(published.len());
    for key in published {
        keys.push(jwk(cx, ring, key).await?);
    }
    Ok(JwkSet { keys })
}

async fn jwk(cx: &Cx, ring: &RingName, key: RingKey) -> Result<Jwk, SignError> {
    Ok(Jwk::of(&*material(cx, ring, &key).await?, key.kid))
}

/// The material of a key.
pub async fn material(cx: &Cx, ring: &RingName, key: &RingKey) -> Result<Arc<Key>, SignError> {
    cx.app.signer.key(source(&cx.org, ring, key)).await
}

/// Is this token by one of the keys that its issuer stands by under the token's `kid`? `None` when there is none.
pub async fn signed(cx: &Cx, ring: &RingName, jws: &Jws<'_>) -> Result<Option<bool>, SignError> {
    let (kid, now) = (jws.header.kid.as_deref(), cx.now());
    let named = cx.state(|state| state.ring(ring).map(|keys| keys.named(kid, now)));
    let mut signed = None;
    for key in named.into_iter().flatten() {
        let by_this = jws.is_signed_by(&*material(cx, ring, &key).await?);
        signed = Some(signed.unwrap_or(false) || by_this);
    }
    Ok(signed)
}

/// Brings in the next key, now or as its schedule says. Answers what is to be told of it, or `None` when the org has no
/// such ring.
pub fn turn(app: &App, org: &Org, cause: Cause, turn: Turn, now: Timestamp) -> Option<String> {
    let Some(wait) = turn.wait() else {
        return rotate(app, org, &turn.ring, turn.how, now);
    };
    org.state(|state| state.ring(&turn.ring).map(drop))?;
    let words = format!("the keys of {} will be rotated in {wait}", turn.ring);
    org.clock.arm(now.plus(wait), cause, Due::Rotate(turn));
    Some(words)
}

/// Brings in the next key now. Answers what is to be told of it, or `None` when the org has no such ring.
pub fn rotate(app: &App, org: &Org, ring: &RingName, how: Rotation, now: Timestamp) -> Option<String> {
    let (next, signing, new) = org.cell(|cell| {
        let keys = cell.state.ring_mut(ring)?;
        let kid = ring_kid(&org.draws, ring, keys.next_n());
        keys.rotate(kid, how, now);
        let (new, signing) = (keys.current().clone(), keys.signing().clone());
        let next = keys.next_n();
        cell.events.push(
            now,
            About::default(),
            What::KeyRotated { ring: ring.to_string(), kid: new.kid.clone() },
        );
        Some((next, signing, new))
    })?;
    let soon = (next..next + READY).map(|n| RingKey { n, ..new.clone() });
    app.signer.prepare(std::iter::once(new.clone()).chain(soon).map(|key| source(org, ring, &key)));
    let named = |key: &RingKey| key.kid.clone().unwrap_or_else(|| "one without kid".to_owned());
    let told = format!("the signing key is now {}", named(&new));
    Some(match how.signs {
        Signs::New => told,
        Signs::NewAsUnknown => format!("{told}, under the name {}", named(&signing)),
        Signs::Old => format!("the published key is now {}, but {} signs", named(&new), named(&signing)),
    })
}

/// Arms the rotations that a world brings along.
pub fn schedule(org: &Org, turns: Vec<Turn>) {
    let now = org.clock.now();
    for (nth, turn) in (0..).zip(turns) {
        org.clock.arm(
            now.plus(turn.wait().unwrap_or_default()),
            Cause::default().timer(nth),
            Due::Rotate(turn),
        );
    }
}

/// What is wrong with the name of a ring that is not there.
pub fn no_such_ring(state: &OrgState, ring: &RingName) -> Option<String> {
    let rings = || state.rings().map(|(name, _)| name.to_string()).collect::<Vec<_>>().join(", ");
    state
        .ring(ring)
        .is_none()
        .then(|| format!("there is no key ring `{ring}` in this org; there are {}", rings()))
}

/// A ring as the admin API shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownRing {
    ring: RingName,
    signing: RingKey,
    /// The `kid`s that a fetch would show now; null is a key without one.
    published: Vec<Option<String>>,
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
