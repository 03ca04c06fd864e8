//! Sockets that are open while their world ends.

use std::thread;

use genesys_emulator::Emulator;
use serde_json::json;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::{TOKEN, raw::Raw, session};
use crate::support::{DEPLOYMENT, Socket, TestEmulator};

#[tokio::test]
async fn a_reset_closes_open_sockets_with_1001() {
    let emulator = TestEmulator::start().await;
    let mut sockets = [session(&emulator, TOKEN).await, emulator.socket(DEPLOYMENT).await];
    emulator.client.admin("POST", "/reset", None).await;
    for socket in &mut sockets {
        let frame = socket.closed().await.unwrap();
        assert_eq!((frame.code, frame.reason.as_str()), (CloseCode::Away, "the org was reset"));
    }
    let mut again = emulator.socket(DEPLOYMENT).await;
    assert_eq!(again.configure(DEPLOYMENT, TOKEN).await["body"]["newSession"], true);
    assert_eq!(emulator.journal("").await.len(), 3, "the journal begins anew");
}

#[tokio::test]
async fn a_socket_opened_after_a_reset_is_not_taken_away_by_one_from_before() {
    let emulator = TestEmulator::unlimited().await;
    let mut old = Raw::open(&emulator, DEPLOYMENT).await;
    emulator.client.admin("POST", "/reset", None).await;
    let mut new = session(&emulator, TOKEN).await;
    // the old client does not answer the close frame; then its connection is ended, and with it what it held
    assert_eq!(old.closed().await.0, 1001);
    for _ in 0..3 {
        new.send(json!({ "action": "echo", "token": TOKEN })).await;
        assert_eq!(new.next().await["body"]["text"], "ping");
    }
}

#[tokio::test]
async fn a_reset_forgets_what_the_bot_was_about_to_say() {
    let emulator = TestEmulator::start().await;
    session(&emulator, TOKEN).await.say(TOKEN, "hello").await;
    emulator.client.admin("POST", "/reset", None).await;
    assert_eq!(emulator.advance("100h").await["fired"], 0);
}

#[test]
fn stopping_says_goodbye_on_every_socket_before_it_is_done() {
    let (tell, told) = std::sync::mpsc::channel();
    let server = thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let emulator = runtime.block_on(Emulator::builder().start()).unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        tell.send((format!("http://{}", emulator.address()), stop)).unwrap();
        runtime.block_on(async move {
            stopped.await.unwrap();
            emulator.stop().await;
        });
        runtime.shutdown_background();
    });
    let (base, stop) = told.recv().unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async move {
        let target = format!("/v1?deploymentId={DEPLOYMENT}");
        let mut sockets = Vec::new();
        for _ in 0..20 {
            sockets.push(Socket::open(&base, &target, &[]).await.unwrap());
        }
        stop.send(()).unwrap();
        for socket in &mut sockets {
            assert_eq!(socket.closed().await.unwrap().code, CloseCode::Away);
        }
    });
    server.join().unwrap();
}
