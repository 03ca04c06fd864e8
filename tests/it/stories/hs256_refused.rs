use crate::{
    idp::exchange::{exchange_code, word},
    support::TestEmulator,
};

#[tokio::test]
async fn no_token_that_is_signed_by_a_shared_secret_is_good_however_right_it_is() {
    let emulator = TestEmulator::scenario("hs256-refused").await;
    for _ in 0..2 {
        let refused = exchange_code(&emulator).await;
        assert_eq!(word(&emulator, &refused).await, "alg.not.allowed");
        assert_eq!(emulator.last_refusal().await["reason"], "alg is HS256, expected RS256");
    }
}
