//! What browsers need before they let a page call, and read the answer.

use insta::assert_snapshot;

use crate::support::{Answer, DEPLOYMENT, TestEmulator};

const ORIGIN: (&str, &str) = ("origin", "https://shop.example.test");

/// The CORS headers of an answer, one a line.
fn cors(answer: &Answer) -> String {
    let told =
        answer.headers.iter().filter(|(name, _)| name.starts_with("access-control") || *name == "vary");
    let lines: Vec<_> = told.map(|(name, value)| format!("{name}: {value}")).collect();
    format!("{}\n{}", answer.status, lines.join("\n"))
}

async fn preflight(emulator: &TestEmulator, path: &str, more: &[(&str, &str)]) -> Answer {
    let mut headers = vec![ORIGIN, ("access-control-request-method", "POST")];
    headers.extend(more);
    let answer = emulator.client.send("OPTIONS", path, &headers, "").await;
    assert_eq!(answer.text, "");
    answer
}

#[tokio::test]
async fn a_preflight_of_the_api_names_authorization_and_reflects_the_origin() {
    let emulator = TestEmulator::start().await;
    let asked = ("access-control-request-headers", "authorization,content-type");
    let answer = preflight(&emulator, "/api/v2/webchat/guest", &[asked]).await;
    assert_snapshot!(cors(&answer), @"
    204
    access-control-allow-headers: Authorization,Content-Type,Accept,purecloud-sdk,Genesys-App,X-Journey-Session-Id,X-Journey-Session-Type,X-Emulator-Inject
    access-control-allow-methods: GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS
    access-control-allow-origin: https://shop.example.test
    access-control-expose-headers: ININ-Correlation-Id,inin-ratelimit-count,inin-ratelimit-allowed,inin-ratelimit-reset,Retry-After,X-Emulator-Fault
    access-control-max-age: 600
    vary: Origin
    ");
    assert_eq!(answer.header("access-control-allow-private-network"), "");
}

#[tokio::test]
async fn a_preflight_needs_no_token_and_no_endpoint() {
    let emulator = TestEmulator::start().await;
    let expected = cors(&preflight(&emulator, "/oauth/token", &[]).await);
    for path in ["/api/v2/tokens/me", "/api/v2/never/heard", "/.well-known/jwks.json"] {
        assert_eq!(cors(&preflight(&emulator, path, &[]).await), expected, "{path}");
    }
}

#[tokio::test]
async fn a_private_network_preflight_is_answered() {
    let emulator = TestEmulator::start().await;
    let asked = ("access-control-request-private-network", "true");
    let answer = preflight(&emulator, "/oauth/token", &[asked]).await;
    assert_eq!(answer.header("access-control-allow-private-network"), "true");
}

#[tokio::test]
async fn answers_reflect_the_origin_and_expose_what_clients_read() {
    let emulator = TestEmulator::start().await;
    for origin in ["https://shop.example.test", "http://localhost:3000", "null"] {
        // a refusal, too, is for the page to read
        let answer = emulator.client.send("GET", "/api/v2/tokens/me", &[("origin", origin)], "").await;
        assert_eq!(answer.status, 401);
        assert_eq!(answer.header("access-control-allow-origin"), origin);
        assert_eq!(answer.header("vary"), "Origin");
        assert_eq!(answer.header("access-control-allow-credentials"), "");
    }
    let answer = emulator.client.send("GET", "/api/v2/oauth/publickey", &[ORIGIN], "").await;
    assert_snapshot!(cors(&answer), @"
    200
    access-control-allow-origin: https://shop.example.test
    access-control-expose-headers: ININ-Correlation-Id,inin-ratelimit-count,inin-ratelimit-allowed,inin-ratelimit-reset,Retry-After,X-Emulator-Fault
    vary: Origin
    ");
    let answer = emulator.client.send("POST", "/oauth/token", &[ORIGIN], "").await;
    assert_snapshot!(cors(&answer), @"
    400
    access-control-allow-origin: https://shop.example.test
    access-control-expose-headers: ININ-Correlation-Id,inin-ratelimit-count,inin-ratelimit-allowed,inin-ratelimit-reset,Retry-After,X-Emulator-Fault
    vary: Origin
    ");
}

#[tokio::test]
async fn without_an_origin_it_is_said_only_that_caches_may_not_give_the_answer_to_a_page() {
    let emulator = TestEmulator::start().await;
    for path in ["/api/v2/oauth/publickey", "/.well-known/jwks.json"] {
        let answer = emulator.client.get(path, None).await;
        assert_eq!(answer.header("cache-control"), "public, max-age=300", "{path}");
        assert_eq!(cors(&answer), "200\nvary: Origin", "{path}");
    }
    assert_snapshot!(cors(&emulator.client.get("/api/v2/tokens/me", None).await), @"401");
}

#[tokio::test]
async fn the_cdn_is_open_to_everybody() {
    let emulator = TestEmulator::start().await;
    let path = format!("/webdeployments/v1/deployments/{DEPLOYMENT}/config.json");
    let answer = emulator.client.send("GET", &path, &[ORIGIN], "").await;
    assert_snapshot!(cors(&answer), @"
    200
    access-control-allow-origin: *
    access-control-expose-headers: ININ-Correlation-Id,inin-ratelimit-count,inin-ratelimit-allowed,inin-ratelimit-reset,Retry-After,X-Emulator-Fault
    ");
    assert_snapshot!(cors(&emulator.client.get(&path, None).await), @"
    200
    access-control-allow-origin: *
    access-control-expose-headers: ININ-Correlation-Id,inin-ratelimit-count,inin-ratelimit-allowed,inin-ratelimit-reset,Retry-After,X-Emulator-Fault
    ");
    assert_snapshot!(cors(&preflight(&emulator, &path, &[]).await), @"
    204
    access-control-allow-headers: Authorization,Content-Type,Accept,purecloud-sdk,Genesys-App,X-Journey-Session-Id,X-Journey-Session-Type,X-Emulator-Inject
    access-control-allow-methods: GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS
    access-control-allow-origin: *
    access-control-expose-headers: ININ-Correlation-Id,inin-ratelimit-count,inin-ratelimit-allowed,inin-ratelimit-reset,Retry-After,X-Emulator-Fault
    access-control-max-age: 600
    ");
}

#[tokio::test]
async fn options_without_a_preflights_headers_is_no_preflight() {
    let emulator = TestEmulator::start().await;
    let answer = emulator.client.send("OPTIONS", "/api/v2/webchat/guest", &[ORIGIN], "").await;
    assert_eq!(answer.status, 405);
}

#[tokio::test]
async fn a_page_may_ask_for_a_fault() {
    let emulator = TestEmulator::with(|builder| builder.inject(true)).await;
    let allowed =
        preflight(&emulator, "/oauth/token", &[]).await.header("access-control-allow-headers").to_owned();
    assert!(allowed.split(',').any(|name| name == "X-Emulator-Inject"), "{allowed}");
}

#[tokio::test]
async fn a_page_may_read_that_its_org_is_not_there() {
    let emulator = TestEmulator::start().await;
    let path = "/@nobody/api/v2/tokens/me";
    let answer = emulator.client.try_send("GET", path, &[ORIGIN], "").await.unwrap();
    assert_snapshot!(cors(&answer), @"
    404
    access-control-allow-origin: https://shop.example.test
    access-control-expose-headers: ININ-Correlation-Id,inin-ratelimit-count,inin-ratelimit-allowed,inin-ratelimit-reset,Retry-After,X-Emulator-Fault
    vary: Origin
    ");
    let first = answer.header("inin-correlation-id").to_owned();
    let headers = [ORIGIN, ("access-control-request-method", "GET")];
    let asked = emulator.client.try_send("OPTIONS", path, &headers, "").await.unwrap();
    assert_eq!((asked.status, asked.header("access-control-allow-origin")), (204, ORIGIN.1));
    assert!(asked.header("access-control-allow-headers").starts_with("Authorization,"));
    assert_ne!(asked.header("inin-correlation-id"), first);
    let again = TestEmulator::start().await.client.try_send("GET", path, &[], "").await.unwrap();
    assert_eq!(again.header("inin-correlation-id"), first, "the same seed, the same bytes");
}
