//! `expired_certificate`: clients must refuse the certificate.

use super::certificates::{are_looked_at_again, are_refused};
use crate::support::TestEmulator;

#[tokio::test]
async fn the_scenario_shows_it_for_one_host() {
    are_refused(
        TestEmulator::scenario("expired_certificate").await,
        "api.mypurecloud.com",
        "certificate expired",
    )
    .await;
}

#[tokio::test]
async fn a_session_of_before_does_not_go_on_under_it() {
    are_looked_at_again("expired_certificate", "certificate expired").await;
}
