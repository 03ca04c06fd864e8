//! `respond`: answers instead of the platform, or after it did the work.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};

use super::{Ask, Power, request_or_frame, set_headers};
use crate::{
    base::{suggest, time::Span},
    domain::vendor_error,
    faults::{
        point::Point,
        verdict::{Answer, Verdict},
        when::When,
    },
};

/// An answer. With `code` alone it is the vendor's error body of that code; on a frame it is an error frame.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Respond {
    /// HTTP status, 200 to 599. Default: the code's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// The vendor's error code. Default: the plainest of the status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// The message. Default: the code's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// Headers to add.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    /// The whole body: a text, or anything else as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<serde_json::Value>,
    /// The body is filled up with blanks to so many bytes, which JSON passes over. At most 64 MiB; needs a `body`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bytes: Option<usize>,
    /// `Retry-After`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after: Option<Span>,
}

/// The most that a body is filled up to.
const LARGEST: usize = 64 << 20;

impl Respond {
    fn status(&self) -> Option<u16> {
        self.status.or_else(|| vendor_error::of(self.code.as_deref()?).map(|(status, _)| status))
    }

    fn headers(&self) -> Result<Vec<(HeaderName, HeaderValue)>, String> {
        let all = self.headers.iter();
        all.map(|(name, value)| Ok((set_headers::header(name)?, set_headers::value(name, value)?))).collect()
    }
}

impl Power for Respond {
    fn point(&self, when: &When) -> Point {
        request_or_frame(when)
    }

    fn may_follow(&self) -> bool {
        true
    }

    fn check(&self, when: &When) -> Result<(), String> {
        let Some(status) = self.status() else {
            return Err(match &self.code {
                None => "give `status` or `code`".into(),
                Some(code) => {
                    let near = suggest::nearest(code, vendor_error::codes());
                    let near = near.map(|near| format!(", did you mean `{near}`?"));
                    format!(
                        "`{code}` is not a code of the vendor; give `status` too{}",
                        near.unwrap_or_default()
                    )
                }
            });
        };
        if !(200..=599).contains(&status) || StatusCode::from_u16(status).is_err() {
            return Err(format!("`status` {status} is not between 200 and 599"));
        }
        if matches!(status, 204 | 304)
            && (self.body.is_some() || self.code.is_some() || self.message.is_some())
        {
            return Err(format!(
                "an answer of `status` {status} has no body; leave `body`, `code` and `message` out"
            ));
        }
        if self.body.is_some() && (self.code.is_some() || self.message.is_some()) {
            return Err("`body` is the whole body; leave `code` and `message` out".into());
        }
        if status < 300 && self.code.is_none() && self.message.is_some() {
            return Err("`message` is of error bodies; an answer that is none has a `body`".into());
        }
        if when.is_about_frames() && (self.body.is_some() || !self.headers.is_empty()) {
            return Err("a frame is answered with an error frame: it has neither `body` nor `headers`".into());
        }
        match (self.bytes, &self.body) {
            (Some(_), None) => return Err("`bytes` fills up a `body`; give one".into()),
            (Some(bytes), _) if bytes > LARGEST => {
                return Err(format!("`bytes` is at most {LARGEST}"));
            }
            _ => {}
        }
        self.headers().map(drop)
    }

    fn ends(&self) -> bool {
        true
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        let body = self.body.as_ref().map(|body| {
            let (mut text, json) = match body {
                serde_json::Value::String(text) => (text.clone().into_bytes(), false),
                json => (json.to_string().into_bytes(), true),
            };
            text.resize(text.len().max(self.bytes.unwrap_or_default()), b' ');
            (Bytes::from(text), json)
        });
        Some(Verdict::Answer(Answer {
            status: self.status()?,
            code: self.code.clone(),
            message: self.message.clone(),
            headers: self.headers().ok()?,
            body,
            retry_after: self.retry_after,
        }))
    }
}
