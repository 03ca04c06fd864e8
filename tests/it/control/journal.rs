//! `/journal`: entries, filters and the cursor.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Other, told};
use crate::support::{DEPLOYMENT, TestEmulator};

async fn page(emulator: &TestEmulator, query: &str) -> Value {
    let answer = emulator.client.admin("GET", &format!("/journal?{query}"), None).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

/// Numbers of the entries of a page.
fn numbers(page: &Value) -> Vec<&str> {
    let entries = page["entities"].as_array().unwrap();
    entries.iter().map(|entry| entry["n"].as_str().unwrap()).collect()
}

/// An entry without the one thing that is real time.
fn timeless(mut entry: Value) -> String {
    assert!(entry["elapsedUs"].is_u64());
    entry.as_object_mut().unwrap().remove("elapsedUs");
    entry.to_string()
}

#[tokio::test]
async fn an_entry_tells_request_answer_and_why() {
    let emulator = TestEmulator::start().await;
    let headers = [("content-type", "application/json"), ("user-agent", "test")];
    let answer =
        emulator.client.send("POST", "/api/v2/webchat/guest?a=1", &headers, "{\"name\":\"Ann\"}").await;
    let shown = emulator.client.admin("GET", "/journal/1", None).await.json();
    assert_eq!(shown["correlationId"], answer.header("inin-correlation-id"));
    let host = emulator.base().replace("http://", "");
    assert_snapshot!(timeless(shown.clone()).replace(&host, "(host)"), @r#"{"at":"2026-01-02T03:04:05.000Z","correlationId":"1f4000f2-f7ae-4856-8af7-364288c30816","decision":"refused","kind":"http","method":"POST","n":"1","refusal":{"expected":"Authorization: Bearer …","reason":"No access token came","rule":"token.missing","seen":"no Authorization header"},"request":{"body":"{\"name\":\"Ann\"}","headers":{"accept":"*/*","content-length":"14","content-type":"application/json","host":"(host)","user-agent":"test"}},"response":{"body":"{\"message\":\"No authentication bearer token specified in authorization header.\",\"code\":\"authentication.required\",\"status\":401,\"contextId\":\"1f4000f2-f7ae-4856-8af7-364288c30816\",\"details\":[],\"errors\":[]}","headers":{"cache-control":"no-cache, no-store, must-revalidate","content-length":"201","content-type":"application/json","date":"Fri, 02 Jan 2026 03:04:05 GMT","expires":"0","inin-correlation-id":"1f4000f2-f7ae-4856-8af7-364288c30816","pragma":"no-cache","www-authenticate":"Bearer"}},"status":401,"surface":"api","target":"/api/v2/webchat/guest?a=1"}"#);
    assert_eq!(page(&emulator, "").await["entities"], json!([shown]));
}

#[tokio::test]
async fn frames_are_numbered_below_their_socket() {
    let emulator = TestEmulator::start().await;
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, "t-1").await;
    let entries = page(&emulator, "").await;
    assert_eq!(numbers(&entries), ["1", "1.1", "1.2"]);
    let frame = emulator.client.admin("GET", "/journal/1.1", None).await.json();
    assert_snapshot!(timeless(frame), @r#"{"at":"2026-01-02T03:04:05.000Z","correlationId":"f5dafe11-4630-463d-823f-688d8ca111b5","decision":"granted","deployment":"00000000-0000-4000-8000-0000000000cc","frame":"{\"action\":\"configureSession\",\"deploymentId\":\"00000000-0000-4000-8000-0000000000cc\",\"token\":\"(redacted 73773861)\"}","kind":"frameIn","n":"1.1","session":"(redacted 73773861)","surface":"webmessaging","target":"configureSession"}"#);
    let unknown = emulator.client.admin("GET", "/journal/9.9", None).await;
    assert_eq!(told(&unknown), "404 -: There is no journal entry 9.9");
}

#[tokio::test]
async fn filters_find_what_they_say() {
    let emulator = TestEmulator::start().await;
    let token = emulator.guest_client_token().await; // 1
    let made = emulator.client.post("/api/v2/webchat/guest", Some(&token), &json!({})).await; // 2
    emulator.client.get("/api/v2/tokens/me", None).await; // 3
    emulator
        .fault(
            json!({ "id": "f", "when": { "path": "/api/v2/x" }, "effect": { "respond": { "status": 503 } } }),
        )
        .await;
    emulator.client.get("/api/v2/x", None).await; // 4
    let mut socket = emulator.socket(DEPLOYMENT).await; // 5
    socket.configure(DEPLOYMENT, "t-1").await; // 5.1, 5.2
    let guest = page(&emulator, "method=POST&surface=api").await["entities"][0]["guest"].clone();
    let correlation = made.header("inin-correlation-id").to_owned();
    let session = page(&emulator, "session=t-1").await["entities"][0]["session"].clone();
    assert_eq!(session.as_str().unwrap().len(), "(redacted 12345678)".len());
    for (query, found) in [
        ("", &["1", "2", "3", "4", "5", "5.1", "5.2"] as &[_]),
        ("kind=http", &["1", "2", "3", "4", "5"]),
        ("kind=frameIn", &["5.1"]),
        ("kind=frameOut", &["5.2"]),
        ("surface=login", &["1"]),
        ("surface=webmessaging", &["5", "5.1", "5.2"]),
        ("method=post", &["1", "2"]),
        ("target=/api/v2/", &["2", "3", "4"]),
        ("target=configureSession", &["5.1"]),
        ("status=200", &["1", "2"]),
        ("client=emulator-guest-client", &["1", "2"]),
        (&format!("deployment={DEPLOYMENT}"), &["5", "5.1", "5.2"]),
        (&format!("guest={}", guest.as_str().unwrap()), &["2"]),
        (&format!("session={}", session.as_str().unwrap()), &["5.1", "5.2"]),
        ("fault=f", &["4"]),
        ("rule=token.missing", &["3"]),
        (&format!("correlationId={correlation}"), &["2"]),
        ("surface=api&status=503", &["4"]),
        ("surface=api&status=404", &[]),
    ] {
        assert_eq!(numbers(&page(&emulator, query).await), found, "{query}");
    }
}

#[tokio::test]
async fn the_cursor_goes_on_where_the_last_page_ended() {
    let emulator = TestEmulator::start().await;
    for _ in 0..5 {
        emulator.client.get("/api/v2/x", None).await;
    }
    let first = page(&emulator, "limit=2").await;
    assert_eq!((numbers(&first), &first["more"]), (vec!["1", "2"], &json!(true)));
    let second = page(&emulator, &format!("after={}", first["next"].as_str().unwrap())).await;
    assert_eq!((numbers(&second), &second["more"]), (vec!["3", "4", "5"], &json!(false)));
    let after = format!("after={}", second["next"].as_str().unwrap());
    let nothing = page(&emulator, &after).await;
    assert_eq!((numbers(&nothing), &nothing["next"]), (vec![], &second["next"]));
    emulator.client.get("/api/v2/y", None).await;
    assert_eq!(numbers(&page(&emulator, &after).await), ["6"]);
}

#[tokio::test]
async fn a_filtered_page_ends_behind_its_last_entry() {
    let emulator = TestEmulator::start().await;
    for path in ["/api/v2/a", "/oauth/x", "/api/v2/b", "/oauth/x", "/api/v2/c"] {
        emulator.client.get(path, None).await;
    }
    let first = page(&emulator, "surface=api&limit=1").await;
    let second = page(&emulator, &format!("surface=api&after={}", first["next"].as_str().unwrap())).await;
    assert_eq!((numbers(&first), numbers(&second)), (vec!["1"], vec!["3", "5"]));
}

#[tokio::test]
async fn a_cleared_journal_tells_cursors_from_before() {
    let emulator = TestEmulator::start().await;
    emulator.client.get("/api/v2/x", None).await;
    let before = page(&emulator, "").await;
    let after = format!("after={}", before["next"].as_str().unwrap());
    assert_eq!(before["cleared"], false);
    let cleared = emulator.client.admin("DELETE", "/journal", None).await;
    assert_eq!((cleared.status, cleared.text.as_str()), (204, ""));
    emulator.client.get("/api/v2/x", None).await;
    let told = page(&emulator, &after).await;
    assert_eq!((numbers(&told), &told["cleared"], &told["dropped"]), (vec!["2"], &json!(true), &json!(0)));
    let on = page(&emulator, &format!("after={}", told["next"].as_str().unwrap())).await;
    assert_eq!((numbers(&on), &on["cleared"]), (vec![], &json!(false)));
    emulator.client.admin("POST", "/reset", None).await;
    assert_eq!(page(&emulator, &after).await["cleared"], true);
}

#[tokio::test]
async fn what_cannot_be_meant_is_explained() {
    let emulator = TestEmulator::start().await;
    let mut said = String::new();
    for query in [
        "limit=0",
        "limit=1001",
        "limit=all",
        "stauts=200",
        "surface=apis",
        "after=x",
        "after=0-7",
        "after=9-0",
        "kind=frames",
    ] {
        let answer = emulator.client.admin("GET", &format!("/journal?{query}"), None).await;
        assert_eq!(answer.status, 400, "{query}: {}", answer.text);
        said.push_str(&told(&answer));
        said.push('\n');
    }
    assert_snapshot!(said, @"
    400 limit: `limit` is between 1 and 1000
    400 limit: `limit` is between 1 and 1000
    400 limit: `all` is not a number
    400 stauts: `stauts` is not a filter, did you mean `status`?
    400 surface: `surface`: unknown variant `apis`, expected one of `login`, `api`, `cdn`, `webmessaging`, `streaming`, `uploads`, `idp`, `webhooks`, `unknown`; did you mean `api`?
    400 after: `after` x is not a cursor of this journal; take `next` of an earlier answer
    400 after: `after` 0-7 is not a cursor of this journal; take `next` of an earlier answer
    400 after: `after` 9-0 is not a cursor of this journal; take `next` of an earlier answer
    400 kind: `kind`: unknown variant `frames`, expected one of `http`, `frameIn`, `frameOut`; did you mean `frameIn`?
    ");
}

#[tokio::test]
async fn another_org_has_its_own() {
    let emulator = TestEmulator::start().await;
    let org = Other::make(&emulator, json!({})).await;
    org.client.get("/api/v2/x", None).await;
    assert!(emulator.journal("").await.is_empty());
    let entry = org.admin(&emulator, "GET", "/journal/1", None).await.json();
    assert_eq!(entry["target"], "/api/v2/x", "the prefix is left out");
    assert_eq!(org.admin(&emulator, "DELETE", "/journal", None).await.status, 204);
    let journal = org.admin(&emulator, "GET", "/journal", None).await.json();
    assert_eq!(journal["entities"], json!([]));
}
