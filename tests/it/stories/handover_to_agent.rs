use serde_json::json;

use super::{hear, say, session};
use crate::support::TestEmulator;

#[tokio::test]
async fn the_bot_hands_over_to_the_queue_and_a_human_takes_over() {
    let emulator = TestEmulator::scenario("handover-to-agent").await;
    let mut socket = session(&emulator).await;
    say(&mut socket, "May I talk to a human?").await;
    emulator.advance("200ms").await;
    assert_eq!(hear(&mut socket).await, "One moment, please.");
    assert_eq!(socket.next().await["body"]["events"][0]["typing"]["duration"], 3000);
    emulator.advance("3s").await;
    assert_eq!(hear(&mut socket).await, "You are next in the line.");
    say(&mut socket, "human?").await;
    assert_eq!(emulator.advance("1m").await["fired"], 0, "the bot has left");

    let waiting = emulator.events("type=participant&follow=false").await.kinds().await;
    assert_eq!(
        waiting,
        ["participant.joined", "participant.joined", "participant.left", "participant.joined"]
    );
    emulator.by_hand("messages", json!({ "text": "Hello, this is a human." })).await;
    let said = socket.next().await;
    assert_eq!(said["body"]["channel"]["from"]["nickname"], "Emulated Agent");
    let known = emulator.conversation().await;
    let sides = known["participants"].as_array().unwrap();
    let sides: Vec<_> =
        sides.iter().map(|one| json!([one["purpose"], one.get("endTime").is_some()])).collect();
    let expected = json!([["customer", false], ["workflow", true], ["acd", true], ["agent", false]]);
    assert_eq!(json!(sides), expected);
}
