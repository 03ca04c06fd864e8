//! What handlers of the Platform API do with a request before they do anything else.

use axum::response::{IntoResponse, Response};
use http::Uri;
use serde::de::DeserializeOwned;

use super::error::{from_access, of_code, plain};
use crate::{
    base::{
        codec::{json_wrong, pairs},
        ids::DivisionId,
    },
    domain::visit::Refusal,
    ops::{
        access::{Proved, Requirement, require},
        cx::Cx,
        divisions,
    },
    web::extract::Authorization,
};

/// An answer that ends a request early.
pub struct Refused(Box<Response>);

impl From<Response> for Refused {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// May the caller? Answered before the body is read.
pub async fn admitted(
    cx: &Cx,
    authorization: &Authorization,
    scopes: &'static [&'static str],
    permissions: &'static [&'static str],
) -> Result<Proved, Refused> {
    let asked = Requirement { scopes, permissions, all: false, dialect: false };
    require(cx, authorization.text(), asked).await.map_err(|error| from_access(cx, &error).into())
}

/// The same where all of the permissions are wanted.
pub async fn admitted_with_all(
    cx: &Cx,
    authorization: &Authorization,
    scopes: &'static [&'static str],
    permissions: &'static [&'static str],
) -> Result<Proved, Refused> {
    let asked = Requirement { scopes, permissions, all: true, dialect: false };
    require(cx, authorization.text(), asked).await.map_err(|error| from_access(cx, &error).into())
}

/// May the caller within the division of something?
pub fn within(
    cx: &Cx,
    proved: &Proved,
    permissions: &[&str],
    division: Option<&DivisionId>,
) -> Result<(), Refused> {
    match divisions::reaches(cx, proved, permissions, division) {
        true => Ok(()),
        false => Err(of_code(cx, "missing.division.permission", "").into()),
    }
}

/// A body that is JSON of this shape. Unknown members are passed over, as the platform does.
pub fn read<T: DeserializeOwned>(cx: &Cx, body: &[u8]) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|error| {
        let wrong = json_wrong(&error);
        cx.refuse(Refusal::new("body.malformed", wrong.as_str()).expected("a JSON object"));
        plain(cx, 400, Some("bad.request"), Some(&format!("The body cannot be read: {wrong}"))).into()
    })
}

/// The same, of a body that must be an object: a list would be read as the members of one in their order.
pub fn object<T: DeserializeOwned>(cx: &Cx, body: &[u8]) -> Result<T, Refused> {
    if body.trim_ascii_start().first() == Some(&b'[') {
        cx.refuse(Refusal::new("body.malformed", "a list").expected("a JSON object"));
        let words = "The body cannot be read: invalid type, expected an object";
        return Err(plain(cx, 400, Some("bad.request"), Some(words)).into());
    }
    read(cx, body)
}

/// A query parameter cannot be read.
pub fn bad_parameter(cx: &Cx, name: &str, seen: &str, expected: &str) -> Response {
    let refusal = Refusal::new("query.invalid", format!("{name} cannot be read"));
    cx.refuse(refusal.expected(expected).seen(seen));
    of_code(cx, "invalid.query.param.value", seen)
}

/// The URL of another page of the same query.
pub fn page(path: &str, uri: &Uri, changed: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs(uri.query().unwrap_or_default()) {
        if !changed.iter().any(|(other, _)| *other == name) {
            query.append_pair(&name, &value);
        }
    }
    query.extend_pairs(changed.iter().filter(|(_, value)| !value.is_empty()));
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { [path, "?", &query].concat() }
}
