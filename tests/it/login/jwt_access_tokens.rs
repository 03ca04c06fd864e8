//! Access tokens that are JWTs (RFC 9068), as an option of the org.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use genesys_emulator::Emulator;
use insta::assert_snapshot;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde_json::{Value, json};

use crate::support::{
    GUEST_TOKEN_DEPLOYMENT, TestEmulator, WRONG_JWTS, client::Client, emulator::PUBLIC_URL, scenario,
};

const ME: &str = "/api/v2/tokens/me";
const JWTS: &str = "
name: jwts
world:
  orgs:
    - accessTokens: jwt
      clients:
        phone: { id: phone, secret: phone, tokenLifetime: 300s, scopes: ['digital:read', 'interaction:*', 'webphone:use'] }
        none: { id: none, secret: none }
        plain: { id: plain, secret: plain, accessTokens: opaque }
      deployments:
        phone: { id: phone, requiredScopes: ['digital:read', 'interaction:write', 'webphone:use'] }
";

fn parts(jwt: &str) -> [Value; 2] {
    let mut parts =
        jwt.split('.').map(|part| serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()));
    [parts.next().unwrap().unwrap(), parts.next().unwrap().unwrap()]
}

/// What the API answers to a token, and by which rule.
async fn told(emulator: &TestEmulator, token: &str) -> String {
    let answer = emulator.client.get(ME, Some(token)).await;
    if answer.status == 200 {
        return "200".to_owned();
    }
    format!("{} {} {}", answer.status, answer.json()["code"], emulator.last_refusal().await["rule"])
}

