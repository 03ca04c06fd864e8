use crate::{
    idp::exchange::{exchange_code, word},
    support::TestEmulator,
};

#[tokio::test]
async fn the_first_sign_in_is_refused_for_its_milliseconds_and_the_second_is_not() {
    let emulator = TestEmulator::scenario("exp-in-milliseconds").await;
    let refused = exchange_code(&emulator).await;
    assert_eq!(word(&emulator, &refused).await, "exp.in.milliseconds");
    let reason = emulator.last_refusal().await["reason"].clone();
    assert_eq!(
        reason,
        "exp 1767326645000 is in milliseconds; a NumericDate is in seconds (RFC 7519 section 2)"
    );
    assert_eq!(exchange_code(&emulator).await.status, 200);
}
