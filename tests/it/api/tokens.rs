//! `/api/v2/tokens/me`.

use insta::assert_snapshot;

use crate::support::TestEmulator;

const PATH: &str = "/api/v2/tokens/me";

#[tokio::test]
async fn a_token_says_whose_it_is() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    let answer = emulator.client.get(PATH, Some(&token)).await;
    assert_eq!(answer.status, 200);
    assert_snapshot!(answer.text, @r#"{"organization":{"id":"00000000-0000-4000-8000-0000000000aa","name":"Emulated Org"},"homeOrganization":{"id":"00000000-0000-4000-8000-0000000000aa","name":"Emulated Org"},"authorizedScope":["webchat:guest:read","webchat:guest:write","conversation:webchat:read","conversation:webchat:write","user:read"],"OAuthClient":{"id":"emulator-guest-client","name":"Least privilege for guest tokens","authorizedGrantType":"CLIENT-CREDENTIALS","scope":["webchat:guest:read","webchat:guest:write","conversation:webchat:read","conversation:webchat:write","user:read"],"state":"active","organization":{"id":"00000000-0000-4000-8000-0000000000aa","name":"Emulated Org"}}}"#);
}

#[tokio::test]
async fn head_says_no_more_than_whether_it_is_worth_anything() {
    let emulator = TestEmulator::start().await;
    let bearer = format!("Bearer {}", emulator.guest_client_token().await);
    for (authorization, status) in [(bearer.as_str(), 200), ("Bearer nonsense", 401), ("", 401)] {
        let headers = [("authorization", authorization)];
        let answer = emulator.client.send("HEAD", PATH, &headers, "").await;
        assert_eq!((answer.status, answer.text.as_str()), (status, ""), "{authorization}");
    }
}

#[tokio::test]
async fn a_revoked_token_is_dead_and_its_sisters_live() {
    let emulator = TestEmulator::start().await;
    let (token, sister) = (emulator.guest_client_token().await, emulator.guest_client_token().await);
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    let answer = emulator.client.send("DELETE", PATH, &headers, "").await;
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    for method in ["GET", "HEAD", "DELETE"] {
        let answer = emulator.client.send(method, PATH, &headers, "").await;
        assert_eq!(answer.status, 401, "{method}");
        assert_eq!(emulator.last_refusal().await["rule"], "token.revoked", "{method}");
    }
    assert_eq!(emulator.client.get(PATH, Some(&sister)).await.status, 200);
}

#[tokio::test]
async fn a_query_and_a_content_type_without_a_body_are_passed_over() {
    let emulator = TestEmulator::start().await;
    let bearer = format!("Bearer {}", emulator.guest_client_token().await);
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
        ("accept", "application/json"),
    ];
    let path = format!("{PATH}?preserveIdleTTL=&x=&");
    assert_eq!(emulator.client.send("GET", &path, &headers, "").await.status, 200);
}
