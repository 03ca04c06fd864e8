//! The material of keys: a committed pool first, then keys made from the seed.
//!
//! The pool is public. Its keys sign test tokens and are good for nothing else.

use aws_lc_rs::{rsa::KeyPair, signature::KeyPair as _};
use jsonwebtoken::DecodingKey;
use rand_chacha::{ChaCha12Rng, rand_core::SeedableRng};
use rsa::pkcs8::{EncodePrivateKey, EncodePublicKey, LineEnding, SecretDocument};

use crate::base::{
    codec::{base64url, hex},
    draw::DrawKey,
};

macro_rules! pool {
    ($($n:literal)*) => { [$(include_str!(concat!("../../keys/platform/", $n, ".pem"))),*] };
}

const POOL: [&str; 16] =
    pool!["01" "02" "03" "04" "05" "06" "07" "08" "09" "10" "11" "12" "13" "14" "15" "16"];

/// Where the material of a key comes from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Source {
    /// A place in the committed pool.
    Pool(usize),
    /// Made from this seed; takes a tenth of a second or more.
    Seeded([u8; 32]),
}

impl Source {
    /// The material of the n-th key of a ring: each place of the pool once, in an order of the org's own, then
    /// seeded keys.
    pub fn of(key: &DrawKey, ring: &str, n: u32) -> Self {
        let mut order: Vec<(u64, usize)> = (0..POOL.len())
            .map(|place| (key.named(&["key pool", ring], place as u64).integer(), place))
            .collect();
        order.sort_unstable();
        match order.get(n as usize) {
            Some((_, place)) => Self::Pool(*place),
            None => Self::Seeded(*key.named(&["key seed", ring], u64::from(n)).bytes()),
        }
    }
}

/// The `kid` of the n-th key of a ring: unique per org, and it says what it is.
pub fn kid(key: &DrawKey, ring: &str, n: u32) -> String {
    format!("emulator-{}", hex(&key.named(&["kid", ring], u64::from(n)).bytes()[..6]))
}

/// A key pair, parsed once, with the public half in the forms that are needed.
pub struct Key {
    /// Signs.
    pub pair: KeyPair,
    /// Modulus, base64url.
    pub n: String,
    /// Exponent, base64url.
    pub e: String,
    /// Verifies.
    pub decoding: DecodingKey,
    /// The public half as PEM: what `hs256_confusion` uses as a shared secret.
    pub public_pem: String,
}

/// Key material that is not key material.
#[derive(Debug, thiserror::Error)]
#[error("a signing key could not be used: {0}")]
pub struct BadKey(String);

/// Parses or makes a key. Blocks; belongs on a signing thread.
pub fn load(source: Source) -> Result<Key, BadKey> {
    let bad = |error: &dyn std::fmt::Display| BadKey(error.to_string());
    let der = match source {
        Source::Pool(place) => {
            let (_, der) = SecretDocument::from_pem(POOL[place]).map_err(|e| bad(&e))?;
            der
        }
        Source::Seeded(seed) => {
            let made =
                rsa::RsaPrivateKey::new(&mut ChaCha12Rng::from_seed(seed), 2048).map_err(|e| bad(&e))?;
            made.to_pkcs8_der().map_err(|e| bad(&e))?
        }
    };
    let pair = KeyPair::from_pkcs8(der.as_bytes()).map_err(|e| bad(&e))?;
    let (n, e) = {
        let public = pair.public_key();
        (
            public.modulus().big_endian_without_leading_zero().to_vec(),
            public.exponent().big_endian_without_leading_zero().to_vec(),
        )
    };
    let public = rsa::RsaPublicKey::new(rsa::BigUint::from_bytes_be(&n), rsa::BigUint::from_bytes_be(&e))
        .map_err(|e| bad(&e))?;
    let public_pem = public.to_public_key_pem(LineEnding::LF).map_err(|e| bad(&e))?;
    let decoding = DecodingKey::from_rsa_raw_components(&n, &e);
    Ok(Key { pair, n: base64url(&n), e: base64url(&e), decoding, public_pem })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_the_pool_is_usable_and_used_once() {
        let key = DrawKey::new(1, "org");
        let places: std::collections::BTreeSet<_> =
            (0..16).map(|n| Source::of(&key, "platform", n)).collect();
        assert_eq!(places.len(), 16);
        let moduli: std::collections::BTreeSet<_> = places.into_iter().map(|s| load(s).unwrap().n).collect();
        assert_eq!(moduli.len(), 16);
        assert!(matches!(Source::of(&key, "platform", 16), Source::Seeded(_)));
    }

    #[test]
    fn the_same_seed_makes_the_same_key() {
        let one = load(Source::Seeded([7; 32])).unwrap().n;
        assert_eq!(one, load(Source::Seeded([7; 32])).unwrap().n);
        assert_ne!(one, load(Source::Seeded([8; 32])).unwrap().n);
    }
}
