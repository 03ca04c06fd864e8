//! Parameters of queries that many endpoints have.

use http::Uri;

use super::request::{Refused, bad_parameter};
use crate::{base::codec::query_value, ops::cx::Cx};

/// A parameter that says something: some clients send the names of all that there are.
pub fn given(uri: &Uri, name: &str) -> Option<String> {
    query_value(uri.query(), name).filter(|value| !value.is_empty())
}

/// `true` or `false`; nothing is `false`.
pub fn truth(cx: &Cx, uri: &Uri, name: &str) -> Result<bool, Refused> {
    match given(uri, name).as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(other) => Err(bad_parameter(cx, name, other, "true or false").into()),
    }
}
