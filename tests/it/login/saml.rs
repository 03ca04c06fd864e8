//! `urn:ietf:params:oauth:grant-type:saml2-bearer`.

use base64::{Engine, engine::general_purpose::STANDARD};
use insta::assert_snapshot;

use super::{AGENT, people, text, token, told};
use crate::support::{Answer, TestEmulator};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:saml2-bearer";
const ASSERTION: &str = r#"<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" Version="2.0" ID="_1">
  <Issuer>https://idp.example.test</Issuer>
  <Subject><NameID>agent@emulated.test</NameID></Subject>
  <Conditions NotBefore="2026-01-02T03:00:00Z" NotOnOrAfter="2026-01-02T03:09:00Z">
    <AudienceRestriction><Audience>https://login.mypurecloud.com/saml</Audience></AudienceRestriction>
  </Conditions>
</Assertion>"#;

async fn exchange(emulator: &TestEmulator, org: &str, assertion: &str) -> Answer {
    let assertion = STANDARD.encode(assertion);
    let form = [("grant_type", GRANT), ("orgName", org), ("assertion", assertion.as_str())];
    token(emulator, "saml:saml-secret", &form).await
}

#[tokio::test]
async fn an_assertion_brings_a_token_for_the_user_whom_it_names_and_no_refresh_token() {
    let emulator = people().await;
    let answer = exchange(&emulator, "emulated org", ASSERTION).await;
    assert_snapshot!(answer.text, @r#"{"access_token":"h9luB9G_flqKkSNvz0vVEE7gRUBnlIg_le0dt_lus0Gz-i8V","token_type":"bearer","expires_in":86400}"#);
    let access = text(&answer.json(), "access_token").to_owned();
    emulator.client.get("/api/v2/tokens/me", Some(&access)).await;
    assert_eq!(emulator.journal("path=/api/v2/tokens/me").await[0]["user"], AGENT);
    let entry = emulator.journal("path=/oauth/token").await.pop().unwrap();
    assert_snapshot!(entry["notes"], @r#"["an assertion of https://idp.example.test; its signature is not verified"]"#);
}

#[tokio::test]
async fn what_does_not_hold_is_refused_by_its_cause() {
    let emulator = people().await;
    let refused = async |org: &str, assertion: &str| {
        let answer = exchange(&emulator, org, assertion).await;
        told(&emulator, &answer).await
    };
    let changed = |old: &str, new: &str| ASSERTION.replace(old, new);
    assert_snapshot!(refused("Another Org", ASSERTION).await, @r#"400 {"error":"invalid_grant","description":"orgName is not the name of this org","error_description":"orgName is not the name of this org"} oauth.org_unknown"#);
    assert_snapshot!(refused("Emulated Org", "<a/>").await, @r#"400 {"error":"invalid_grant","description":"the assertion cannot be read: there is no Assertion of SAML 2.0 in it","error_description":"the assertion cannot be read: there is no Assertion of SAML 2.0 in it"} oauth.assertion_malformed"#);
    assert_snapshot!(refused("Emulated Org", &changed("2.0\" ID", "1.1\" ID")).await, @r#"400 {"error":"invalid_grant","description":"the assertion has version 1.1, expected 2.0","error_description":"the assertion has version 1.1, expected 2.0"} oauth.assertion_version"#);
    assert_snapshot!(refused("Emulated Org", &changed("https://idp.example.test", "")).await, @r#"400 {"error":"invalid_grant","description":"the assertion has no Issuer","error_description":"the assertion has no Issuer"} oauth.assertion_incomplete"#);
    assert_snapshot!(refused("Emulated Org", &changed("T03:00:00Z", "T03:05:00Z")).await, @r#"400 {"error":"invalid_grant","description":"the assertion is not good before 2026-01-02T03:05:00.000Z","error_description":"the assertion is not good before 2026-01-02T03:05:00.000Z"} oauth.assertion_not_yet_valid"#);
    assert_snapshot!(refused("Emulated Org", &changed("login.mypurecloud.com", "login.example.test")).await, @r#"400 {"error":"invalid_grant","description":"the assertion is for audience https://login.example.test/saml","error_description":"the assertion is for audience https://login.example.test/saml"} oauth.assertion_audience"#);
    assert_snapshot!(refused("Emulated Org", &changed("agent@", "nobody@")).await, @r#"400 {"error":"invalid_grant","description":"the assertion names nobody of this org","error_description":"the assertion names nobody of this org"} oauth.assertion_subject_unknown"#);
    let form = [("grant_type", GRANT), ("orgName", "Emulated Org"), ("assertion", "%%%")];
    let answer = token(&emulator, "saml:saml-secret", &form).await;
    assert_snapshot!(told(&emulator, &answer).await, @r#"400 {"error":"invalid_grant","description":"the assertion cannot be read: it is no base64","error_description":"the assertion cannot be read: it is no base64"} oauth.assertion_malformed"#);
    let form = [("grant_type", GRANT), ("orgName", "Emulated Org")];
    let answer = token(&emulator, "saml:saml-secret", &form).await;
    assert_snapshot!(told(&emulator, &answer).await, @r#"400 {"error":"invalid_request","description":"assertion is missing","error_description":"assertion is missing"} oauth.parameter_missing"#);
    let answer = token(&emulator, super::CODE_CLIENT, &form).await;
    assert_snapshot!(told(&emulator, &answer).await, @r#"400 {"error":"unauthorized_client","description":"the client may not use this grant type","error_description":"the client may not use this grant type"} oauth.grant_not_allowed"#);
    emulator.advance("5m").await;
    assert_snapshot!(refused("Emulated Org", ASSERTION).await, @r#"400 {"error":"invalid_grant","description":"the assertion was good until 2026-01-02T03:09:00.000Z","error_description":"the assertion was good until 2026-01-02T03:09:00.000Z"} oauth.assertion_expired"#);
}
