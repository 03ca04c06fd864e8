//! What a request or frame is about, whatever surface it is on.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{entry::Kind, record::Record};
use crate::base::pattern;

/// What it is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// A token is asked for: an access token, a guest token, a messaging token or one of an identity provider.
    Token,
    /// Keys that verify tokens are asked for.
    KeySet,
    /// A frame with a chat message; typing and presence are none.
    Message,
}

/// Paths at which tokens are asked for, with `POST`.
const TOKENS: &[&str] = &[
    "/oauth/token",
    "/api/v2/webchat/guest",
    "/api/v2/webdeployments/token/oauthcodegrantjwtexchange",
    "/api/v2/webdeployments/token/refresh",
    "/idp/{name}/token",
];

/// Paths at which keys are asked for.
const KEYS: &[&str] = &["/.well-known/jwks.json", "/api/v2/oauth/publickey", "/idp/{name}/jwks"];

/// What it is about; `frame` is what a frame says.
pub fn of(record: &Record, frame: Option<&Value>) -> Option<About> {
    let entry = record.entry();
    let message = |target: &str, member: &str| {
        let kind = frame.filter(|_| record.target() == target)?.get(member)?.get("type")?;
        (kind != "Event").then_some(About::Message)
    };
    match entry.kind() {
        Kind::FrameIn => message("onMessage", "message"),
        Kind::FrameOut => message("StructuredMessage", "body"),
        Kind::Http => {
            let path = record.path();
            let is = |paths: &[&str]| paths.iter().any(|known| pattern::fits(known, path));
            match entry.method().as_str() {
                "POST" if is(TOKENS) => Some(About::Token),
                "GET" | "HEAD" if is(KEYS) => Some(About::KeySet),
                _ => None,
            }
        }
    }
}
