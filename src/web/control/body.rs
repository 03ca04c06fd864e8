//! JSON bodies of the control plane, with errors that name the member.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
};
use http_body_util::{BodyExt, Limited};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    error::{Problem, not_accepted},
    subject::TheApp,
};
use crate::base::{
    clock::wall,
    document::{self, Document},
};

/// Largest body of the control plane.
const MAX_BODY: usize = 1 << 20;
/// Largest snapshot.
const MAX_LARGE: usize = 256 << 20;

/// A body as it came.
pub struct Raw(pub Bytes);

impl<S: Sync> FromRequest<S> for Raw {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        collect(request, state, MAX_BODY).await.map(Self)
    }
}

/// The same where much may come.
pub struct Large(pub Bytes);

impl<S: Sync> FromRequest<S> for Large {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        collect(request, state, MAX_LARGE).await.map(Self)
    }
}

async fn collect<S: Sync>(request: Request, state: &S, most: usize) -> Result<Bytes, Problem> {
    let (mut parts, body) = request.into_parts();
    let TheApp(app) = TheApp::from_request_parts(&mut parts, state).await?;
    let limit = app.settings.patience.body;
    let collected = wall::timeout(limit, Limited::new(body, most).collect()).await;
    let late = || Problem::new(408, "The body took too long", format!("it had not come within {limit:?}"));
    collected.ok_or_else(late)?.map(http_body_util::Collected::to_bytes).map_err(|error| {
        Problem::new(413, "The body cannot be taken in", format!("{error}; at most {most} bytes"))
    })
}

/// A JSON body. No body is an empty object.
pub struct Json<T>(pub T);

/// Reads JSON and names what is wrong with it.
pub fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, Problem> {
    let text = if text.iter().all(u8::is_ascii_whitespace) { b"{}" } else { text };
    parsed(text)?.read().map_err(not_accepted)
}

/// The same of a value that is there already.
pub fn of_value<T: DeserializeOwned>(value: &Value) -> Result<T, Problem> {
    document::from_value(value).map_err(not_accepted)
}

fn parsed(text: &[u8]) -> Result<Document<'_>, Problem> {
    Document::json(text).map_err(|bad| {
        let said = bad.to_string();
        match (bad.goes_on, bad.way.as_str()) {
            (true, _) => Problem::new(400, "The body is not one JSON value", said),
            (false, ".") => Problem::new(400, "The body is not as expected", said),
            (false, way) => Problem::field(way, said),
        }
    })
}

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let Raw(text) = Raw::from_request(request, state).await?;
        if text.trim_ascii_start().starts_with(b"[") {
            // a list would be taken for the members in their order
            return Err(Problem::new(400, "The body is not as expected", "a list came, expected an object"));
        }
        read(&text).map(Self)
    }
}
