//! Floor 2: scenario files. [`mod@file`] is their shape and nothing but the shape, [`builtin`] the ones that are compiled
//! in, [`load`] reads them with everything that they include, [`world`] makes an org's first state of them, with the
//! identity providers of [`providers`] and what signing in does of `sign_in`, and roles, clients and users of `rights`. A [`script`] is what a client does and expects,
//! in [`step`]s, with [`template`]s; a [`timeline`] is what happens by itself. What is wrong with a text is told with its place
//! in it ([`layers`]) and with what was meant ([`schema`]).

pub mod bad_world;
pub mod builtin;
#[cfg(test)]
pub mod described;
pub mod file;
pub mod include;
mod integration;
pub mod layers;
pub mod load;
mod mistake;
pub mod params;
mod providers;
mod rights;
pub mod schema;
#[cfg(test)]
mod schema_tests;
pub mod script;
mod sign_in;
pub mod source;
pub mod step;
pub mod template;
pub mod timeline;
#[cfg(test)]
pub mod traced;
mod web_chats;
pub mod world;
