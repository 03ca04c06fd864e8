use serde_json::json;

use super::{TOKEN, hear, say, session};
use crate::support::TestEmulator;

#[tokio::test]
async fn the_bot_welcomes_the_guest_looks_up_an_order_and_understands_half_a_sentence() {
    let emulator = TestEmulator::scenario("chat-with-bot").await;
    let mut socket = session(&emulator).await;
    let join =
        json!({ "type": "Event", "events": [{ "eventType": "Presence", "presence": { "type": "Join" } }] });
    socket.send(json!({ "action": "onMessage", "token": TOKEN, "message": join })).await;
    socket.next().await;
    emulator.advance("300ms").await;
    let welcome = socket.next().await;
    let options = welcome["body"]["content"].as_array().unwrap();
    assert_eq!((&welcome["body"]["type"], options.len()), (&json!("Structured"), 2));

    let button = json!({ "text": "My order", "payload": "ORDER", "type": "QuickReply" });
    let content = json!([{ "contentType": "ButtonResponse", "buttonResponse": button }]);
    let answer = json!({ "type": "Structured", "text": "My order", "content": content });
    socket.send(json!({ "action": "onMessage", "token": TOKEN, "message": answer })).await;
    socket.next().await;
    emulator.advance("300ms").await;
    assert_eq!(hear(&mut socket).await, "Let me look.");
    assert_eq!(socket.next().await["body"]["events"][0]["typing"], json!({ "type": "On", "duration": 2000 }));
    assert_eq!(emulator.advance("1999ms").await["fired"], 0);
    emulator.advance("1ms").await;
    assert_eq!(hear(&mut socket).await, "It arrives tomorrow.");

    for (text, answer) in
        [("another ORDER?", "You can also press the button."), ("thanks", "I do not know “thanks” yet.")]
    {
        say(&mut socket, text).await;
        emulator.advance("300ms").await;
        assert_eq!(hear(&mut socket).await, answer);
    }
}
