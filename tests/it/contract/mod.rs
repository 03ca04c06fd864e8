//! Our answers against the published description of the API, when somebody has it at hand:
//! `GENESYS_API_CONTRACT` names a JSON file with the members `paths` and `definitions`.

mod external;
mod oauth;
mod web_deployments;

use std::{io::Write, path::PathBuf};

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

use crate::{
    idp::exchange::{EXCHANGE, REFRESH, REVOKE, exchange_code},
    support::{Answer, DEPLOYMENT, TestEmulator},
};

const TOKENS: &str = "/api/v2/tokens/me";
const ORGANIZATION: &str = "/api/v2/organizations/me";
const MESSAGES: &str = "/api/v2/webmessaging/messages";

/// The description; or, if there is none, a line on the process's own stderr, which no test runner swallows.
pub fn contract() -> Option<Value> {
    let Some(path) = std::env::var_os("GENESYS_API_CONTRACT").map(PathBuf::from) else {
        let place = if std::env::var_os("CI").is_some() { "in CI, " } else { "" };
        let line = format!(
            "contract: {place}GENESYS_API_CONTRACT is not set, so no answer was held against the published API\n"
        );
        std::io::stderr().write_all(line.as_bytes()).unwrap();
        return None;
    };
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Some(serde_json::from_str(&text).unwrap())
}

pub struct Contract(pub Value);

impl Contract {
    /// What is wrong with this answer, if anything.
    fn judge(&self, method: &str, path: &str, answer: &Answer) -> Result<(), String> {
        let operation = &self.0["paths"][path][method.to_ascii_lowercase()];
        if !operation.is_object() {
            return Err("it is not described".to_owned());
        }
        let responses = &operation["responses"];
        let status = answer.status.to_string();
        let described = responses.get(&status).or(responses.get("default"));
        let Some(described) = described.filter(|_| answer.status < 400 || responses.get(&status).is_some())
        else {
            return Err(format!("status {status} is not described"));
        };
        if method == "HEAD" {
            return Ok(());
        }
        // where codes are described and no schema, the body is the one that has codes
        let error = json!({ "$ref": "#/definitions/ErrorBody" });
        let is_error = answer.status >= 400 && described.get("errorCodes").is_some();
        let schema = described.get("schema").or(is_error.then_some(&error));
        let Some(schema) = schema else {
            return match answer.text.is_empty() {
                true => Ok(()),
                false => Err("no body is described".to_owned()),
            };
        };
        let body = answer.json();
        let wrong: Vec<_> =
            self.validator(schema).iter_errors(&body).map(|error| error.to_string()).collect();
        if !wrong.is_empty() {
            return Err(wrong.join("; "));
        }
        if let Some(codes) = described["errorCodes"].as_array().filter(|_| answer.status >= 400)
            && !codes.contains(&body["code"])
        {
            return Err(format!("{} is not among {}", body["code"], described["errorCodes"]));
        }
        Ok(())
    }

    fn validator(&self, schema: &Value) -> Validator {
        let mut whole = json!({ "definitions": self.0["definitions"] });
        whole["allOf"] = json!([schema]);
        // `selfUri` is described as a URI, but what the platform answers is relative to its own base
        let uri =
            |text: &str| (text.starts_with('/') || text.contains("://")) && text.parse::<http::Uri>().is_ok();
        jsonschema::options().with_draft(Draft::Draft4).with_format("uri", uri).build(&whole).unwrap()
    }

    pub fn check(&self, method: &str, path: &str, answer: &Answer) {
        if let Err(wrong) = self.judge(method, path, answer) {
            panic!("{method} {path} {}: {wrong}: {}", answer.status, answer.text);
        }
    }
}

/// A client with every right, and the description that all answers are held against.
struct Held {
    contract: Contract,
    emulator: TestEmulator,
    token: String,
}

impl Held {
    async fn start() -> Option<Self> {
        let contract = contract().map(Contract)?;
        let emulator = TestEmulator::unlimited().await;
        let token = emulator.token("emulator-client", "emulator-secret").await;
        Some(Self { contract, emulator, token })
    }

    /// `described` is the path as the description has it; `null` is no body.
    async fn ask(&self, method: &str, path: &str, described: &str, body: Value, status: u16) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let text = if body.is_null() { String::new() } else { body.to_string() };
        let answer = self.emulator.client.send(method, path, &headers, text).await;
        assert_eq!(answer.status, status, "{method} {path} {body}: {}", answer.text);
        self.contract.check(method, described, &answer);
        answer
    }

    async fn get(&self, path: &str, described: &str, status: u16) -> Value {
        self.ask("GET", path, described, Value::Null, status).await.json()
    }

    async fn id(&self, path: &str, body: Value) -> String {
        self.ask("POST", path, path, body, 200).await.json()["id"].as_str().unwrap().to_owned()
    }
}

