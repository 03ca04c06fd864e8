//! Floor 2: faults. A person writes an effect by name with options; it compiles to one of few verdicts.
//!
//! [`when`] says which requests or frames, [`schedule`] how often, [`effect`] what, [`verdict`] what somebody above
//! then does. [`caller`] reads what a request asks for itself. [`engine`] holds the faults of one org and decides;
//! [`index`] knows which it has to look at, [`contradiction`] which cannot be meant together. [`alias`] is what other
//! tools call the effects. Adding an effect: one file in `effect`, one line in
//! `effect/mod.rs`, one scenario, one test.

pub mod alias;
pub mod caller;
pub mod contradiction;
pub mod effect;
pub mod engine;
pub mod fault;
pub mod index;
pub mod point;
pub mod schedule;
pub mod verdict;
pub mod when;
