//! Parameters of queries that many endpoints have.

use http::Uri;

use super::request::{Refused, bad_parameter};
use crate::{base::codec::query_value, ops::cx::Cx};

/// `true` or `false`; nothing is `false`.
pub fn truth(cx: &Cx, uri: &Uri, name: &str) -> Result<bool, Refused> {
    match query_value(uri.query(), name).as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(other) => Err(bad_parameter(cx, name, other, "true or false").into()),
    }
}
