//! What is told of people, by scope and by the parameter `claims`.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{claims, code, redeem, text, tokens};
use crate::support::TestEmulator;

const WORLD: &str = "
name: claims
world:
  orgs:
    - identityProviders:
        main:
          people:
            alice:
              claims: { loyalty: { tier: gold, points: 7 }, locale: en-GB, phone_number: '+47 1', email_verified: false, family_name: null }
";

/// What is told in the ID token, and by the UserInfo endpoint.
async fn told(emulator: &TestEmulator, more: &[(&str, &str)]) -> (Value, Value) {
    let answer = redeem(emulator, &code(emulator, more).await, &[]).await.json();
    let info = emulator.client.get("/idp/main/userinfo", Some(text(&answer, "access_token"))).await;
    let mut id_token = claims(text(&answer, "id_token"));
    for claim in ["iss", "aud", "iat", "exp", "auth_time", "at_hash", "sid"] {
        id_token.as_object_mut().unwrap().remove(claim).unwrap_or_else(|| panic!("{claim} is missing"));
    }
    (id_token, info.json())
}

#[tokio::test]
async fn scopes_decide_what_is_told_and_what_no_scope_has_is_told_to_everybody() {
    let emulator = TestEmulator::yaml(WORLD).await;
    let mut said = String::new();
    for scope in ["openid", "openid profile", "openid email phone", "openid address orders:read"] {
        let (id_token, info) = told(&emulator, &[("scope", scope)]).await;
        assert_eq!(id_token, info);
        said += &format!("{scope}: {info}\n");
    }
    assert_snapshot!(said, @r#"
    openid: {"loyalty":{"points":7,"tier":"gold"},"sub":"user-alice"}
    openid profile: {"given_name":"Alice","locale":"en-GB","loyalty":{"points":7,"tier":"gold"},"name":"Alice Adams","preferred_username":"alice","sub":"user-alice"}
    openid email phone: {"email":"alice@emulated.test","email_verified":false,"loyalty":{"points":7,"tier":"gold"},"phone_number":"+47 1","sub":"user-alice"}
    openid address orders:read: {"loyalty":{"points":7,"tier":"gold"},"sub":"user-alice"}
    "#);
}

#[tokio::test]
async fn the_claims_parameter_adds_what_is_known_and_any_value_that_a_test_wants() {
    let emulator = TestEmulator::start().await;
    let asked = json!({
        "id_token": {
            "email": null,
            "given_name": { "essential": true },
            "unheard_of": null,
            "foo": { "value": 1 },
            "roles": { "values": [["admin"], ["user"]] },
            "iss": { "value": "https://evil.example.test" },
            "exp": { "value": 1 },
        },
        "userinfo": { "family_name": null, "bar": { "value": { "deep": [true] } } },
    });
    let (id_token, info) = told(&emulator, &[("claims", &asked.to_string())]).await;
    assert_snapshot!(id_token, @r#"{"email":"alice@emulated.test","foo":1,"given_name":"Alice","roles":["admin"],"sub":"user-alice"}"#);
    assert_snapshot!(info, @r#"{"bar":{"deep":[true]},"family_name":"Adams","sub":"user-alice"}"#);
}

#[tokio::test]
async fn a_subject_that_is_asked_for_is_the_only_one_that_will_do() {
    let emulator = TestEmulator::start().await;
    let asked = json!({ "id_token": { "sub": { "value": "user-alice" } } }).to_string();
    let (id_token, _) = told(&emulator, &[("claims", &asked)]).await;
    assert_eq!(id_token["sub"], "user-alice");
}

#[tokio::test]
async fn the_clock_of_the_org_writes_the_times() {
    let emulator = TestEmulator::start().await;
    emulator.client.admin("PUT", "/clock", Some(&json!({ "set": "2030-01-01T00:00:00Z" }))).await;
    let id_token = claims(text(&tokens(&emulator, "openid").await, "id_token"));
    let start = 1_893_456_000;
    assert_eq!((&id_token["iat"], &id_token["exp"]), (&json!(start), &json!(start + 3600)));
}
