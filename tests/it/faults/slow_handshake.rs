//! `slow_handshake`: the client's first message is answered later.

use crate::support::{TestEmulator, tls::connect};

#[tokio::test]
async fn the_scenario_answers_when_five_seconds_have_passed() {
    let emulator = TestEmulator::scenario("slow_handshake").await;
    assert!(connect(&emulator, "api.mypurecloud.com").await.is_ok(), "another host is not slow");
    let slow = connect(&emulator, "webmessaging.mypurecloud.com");
    let moved = async {
        while emulator.client.admin("GET", "/faults/slow_handshake", None).await.json()["fired"] != 1 {}
        emulator.advance("4s").await;
        let early = emulator.client.admin("GET", "/faults/slow_handshake", None).await.json();
        emulator.advance("1s").await;
        early
    };
    let (slow, early) = tokio::join!(slow, moved);
    assert!(slow.is_ok());
    assert_eq!(early["fired"], 1);
}
