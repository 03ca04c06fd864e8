//! `POST /oauth/token`.

use insta::assert_snapshot;

use crate::support::TestEmulator;

#[tokio::test]
async fn a_client_gets_an_opaque_token_for_its_own_lifetime() {
    let emulator = TestEmulator::start().await;
    let body =
        "grant_type=client_credentials&client_id=emulator-guest-client&client_secret=emulator-guest-secret";
    let answer = emulator.client.post_form("/oauth/token", body).await;
    assert_eq!(answer.status, 200);
    assert_snapshot!(answer.text, @r#"{"access_token":"h9luB9G_flqKkSNvz0vVEE7gRUBnlIg_le0dt_lus0Gz-i8V","token_type":"bearer","expires_in":3600}"#);
}
