use super::{TOKEN, hear, session};
use crate::support::TestEmulator;

#[tokio::test]
async fn the_first_of_four_tabs_is_evicted_and_the_other_three_hear_everything() {
    let emulator = TestEmulator::scenario("fourth-tab-evicts-first").await;
    let mut tabs = Vec::new();
    for _ in 0..4 {
        tabs.push(session(&emulator).await);
    }
    assert_eq!(tabs[0].next().await["class"], "ConnectionClosedEvent");
    tabs[3].say(TOKEN, "hello").await;
    emulator.advance("1ms").await;
    for tab in &mut tabs[1..] {
        assert_eq!(hear(tab).await, "hello");
        assert_eq!(hear(tab).await, "Every open tab hears “hello”.");
    }
    tabs[0].say(TOKEN, "am I still here?").await;
    assert_eq!(tabs[0].next().await["code"], 400, "its socket is open, and stands for no session");
}
