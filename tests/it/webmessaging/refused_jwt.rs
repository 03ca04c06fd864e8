//! Guest JWTs that are refused at the upgrade, with which answer, and what the journal says of it.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use insta::assert_snapshot;

use serde_json::json;

use crate::support::{GUEST_TOKEN_DEPLOYMENT, Socket, TestEmulator, client::Client, emulator::PUBLIC_URL};

const FORBIDDEN: &str = r#"{"errorCode":"FORBIDDEN","message":"Invalid or missing authentication token."}"#;

/// Status and body of the refusal, and the rule.
async fn refused(emulator: &TestEmulator, deployment: &str, token: &str) -> (u16, String, String) {
    let target = format!("/v1?deploymentId={deployment}&token={token}");
    let (status, body) = emulator.upgrade(&target).await.err().unwrap();
    let rule = emulator.last_refusal().await["rule"].as_str().unwrap().to_owned();
    (status, body, rule)
}

/// What an older system might have made: HS256, by nobody we know.
fn legacy(issuer: &str) -> String {
    let part = |text: String| BASE64_URL_SAFE_NO_PAD.encode(text);
    let claims = format!(r#"{{"iss":"{issuer}","sub":"customer-7","exp":4102444800}}"#);
    let head = part(r#"{"alg":"HS256","typ":"JWT"}"#.to_owned());
    format!("{head}.{}.{}", part(claims), part("signature".to_owned()))
}

#[tokio::test]
async fn no_token_is_forbidden() {
    let emulator = TestEmulator::start().await;
    let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}");
    assert_eq!(emulator.upgrade(&target).await.err(), Some((403, FORBIDDEN.to_owned())));
    assert_eq!(emulator.last_refusal().await["rule"], "guest_token.missing");
}

#[tokio::test]
async fn what_came_instead_of_a_bearer_token_is_said_without_itself() {
    let emulator = TestEmulator::start().await;
    let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}");
    let jwt = emulator.guest_jwt().await;
    let mut seen = String::new();
    for authorization in [None, Some(jwt.as_str()), Some("Basic YTpi"), Some("[REDACTED]")] {
        let headers: Vec<_> = authorization.map(|value| ("authorization", value)).into_iter().collect();
        let refused = Socket::open(&emulator.base(), &target, &headers).await.err();
        assert_eq!(refused, Some((403, FORBIDDEN.to_owned())));
        let refusal = emulator.last_refusal().await;
        assert_eq!(refusal["rule"], "guest_token.missing");
        seen += &format!("{}\n", refusal["seen"].as_str().unwrap());
    }
    assert_snapshot!(seen, @"
    no Authorization header
    a JWT without a scheme in the Authorization header
    an Authorization header without a bearer token
    the literal [REDACTED], which is a bug of the client's logger
    ");
}

#[tokio::test]
async fn access_tokens_that_are_worth_nothing_are_named_for_what_they_are() {
    let yaml = "world: { orgs: [ { deployments: { apps: { id: apps, requiredScopes: ['webchat:guest:write'] } } } ] }";
    let emulator = TestEmulator::yaml(yaml).await;
    let revoked = emulator.guest_client_token().await;
    let bearer = format!("Bearer {revoked}");
    emulator.client.send("DELETE", "/api/v2/tokens/me", &[("authorization", &bearer)], "").await;
    let mut garbled = emulator.guest_client_token().await;
    garbled.truncate(20);
    let made = emulator.client.admin("POST", "/orgs", Some(&json!({}))).await.json();
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    let other = Client::new(text("url").replace(PUBLIC_URL, &emulator.base()));
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        text("clientId"),
        text("clientSecret")
    );
    let of_another_org = other.post_form("/oauth/token", &form).await.json();
    let of_another_org = of_another_org["access_token"].as_str().unwrap();
    let prefixed = "/@00000000-0000-4000-8000-0000000000aa";
    let mut said = String::new();
    for (called, token) in [("revoked", &*revoked), ("garbled", &garbled), ("of another org", of_another_org)]
    {
        for deployment in [GUEST_TOKEN_DEPLOYMENT, "apps"] {
            let target = format!("{prefixed}/v1?deploymentId={deployment}&token={token}");
            let (status, _) = emulator.upgrade(&target).await.err().unwrap();
            let refusal = emulator.last_refusal().await;
            said += &format!("{called}, {deployment}: {status} {} {}\n", refusal["rule"], refusal["reason"]);
        }
    }
    assert_snapshot!(said, @r#"
    revoked, 00000000-0000-4000-8000-0000000000cb: 403 "guest_token.is_an_access_token" "an OAuth access token came where a guest JWT is expected"
    revoked, apps: 401 "token.revoked" "The access token was revoked by DELETE /api/v2/tokens/me"
    garbled, 00000000-0000-4000-8000-0000000000cb: 403 "guest_token.is_an_access_token" "an OAuth access token came where a guest JWT is expected"
    garbled, apps: 403 "token.unknown" "The access token is not of this org"
    of another org, 00000000-0000-4000-8000-0000000000cb: 403 "guest_token.is_an_access_token" "an OAuth access token came where a guest JWT is expected"
    of another org, apps: 403 "org.mismatch" "org is that of another org, expected 00000000-0000-4000-8000-0000000000aa"
    "#);
}

#[tokio::test]
async fn the_bearer_token_wins_over_those_in_the_query() {
    let emulator = TestEmulator::start().await;
    let jwt = emulator.guest_jwt().await;
    let open = async |parameter: &str, authorization: &str| {
        let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token={parameter}");
        Socket::open(&emulator.base(), &target, &[("authorization", authorization)])
            .await
            .err()
            .map(|(status, _)| status)
    };
    let bearer = format!("Bearer {jwt}");
    assert_eq!(open("garbage", &bearer).await, None);
    assert_eq!(open(&jwt, "Bearer garbage").await, Some(403));
    assert_eq!(emulator.last_refusal().await["rule"], "guest_token.foreign");
    assert_eq!(open(&jwt, "Basic YTpi").await, None, "what is no bearer token counts for none");
}

#[tokio::test]
async fn foreign_and_legacy_tokens_are_forbidden() {
    let emulator = TestEmulator::start().await;
    for token in ["garbage", "a.b.c", "e30.e30.e30", &legacy("https://zendesk.example.test")] {
        let (status, body, rule) = refused(&emulator, GUEST_TOKEN_DEPLOYMENT, token).await;
        assert_eq!((status, body.as_str()), (403, FORBIDDEN), "{token}");
        assert_eq!(rule, "guest_token.foreign", "{token}");
    }
}

#[tokio::test]
async fn an_access_token_is_refused_and_the_journal_says_that_it_is_one() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await;
    let (status, body, rule) = refused(&emulator, GUEST_TOKEN_DEPLOYMENT, &token).await;
    assert_eq!((status, body.as_str()), (403, FORBIDDEN));
    assert_eq!(rule, "guest_token.is_an_access_token");
    assert_snapshot!(emulator.last_refusal().await["reason"].as_str().unwrap(), @"an OAuth access token came where a guest JWT is expected");
}

