use super::{TOKEN, say, session};
use crate::support::{DEPLOYMENT, TestEmulator};

#[tokio::test]
async fn the_session_expires_while_the_guest_thinks_and_the_next_one_is_new() {
    let emulator = TestEmulator::scenario("session-expires-mid-chat").await;
    let mut socket = session(&emulator).await;
    say(&mut socket, "hello").await;
    emulator.advance("200ms").await;
    assert_eq!(socket.next().await["body"]["text"], "You said: hello");
    // the answer was a message too
    emulator.advance("14m59s").await;
    emulator.advance("1s").await;
    assert_eq!(socket.next().await["class"], "SessionExpiredEvent");
    socket.say(TOKEN, "wait").await;
    assert_eq!(socket.next().await["class"], "SessionExpiredEvent");
    assert_eq!(socket.configure(DEPLOYMENT, TOKEN).await["body"]["newSession"], true);
}
