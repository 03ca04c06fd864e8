//! A move of the clock does not wait for ever for what it caused.

use std::time::Duration;

use genesys_emulator::Patience;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::{
    support::{DEPLOYMENT, TestEmulator, unread},
    webmessaging::raw::{Raw, TEXT, masked},
};

const TOKEN: &str = "session";

/// Says something and moves the clock beyond the bot's answer.
async fn said(emulator: &TestEmulator, tcp: &mut (impl AsyncWrite + Unpin)) -> Value {
    let frame =
        json!({ "action": "onMessage", "token": TOKEN, "message": { "type": "Text", "text": "go on" } });
    tcp.write_all(&masked(TEXT, frame.to_string().as_bytes())).await.unwrap();
    emulator.advance("1s").await
}

#[tokio::test]
async fn a_client_that_does_not_take_what_is_due_is_named_and_not_waited_for() {
    let patience = Patience { settle: Duration::from_millis(100), ..Patience::default() };
    let emulator = TestEmulator::with(|builder| builder.patience(patience)).await;
    unread::much_to_say(&emulator).await;
    let mut socket = Raw::unread(&emulator, DEPLOYMENT).await;
    let configure = json!({ "action": "configureSession", "deploymentId": DEPLOYMENT, "token": TOKEN });
    socket.say(&configure.to_string()).await;

    let (mut reading, mut writing) = socket.tcp.into_split();
    let mut moved = said(&emulator, &mut writing).await;
    for _ in 0..1_000 {
        if moved["settled"] == false {
            break;
        }
        moved = said(&emulator, &mut writing).await;
    }
    let told = json!([moved["settled"], moved["waitingFor"]]);
    assert_eq!(told, json!([false, [1]]), "the frame goes back to the visit that opened the socket");
    assert_eq!(moved["to"], moved["now"], "the clock has moved all the same");

    tokio::spawn(async move { while let Ok(1..) = reading.read(&mut [0; 65_536]).await {} });
    for _ in 0..1_000 {
        let moved = said(&emulator, &mut writing).await;
        if moved["settled"] == true && moved["fired"] == 1 {
            assert_eq!(moved.get("waitingFor"), None);
            return;
        }
    }
    panic!("it never settles, although the client reads");
}
