//! The platform's own issuer.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::TestEmulator;

#[tokio::test]
async fn discovery_names_what_is_served() {
    let emulator = TestEmulator::start().await;
    let answer = emulator.client.get("/.well-known/openid-configuration", None).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    let mut document = answer.json();
    let scopes = document.as_object_mut().unwrap().remove("scopes_supported").unwrap();
    assert!(scopes.as_array().unwrap().contains(&json!("webchat:guest:write")));
    assert_snapshot!(document, @r#"{"authorization_endpoint":"http://emulator.test/oauth/authorize","code_challenge_methods_supported":["S256"],"grant_types_supported":["authorization_code","refresh_token","client_credentials","urn:ietf:params:oauth:grant-type:saml2-bearer","implicit"],"id_token_signing_alg_values_supported":["RS256"],"issuer":"http://emulator.test","jwks_uri":"http://emulator.test/.well-known/jwks.json","response_types_supported":["code","token"],"subject_types_supported":["public"],"token_endpoint":"http://emulator.test/oauth/token","token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post","none"]}"#);
}

#[tokio::test]
async fn the_key_set_holds_the_key_that_the_public_key_is() {
    let emulator = TestEmulator::start().await;
    let answer = emulator.client.get("/.well-known/jwks.json", None).await;
    assert_eq!(answer.status, 200);
    assert_snapshot!(answer.text, @r#"{"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"emulator-f1f0ef23f83c","n":"y6CO26DjTTBSLUcCA3kUmGucZsopkNHIrPui8hlUP1C1H_TnVWY5jsqqma1_ivK5xqegaX0x3iwFHCHBMT_NeGgEKlNCB7FX5ggFsTDwbjBEqqBqEgO9ZPKUM10R4uOE6Pf12g2HOoGu54dTLimrB_jJghKV5IrGmKUd1__1pgb3Nf_Z_3Z8Ht7Ab86nxG55Dq83o0WwPsVqvitZzcBGKlxTa4QQvjtmzGLBBwBCM8FLKsbZ6DnzWt1qeLegZQ585vFD-1vobYUVwO3Hf1ypzzMzqnz4w01OIFIOVZju5Nq_U-YXMg77ymJ8NDXwg-WTofTM785KMyLGxD9F5Kf9Yw","e":"AQAB"}]}"#);
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    let bare = emulator.client.get("/api/v2/oauth/publickey", None).await;
    assert_eq!(answer.json()["keys"], json!([bare.json()]));
}

#[tokio::test]
async fn a_known_tag_is_answered_with_304_until_the_key_is_another() {
    let emulator = TestEmulator::start().await;
    for path in ["/.well-known/jwks.json", "/.well-known/openid-configuration", "/api/v2/oauth/publickey"] {
        let tag = emulator.client.get(path, None).await.header("etag").to_owned();
        let asked =
            async |known: &str| emulator.client.send("GET", path, &[("if-none-match", known)], "").await;
        for known in [tag.clone(), format!("\"x\", {tag}"), format!("W/{tag}"), "*".to_owned()] {
            let answer = asked(&known).await;
            assert_eq!((answer.status, answer.text.as_str()), (304, ""), "{path} {known}");
            assert_eq!(answer.header("etag"), tag);
            assert_eq!(answer.header("cache-control"), "public, max-age=300");
        }
        assert_eq!(asked("\"x\"").await.status, 200);
    }

    let path = "/.well-known/jwks.json";
    let tag = emulator.client.get(path, None).await.header("etag").to_owned();
    let rotated =
        emulator.client.admin("POST", "/keys/platform/rotate", Some(&json!({ "mode": "hard" }))).await;
    assert_eq!(rotated.status, 200, "{}", rotated.text);
    let answer = emulator.client.send("GET", path, &[("if-none-match", tag.as_str())], "").await;
    assert_eq!(answer.status, 200);
    assert_ne!(answer.header("etag"), tag);
}

#[tokio::test]
async fn an_orgs_issuer_keeps_its_prefix() {
    let emulator = TestEmulator::start().await;
    let made = emulator.client.admin("POST", "/orgs", Some(&json!({}))).await.json();
    let prefix = format!("/@{}", made["id"].as_str().unwrap());
    let get = async |path: &str| -> Value {
        emulator.client.get(&format!("{prefix}/.well-known/{path}"), None).await.json()
    };
    let document = get("openid-configuration").await;
    let base = format!("http://emulator.test{prefix}");
    assert_eq!(document["issuer"], base);
    assert_eq!(document["token_endpoint"], format!("{base}/oauth/token"));
    assert_eq!(document["jwks_uri"], format!("{base}/.well-known/jwks.json"));
    let default = emulator.client.get("/.well-known/jwks.json", None).await.json();
    assert_ne!(get("jwks.json").await, default, "each org has a key of its own");
}
