//! `/api/v2/webchat/guest`: what a proxy gets for a guest.

use insta::assert_snapshot;
use serde_json::json;

use super::{claims, jwt, post_guest};
use crate::support::{GUEST_TOKEN_DEPLOYMENT, Socket, TestEmulator};

/// What the guide's proxy sends.
const ANN: &str = r#"{"name":"Ann","email":null,"customAttributes":{"sourcePage":"https://shop.example.test/","sessionTimestamp":"2026-01-05T09:00:00.000Z"}}"#;

#[tokio::test]
async fn a_guest_gets_a_jwt_for_half_an_hour() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    let answer = post_guest(&emulator, &token, ANN).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-cache, no-store, must-revalidate");
    assert_snapshot!(answer.text, @r#"{"access_token":"eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImVtdWxhdG9yLWYxZjBlZjIzZjgzYyJ9.eyJpc3MiOiJodHRwOi8vZW11bGF0b3IudGVzdCIsImF1ZCI6WyJodHRwOi8vZW11bGF0b3IudGVzdCIsImVtdWxhdGVkLW9yZy5teXB1cmVjbG91ZC5jb20iXSwic3ViIjoiZ3Vlc3QtMzkzMTQzYjQtZmI1My00ODY0LWFmOWYtMTg5NjFkNTc4ZDVlIiwiaWF0IjoxNzY3MzIzMDQ1LCJleHAiOjE3NjczMjQ4NDUsImp0aSI6IjZjM2QxZWExLTUwZDEtNGFlNi05YmFmLWRjNDU4YzQxN2U3NyIsInBlcm1pc3Npb25zIjpbIndlYmNoYXQ6Z3Vlc3Q6dmlldyIsImNvbnZlcnNhdGlvbjp3ZWJjaGF0OmVkaXQiXSwid2ViY2hhdCI6eyJndWVzdElkIjoiZ3Vlc3QtMzkzMTQzYjQtZmI1My00ODY0LWFmOWYtMTg5NjFkNTc4ZDVlIiwibmFtZSI6IkFubiIsImVtYWlsIjpudWxsLCJjdXN0b21BdHRyaWJ1dGVzIjp7InNvdXJjZVBhZ2UiOiJodHRwczovL3Nob3AuZXhhbXBsZS50ZXN0LyIsInNlc3Npb25UaW1lc3RhbXAiOiIyMDI2LTAxLTA1VDA5OjAwOjAwLjAwMFoifX0sIm9yZ0lkIjoiMDAwMDAwMDAtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMGFhIn0.KqhUNYBvAafmeHnJjsO51PztDr2C2yFeL4ueAaQpSKV7sK1pSp2GCRtIyrJeLwWcLjcBTx5xqLnao3VOeIHCru0e4zaYl20YJfeYuYihuQhOYS4b-Pl5UOnn18XQtXkGSDKowUC4UBUiVYQdPUZJZnLOM7vUouL8wzISljWSX-wCw5djIAWaDxd4cy-54Z6fXeuoQJ7kdM69lnbh5FTVHLYjuYNvDUi0HDNqxQz5mR0z7Eo-YgmTvaquQRd0YcO9SP1f-J3alr2KwbumXCOcCLZv_UdvF6cDjdPMB5iEwoqAqzI_GyxnELnqBo0uVx5YuU3pL_eiwJ86gPN6a3kH-w","token_type":"Bearer","expires_in":1800,"guestId":"guest-393143b4-fb53-4864-af9f-18961d578d5e"}"#);
    assert_snapshot!(claims(&jwt(&answer)), @r#"{"iss":"http://emulator.test","aud":["http://emulator.test","emulated-org.mypurecloud.com"],"sub":"guest-393143b4-fb53-4864-af9f-18961d578d5e","iat":1767323045,"exp":1767324845,"jti":"6c3d1ea1-50d1-4ae6-9baf-dc458c417e77","permissions":["webchat:guest:view","conversation:webchat:edit"],"webchat":{"guestId":"guest-393143b4-fb53-4864-af9f-18961d578d5e","name":"Ann","email":null,"customAttributes":{"sourcePage":"https://shop.example.test/","sessionTimestamp":"2026-01-05T09:00:00.000Z"}},"orgId":"00000000-0000-4000-8000-0000000000aa"}"#);
}

#[tokio::test]
async fn the_guest_is_shown_with_the_conversation_that_waits_for_it() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    let made = post_guest(&emulator, &token, ANN).await.json();
    let path = format!("/api/v2/webchat/guest/{}", made["guestId"].as_str().unwrap());
    let answer = emulator.client.get(&path, Some(&token)).await;
    assert_eq!(answer.status, 200);
    assert_snapshot!(answer.text, @r#"{"id":"guest-393143b4-fb53-4864-af9f-18961d578d5e","name":"Ann","email":null,"customAttributes":{"sourcePage":"https://shop.example.test/","sessionTimestamp":"2026-01-05T09:00:00.000Z"},"conversationId":"1e9633d6-2cfc-4ae3-bfdb-6974da189285"}"#);

    let anonymous = post_guest(&emulator, &token, "").await.json();
    let path = format!("/api/v2/webchat/guest/{}", anonymous["guestId"].as_str().unwrap());
    assert_snapshot!(emulator.client.get(&path, Some(&token)).await.text, @r#"{"id":"guest-8422ff4b-09d3-4136-a2f8-5df034353630","name":"Anonymous Guest","email":null,"conversationId":"88e8bfe2-ee1e-43b3-8319-876d4e95add5"}"#);
}

#[tokio::test]
async fn custom_attributes_come_back_verbatim() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    let attributes = r#"{ "b" : 1.0, "a":1e2,"nested":[ null,{"x":"\u00e9\n"}],"b":12345678901234567890 }"#;
    let body =
        format!(r#"{{"name":"Zoë 🦊","email":"zoe@shop.example.test","customAttributes":{attributes}}}"#);
    let answer = post_guest(&emulator, &token, body).await;
    assert_snapshot!(claims(&jwt(&answer)), @r#"{"iss":"http://emulator.test","aud":["http://emulator.test","emulated-org.mypurecloud.com"],"sub":"guest-393143b4-fb53-4864-af9f-18961d578d5e","iat":1767323045,"exp":1767324845,"jti":"6c3d1ea1-50d1-4ae6-9baf-dc458c417e77","permissions":["webchat:guest:view","conversation:webchat:edit"],"webchat":{"guestId":"guest-393143b4-fb53-4864-af9f-18961d578d5e","name":"Zoë 🦊","email":"zoe@shop.example.test","customAttributes":{ "b" : 1.0, "a":1e2,"nested":[ null,{"x":"\u00e9\n"}],"b":12345678901234567890 }},"orgId":"00000000-0000-4000-8000-0000000000aa"}"#);
    let path = format!("/api/v2/webchat/guest/{}", answer.json()["guestId"].as_str().unwrap());
    let shown = emulator.client.get(&path, Some(&token)).await;
    assert!(shown.text.contains(attributes), "{}", shown.text);
}

#[tokio::test]
async fn the_lifetime_is_configurable_and_counted_on_the_orgs_clock() {
    let emulator =
        TestEmulator::yaml("name: hour\nworld: { orgs: [{ guestTokens: { lifetime: 1h } }] }").await;
    let token = emulator.guest_client_token().await;
    emulator.advance("10m").await;
    let answer = post_guest(&emulator, &token, ANN).await;
    assert_eq!(answer.json()["expires_in"], 3600);
    let claims: serde_json::Value = serde_json::from_str(&claims(&jwt(&answer))).unwrap();
    assert_eq!((&claims["iat"], &claims["exp"]), (&json!(1_767_323_645), &json!(1_767_327_245)));
}

#[tokio::test]
async fn the_values_of_custom_attributes_stay_out_of_the_journal() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    let body = r#"{"customAttributes":{"plan":"sentinel-value"}}"#;
    let answer = post_guest(&emulator, &token, body).await;
    // serialised twice: a string that holds JSON
    let twice = post_guest(&emulator, &token, json!(body).to_string()).await;
    assert_eq!((answer.status, twice.status), (200, 400));
    let journal = format!("{:?}", emulator.journal("").await);
    assert!(journal.contains("customAttributes"), "{journal}");
    for secret in ["sentinel-value", token.as_str(), jwt(&answer).as_str(), "emulator-guest-secret"] {
        assert!(!journal.contains(secret), "{secret} in {journal}");
    }
}

/// A body whose attributes have this many bytes.
fn of_bytes(many: usize) -> String {
    json!({ "name": "Ann", "customAttributes": { "a": "x".repeat(many - 8) } }).to_string()
}

#[tokio::test]
async fn whatever_is_issued_the_socket_takes_and_renewals_do() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    for many in [12_000, 35_000] {
        let jwt = jwt(&post_guest(&emulator, &token, of_bytes(many)).await);
        let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token={jwt}");
        assert_eq!(emulator.upgrade(&target).await.err(), None, "{many}");
        let bearer = format!("Bearer {jwt}");
        let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}");
        let by_header = Socket::open(&emulator.base(), &target, &[("authorization", &bearer)]).await;
        assert_eq!(by_header.err(), None, "{many}");
        let renewed = post_guest(&emulator, &token, json!({ "token": jwt }).to_string()).await;
        assert_eq!(renewed.status, 200, "{many}");
    }
}

