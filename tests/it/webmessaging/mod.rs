//! `/v1`: the web messaging socket, and the history of its sessions.

mod attachments;
mod attachments_expiry;
mod attachments_refused;
mod attachments_sent;
pub mod authenticated;
mod bot;
mod bot_script;
mod codes;
mod configure;
mod connections;
mod contact_by_subject;
pub mod devices;
mod echo;
mod ending;
mod errors;
mod expiry;
mod fuzz;
mod goodbye;
mod guest_jwt;
mod guest_session;
mod handshake;
mod history;
mod limits;
mod long_history;
mod messages;
mod properties;
mod protocol;
pub mod raw;
mod refused_jwt;
mod rich;
mod shapes;
mod strict_ids;
mod upgrade;

use crate::support::{Socket, TestEmulator};

/// The session token of a test.
const TOKEN: &str = "11111111-1111-4111-8111-111111111111";
/// Another one.
const OTHER: &str = "22222222-2222-4222-8222-222222222222";

/// A configured session on the open deployment.
async fn session(emulator: &TestEmulator, token: &str) -> Socket {
    let mut socket = emulator.socket(crate::support::DEPLOYMENT).await;
    let answer = socket.configure(crate::support::DEPLOYMENT, token).await;
    assert_eq!(answer["class"], "SessionResponse", "{answer}");
    socket
}
