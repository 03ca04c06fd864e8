//! A client that asks and does not read.

use serde_json::json;
use tokio::net::{TcpSocket, TcpStream};

use super::TestEmulator;

/// A connection of which the operating system takes little in, so that the emulator is soon left sitting on the rest.
pub async fn connect(emulator: &TestEmulator) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let tcp = socket.connect(emulator.emulator.address()).await.unwrap();
    tcp.set_nodelay(true).unwrap();
    tcp
}

/// From now on the bot of the default world has much to say to everything.
pub async fn much_to_say(emulator: &TestEmulator) {
    let bots = json!({ "wordy": { "otherwise": { "say": "x".repeat(100_000) } } });
    let deployments = json!({ "messaging": { "bot": "wordy" } });
    let scenario = json!({ "world": { "orgs": [{ "bots": bots, "deployments": deployments }] } });
    let applied = emulator.client.admin("POST", "/scenarios/apply", Some(&scenario)).await;
    assert_eq!(applied.status, 200, "{}", applied.text);
}
