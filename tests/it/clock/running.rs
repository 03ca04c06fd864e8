//! Clocks that run by themselves.

use genesys_emulator::Emulator;
use serde_json::{Value, json};

use crate::support::{DEPLOYMENT, Socket, TestEmulator};

const TOKEN: &str = "session";

async fn put(emulator: &TestEmulator, change: Value) -> Value {
    let answer = emulator.client.admin("PUT", "/clock", Some(&change)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

async fn now(emulator: &TestEmulator) -> jiff::Timestamp {
    let answer = emulator.client.admin("GET", "/clock", None).await.json();
    answer["now"].as_str().unwrap().parse().unwrap()
}

async fn asked(emulator: &TestEmulator) -> Socket {
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, TOKEN).await;
    socket.say(TOKEN, "hello").await;
    socket.next().await;
    socket
}

#[tokio::test]
async fn a_clock_that_is_set_running_fires_by_itself_and_stands_when_it_is_frozen() {
    let emulator = TestEmulator::start().await;
    let mut socket = asked(&emulator).await;
    let view = put(&emulator, json!({ "rate": 1000 })).await;
    assert_eq!(json!([view["rate"], view["frozen"]]), json!([1000.0, false]));
    assert_eq!(socket.next().await["body"]["text"], "You said: hello");
    let view = put(&emulator, json!({ "freeze": true })).await;
    assert_eq!(json!([view["rate"], view["frozen"]]), json!([0.0, true]));
    assert_eq!(now(&emulator).await, now(&emulator).await);
    let view = put(&emulator, json!({ "resume": true })).await;
    assert_eq!(json!([view["rate"], view["frozen"]]), json!([1.0, false]));
}

#[tokio::test]
async fn a_running_clock_can_be_advanced_too() {
    let emulator = TestEmulator::with(|_| Emulator::builder().seed(1)).await;
    let mut socket = asked(&emulator).await;
    let before = now(&emulator).await;
    emulator.advance("1h").await;
    assert_eq!(socket.next().await["body"]["text"], "You said: hello");
    assert!(now(&emulator).await >= before + jiff::SignedDuration::from_hours(1));
}

#[tokio::test]
async fn an_auto_clock_jumps_to_the_reply_and_not_to_the_end_of_the_session() {
    let yaml = "world: { orgs: [ {
        bots: { slow: { delay: 50s, otherwise: { say: 'at last' } } },
        deployments: { messaging: { bot: slow } } } ] }";
    let emulator = TestEmulator::yaml(yaml).await;
    let start = now(&emulator).await;
    let mut socket = asked(&emulator).await;
    put(&emulator, json!({ "rate": "auto" })).await;
    assert_eq!(socket.next().await["body"]["text"], "at last");
    let passed = now(&emulator).await.duration_since(start);
    assert!(passed >= jiff::SignedDuration::from_secs(50), "{passed}");
    assert!(passed < jiff::SignedDuration::from_hours(1), "{passed}");
}

#[tokio::test]
async fn an_auto_clock_answers_one_question_after_the_other() {
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, TOKEN).await;
    put(&emulator, json!({ "rate": "auto" })).await;
    for n in 0..20 {
        socket.say(TOKEN, &n.to_string()).await;
        socket.next().await;
        assert_eq!(socket.next().await["body"]["text"], format!("You said: {n}"));
    }
}
