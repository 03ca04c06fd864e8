//! `/revoke` (RFC 7009).

use axum::response::Response;
use http::StatusCode;

use super::{error::from_token, form::Form};
use crate::{
    ops::idp::{At, revoke::revoke},
    web::answer,
};

/// Takes a token back.
pub async fn post(at: At, Form { params, credentials }: Form) -> Response {
    match revoke(&at, &params, &credentials) {
        Ok(()) => answer::empty(StatusCode::OK),
        Err(error) => from_token(&error),
    }
}
