//! The material of keys: a committed pool first, then keys made from the seed.
//!
//! The pool is public. Its keys sign test tokens and are good for nothing else.

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeyPair,
    signature::{KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256},
};
use jsonwebtoken::{Algorithm, DecodingKey};
use p256::{
    SecretKey,
    ecdsa::{
        Signature, SigningKey,
        signature::{SignatureEncoding, Signer},
    },
    elliptic_curve::sec1::ToEncodedPoint,
};
use rand_chacha::{ChaCha12Rng, rand_core::SeedableRng};
use rsa::pkcs8::{EncodePrivateKey, EncodePublicKey, LineEnding, SecretDocument};

use super::jwk::Public;
use crate::{
    base::{
        codec::{base64url, from_base64url, hex},
        draw::DrawKey,
    },
    domain::keyring::KeyType,
};

macro_rules! pool {
    ($($n:literal)*) => { [$(include_str!(concat!("../../keys/platform/", $n, ".pem"))),*] };
}

const POOL: [&str; 16] =
    pool!["01" "02" "03" "04" "05" "06" "07" "08" "09" "10" "11" "12" "13" "14" "15" "16"];

/// Where the material of a key comes from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Source {
    /// A place in the committed pool of RSA keys.
    Pool(usize),
    /// An RSA key made from this seed; takes a tenth of a second or more.
    SeededRsa([u8; 32]),
    /// A key on the curve P-256 made from this seed.
    SeededEc([u8; 32]),
}

impl Source {
    /// The material of the n-th key of a ring. RSA: each place of the pool once, in an order of the org's own, then
    /// seeded keys. EC: a seeded key.
    pub fn of(key: &DrawKey, ring: &str, key_type: KeyType, n: u32) -> Self {
        let seed = || *key.named(&["key seed", ring], u64::from(n)).bytes();
        if key_type == KeyType::Ec {
            return Self::SeededEc(seed());
        }
        let mut order: Vec<(u64, usize)> = (0..POOL.len())
            .map(|place| (key.named(&["key pool", ring], place as u64).integer(), place))
            .collect();
        order.sort_unstable();
        match order.get(n as usize) {
            Some((_, place)) => Self::Pool(*place),
            None => Self::SeededRsa(seed()),
        }
    }
}

/// The `kid` of the n-th key of a ring: unique per org, and it says what it is.
pub fn kid(key: &DrawKey, ring: &str, n: u32) -> String {
    format!("emulator-{}", hex(&key.named(&["kid", ring], u64::from(n)).bytes()[..6]))
}

/// Both halves, parsed once.
enum Pair {
    Rsa(KeyPair),
    Ec(SigningKey),
}

/// A key pair, with the public half in the forms that are needed.
pub struct Key {
    pair: Pair,
    /// As JWK members.
    pub public: Public,
    /// As PEM: what `hs256_confusion` uses as a shared secret.
    pub public_pem: String,
    checks: Checks,
}

/// The public half, ready to check signatures: parsed once, too.
enum Checks {
    Rsa(ParsedPublicKey),
    Ec(DecodingKey),
}

impl Key {
    /// `alg` of what it signs.
    pub fn alg(&self) -> &'static str {
        match self.pair {
            Pair::Rsa(_) => "RS256",
            Pair::Ec(_) => "ES256",
        }
    }

    /// Its signature in the form of RFC 7518. The same bytes have the same one: ES256 is done by RFC 6979.
    pub fn sign(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), bytes, &mut signature).ok()?;
                Some(signature)
            }
            Pair::Ec(key) => {
                let signature: Signature = key.try_sign(bytes).ok()?;
                Some(signature.to_vec())
            }
        }
    }

    /// Is this base64url text its signature?
    pub fn verifies(&self, bytes: &[u8], signature: &str) -> bool {
        match &self.checks {
            Checks::Rsa(public) => from_base64url(signature)
                .is_some_and(|signature| public.verify_sig(bytes, &signature).is_ok()),
            Checks::Ec(public) => {
                jsonwebtoken::crypto::verify(signature, bytes, public, Algorithm::ES256).unwrap_or(false)
            }
        }
    }
}

/// Key material that is not key material.
#[derive(Debug, thiserror::Error)]
#[error("a signing key could not be used: {0}")]
pub struct BadKey(String);

