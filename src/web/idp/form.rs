//! What handlers of identity providers take as arguments.

use std::convert::Infallible;

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Request},
    response::Response,
};
use http::{HeaderMap, header, request::Parts};

use crate::{
    base::codec::basic_credentials,
    domain::visit::Refusal,
    ops::{
        cx::Cx,
        idp::{At, client::Credentials},
        params::Params,
    },
    web::{cookie, dialect},
};

/// The cookie in which a browser keeps who has signed in.
const COOKIE: &str = "idp_session";

impl<S: Send + Sync> FromRequestParts<S> for At {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let name = Path::<String>::from_request_parts(parts, state).await;
        let name = name.map_or_else(|_| "\u{fffd}".to_owned(), |Path(name)| name);
        let Ok(cx) = Cx::from_request_parts(parts, state).await;
        Self::of(&cx, &name).ok_or_else(|| {
            let words = format!("There is no identity provider {name}");
            let known: Vec<_> = cx.state(|state| state.identity_providers.keys().cloned().collect());
            cx.refuse(Refusal::new("idp.unknown", words.as_str()).expected(known.join(" or ")));
            dialect::error(&cx, 404, Some("not_found"), Some(&words))
        })
    }
}

/// The parameters of the query.
pub struct Query(pub Params);

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(Params::parse(parts.uri.query().unwrap_or_default())))
    }
}

/// The parameters of a form, and how its client says who it is.
pub struct Form {
    /// The parameters.
    pub params: Params,
    /// The client's credentials.
    pub credentials: Credentials,
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Infallible;

    async fn from_request(request: Request, state: &S) -> Result<Self, Infallible> {
        let authorization =
            request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let basic = authorization.and_then(basic_credentials);
        let body = Bytes::from_request(request, state).await.unwrap_or_default();
        // what is no text has no parameters, and the missing one is named
        let params = Params::parse(std::str::from_utf8(&body).unwrap_or_default());
        Ok(Self { credentials: Credentials::of(basic, &params), params })
    }
}

/// What the browser remembers of who has signed in.
pub struct Remembered(pub Option<String>);

impl<S: Sync> FromRequestParts<S> for Remembered {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(cookie::remembered(&parts.headers, COOKIE)))
    }
}

/// Lets the browser remember something for this provider alone, or nothing any more.
pub fn remember(headers: &mut HeaderMap, at: &At, secret: Option<&str>) {
    cookie::remember(headers, COOKIE, &at.issuer, secret);
}
