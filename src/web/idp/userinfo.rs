//! `/userinfo`.

use std::collections::BTreeMap;

use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use serde_json::Value;

use super::{error::from_bearer, form::Form};
use crate::{
    ops::{
        access::bearer,
        idp::{
            At,
            userinfo::{UserInfo, userinfo},
        },
    },
    web::{
        answer::{self, keep_nothing},
        extract::Authorization,
    },
};

#[derive(Serialize)]
struct Claims {
    sub: String,
    #[serde(flatten)]
    told: BTreeMap<String, Value>,
}

/// By an access token in the header.
pub async fn get(at: At, authorization: Authorization) -> Response {
    answered(&at, bearer(authorization.text()))
}

/// By one in the header, or in the form (RFC 6750 section 2.2).
pub async fn post(at: At, authorization: Authorization, Form { params, .. }: Form) -> Response {
    answered(&at, bearer(authorization.text()).or_else(|| params.get("access_token")))
}

fn answered(at: &At, token: Option<&str>) -> Response {
    match userinfo(at, token) {
        Err(error) => from_bearer(&error),
        Ok(UserInfo { subject: sub, told }) => {
            let mut response = answer::json(StatusCode::OK, &Claims { sub, told });
            keep_nothing(response.headers_mut());
            response
        }
    }
}
