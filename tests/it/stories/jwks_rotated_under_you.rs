use crate::{
    idp::exchange::{exchange_code, word},
    support::TestEmulator,
};

#[tokio::test]
async fn the_platform_keeps_the_provider_s_old_set_and_every_sign_in_fails_for_five_minutes() {
    let emulator = TestEmulator::scenario("jwks-rotated-under-you").await;
    assert_eq!(exchange_code(&emulator).await.status, 200);
    // the code was redeemed after the rotation, so its token is by the new key
    let refused = exchange_code(&emulator).await;
    assert_eq!(word(&emulator, &refused).await, "kid.unknown");
    emulator.advance("4m59s").await;
    assert_eq!(exchange_code(&emulator).await.status, 401);
    assert_eq!(emulator.journal("target=/idp/main/jwks").await.len(), 1);
    emulator.advance("1s").await;
    assert_eq!(exchange_code(&emulator).await.status, 200);
    assert_eq!(emulator.journal("target=/idp/main/jwks").await.len(), 2);
}