impl BadKey {
    fn because(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

/// Parses or makes a key. Blocks; belongs on a signing thread.
pub fn load(source: Source) -> Result<Key, BadKey> {
    match source {
        Source::Pool(place) => {
            let (_, der) = SecretDocument::from_pem(POOL[place]).map_err(BadKey::because)?;
            rsa_key(der.as_bytes())
        }
        Source::SeededRsa(seed) => {
            let made = rsa::RsaPrivateKey::new(&mut ChaCha12Rng::from_seed(seed), 2048);
            let der = made.map_err(BadKey::because)?.to_pkcs8_der().map_err(BadKey::because)?;
            rsa_key(der.as_bytes())
        }
        Source::SeededEc(mut seed) => {
            // without its first bit it is below the order of the curve, which begins with 32 of them
            seed[0] &= 0x7f;
            ec_key(&SecretKey::from_slice(&seed).map_err(BadKey::because)?)
        }
    }
}

fn rsa_key(pkcs8: &[u8]) -> Result<Key, BadKey> {
    let pair = KeyPair::from_pkcs8(pkcs8).map_err(BadKey::because)?;
    let checks = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref());
    let checks = Checks::Rsa(checks.map_err(BadKey::because)?);
    let (n, e) = {
        let public = pair.public_key();
        (
            public.modulus().big_endian_without_leading_zero().to_vec(),
            public.exponent().big_endian_without_leading_zero().to_vec(),
        )
    };
    let public = rsa::RsaPublicKey::new(rsa::BigUint::from_bytes_be(&n), rsa::BigUint::from_bytes_be(&e));
    let public_pem = public.map_err(BadKey::because)?.to_public_key_pem(LineEnding::LF);
    Ok(Key {
        pair: Pair::Rsa(pair),
        public: Public::Rsa { n: base64url(&n), e: base64url(&e) },
        public_pem: public_pem.map_err(BadKey::because)?,
        checks,
    })
}

fn ec_key(secret: &SecretKey) -> Result<Key, BadKey> {
    let public = secret.public_key();
    let point = public.to_encoded_point(false);
    let (Some(x), Some(y)) = (point.x(), point.y()) else {
        return Err(BadKey("a public key at infinity".into()));
    };
    let (x, y) = (base64url(x), base64url(y));
    Ok(Key {
        pair: Pair::Ec(secret.into()),
        public_pem: public.to_public_key_pem(LineEnding::LF).map_err(BadKey::because)?,
        checks: Checks::Ec(DecodingKey::from_ec_components(&x, &y).map_err(BadKey::because)?),
        public: Public::Ec { crv: "P-256", x, y },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RSA: KeyType = KeyType::Rsa;

    fn public(source: Source) -> String {
        load(source).unwrap().public_pem
    }

    #[test]
    fn every_key_of_the_pool_is_usable_and_used_once() {
        let key = DrawKey::new(1, "org");
        let places: std::collections::BTreeSet<_> =
            (0..16).map(|n| Source::of(&key, "platform", RSA, n)).collect();
        assert_eq!(places.len(), 16);
        let keys: std::collections::BTreeSet<_> = places.into_iter().map(public).collect();
        assert_eq!(keys.len(), 16);
        assert!(matches!(Source::of(&key, "platform", RSA, 16), Source::SeededRsa(_)));
    }

    #[test]
    fn the_same_seed_makes_the_same_key() {
        for of in [Source::SeededRsa, Source::SeededEc] {
            let one = public(of([7; 32]));
            assert_eq!(one, public(of([7; 32])));
            assert_ne!(one, public(of([8; 32])));
        }
        assert!(load(Source::SeededEc([0xff; 32])).is_ok(), "a seed beyond the order of the curve");
    }

    #[test]
    fn es256_is_the_signature_of_rfc_6979_and_verifies() {
        // section A.2.5
        let secret = rsa::BigUint::parse_bytes(
            b"C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
            16,
        );
        let key = ec_key(&SecretKey::from_slice(&secret.unwrap().to_bytes_be()).unwrap()).unwrap();
        let signature = key.sign(b"sample").unwrap();
        assert_eq!(
            hex(&signature).to_uppercase(),
            "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716\
             F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"
        );
        assert!(key.verifies(b"sample", &base64url(&signature)));
        assert!(!key.verifies(b"sampla", &base64url(&signature)));
    }
}
