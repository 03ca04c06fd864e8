//! `/token`.

use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use super::{error::from_token, form::Form};
use crate::{
    ops::idp::{
        At,
        token::{Issued, exchange},
    },
    web::answer::{self, keep_nothing},
};

#[derive(Serialize)]
struct TokenResponse {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    scope: String,
}

/// Something for tokens.
pub async fn post(at: At, Form { params, credentials }: Form) -> Response {
    match exchange(&at, &params, &credentials).await {
        Err(error) => from_token(&error),
        Ok(Issued { access_token, expires_in, refresh_token, id_token, scopes }) => {
            let (token_type, scope) = ("Bearer", scopes.join(" "));
            let body = TokenResponse { access_token, token_type, expires_in, refresh_token, id_token, scope };
            let mut response = answer::json(StatusCode::OK, &body);
            keep_nothing(response.headers_mut());
            response
        }
    }
}
