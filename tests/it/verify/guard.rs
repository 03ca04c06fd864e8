//! The emulator of a test verifies, by hand or when it is dropped.

use genesys_emulator::{Emulator, Verification};

use crate::support::client::Client;

const TOKEN_ONCE: &str = "{ match: { method: POST, path: /oauth/token, status: 200 }, times: 1 }";

async fn fetch_token(emulator: &Emulator) {
    let (id, secret) = emulator.client().unwrap();
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    Client::new(emulator.url()).post_form("/oauth/token", &form).await;
}

#[tokio::test]
async fn a_test_verifies_by_hand() {
    let emulator = Emulator::builder().start().await.unwrap();
    let verification = Verification::read(TOKEN_ONCE).unwrap();
    let before = emulator.verify(&verification).await.unwrap();
    assert!(!before.held());
    assert_eq!(
        before.to_string(),
        "verification failed: 1 thing is not as it is to be\n\
         - method POST, status 200, path /oauth/token: expected exactly 1, found 0"
    );
    fetch_token(&emulator).await;
    let after = emulator.verify(&verification).await.unwrap();
    assert_eq!(after.to_string(), "verified: expectations that hold: 1, faults that fired: 0");
    let nothing = emulator.verify(&Verification::default()).await.unwrap_err();
    assert!(nothing.to_string().starts_with("there is nothing to verify"), "{nothing}");
}

/// What an emulator says when it is dropped after this.
async fn dropped(verification: Verification, fetches: usize) -> Result<(), String> {
    let builder = Emulator::builder().verify_on_drop(verification);
    let emulator = builder.start().await.unwrap();
    for _ in 0..fetches {
        fetch_token(&emulator).await;
    }
    let dropping = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(emulator)));
    dropping.map_err(|panic| panic.downcast_ref::<String>().unwrap().clone())
}

#[tokio::test]
async fn a_dropped_emulator_panics_when_something_is_not_as_it_is_to_be() {
    let once = || Verification::read(TOKEN_ONCE).unwrap();
    assert_eq!(dropped(once(), 1).await, Ok(()));
    let twice = dropped(once(), 2).await.unwrap_err();
    assert!(twice.contains("expected exactly 1, found 2 (1, 2)"), "{twice}");
}

#[tokio::test]
async fn a_fault_that_never_fired_is_found_when_the_emulator_is_stopped() {
    let builder = Emulator::builder().scenario("guest-429").verify_on_drop(Verification::default());
    let emulator = builder.start().await.unwrap();
    let stopping = tokio::spawn(emulator.stop()).await.unwrap_err();
    let panic = stopping.into_panic();
    let told = panic.downcast_ref::<String>().unwrap();
    assert!(told.contains("fault `guest-429` never fired: nothing came that it is about"), "{told}");
}

#[tokio::test]
async fn a_test_that_panics_already_is_left_alone() {
    let builder = Emulator::builder().scenario("guest-429").verify_on_drop(Verification::default());
    let emulator = builder.start().await.unwrap();
    let own = tokio::spawn(async move {
        let _emulator = emulator;
        panic!("of the test itself");
    });
    let panic = own.await.unwrap_err().into_panic();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"of the test itself"));
}

#[tokio::test]
async fn what_waits_is_not_verified_by_a_drop() {
    let waits = Verification::read("{ match: { path: /x }, neverFor: 1s }").unwrap();
    let refused = Emulator::builder().verify_on_drop(waits).start().await.err().unwrap();
    assert_eq!(refused.to_string(), "`neverFor` waits, and a drop cannot; use `emulator.verify(…).await`");
    let wrong = Verification::read("{ match: { pth: /x } }").unwrap_err().to_string();
    assert!(wrong.starts_with("expect[0].match.pth: unknown field `pth`"), "{wrong}");
    assert!(wrong.ends_with("did you mean `path`?"), "{wrong}");
}
