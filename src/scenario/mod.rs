//! Floor 2: scenario files. [`mod@file`] is their shape and nothing but the shape, [`builtin`] the ones that are compiled
//! in, [`load`] reads them with everything that they include, [`world`] makes an org's first state of them, with the
//! identity providers of [`providers`] and what signing in does of `sign_in`.

pub mod builtin;
pub mod file;
mod integration;
pub mod load;
mod providers;
mod sign_in;
pub mod world;
