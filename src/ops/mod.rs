//! Floor 3: what can be done. Verbs, no HTTP; each takes [`cx::Cx`] first.
//!
//! [`app`] is one emulator, [`directory`] its orgs, [`org`] one of them, [`cx`] one visit to that. [`oauth`], [`guest`]
//! and [`keys`] issue and publish, [`access`], [`guest_token`] and [`person_token`] judge, [`idp`] signs people in,
//! [`admission`], [`messaging`], [`step`] and [`history`] are the messaging socket, [`connections`] what is open,
//! [`sockets`] what comes and goes over it, [`outbox`] what waits to be written, [`time`] what happens when it is due,
//! [`orgs`] makes and resets orgs.

pub mod access;
pub mod admission;
pub mod app;
pub mod connections;
pub mod cx;
mod directory;
mod forge;
pub mod guest;
pub mod guest_token;
pub mod history;
pub mod idp;
pub mod keys;
pub mod messaging;
pub mod oauth;
pub mod org;
pub mod orgs;
pub mod outbox;
pub mod person_token;
pub mod sockets;
mod step;
pub mod time;
