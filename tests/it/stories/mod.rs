//! What scenarios in `scenarios/stories` tell of a chat. One file a story, named like it.

mod chat_with_bot;
mod exp_in_milliseconds;
mod fourth_tab_evicts_first;
mod ghost_conversation;
mod handover_to_agent;
mod hs256_refused;
mod idp_down;
mod jwks_documents;
mod jwks_rotated_under_you;
mod read_only_after_disconnect;
pub mod refused_tokens;
mod session_expires_mid_chat;
mod token_expires_mid_conversation;
mod two_devices_one_history;

use crate::support::{DEPLOYMENT, Socket, TestEmulator};

const TOKEN: &str = "11111111-1111-4111-8111-111111111111";

/// A configured session.
async fn session(emulator: &TestEmulator) -> Socket {
    let mut socket = emulator.socket(DEPLOYMENT).await;
    assert_eq!(socket.configure(DEPLOYMENT, TOKEN).await["body"]["connected"], true);
    socket
}

/// The guest says something, and hears it come back.
async fn say(socket: &mut Socket, text: &str) {
    socket.say(TOKEN, text).await;
    assert_eq!(socket.next().await["body"]["text"], text);
}

/// The text that comes next.
async fn hear(socket: &mut Socket) -> String {
    let frame = socket.next().await;
    frame["body"]["text"].as_str().unwrap_or_else(|| panic!("no text: {frame}")).to_owned()
}
