//! What handlers take as arguments.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Path};
use http::{header, request::Parts};

use crate::ops::cx::Cx;

/// The visit. The hallway put it there; a request that did not come through the hallway has none.
impl<S: Sync> FromRequestParts<S> for Cx {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().expect("every emulated request comes through the hallway").clone())
    }
}

/// The `Authorization` header as it came.
pub struct Authorization(pub Option<String>);

impl Authorization {
    /// Its text.
    pub fn text(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl<S: Sync> FromRequestParts<S> for Authorization {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let text =
            parts.headers.get(header::AUTHORIZATION).map(|value| String::from_utf8_lossy(value.as_bytes()));
        Ok(Self(text.map(std::borrow::Cow::into_owned)))
    }
}

/// The id in the path. Bytes that are no text are nobody's id, and answered like any other.
pub struct Id(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        Ok(Self(path.map_or_else(|_| "\u{fffd}".to_owned(), |Path(id)| id)))
    }
}

/// The two segments of a path that are ids.
pub struct Two(pub String, pub String);

impl<S: Send + Sync> FromRequestParts<S> for Two {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let path = Path::<(String, String)>::from_request_parts(parts, state).await;
        let none = || "\u{fffd}".to_owned();
        Ok(path.map_or_else(|_| Self(none(), none()), |Path((one, other))| Self(one, other)))
    }
}
