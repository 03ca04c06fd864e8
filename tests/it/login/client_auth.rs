//! `/client-auth`.

use crate::support::TestEmulator;

#[tokio::test]
async fn the_landing_page_of_pop_up_windows_is_there_with_and_without_a_slash() {
    let emulator = TestEmulator::start().await;
    for path in ["/client-auth", "/client-auth/"] {
        let answer = emulator.client.get(path, None).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "text/html; charset=utf-8"));
        assert!(answer.text.contains("localStorage.setItem(opener.storageKey"));
    }
}
