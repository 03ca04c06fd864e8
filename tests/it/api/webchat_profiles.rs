//! `iss` and `aud` of guest tokens: the guide's prose and code disagree, and so do other sources.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{claims, jwt, post_guest};
use crate::support::{GUEST_TOKEN_DEPLOYMENT, TestEmulator};

/// What follows `iss` and `aud`, whatever the profile.
const REST: &str = r#""guest-393143b4-fb53-4864-af9f-18961d578d5e","iat":1767323045,"exp":1767324845,"jti":"6c3d1ea1-50d1-4ae6-9baf-dc458c417e77","permissions":["webchat:guest:view","conversation:webchat:edit"],"webchat":{"guestId":"guest-393143b4-fb53-4864-af9f-18961d578d5e","name":"Ann","email":null,"customAttributes":{}},"orgId":"00000000-0000-4000-8000-0000000000aa"}"#;

/// `iss` and `aud` with these rules, and that nothing else is different.
async fn names(rules: &str) -> String {
    let yaml = format!("name: p\nworld: {{ orgs: [{{ guestTokens: {rules} }}] }}");
    let emulator = TestEmulator::yaml(&yaml).await;
    let token = emulator.guest_client_token().await;
    let answer = post_guest(&emulator, &token, r#"{"name":"Ann"}"#).await;
    let text = claims(&jwt(&answer));
    let claims: Value = serde_json::from_str(&text).unwrap();
    let rest = text.split_once(r#","sub":"#).unwrap().1;
    assert_eq!(rest, REST);
    format!("{} {}", claims["iss"], claims["aud"])
}

#[tokio::test]
async fn code_names_the_base_url_and_the_tenant() {
    assert_snapshot!(names("{ profile: code }").await, @r#""http://emulator.test" ["http://emulator.test","emulated-org.mypurecloud.com"]"#);
    assert_snapshot!(names("{ issuer: 'https://api.example.test', tenantDomain: acme.example.test }").await, @r#""https://api.example.test" ["https://api.example.test","acme.example.test"]"#);
}

#[tokio::test]
async fn prose_names_the_vendor_and_the_tenant() {
    assert_snapshot!(names("{ profile: prose }").await, @r#""api.mypurecloud.com" "emulated-org.mypurecloud.com""#);
}

#[tokio::test]
async fn messaging_names_its_own_audience() {
    assert_snapshot!(names("{ profile: messaging }").await, @r#""http://emulator.test" "genesys-cloud-web-messaging""#);
}

#[tokio::test]
async fn app_names_the_application() {
    assert_snapshot!(names("{ profile: app }").await, @r#""emulated-app" "genesys-cloud-api""#);
    assert_snapshot!(names("{ profile: app, applicationId: my-app }").await, @r#""my-app" "genesys-cloud-api""#);
}

#[tokio::test]
async fn custom_fills_templates() {
    let rules = "{ profile: custom, issuer: '{base}/issuer', audience: ['{tenantDomain}', '{base}', mine] }";
    assert_snapshot!(names(rules).await, @r#""http://emulator.test/issuer" ["emulated-org.mypurecloud.com","http://emulator.test","mine"]"#);
}

#[tokio::test]
async fn rules_that_contradict_a_profile_do_not_load() {
    let mut errors = Vec::new();
    for rules in [
        "{ profile: custom }",
        "{ profile: prose, audience: [a] }",
        "{ profile: app, issuer: x }",
        "{ lifetime: 0 }",
        "{ profile: custom, audience: [mine, webmessaging] }",
        "{ profile: custom, audience: ['{tenantDomain}'], tenantDomain: webmessaging }",
        "{ tenantDomain: webmessaging }",
        "{ issuer: webmessaging }",
        "{ profile: cod }",
    ] {
        let yaml = format!("name: p\nworld: {{ orgs: [{{ guestTokens: {rules} }}] }}");
        errors.push(super::access::load_error(&yaml).await);
    }
    assert_snapshot!(errors.join("\n\n"), @r"
    org 00000000-0000-4000-8000-0000000000aa: scenario file.yaml: line 2 column 34: world: guestTokens: profile `custom` needs `audience`

    org 00000000-0000-4000-8000-0000000000aa: scenario file.yaml: line 2 column 50: world: guestTokens: `audience` is of profile `custom`

    org 00000000-0000-4000-8000-0000000000aa: scenario file.yaml: line 2 column 48: world: guestTokens: this profile has its own `iss`; leave `issuer` out

    org 00000000-0000-4000-8000-0000000000aa: scenario file.yaml: line 2 column 34: world: guestTokens: a lifetime is longer than nothing; tokens that have expired are made by the fault `claims`

    org 00000000-0000-4000-8000-0000000000aa: scenario file.yaml: line 2 column 51: world: guestTokens: `webmessaging` is `aud` of what getJwt answers with; guest tokens need another

    org 00000000-0000-4000-8000-0000000000aa: scenario file.yaml: line 2 column 51: world: guestTokens: `webmessaging` is `aud` of what getJwt answers with; guest tokens need another

    org 00000000-0000-4000-8000-0000000000aa: scenario file.yaml: line 2 column 34: world: guestTokens: `webmessaging` is `aud` of what getJwt answers with; guest tokens need another

    org 00000000-0000-4000-8000-0000000000aa: scenario file.yaml: line 2 column 34: world: guestTokens: `webmessaging` is `aud` of what getJwt answers with; guest tokens need another

    scenario file.yaml: error: line 2 column 43: unknown variant `cod`, expected one of code, prose, messaging, app, custom; did you mean `code`?
     --> <input>:2:43
      |
    1 | name: p
    2 | world: { orgs: [{ guestTokens: { profile: cod } }] }
      |                                           ^ unknown variant `cod`, expected one of code, prose, messaging, app, custom
    ");
}

#[tokio::test]
async fn whatever_a_token_is_called_by_the_socket_and_renewals_take_it() {
    for rules in [
        "{ profile: code, issuer: 'https://api.example.test' }",
        "{ profile: prose }",
        "{ profile: app }",
        "{ profile: messaging }",
        "{ profile: custom, issuer: '{base}/issuer', audience: [mine] }",
        "{ profile: custom, audience: ['{base}'] }",
    ] {
        let yaml = format!("name: p\nworld: {{ orgs: [{{ guestTokens: {rules} }}] }}");
        let emulator = TestEmulator::yaml(&yaml).await;
        let token = emulator.guest_client_token().await;
        let made = post_guest(&emulator, &token, r#"{"name":"Ann"}"#).await;
        let renewed = post_guest(&emulator, &token, json!({ "token": jwt(&made) }).to_string()).await;
        assert_eq!(renewed.json()["guestId"], made.json()["guestId"], "{rules}");
        for jwt in [jwt(&made), jwt(&renewed)] {
            let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token={jwt}");
            assert_eq!(emulator.upgrade(&target).await.err(), None, "{rules}");
        }
    }
}