#[tokio::test]
async fn an_access_token_names_issuer_audience_client_scopes_and_org() {
    let emulator = TestEmulator::yaml(JWTS).await;
    let form = "grant_type=client_credentials&client_id=phone&client_secret=phone";
    let answer = emulator.client.post_form("/oauth/token", form).await;
    assert_eq!((answer.status, answer.json()["token_type"].as_str()), (200, Some("bearer")));
    assert_eq!(answer.json()["expires_in"], 300);
    let [header, claims] = parts(answer.json()["access_token"].as_str().unwrap());
    assert_snapshot!(header, @r#"{"alg":"RS256","kid":"emulator-f1f0ef23f83c","typ":"at+jwt"}"#);
    assert_snapshot!(claims, @r#"{"aud":"http://emulator.test","client_id":"phone","exp":1767323345,"iat":1767323045,"iss":"http://emulator.test","jti":"7e5a8a91-236f-4f4b-9510-4ee045406794","org":"00000000-0000-4000-8000-0000000000aa","scope":"digital:read interaction:read interaction:write webphone:use","sub":"phone"}"#);
}

#[tokio::test]
async fn patterns_of_scopes_are_written_out_and_a_client_without_scopes_has_no_such_claim() {
    let emulator = TestEmulator::yaml(JWTS).await;
    let [_, everything] = parts(&emulator.token("emulator-client", "emulator-secret").await);
    let scopes: Vec<_> = everything["scope"].as_str().unwrap().split(' ').collect();
    assert!(["digital:read", "users:readonly", "webchat:guest:write"].iter().all(|one| scopes.contains(one)));
    assert!(!scopes.iter().any(|scope| scope.contains('*')), "{scopes:?}");
    let [_, nothing] = parts(&emulator.token("none", "none").await);
    assert_eq!(nothing.get("scope"), None);
}

#[tokio::test]
async fn a_client_may_have_opaque_ones_all_the_same() {
    let emulator = TestEmulator::yaml(JWTS).await;
    let token = emulator.token("plain", "plain").await;
    assert!(!token.contains('.'), "{token}");
    assert_eq!(told(&emulator, &token).await, "200");
}

/// The claims, as a resource server elsewhere finds them good by its own clock and the published keys.
async fn verified(client: &Client, token: &str) -> Value {
    let keys: JwkSet = serde_json::from_str(&client.get("/.well-known/jwks.json", None).await.text).unwrap();
    let header = decode_header(token).unwrap();
    assert_eq!(header.typ.as_deref(), Some("at+jwt"));
    let key = keys.find(&header.kid.unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_issuer(&[PUBLIC_URL]);
    validation.set_audience(&[PUBLIC_URL]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    decode(token, &DecodingKey::from_jwk(key).unwrap(), &validation).unwrap().claims
}

#[tokio::test]
async fn a_stock_verifier_accepts_it_on_a_clock_that_runs() {
    let file = scenario::file(JWTS);
    let path = scenario::path(&file).to_owned();
    let emulator = Emulator::builder().scenario(path).public_url(PUBLIC_URL).start().await.unwrap();
    let client = Client::new(format!("http://{}", emulator.address()));
    let form = "grant_type=client_credentials&client_id=phone&client_secret=phone";
    let token = client.post_form("/oauth/token", form).await.json()["access_token"].clone();
    let token = token.as_str().unwrap();
    assert_eq!(verified(&client, token).await["client_id"], "phone");
    assert_eq!(client.get(ME, Some(token)).await.status, 200);
}

#[tokio::test]
async fn one_that_is_stamped_by_the_wall_is_good_elsewhere_while_the_orgs_clock_stands_in_the_past() {
    let emulator =
        TestEmulator::yaml("name: w\nworld: { orgs: [{ accessTokens: jwt, tokenTimes: wall }] }").await;
    let token = emulator.token("emulator-client", "emulator-secret").await;
    assert_eq!(verified(&emulator.client, &token).await["client_id"], "emulator-client");
    assert_eq!(told(&emulator, &token).await, "200");
}

#[tokio::test]
async fn it_opens_the_api_until_it_is_revoked_or_expires_on_the_orgs_clock() {
    let emulator = TestEmulator::yaml(JWTS).await;
    let (one, other) = (emulator.token("phone", "phone").await, emulator.token("phone", "phone").await);
    assert_ne!(one, other);
    assert_eq!(emulator.client.get(ME, Some(&one)).await.json()["OAuthClient"]["id"], "phone");
    let bearer = format!("Bearer {one}");
    let revoked = emulator.client.send("DELETE", ME, &[("authorization", &bearer)], "").await;
    assert_eq!(revoked.status, 200);
    assert_eq!(told(&emulator, &one).await, r#"401 "bad.credentials" "token.revoked""#);
    emulator.advance("299s").await;
    assert_eq!(told(&emulator, &other).await, "200");
    emulator.advance("1s").await;
    assert_eq!(told(&emulator, &other).await, r#"401 "bad.credentials" "token.expired""#);
}

#[tokio::test]
async fn what_was_changed_or_is_by_another_key_opens_nothing() {
    let emulator = TestEmulator::yaml(JWTS).await;
    let token = emulator.token("none", "none").await;
    let [head, claims, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!("{token}") };
    let mut richer = parts(&token)[1].clone();
    richer["scope"] = json!("users");
    let encoded = |text: String| BASE64_URL_SAFE_NO_PAD.encode(text);
    let none = encoded(r#"{"alg":"none","typ":"at+jwt"}"#.to_owned());
    let mut said = String::new();
    for wrong in [
        format!("{head}.{}.{signature}", encoded(richer.to_string())),
        format!("{none}.{claims}."),
        format!("{head}.{}", &claims[..claims.len() / 2]),
        format!("{head}.{claims}.{}", "x".repeat(20_000)),
        emulator.guest_jwt().await,
    ] {
        said += &format!("{}\n", told(&emulator, &wrong).await);
    }
    assert_eq!(told(&emulator, &token).await, "200");
    emulator.client.admin("POST", "/keys/platform/rotate", Some(&json!({ "mode": "hard" }))).await;
    said += &told(&emulator, &token).await;
    assert_snapshot!(said, @r#"
    401 "bad.credentials" "signature.invalid"
    401 "bad.credentials" "alg.not.allowed"
    401 "bad.credentials" "truncated"
    401 "bad.credentials" "signature.invalid"
    401 "bad.credentials" "token.is_a_jwt"
    401 "bad.credentials" "kid.unknown"
    "#);
}

#[tokio::test]
async fn its_claim_names_the_org_and_that_of_another_org_is_worth_nothing() {
    let emulator = TestEmulator::yaml(JWTS).await;
    let made = emulator.client.admin("POST", "/orgs", Some(&json!({}))).await.json();
    let [id, client, secret] =
        ["id", "clientId", "clientSecret"].map(|name| made[name].as_str().unwrap().to_owned());
    let theirs = emulator.token(&client, &secret).await;
    assert_eq!(parts(&theirs)[1]["org"], id.as_str());
    let me = emulator.client.get(ME, Some(&theirs)).await;
    assert_eq!(me.json()["organization"]["id"], id.as_str(), "the address names no org, so the token does");
    let ours = emulator.token("phone", "phone").await;
    let answer = emulator.client.get(&format!("/@{id}{ME}"), Some(&ours)).await;
    assert_eq!((answer.status, answer.json()["code"].as_str()), (401, Some("bad.credentials")));
    let journal = emulator.client.admin("GET", &format!("/orgs/{id}/journal"), None).await.json();
    let last = journal["entities"].as_array().unwrap().last().unwrap();
    assert_eq!(last["refusal"]["rule"], "of.another.org");
}

#[tokio::test]
async fn it_is_no_guest_token() {
    let emulator = TestEmulator::yaml(JWTS).await;
    let token = emulator.token("phone", "phone").await;
    let target = format!("/v1?deploymentId={GUEST_TOKEN_DEPLOYMENT}&token={token}");
    assert_eq!(emulator.upgrade(&target).await.err().unwrap().0, 403);
    assert_eq!(emulator.last_refusal().await["rule"], "guest_token.is_an_access_token");
}

#[tokio::test]
async fn a_socket_may_want_scopes_and_the_org() {
    let emulator = TestEmulator::yaml(JWTS).await;
    let made = emulator.client.admin("POST", "/orgs", Some(&json!({}))).await.json();
    let theirs = made["clientId"].as_str().zip(made["clientSecret"].as_str()).unwrap();
    let theirs = emulator.token(theirs.0, theirs.1).await;
    let phone = emulator.token("phone", "phone").await;
    let mut said = String::new();
    for token in [
        "",
        "nonsense",
        &emulator.guest_jwt().await,
        &emulator.token("none", "none").await,
        &emulator.token("plain", "plain").await,
        &theirs,
        &phone,
    ] {
        let target = format!("/@00000000-0000-4000-8000-0000000000aa/v1?deploymentId=phone&token={token}");
        said += &match emulator.upgrade(&target).await {
            Ok(_) => "admitted\n".to_owned(),
            Err((status, _)) => format!("{status} {}\n", emulator.last_refusal().await["rule"]),
        };
    }
    emulator.advance("300s").await;
    let target = format!("/v1?deploymentId=phone&token={phone}");
    let (status, body) = emulator.upgrade(&target).await.err().unwrap();
    said += &format!("{status} {}", serde_json::from_str::<Value>(&body).unwrap()["details"]);
    assert_snapshot!(said, @r#"
    403 "token.missing"
    403 "token.unknown"
    403 "token.is_a_jwt"
    403 "scope.missing"
    403 "scope.missing"
    403 "org.mismatch"
    admitted
    401 [{"errorCode":"token.expired"}]
    "#);
}

#[tokio::test]
async fn a_fault_makes_them_wrong_and_the_api_says_so_by_name() {
    let emulator = TestEmulator::yaml(JWTS).await;
    let mut said = String::new();
    let further = ["revoked", "wrong_region", "truncated", "oversized", "clock_skew"];
    for mode in WRONG_JWTS.iter().chain(&further) {
        let fault = json!([{ "id": "f", "effect": { "claims": { "token": "access", "mode": mode } } }]);
        assert_eq!(emulator.client.admin("PUT", "/faults", Some(&fault)).await.status, 200);
        let token = emulator.token("phone", "phone").await;
        said += &format!("{mode}: {}\n", told(&emulator, &token).await);
    }
    assert_snapshot!(said, @r#"
    expired: 401 "bad.credentials" "token.expired"
    not_yet_valid: 401 "bad.credentials" "token.not.yet.valid"
    exp_missing: 401 "bad.credentials" "exp.missing"
    exp_in_ms: 401 "bad.credentials" "exp.in.milliseconds"
    wrong_iss: 401 "bad.credentials" "issuer.mismatch"
    wrong_aud: 401 "bad.credentials" "audience.mismatch"
    sub_missing: 401 "bad.credentials" "sub.missing"
    bad_signature: 401 "bad.credentials" "signature.invalid"
    kid_unknown: 401 "bad.credentials" "kid.unknown"
    alg_none: 401 "bad.credentials" "alg.not.allowed"
    hs256_confusion: 401 "bad.credentials" "alg.not.allowed"
    revoked: 401 "bad.credentials" "token.revoked"
    wrong_region: 401 "bad.credentials" "wrong.region"
    truncated: 401 "bad.credentials" "truncated"
    oversized: 401 "bad.credentials" "oversized"
    clock_skew: 401 "bad.credentials" "clock.skew"
    "#);
}

#[tokio::test]
async fn opaque_ones_have_no_claims_that_could_be_wrong() {
    let emulator = TestEmulator::start().await;
    let fault = json!({ "id": "f", "effect": { "claims": { "token": "access", "mode": "wrong_iss" } } });
    let refused = emulator.client.admin("POST", "/faults", Some(&fault)).await;
    assert_snapshot!(format!("{} {}", refused.status, refused.json()["detail"]), @r#"400 "fault `f`: `claims`: access tokens of this org are opaque: they have no claims, but can be `expired` or `revoked`; expected one of these modes, or an org or client with `accessTokens: jwt`""#);
    let asks = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("x-emulator-inject", "claims;token=access;mode=wrong_iss"),
    ];
    let form = "grant_type=client_credentials&client_id=emulator-client&client_secret=emulator-secret";
    let answer = emulator.client.send("POST", "/oauth/token", &asks, form).await;
    assert_eq!(answer.status, 200);
    let entry = emulator.journal("").await.pop().unwrap();
    assert_snapshot!(entry["notes"], @r#"["an opaque access token has no claims, so it cannot be wrong: issuer.mismatch"]"#);
}
