//! What holds for sessions and their connections whatever clients do, in whatever order.

use std::collections::BTreeMap;

use proptest::{prelude::*, test_runner::Config};
use serde_json::{Value, json};

use super::{OTHER, TOKEN};
use crate::support::{DEPLOYMENT, Socket, TestEmulator};

/// What one of the sockets does.
#[derive(Clone, Debug)]
enum Step {
    Configure { socket: usize, other: bool, start_new: bool },
    Say { socket: usize, other: bool, text: &'static str },
    Clear { socket: usize, other: bool },
    Close { socket: usize, other: bool, all: bool },
    Advance(u32),
}

const SOCKETS: usize = 5;

fn step() -> impl Strategy<Value = Step> {
    let text = proptest::sample::select(vec!["hello", "bye", "agent", ""]);
    prop_oneof![
        5 => (0..SOCKETS, any::<bool>(), any::<bool>())
            .prop_map(|(socket, other, start_new)| Step::Configure { socket, other, start_new }),
        4 => (0..SOCKETS, any::<bool>(), text).prop_map(|(socket, other, text)| Step::Say { socket, other, text }),
        1 => (0..SOCKETS, any::<bool>()).prop_map(|(socket, other)| Step::Clear { socket, other }),
        1 => (0..SOCKETS, any::<bool>(), any::<bool>())
            .prop_map(|(socket, other, all)| Step::Close { socket, other, all }),
        2 => (1_u32..400_000).prop_map(Step::Advance),
    ]
}

fn token(other: bool) -> &'static str {
    if other { OTHER } else { TOKEN }
}

/// Takes a step; what it causes is there before the next one. Answers which socket heard what meanwhile.
async fn take(emulator: &TestEmulator, sockets: &mut [Socket], step: &Step) -> Option<(usize, Vec<Value>)> {
    let (socket, frame) = match *step {
        Step::Advance(seconds) => {
            emulator.advance(&format!("{seconds}s")).await;
            return None;
        }
        Step::Configure { socket, other, start_new } => (
            socket,
            json!({
                "action": "configureSession", "deploymentId": DEPLOYMENT, "token": token(other), "startNew": start_new,
            }),
        ),
        Step::Say { socket, other, text } => {
            let text = match (text, other) {
                ("hello", false) => "hello, mine",
                ("hello", true) => "hello, other",
                (text, _) => text,
            };
            let message = json!({ "type": "Text", "text": text });
            (socket, json!({ "action": "onMessage", "token": token(other), "message": message }))
        }
        Step::Clear { socket, other } => {
            let event = json!({ "eventType": "Presence", "presence": { "type": "Clear" } });
            let message = json!({ "type": "Event", "events": [event] });
            (socket, json!({ "action": "onMessage", "token": token(other), "message": message }))
        }
        Step::Close { socket, other, all } => (
            socket,
            json!({
                "action": "closeSession", "token": token(other), "closeAllConnections": all,
            }),
        ),
    };
    sockets[socket].send(frame).await;
    Some((socket, frames(&mut sockets[socket], "done").await))
}

/// All frames that a socket got, up to the answer to this.
async fn frames(socket: &mut Socket, tracing_id: &str) -> Vec<Value> {
    socket.send(json!({ "action": "nothing", "tracingId": tracing_id })).await;
    let mut all = Vec::new();
    loop {
        let frame = socket.next().await;
        if frame["tracingId"] == tracing_id {
            return all;
        }
        all.push(frame);
    }
}

async fn holds(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let emulator = TestEmulator::with(|builder| builder.limits(false)).await;
    let mut sockets = Vec::new();
    for _ in 0..SOCKETS {
        sockets.push(emulator.socket(DEPLOYMENT).await);
    }
    let mut heard = vec![Vec::new(); SOCKETS];
    for step in &steps {
        if let Some((socket, frames)) = take(&emulator, &mut sockets, step).await {
            heard[socket].extend(frames);
        }
    }
    // whoever is still there hears this
    let mut speaker = emulator.socket(DEPLOYMENT).await;
    let frame =
        json!({ "action": "configureSession", "deploymentId": DEPLOYMENT, "token": TOKEN, "startNew": true });
    speaker.send(frame).await;
    prop_assert_eq!(&speaker.next().await["class"], "SessionResponse");
    speaker.say(TOKEN, "who is here?").await;
    prop_assert_eq!(&speaker.next().await["body"]["text"], "who is here?");

    let mut hearers = 1;
    for (socket, mut heard) in sockets.iter_mut().zip(heard) {
        heard.extend(frames(socket, "last").await);
        let mut times: BTreeMap<bool, Vec<String>> = BTreeMap::new();
        for frame in heard {
            let body = &frame["body"];
            let text = body["text"].as_str().unwrap_or_default();
            hearers += usize::from(text == "who is here?");
            // a connection may stand for one session after another: the text says whose time it is
            let of_other =
                [(false, "mine"), (true, "other")].into_iter().find(|(_, word)| text.contains(word));
            if let (Some((other, _)), "StructuredMessage") = (of_other, frame["class"].as_str().unwrap()) {
                times.entry(other).or_default().push(body["channel"]["time"].as_str().unwrap().to_owned());
            }
        }
        for times in times.into_values() {
            prop_assert!(times.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", times);
        }
    }
    prop_assert!(hearers <= 3, "{hearers} connections of one session");
    Ok(())
}

proptest! {
    #![proptest_config(Config { cases: 48, ..Config::default() })]

    #[test]
    fn a_session_never_has_more_than_three_connections_whatever_they_do(steps in prop::collection::vec(step(), 0..40)) {
        tokio::runtime::Runtime::new().unwrap().block_on(holds(steps))?;
    }
}
