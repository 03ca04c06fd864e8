//! Stories of tokens that the socket does not take.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::{
    idp::{authorize, came_back},
    support::{AUTHENTICATED_DEPLOYMENT, DEPLOYMENT, Socket, TestEmulator},
};

/// Alice's ID token for the socket's audience.
pub async fn id_token(emulator: &TestEmulator, nonce: &str) -> String {
    let more = [
        ("client_id", "genesys-cloud-web-messaging"),
        ("response_type", "id_token"),
        ("nonce", nonce),
        ("prompt", "none"),
        ("login_hint", "alice"),
    ];
    came_back(&authorize(emulator, &more).await).remove("id_token").unwrap()
}

/// The socket, or status, reason, rule and the nonce for the next attempt.
pub async fn open(emulator: &TestEmulator, deployment: &str, token: &str) -> Result<Socket, [String; 4]> {
    let target = format!("/v1?deploymentId={deployment}&token={token}");
    let refused = match emulator.upgrade(&target).await {
        Ok(socket) => return Ok(socket),
        Err(refused) => refused,
    };
    let upgrade = [
        ("connection", "Upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    let answer = emulator.client.send("GET", &target, &upgrade, "").await;
    assert_eq!(answer.status, refused.0);
    let body = answer.json();
    let reason = body["details"][0]["errorCode"].as_str().or(body["errorCode"].as_str());
    let rule = emulator.last_refusal().await["rule"].as_str().unwrap().to_owned();
    let nonce = answer.header("webmessaging-nonce").to_owned();
    if !nonce.is_empty() {
        assert_eq!(answer.header("www-authenticate"), "Bearer error=\"use_nonce\"");
    }
    Err([answer.status.to_string(), reason.unwrap_or_default().to_owned(), rule, nonce])
}

#[tokio::test]
async fn nonce_mismatch_once_the_second_token_for_a_fresh_challenge_is_good() {
    let emulator = TestEmulator::scenario("nonce-mismatch-once").await;
    let mut nonce = String::new();
    let mut reasons = Vec::new();
    for _ in 0..2 {
        let token = id_token(&emulator, if nonce.is_empty() { "none-yet" } else { &nonce }).await;
        match open(&emulator, AUTHENTICATED_DEPLOYMENT, &token).await {
            Ok(_) => reasons.push("admitted".to_owned()),
            Err([_, reason, _, fresh]) => (nonce, _) = (fresh, reasons.push(reason)),
        }
    }
    assert_eq!(reasons, ["nonce.mismatch", "admitted"]);
}

#[tokio::test]
async fn legacy_token_refused_an_older_chats_token_is_forbidden_in_the_guides_words() {
    let emulator = TestEmulator::scenario("legacy-token-refused").await;
    let part = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
    let claims = r#"{"iss":"https://older-chat.example.test","external_id":"customer-7","exp":4102444800}"#;
    let legacy = format!("{}.{}.{}", part(r#"{"alg":"HS256","typ":"JWT"}"#), part(claims), part("signature"));
    let target = format!("/v1?deploymentId={DEPLOYMENT}&zChatToken={legacy}");
    let body = r#"{"errorCode":"FORBIDDEN","message":"Invalid or missing authentication token."}"#;
    assert_eq!(emulator.upgrade(&target).await.err(), Some((403, body.to_owned())));
    let guest = emulator.guest_jwt().await;
    assert!(open(&emulator, DEPLOYMENT, &guest).await.is_ok());
}
