//! `/end_session` (OpenID Connect RP-Initiated Logout 1.0).

use axum::response::Response;
use http::StatusCode;

use super::form::{Form, Query, Remembered, remember};
use crate::{
    ops::{
        idp::{At, end_session::end_session},
        params::Params,
    },
    web::{
        page,
        redirect::{redirect, with_query},
    },
};

/// By a link.
pub async fn get(at: At, Remembered(secret): Remembered, Query(params): Query) -> Response {
    answered(&at, secret, &params, StatusCode::FOUND).await
}

/// By a form.
pub async fn post(at: At, Remembered(secret): Remembered, Form { params, .. }: Form) -> Response {
    answered(&at, secret, &params, StatusCode::SEE_OTHER).await
}

async fn answered(at: &At, secret: Option<String>, params: &Params, status: StatusCode) -> Response {
    let mut response = match end_session(at, params, secret.as_deref()).await {
        Err(untrusted) => return page::untrusted(&untrusted),
        Ok(None) => page::signed_out(),
        Ok(Some((uri, state))) => {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(state.map(|state| ("state", state)));
            redirect(&with_query(&uri, &query.finish()), status)
        }
    };
    remember(response.headers_mut(), at, None);
    response
}
