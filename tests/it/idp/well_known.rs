//! Discovery.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{request, told};
use crate::support::TestEmulator;

const PATH: &str = "/idp/main/.well-known/openid-configuration";

#[tokio::test]
async fn discovery_names_what_is_served() {
    let emulator = TestEmulator::start().await;
    let answer = emulator.client.get(PATH, None).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, "public, max-age=300"));
    let pretty = serde_json::to_string_pretty(&answer.json()).unwrap();
    assert_snapshot!(pretty, @r#"
    {
      "authorization_endpoint": "http://emulator.test/idp/main/authorize",
      "claims_parameter_supported": true,
      "claims_supported": [
        "iss",
        "sub",
        "aud",
        "iat",
        "exp",
        "auth_time",
        "nonce",
        "at_hash",
        "c_hash",
        "sid",
        "name",
        "given_name",
        "family_name",
        "preferred_username",
        "email",
        "email_verified"
      ],
      "code_challenge_methods_supported": [
        "S256",
        "plain"
      ],
      "end_session_endpoint": "http://emulator.test/idp/main/end_session",
      "grant_types_supported": [
        "authorization_code",
        "implicit",
        "refresh_token",
        "client_credentials"
      ],
      "id_token_signing_alg_values_supported": [
        "RS256"
      ],
      "introspection_endpoint": "http://emulator.test/idp/main/introspect",
      "introspection_endpoint_auth_methods_supported": [
        "client_secret_basic",
        "client_secret_post"
      ],
      "issuer": "http://emulator.test/idp/main",
      "jwks_uri": "http://emulator.test/idp/main/jwks",
      "prompt_values_supported": [
        "none",
        "login",
        "consent",
        "select_account"
      ],
      "request_parameter_supported": false,
      "request_uri_parameter_supported": false,
      "response_modes_supported": [
        "query",
        "fragment",
        "form_post"
      ],
      "response_types_supported": [
        "code",
        "id_token",
        "id_token token",
        "code id_token",
        "code token",
        "code id_token token"
      ],
      "revocation_endpoint": "http://emulator.test/idp/main/revoke",
      "revocation_endpoint_auth_methods_supported": [
        "client_secret_basic",
        "client_secret_post",
        "none"
      ],
      "scopes_supported": [
        "openid",
        "profile",
        "email",
        "address",
        "phone",
        "offline_access"
      ],
      "subject_types_supported": [
        "public"
      ],
      "token_endpoint": "http://emulator.test/idp/main/token",
      "token_endpoint_auth_methods_supported": [
        "client_secret_basic",
        "client_secret_post",
        "none"
      ],
      "userinfo_endpoint": "http://emulator.test/idp/main/userinfo"
    }
    "#);
    let tag = answer.header("etag");
    let known = emulator.client.send("GET", PATH, &[("if-none-match", tag)], "").await;
    assert_eq!((known.status, known.text.as_str()), (304, ""));
}

#[tokio::test]
async fn every_endpoint_that_it_names_is_there() {
    let emulator = TestEmulator::start().await;
    let document = emulator.client.get(PATH, None).await.json();
    let mut statuses = Vec::new();
    for (name, url) in document.as_object().unwrap() {
        let Some(path) = url.as_str().and_then(|url| url.strip_prefix("http://emulator.test")) else {
            continue;
        };
        let method = if name.starts_with("token") || name.contains("tion_endpoint") { "POST" } else { "GET" };
        let method = if name == "authorization_endpoint" { "GET" } else { method };
        let path = if name == "issuer" { PATH } else { path };
        statuses.push(format!("{name}: {}", emulator.client.send(method, path, &[], "").await.status));
    }
    assert_snapshot!(statuses.join("\n"), @r#"
    authorization_endpoint: 400
    end_session_endpoint: 200
    introspection_endpoint: 401
    issuer: 200
    jwks_uri: 200
    revocation_endpoint: 401
    token_endpoint: 400
    userinfo_endpoint: 401
    "#);
}

#[tokio::test]
async fn the_algorithm_is_the_providers_own_and_the_issuer_keeps_the_orgs_prefix() {
    let emulator = TestEmulator::yaml(
        "name: two\nworld: { orgs: [{ identityProviders: { curve: { algorithm: ES256 }, secret: { algorithm: HS256 } } }] }",
    )
    .await;
    let made = emulator.client.admin("POST", "/orgs", Some(&json!({}))).await.json();
    let prefix = format!("/@{}", made["id"].as_str().unwrap());
    for (provider, algorithm) in [("main", "RS256"), ("curve", "ES256"), ("secret", "HS256")] {
        let path = format!("{prefix}/idp/{provider}/.well-known/openid-configuration");
        let document = emulator.client.get(&path, None).await.json();
        let issuer = format!("http://emulator.test{prefix}/idp/{provider}");
        assert_eq!(document["issuer"], issuer);
        assert_eq!(document["jwks_uri"], format!("{issuer}/jwks"));
        assert_eq!(document["id_token_signing_alg_values_supported"], json!([algorithm]));
    }
}

#[tokio::test]
async fn a_provider_that_is_not_there_is_404_on_every_path() {
    let emulator = TestEmulator::start().await;
    let mut all = Vec::new();
    for (method, path) in [
        ("GET", ".well-known/openid-configuration".to_owned()),
        ("GET", "jwks".to_owned()),
        ("GET", format!("authorize?{}", request(&[]))),
        ("POST", "login".to_owned()),
        ("POST", "token".to_owned()),
        ("GET", "userinfo".to_owned()),
        ("POST", "introspect".to_owned()),
        ("POST", "revoke".to_owned()),
        ("GET", "end_session".to_owned()),
    ] {
        let answer = emulator.client.send(method, &format!("/idp/mian/{path}"), &[], "").await;
        all.push(told(&emulator, &answer).await);
    }
    all.dedup();
    assert_snapshot!(all.join("\n"), @r#"404 {"error":"not_found","error_description":"There is no identity provider mian"} idp.unknown"#);
    assert_snapshot!(emulator.last_refusal().await, @r#"{"expected":"main","reason":"There is no identity provider mian","rule":"idp.unknown"}"#);
}

#[tokio::test]
async fn other_paths_and_methods_are_answered_as_json() {
    let emulator = TestEmulator::start().await;
    let mut said = String::new();
    for (method, path) in
        [("GET", "/idp"), ("GET", "/idp/main"), ("GET", "/idp/main/jwk"), ("GET", "/idp/main/token")]
    {
        let answer = emulator.client.send(method, path, &[], "").await;
        said += &format!("{method} {path}: {} {}\n", answer.status, answer.text);
    }
    assert_snapshot!(said, @r#"
    GET /idp: 404 {"error":"invalid_request","error_description":"There is nothing at GET /idp"}
    GET /idp/main: 404 {"error":"invalid_request","error_description":"There is nothing at GET /idp/main"}
    GET /idp/main/jwk: 404 {"error":"invalid_request","error_description":"There is nothing at GET /idp/main/jwk"}
    GET /idp/main/token: 405 {"error":"invalid_request","error_description":"/idp/main/token is not served with GET"}
    "#);
    let fault = json!({ "when": { "surface": "idp" }, "effect": { "respond": { "status": 503 } } });
    emulator.fault(fault).await;
    let answer = emulator.client.get(PATH, None).await;
    assert_snapshot!(format!("{} {}", answer.status, answer.text), @r#"503 {"error":"temporarily_unavailable","error_description":"Service Unavailable"}"#);
    let entry: Value = emulator.journal("surface=idp").await.pop().unwrap();
    assert_eq!(entry["refusal"]["rule"], "response.injected");
}
