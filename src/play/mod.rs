//! Floor 5: plays scenarios as their clients would. [`check`] plays the scripts of one on fresh emulators; [`player`] plays
//! one script on a [`stage`], over loopback like any client; [`tell`] tells it to people, with a [`mark`] while it takes
//! long.

mod act;
pub mod check;
mod curl;
pub mod format;
pub mod http;
pub mod mark;
pub mod player;
pub mod report;
mod sign_in;
mod socket;
pub mod stage;
pub mod tell;
pub mod transcript;
mod verify;