#[tokio::test]
async fn an_expired_token_is_unauthorized() {
    let emulator = TestEmulator::start().await;
    let jwt = emulator.guest_jwt().await;
    emulator.advance("30m").await;
    let (status, body, rule) = refused(&emulator, GUEST_TOKEN_DEPLOYMENT, &jwt).await;
    assert_eq!((status, rule.as_str()), (401, "token.expired"));
    assert_snapshot!(body, @r#"{"message":"Invalid login credentials.","code":"bad.credentials","status":401,"contextId":"164893be-bc28-414c-8ebe-5aea3e153b2b","details":[{"errorCode":"token.expired"}],"errors":[]}"#);
}

#[tokio::test]
async fn a_token_is_good_to_its_last_second() {
    let emulator = TestEmulator::start().await;
    let jwt = emulator.guest_jwt().await;
    emulator.advance("1799999ms").await;
    let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token={jwt}");
    assert!(emulator.upgrade(&target).await.is_ok());
}

#[tokio::test]
async fn a_token_of_ours_with_another_signature_is_unauthorized() {
    let emulator = TestEmulator::start().await;
    let jwt = emulator.guest_jwt().await;
    let (signed, _) = jwt.rsplit_once('.').unwrap();
    let spoiled = format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode([7; 256]));
    let (status, _, rule) = refused(&emulator, GUEST_TOKEN_DEPLOYMENT, &spoiled).await;
    assert_eq!((status, rule.as_str()), (401, "signature.invalid"));
}

#[tokio::test]
async fn a_deployment_may_forbid_whatever_the_cause() {
    let yaml = "world: { orgs: [ { deployments: { blunt: { id: blunt, admission: guest_token, handshakeRefusal: forbidden } } } ] }";
    let emulator = TestEmulator::yaml(yaml).await;
    let old = emulator.guest_jwt().await;
    emulator.advance("1h").await;
    let mut wrong = vec![(old, "token.expired"), ("garbage".to_owned(), "guest_token.foreign")];
    for (mode, rule) in [
        ("bad_signature", "signature.invalid"),
        ("kid_unknown", "kid.unknown"),
        ("wrong_iss", "issuer.mismatch"),
        ("wrong_aud", "audience.mismatch"),
        ("guest_id_missing", "guest.id.missing"),
    ] {
        let fault = json!([{ "id": "f", "effect": { "claims": { "token": "guest", "mode": mode } } }]);
        emulator.client.admin("PUT", "/faults", Some(&fault)).await;
        wrong.push((emulator.guest_jwt().await, rule));
    }
    emulator.client.admin("DELETE", "/faults", None).await;
    for (token, rule) in wrong {
        let answer = refused(&emulator, "blunt", &token).await;
        assert_eq!(answer, (403, FORBIDDEN.to_owned(), rule.to_owned()));
        let said = refused(&emulator, GUEST_TOKEN_DEPLOYMENT, &token).await;
        assert_eq!(
            said.0,
            if rule == "guest_token.foreign" { 403 } else { 401 },
            "elsewhere it depends on the cause: {rule}"
        );
    }
    let fresh = emulator.guest_jwt().await;
    assert!(emulator.upgrade(&format!("/v1?deploymentId=blunt&token={fresh}")).await.is_ok());
}
