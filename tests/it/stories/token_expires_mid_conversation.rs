use serde_json::json;

use super::TOKEN;
use crate::{
    idp::exchange::{REFRESH, exchange_code},
    support::{DEPLOYMENT, TestEmulator},
    webmessaging::authenticated::configure,
};

#[tokio::test]
async fn typing_is_refused_with_401_after_fifteen_minutes_and_goes_on_after_a_refresh() {
    let emulator = TestEmulator::scenario("token-expires-mid-conversation").await;
    let given = exchange_code(&emulator).await.json();
    let mut socket = emulator.socket(DEPLOYMENT).await;
    configure(&mut socket, DEPLOYMENT, TOKEN, given["jwt"].as_str().unwrap()).await;
    socket.say(TOKEN, "hello").await;
    assert_eq!(socket.next().await["body"]["text"], "hello");
    emulator.advance("15m").await;
    assert_eq!(socket.next().await["body"]["text"], "You said: hello");

    let typing =
        json!({ "type": "Event", "events": [{ "eventType": "Typing", "typing": { "type": "On" } }] });
    socket.send(json!({ "action": "onMessage", "token": TOKEN, "message": typing })).await;
    let refused = socket.next().await;
    assert_eq!(
        (&refused["code"], &refused["body"]),
        (&json!(401), &json!("Authentication token has expired"))
    );
    socket.say(TOKEN, "still me").await;
    assert_eq!(socket.next().await["code"], 401);
    let again = configure(&mut socket, DEPLOYMENT, TOKEN, given["jwt"].as_str().unwrap()).await;
    assert_eq!(again["code"], 401);

    let refreshed = json!({ "refreshToken": given["refreshToken"] });
    let fresh = emulator.client.post(REFRESH, None, &refreshed).await.json();
    let answer = configure(&mut socket, DEPLOYMENT, TOKEN, fresh["jwt"].as_str().unwrap()).await;
    assert_eq!(answer["body"]["newSession"], false);
    socket.say(TOKEN, "still me").await;
    assert_eq!(socket.next().await["body"]["text"], "still me");
    assert_eq!(emulator.conversation().await["messages"].as_array().unwrap().len(), 3);
}
