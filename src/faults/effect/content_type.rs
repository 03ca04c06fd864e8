//! `content_type`: the answer says that it is something else than it is.

use http::HeaderValue;
use serde::{Deserialize, Serialize};

use super::{Ask, Power};
use crate::faults::{
    point::Point,
    verdict::{AnswerVerdict, Verdict},
    when::When,
};

/// Only the header changes.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ContentType {
    /// The whole value of `Content-Type`. Default `text/html`.
    #[serde(default = "html")]
    to: String,
}

fn html() -> String {
    "text/html".to_owned()
}

impl Power for ContentType {
    fn point(&self, _: &When) -> Point {
        Point::Request
    }

    fn may_follow(&self) -> bool {
        true
    }

    fn check(&self, _: &When) -> Result<(), String> {
        let known = HeaderValue::from_str(&self.to).map(|_| ());
        known.map_err(|_| format!("`to` {:?} is not a header value", self.to))
    }

    fn decides(&self) -> Option<String> {
        Some("what the answer says that it is".to_owned())
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::OfAnswer(AnswerVerdict::ContentType(HeaderValue::from_str(&self.to).ok()?)))
    }
}
