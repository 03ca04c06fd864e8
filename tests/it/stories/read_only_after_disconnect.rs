use serde_json::json;

use super::{TOKEN, hear, say, session};
use crate::support::{DEPLOYMENT, TestEmulator};

#[tokio::test]
async fn the_bot_ends_the_conversation_and_only_a_new_session_goes_on() {
    let emulator = TestEmulator::scenario("read-only-after-disconnect").await;
    let mut socket = session(&emulator).await;
    say(&mut socket, "Hello").await;
    emulator.advance("200ms").await;
    assert_eq!(hear(&mut socket).await, "Noted: Hello");
    assert_eq!(socket.next().await["body"]["metadata"]["readOnly"], "true");
    socket.say(TOKEN, "More").await;
    assert_eq!(socket.next().await["code"], 409);
    assert_eq!(socket.configure(DEPLOYMENT, TOKEN).await["body"]["readOnly"], true);

    socket.send(json!({ "action": "closeSession", "token": TOKEN, "closeAllConnections": true })).await;
    assert_eq!(socket.next().await["body"]["connected"], false);
    let new =
        json!({ "action": "configureSession", "deploymentId": DEPLOYMENT, "token": TOKEN, "startNew": true });
    socket.send(new).await;
    let answer = socket.next().await;
    assert_eq!((&answer["body"]["newSession"], &answer["body"]["readOnly"]), (&json!(true), &json!(false)));
    say(&mut socket, "More").await;
}
