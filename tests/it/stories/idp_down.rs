use crate::{
    idp::exchange::{exchange_code, word},
    support::TestEmulator,
};

#[tokio::test]
async fn the_browser_signs_in_but_the_platform_reaches_nobody_until_the_provider_is_back() {
    let emulator = TestEmulator::scenario("idp-down").await;
    for _ in 0..3 {
        let refused = exchange_code(&emulator).await;
        assert_eq!(word(&emulator, &refused).await, "idp.unreachable");
    }
    assert_eq!(exchange_code(&emulator).await.status, 200);
}
