//! Floor 3: what can be done. Verbs, no HTTP; each takes [`cx::Cx`] first.
//!
//! [`app`] is one emulator, [`org`] one org in it, [`cx`] one visit to that. [`oauth`], [`guest`] and [`keys`] issue
//! and publish, [`access`], [`guest_token`] and [`person_token`] judge, [`admission`], [`messaging`], [`step`] and [`history`] are the
//! messaging socket, [`connections`] what is open, [`sockets`] what comes and goes over it, [`outbox`] what waits to be
//! written, [`time`] what happens when it is due, [`orgs`] makes and resets orgs.

pub mod access;
pub mod admission;
pub mod app;
pub mod connections;
pub mod cx;
pub mod exchange;
pub mod fetch;
pub mod guest;
pub mod guest_token;
pub mod history;
pub mod keys;
pub mod messaging;
pub mod oauth;
pub mod org;
pub mod orgs;
pub mod outbox;
pub mod person_token;
pub mod relying_party;
pub mod sockets;
mod step;
pub mod time;