async fn ask(emulator: &TestEmulator, method: &str, path: &str, token: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    emulator.client.send(method, path, &[("authorization", bearer.as_str())], "").await
}

#[tokio::test]
async fn tokens_me_answers_as_published() {
    let Some(contract) = contract().map(Contract) else {
        return;
    };
    let emulator = TestEmulator::yaml(
        "name: c\nworld: { orgs: [{ scopeChecks: all, limits: { tokenRate: 2 }, \
         clients: { may: { id: may, secret: may, scopes: [user-basic-info] } } }] }",
    )
    .await;
    let readonly = emulator.token("emulator-readonly-client", "emulator-readonly-secret").await;
    for method in ["GET", "HEAD", "DELETE"] {
        for (token, status) in [("", 401), ("nonsense", 401), (readonly.as_str(), 403)] {
            let answer = ask(&emulator, method, TOKENS, token).await;
            assert_eq!(answer.status, status);
            contract.check(method, TOKENS, &answer);
        }
        let token = emulator.token("may", "may").await;
        for status in [200, if method == "DELETE" { 401 } else { 200 }] {
            let answer = ask(&emulator, method, TOKENS, &token).await;
            assert_eq!(answer.status, status);
            contract.check(method, TOKENS, &answer);
        }
        let token = emulator.token("may", "may").await;
        for _ in 0..2 {
            ask(&emulator, "GET", TOKENS, &token).await;
        }
        let answer = ask(&emulator, method, TOKENS, &token).await;
        assert_eq!(answer.status, 429);
        contract.check(method, TOKENS, &answer);
    }
    let answer = emulator.client.send("DELETE", TOKENS, &[], vec![b' '; 512_001]).await;
    assert_eq!(answer.status, 413);
    contract.check("DELETE", TOKENS, &answer);
}

#[tokio::test]
async fn organizations_me_answers_as_published() {
    let Some(contract) = contract().map(Contract) else {
        return;
    };
    let emulator = TestEmulator::yaml(
        "name: c\nworld: { orgs: [{ scopeChecks: all, limits: { tokenRate: 1 }, \
         clients: { may: { id: may, secret: may, scopes: ['organization:readonly'] } } }] }",
    )
    .await;
    let readonly = emulator.token("emulator-readonly-client", "emulator-readonly-secret").await;
    let may = emulator.token("may", "may").await;
    for (token, status) in
        [("", 401), ("nonsense", 401), (readonly.as_str(), 403), (may.as_str(), 200), (may.as_str(), 429)]
    {
        let answer = ask(&emulator, "GET", ORGANIZATION, token).await;
        assert_eq!(answer.status, status, "{}", answer.text);
        contract.check("GET", ORGANIZATION, &answer);
    }
}

#[tokio::test]
async fn webmessaging_messages_answers_as_published() {
    let Some(contract) = contract().map(Contract) else {
        return;
    };
    let emulator = TestEmulator::start().await;
    let session = "00000000-0000-4000-8000-00000000aaaa";
    let mut socket = emulator.socket(DEPLOYMENT).await;
    socket.configure(DEPLOYMENT, session).await;
    for text in ["hello", "quick replies", "card", "carousel", "agent"] {
        socket.say(session, text).await;
        socket.next().await;
        emulator.advance("1s").await;
    }
    socket.send(json!({ "action": "getJwt", "token": session })).await;
    let jwt = loop {
        let frame = socket.next().await;
        if let Some(jwt) = frame["body"]["jwt"].as_str() {
            break jwt.to_owned();
        }
    };

    let page = ask(&emulator, "GET", MESSAGES, &jwt).await;
    assert_eq!(page.status, 200);
    assert!(page.json()["total"].as_u64() >= Some(10), "{}", page.text);
    contract.check("GET", MESSAGES, &page);
    for (query, token, status) in [
        ("?pageNumber=99&pageSize=2", jwt.as_str(), 200),
        ("?pageSize=x", &jwt, 400),
        ("?pageNumber=0", &jwt, 400),
        ("", "", 401),
        ("", "nonsense", 401),
    ] {
        let answer = ask(&emulator, "GET", &format!("{MESSAGES}{query}"), token).await;
        assert_eq!(answer.status, status, "{}", answer.text);
        contract.check("GET", MESSAGES, &answer);
    }
    for _ in 0..10 {
        ask(&emulator, "GET", MESSAGES, &jwt).await;
    }
    let limited = ask(&emulator, "GET", MESSAGES, &jwt).await;
    assert_eq!(limited.status, 429);
    contract.check("GET", MESSAGES, &limited);
    emulator.advance("61s").await;
    let expired = ask(&emulator, "GET", MESSAGES, &jwt).await;
    assert_eq!(expired.status, 401);
    contract.check("GET", MESSAGES, &expired);
}

