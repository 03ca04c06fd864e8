//! Floor 2: keys and tokens.
//!
//! [`keygen`] finds the material of a key, [`signer`] makes tokens on threads of its own, right ones and wrong
//! ones, [`verifier`] takes them apart, [`jwk`] shows public halves, [`key_set`] reads those of
//! others. Which key an issuer uses is
//! [`crate::domain::keyring`]; whether claims are good is for the caller, who knows the time.

pub mod jwk;
pub mod key_set;
pub mod keygen;
pub mod signer;
pub mod verifier;