#[tokio::test]
async fn what_no_head_could_carry_is_not_issued_and_changes_nothing() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    let refused = post_guest(&emulator, &token, of_bytes(40_000)).await;
    assert_eq!(refused.status, 400);
    assert_snapshot!(refused.text, @r#"{"message":"name, email and customAttributes make claims of 40447 bytes; a guest JWT is carried in a request's head, and claims of at most 36000 bytes fit","code":"constraint.validation","status":400,"contextId":"ce8c5a36-ff6b-4372-a46c-6311e122de80","details":[],"errors":[]}"#);
    assert_eq!(emulator.last_refusal().await["rule"], "oversized");

    let made = post_guest(&emulator, &token, ANN).await.json();
    let path = format!("/api/v2/webchat/guest/{}", made["guestId"].as_str().unwrap());
    let before = emulator.client.get(&path, Some(&token)).await.text;
    let mut more: serde_json::Value = serde_json::from_str(&of_bytes(40_000)).unwrap();
    more["guestId"] = made["guestId"].clone();
    assert_eq!(post_guest(&emulator, &token, more.to_string()).await.status, 400);
    assert_eq!(emulator.client.get(&path, Some(&token)).await.text, before);
}

#[tokio::test]
async fn a_token_that_a_fault_makes_too_long_is_refused() {
    let emulator = TestEmulator::start().await;
    emulator.fault(json!({ "id": "f", "effect": { "claims": { "mode": "oversized" } } })).await;
    let token = emulator.guest_client_token().await;
    let jwt = jwt(&post_guest(&emulator, &token, ANN).await);
    let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token={jwt}");
    assert_eq!(emulator.upgrade(&target).await.err().unwrap().0, 401);
    assert_eq!(emulator.last_refusal().await["rule"], "oversized");
    let renewed = post_guest(&emulator, &token, json!({ "token": jwt }).to_string()).await;
    assert_eq!(renewed.status, 400);
}