#[tokio::test]
async fn the_token_exchange_answers_as_published() {
    let Some(contract) = contract().map(Contract) else {
        return;
    };
    let emulator = TestEmulator::start().await;
    let exchanged = exchange_code(&emulator).await;
    assert_eq!(exchanged.status, 200);
    contract.check("POST", EXCHANGE, &exchanged);
    let (jwt, refresh_token) = (exchanged.json()["jwt"].clone(), exchanged.json()["refreshToken"].clone());
    let oauth = json!({ "code": "c", "redirectUri": "http://localhost" });
    for (path, body, status) in [
        (EXCHANGE, json!({}), 400),
        (EXCHANGE, json!([]), 400),
        (EXCHANGE, json!({ "deploymentId": "nowhere", "oauth": oauth }), 404),
        (EXCHANGE, json!({ "deploymentId": DEPLOYMENT, "oauth": oauth }), 401),
        (REFRESH, json!({ "refreshToken": refresh_token }), 200),
        (REFRESH, json!({}), 400),
        (REFRESH, json!({ "refreshToken": "x" }), 401),
    ] {
        let answer = emulator.client.post(path, None, &body).await;
        assert_eq!(answer.status, status, "{}", answer.text);
        contract.check("POST", path, &answer);
    }
    for status in [204, 401] {
        let answer = ask(&emulator, "DELETE", REVOKE, jwt.as_str().unwrap()).await;
        assert_eq!(answer.status, status, "{}", answer.text);
        contract.check("DELETE", REVOKE, &answer);
    }
}

/// But for the errors that name members of the body: of those the one client wants texts, not objects as published.
#[tokio::test]
async fn push_devices_answer_as_published() {
    let Some(contract) = contract().map(Contract) else {
        return;
    };
    let emulator = TestEmulator::yaml(
        "name: p\nworld: { orgs: [{ deployments: { silent: { id: silent, notifications: Disabled } } }] }",
    )
    .await;
    let token = "00000000-0000-4000-8000-00000000aaaa";
    let phone = json!({ "deviceToken": "d", "language": "en-us", "deviceType": "ios", "notificationProvider": "APNS" });
    for (method, deployment, token, body, status) in [
        ("POST", DEPLOYMENT, token, phone.to_string(), 204),
        ("POST", DEPLOYMENT, token, phone.to_string(), 409),
        ("POST", DEPLOYMENT, token, String::new(), 400),
        ("POST", DEPLOYMENT, "me", phone.to_string(), 400),
        ("POST", "nowhere", token, phone.to_string(), 404),
        ("POST", "silent", token, phone.to_string(), 403),
        ("PATCH", DEPLOYMENT, token, phone.to_string(), 204),
        ("PATCH", DEPLOYMENT, token, "{}".to_owned(), 400),
        ("PATCH", "silent", token, phone.to_string(), 403),
        ("DELETE", DEPLOYMENT, token, String::new(), 204),
        ("DELETE", DEPLOYMENT, token, String::new(), 404),
        ("PATCH", DEPLOYMENT, token, phone.to_string(), 404),
    ] {
        let path = format!("/api/v2/webmessaging/deployments/{deployment}/pushdevices/{token}");
        let answer = emulator.client.send(method, &path, &[], body).await;
        assert_eq!(answer.status, status, "{}", answer.text);
        contract.check(
            method,
            "/api/v2/webmessaging/deployments/{deploymentId}/pushdevices/{tokenId}",
            &answer,
        );
    }
}

#[tokio::test]
async fn an_answer_that_is_not_as_published_is_found_out() {
    let described = json!({
        "paths": { "/p": { "get": { "responses": {
            "200": { "schema": { "$ref": "#/definitions/Thing" } },
            "404": { "schema": { "$ref": "#/definitions/Thing" }, "errorCodes": ["not.found"] }
        } } } },
        "definitions": { "Thing": { "type": "object", "properties": {
            "code": { "type": "string" }, "inner": { "$ref": "#/definitions/Thing" }
        } } }
    });
    let contract = Contract(described);
    let judge = |status, text: &str| {
        let answer = Answer { status, headers: Default::default(), text: text.to_owned(), bytes: Vec::new() };
        contract.judge("GET", "/p", &answer)
    };
    assert_eq!(judge(200, r#"{"inner":{"code":"x"}}"#), Ok(()));
    assert_eq!(judge(404, r#"{"code":"not.found"}"#), Ok(()));
    insta::assert_snapshot!(judge(200, r#"{"inner":{"code":1}}"#).unwrap_err(), @r#"1 is not of type "string""#);
    insta::assert_snapshot!(judge(404, r#"{"code":"gone"}"#).unwrap_err(), @r#""gone" is not among ["not.found"]"#);
    insta::assert_snapshot!(judge(429, "{}").unwrap_err(), @"status 429 is not described");
}
