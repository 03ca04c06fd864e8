//! An HTTP client that checks on each call what must always hold.

use std::collections::BTreeMap;

use serde_json::Value;

use super::described;

/// Headers that an emulated surface may answer with.
const ALLOWED: &[&str] = &[
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-allow-private-network",
    "access-control-expose-headers",
    "access-control-max-age",
    "allow",
    "cache-control",
    "connection",
    "content-disposition",
    "content-length",
    "content-type",
    "date",
    "etag",
    "expires",
    "inin-correlation-id",
    "inin-ratelimit-allowed",
    "inin-ratelimit-count",
    "inin-ratelimit-reset",
    "location",
    "pragma",
    "retry-after",
    "sec-websocket-version",
    "set-cookie",
    "upgrade",
    "vary",
    "webmessaging-nonce",
    "www-authenticate",
    "x-emulator-fault",
];

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub text: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// A header's value, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(String::as_str).unwrap_or_default()
    }

    async fn read(response: reqwest::Response) -> Self {
        let status = response.status().as_u16();
        let text =
            |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers =
            response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        let bytes = response.bytes().await.unwrap().to_vec();
        Self { status, headers, text: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    }
}

#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    pub base: String,
}

impl Client {
    pub fn new(base: String) -> Self {
        let plain = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        Self { http: plain.build().unwrap(), base }
    }

    /// Any request to an emulated surface, checked.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> Answer {
        let answer = self.try_send(method, path, headers, body).await.unwrap();
        check(method, path, &answer);
        answer
    }

    /// Any request; an error when the connection ends without an answer.
    pub async fn try_send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> Result<Answer, reqwest::Error> {
        let method = method.parse().unwrap();
        let mut request = self.http.request(method, format!("{}{path}", self.base)).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await?;
        Ok(Answer::read(response).await)
    }

    pub async fn get(&self, path: &str, token: Option<&str>) -> Answer {
        let bearer = token.map(|token| format!("Bearer {token}"));
        let headers: Vec<_> = bearer.iter().map(|value| ("authorization", value.as_str())).collect();
        self.send("GET", path, &headers, "").await
    }

    pub async fn post(&self, path: &str, token: Option<&str>, body: &Value) -> Answer {
        let bearer = token.map(|token| format!("Bearer {token}"));
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(bearer.iter().map(|value| ("authorization", value.as_str())));
        self.send("POST", path, &headers, body.to_string()).await
    }

    pub async fn post_form(&self, path: &str, body: &str) -> Answer {
        let form = [("content-type", "application/x-www-form-urlencoded")];
        self.send("POST", path, &form, body.to_owned()).await
    }

    /// A call to the admin API; `path` is below `/__admin`.
    pub async fn admin(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let body = body.map(Value::to_string).unwrap_or_default();
        let json = [("content-type", "application/json")];
        let answer = self.try_send(method, &format!("/__admin{path}"), &json, body).await.unwrap();
        assert!(
            !answer.headers.contains_key("inin-correlation-id"),
            "the admin API is not part of the platform"
        );
        if answer.status >= 400 {
            assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.text);
            assert_eq!(answer.json()["status"], answer.status);
        }
        described::check(method, path, &answer);
        answer
    }
}

fn check(method: &str, path: &str, answer: &Answer) {
    // only made when something is wrong: the answer may be a large file
    let context = || format!("{method} {path}: {answer:?}");
    for name in answer.headers.keys() {
        assert!(ALLOWED.contains(&name.as_str()), "unexpected header {name}: {}", context());
    }
    let correlation = answer.header("inin-correlation-id");
    assert_eq!(correlation.len(), 36, "{}", context());
    assert!(!answer.header("date").is_empty(), "{}", context());
    if answer.text.is_empty() {
        return;
    }
    assert!(!answer.header("content-type").is_empty(), "{}", context());
    if answer.status < 400 || answer.header("content-type") != "application/json" {
        return;
    }
    // an injected body is the fault's business
    let body = answer.json();
    if path.starts_with("/api/v2/") && answer.header("x-emulator-fault").is_empty() {
        assert_eq!(body["contextId"], correlation, "{}", context());
        assert_eq!(body["status"], answer.status, "{}", context());
        assert!(body["code"].is_string() && body["message"].is_string(), "{}", context());
        assert!(body["details"].is_array() && body["errors"].is_array(), "{}", context());
    }
    if path.starts_with("/oauth/") && answer.header("x-emulator-fault").is_empty() {
        assert!(body["error"].is_string(), "{}", context());
        assert_eq!(body["description"], body["error_description"], "{}", context());
    }
}
