//! What came before what.

use serde_json::json;

use super::problems;
use crate::support::TestEmulator;

async fn visits(paths: &[&str]) -> TestEmulator {
    let emulator = TestEmulator::start().await;
    for path in paths {
        emulator.client.get(path, None).await;
    }
    emulator
}

#[tokio::test]
async fn other_things_may_come_between_unless_the_order_is_strict() {
    let emulator = visits(&["/api/v2/a", "/api/v2/x", "/api/v2/b", "/api/v2/a"]).await;
    let order = json!([{ "path": "/api/v2/a" }, { "path": "/api/v2/b" }]);
    assert!(problems(&emulator, &json!({ "order": order })).await.is_empty());
    assert_eq!(
        problems(&emulator, &json!({ "order": order, "strict": true })).await,
        [
            "path /api/v2/a, then path /api/v2/b: expected these 2 in this order and no other; after 2 of them 4 (GET /api/v2/a → 501) came"
        ]
    );
    let one = visits(&["/api/v2/x", "/api/v2/a", "/api/v2/x", "/api/v2/b"]).await;
    assert!(problems(&one, &json!({ "order": order, "strict": true })).await.is_empty());
}

#[tokio::test]
async fn what_came_too_early_is_told() {
    let emulator = visits(&["/api/v2/b", "/api/v2/a"]).await;
    let order = json!([{ "path": "/api/v2/a" }, { "path": "/api/v2/b" }]);
    assert_eq!(
        problems(&emulator, &json!({ "order": order })).await,
        [
            "path /api/v2/a, then path /api/v2/b: expected these 2 in this order; 1 of them came (2), and then nothing with path /api/v2/b"
        ]
    );
}
