//! `POST /oauth/token`: who gets nothing, and why.

use base64::{Engine, engine::general_purpose::STANDARD};
use insta::assert_snapshot;

use crate::support::TestEmulator;

/// Status and body, and what the journal says.
async fn refused(
    emulator: &TestEmulator,
    headers: &[(&str, &str)],
    body: impl Into<Vec<u8>>,
) -> (String, String) {
    let answer = emulator.client.send("POST", "/oauth/token", headers, body.into()).await;
    assert_eq!(answer.header("cache-control"), "no-cache, no-store, must-revalidate");
    let challenged = !answer.header("www-authenticate").is_empty();
    assert_eq!(challenged, answer.status == 401, "RFC 6749 section 5.2");
    (format!("{} {}", answer.status, answer.text), emulator.last_refusal().await.to_string())
}

const FORM: [(&str, &str); 1] = [("content-type", "application/x-www-form-urlencoded")];

#[tokio::test]
async fn an_unknown_client_is_400_in_body_and_basic() {
    let emulator = TestEmulator::start().await;
    let body = "grant_type=client_credentials&client_id=nobody&client_secret=emulator-secret";
    let (answer, refusal) = refused(&emulator, &FORM, body).await;
    assert_snapshot!(answer, @r#"400 {"error":"invalid_client","description":"client not found","error_description":"client not found"}"#);
    assert_snapshot!(refusal, @r#"{"reason":"There is no client of this id","rule":"oauth.client_unknown","seen":"nobody"}"#);
    let basic = format!("Basic {}", STANDARD.encode("no+body:x"));
    let headers = [FORM[0], ("authorization", basic.as_str())];
    let (answer, refusal) = refused(&emulator, &headers, "grant_type=client_credentials").await;
    assert_snapshot!(answer, @r#"400 {"error":"invalid_client","description":"client not found","error_description":"client not found"}"#);
    assert_snapshot!(refusal, @r#"{"reason":"There is no client of this id","rule":"oauth.client_unknown","seen":"no+body"}"#);
}

#[tokio::test]
async fn a_wrong_secret_is_401_with_a_challenge() {
    let emulator = TestEmulator::start().await;
    let body = "grant_type=client_credentials&client_id=emulator-client&client_secret=Emulator-secret";
    let (answer, refusal) = refused(&emulator, &FORM, body).await;
    assert_snapshot!(answer, @r#"401 {"error":"invalid_client","description":"authentication failed","error_description":"authentication failed"}"#);
    assert_snapshot!(refusal, @r#"{"reason":"The secret is not that of client emulator-client","rule":"oauth.secret_wrong"}"#);
}

#[tokio::test]
async fn a_grant_type_that_is_missing_or_empty_is_an_invalid_request() {
    let emulator = TestEmulator::start().await;
    let mut all = Vec::new();
    for body in [
        "client_id=emulator-client&client_secret=emulator-secret",
        "grant_type=&client_id=emulator-client&client_secret=emulator-secret",
        r#"{"client_id":"emulator-client","client_secret":"emulator-secret"}"#,
        "",
        "null",
        "[]",
    ] {
        all.push(refused(&emulator, &FORM, body).await);
    }
    all.dedup();
    assert_eq!(all.len(), 1, "{all:?}");
    assert_snapshot!(all[0].0, @r#"400 {"error":"invalid_request","description":"grant_type is missing","error_description":"grant_type is missing"}"#);
    assert_snapshot!(all[0].1, @r#"{"expected":"authorization_code or refresh_token or client_credentials or urn:ietf:params:oauth:grant-type:saml2-bearer","reason":"grant_type is missing","rule":"oauth.grant_type_missing"}"#);
}

#[tokio::test]
async fn multipart_is_named_and_what_is_expected_instead() {
    let emulator = TestEmulator::start().await;
    let body =
        "--x\r\nContent-Disposition: form-data; name=\"grant_type\"\r\n\r\nclient_credentials\r\n--x--\r\n";
    let (answer, refusal) =
        refused(&emulator, &[("content-type", "Multipart/form-data; boundary=x")], body).await;
    assert_snapshot!(answer, @r#"400 {"error":"invalid_request","description":"the body is Multipart/form-data, expected application/x-www-form-urlencoded or application/json","error_description":"the body is Multipart/form-data, expected application/x-www-form-urlencoded or application/json"}"#);
    assert_snapshot!(refusal, @r#"{"expected":"a form, or JSON","reason":"the body is Multipart/form-data, expected application/x-www-form-urlencoded or application/json","rule":"oauth.body_unreadable"}"#);
}

#[tokio::test]
async fn a_client_id_that_is_a_secret_is_told_as_such() {
    let emulator = TestEmulator::start().await;
    let body = "grant_type=client_credentials&client_id=emulator-secret&client_secret=emulator-client";
    let (_, refusal) = refused(&emulator, &FORM, body).await;
    assert_snapshot!(refusal, @r#"{"reason":"There is no client of this id","rule":"oauth.client_unknown","seen":"a client's secret: id and secret may be swapped"}"#);
    let entry = emulator.journal("path=/oauth/token").await.remove(0);
    assert_snapshot!(format!("{} {}", entry["client"], entry["request"]["body"]), @r#""(redacted 234d3e71)" "grant_type=client_credentials&client_id=(redacted 234d3e71)&client_secret=(redacted de3e6f7e)""#);
}

#[tokio::test]
async fn a_grant_type_that_is_not_served_is_named() {
    let emulator = TestEmulator::start().await;
    let body = "grant_type=password&client_id=emulator-client&client_secret=emulator-secret";
    let (answer, refusal) = refused(&emulator, &FORM, body).await;
    assert_snapshot!(answer, @r#"400 {"error":"unsupported_grant_type","description":"grant type password is not supported; expected one of authorization_code, refresh_token, client_credentials, urn:ietf:params:oauth:grant-type:saml2-bearer","error_description":"grant type password is not supported; expected one of authorization_code, refresh_token, client_credentials, urn:ietf:params:oauth:grant-type:saml2-bearer"}"#);
    assert_snapshot!(refusal, @r#"{"expected":"authorization_code or refresh_token or client_credentials or urn:ietf:params:oauth:grant-type:saml2-bearer","reason":"The grant type is not served","rule":"oauth.grant_type_unsupported","seen":"password"}"#);
}

#[tokio::test]
async fn a_client_of_another_grant_is_unauthorized() {
    let emulator = TestEmulator::start().await;
    let body =
        "grant_type=client_credentials&client_id=emulator-code-client&client_secret=emulator-code-secret";
    let (answer, refusal) = refused(&emulator, &FORM, body).await;
    assert_snapshot!(answer, @r#"400 {"error":"unauthorized_client","description":"the client may not use this grant type","error_description":"the client may not use this grant type"}"#);
    assert_snapshot!(refusal, @r#"{"expected":"CLIENT-CREDENTIALS","reason":"Client emulator-code-client has another grant type","rule":"oauth.grant_not_allowed","seen":"CODE"}"#);
}

#[tokio::test]
async fn an_inactive_client_is_unauthorized_but_only_with_its_secret() {
    let emulator = TestEmulator::yaml(
        "name: off\nworld: { orgs: [{ clients: { main: { id: emulator-client, state: inactive } } }] }",
    )
    .await;
    let body = "grant_type=client_credentials&client_id=emulator-client&client_secret=";
    let (answer, refusal) = refused(&emulator, &FORM, format!("{body}emulator-secret")).await;
    assert_snapshot!(answer, @r#"400 {"error":"unauthorized_client","description":"the client may not use this grant type","error_description":"the client may not use this grant type"}"#);
    assert_snapshot!(refusal, @r#"{"reason":"Client emulator-client is inactive","rule":"oauth.client_inactive"}"#);
    let (answer, _) = refused(&emulator, &FORM, format!("{body}wrong")).await;
    assert_snapshot!(answer, @r#"401 {"error":"invalid_client","description":"authentication failed","error_description":"authentication failed"}"#);
}

#[tokio::test]
async fn missing_credentials_are_400() {
    let emulator = TestEmulator::start().await;
    let mut all = Vec::new();
    for body in [
        "grant_type=client_credentials",
        "grant_type=client_credentials&client_id=emulator-client",
        "grant_type=client_credentials&client_id=emulator-client&client_secret=",
        "grant_type=client_credentials&client_secret=emulator-secret",
    ] {
        all.push(refused(&emulator, &FORM, body).await);
    }
    all.dedup();
    assert_eq!(all.len(), 1, "{all:?}");
    assert_snapshot!(all[0].0, @r#"400 {"error":"invalid_client","description":"client credentials are missing","error_description":"client credentials are missing"}"#);
    assert_snapshot!(all[0].1, @r#"{"expected":"Basic, or client_id and client_secret in the body","reason":"Client id or secret is missing","rule":"oauth.credentials_missing"}"#);
    let headers = [FORM[0], ("authorization", "Basic %%%")];
    let (answer, _) = refused(&emulator, &headers, "grant_type=client_credentials").await;
    assert_snapshot!(answer, @r#"400 {"error":"invalid_client","description":"client credentials are missing","error_description":"client credentials are missing"}"#);
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_an_invalid_request() {
    let emulator = TestEmulator::start().await;
    let (answer, refusal) = refused(&emulator, &FORM, b"grant_type=\xff".as_slice()).await;
    assert_snapshot!(answer, @r#"400 {"error":"invalid_request","description":"the body is not UTF-8","error_description":"the body is not UTF-8"}"#);
    assert_snapshot!(refusal, @r#"{"expected":"a form, or JSON","reason":"the body is not UTF-8","rule":"oauth.body_unreadable"}"#);
    let (answer, refusal) = refused(&emulator, &FORM, r#"{"grant_type":"client_credentials","#).await;
    assert_snapshot!(answer, @r#"400 {"error":"invalid_request","description":"the body looks like JSON, but EOF while parsing a value at line 1 column 35","error_description":"the body looks like JSON, but EOF while parsing a value at line 1 column 35"}"#);
    assert_snapshot!(refusal, @r#"{"expected":"a form, or JSON","reason":"the body looks like JSON, but EOF while parsing a value at line 1 column 35","rule":"oauth.body_unreadable"}"#);
}

#[tokio::test]
async fn a_secret_of_the_wrong_type_is_not_repeated_in_answer_or_journal() {
    let emulator = TestEmulator::start().await;
    let body =
        r#"{"grant_type":"client_credentials","client_id":"emulator-client","client_secret":31415926}"#;
    let (answer, refusal) = refused(&emulator, &FORM, body).await;
    assert_snapshot!(answer, @r#"400 {"error":"invalid_request","description":"the body looks like JSON, but invalid type, expected a string at line 1 column 89","error_description":"the body looks like JSON, but invalid type, expected a string at line 1 column 89"}"#);
    assert_snapshot!(refusal, @r#"{"expected":"a form, or JSON","reason":"the body looks like JSON, but invalid type, expected a string at line 1 column 89","rule":"oauth.body_unreadable"}"#);
    let journal = format!("{:?}", emulator.journal("").await);
    assert!(!journal.contains("31415926"), "{journal}");
}

#[tokio::test]
async fn the_client_of_one_org_is_unknown_at_another() {
    let emulator = TestEmulator::start().await;
    let made = emulator.client.admin("POST", "/orgs", Some(&serde_json::json!({}))).await.json();
    let path = format!("/@{}/oauth/token", made["id"].as_str().unwrap());
    let body = "grant_type=client_credentials&client_id=emulator-client&client_secret=emulator-secret";
    let answer = emulator.client.send("POST", &path, &FORM, body).await;
    assert_eq!(answer.status, 400);
    assert_snapshot!(answer.text, @r#"{"error":"invalid_client","description":"client not found","error_description":"client not found"}"#);
    let own = format!("/orgs/{}/journal", made["id"].as_str().unwrap());
    let journal = emulator.client.admin("GET", &own, None).await.json();
    assert_snapshot!(journal["entities"][0]["refusal"], @r#"{"reason":"The client belongs to another org than the one that was addressed","rule":"of.another.org","seen":"emulator-client"}"#);
}
