//! `/api/v2/webdeployments/token`: tokens of people who have signed in to a deployment.

use axum::response::Response;
use http::StatusCode;

use super::error::{bad_credentials, from_access};
use crate::{
    domain::visit::Refusal,
    ops::{
        access::{AccessError, bearer},
        cx::Cx,
        person_token::{self, PersonTokenError},
    },
    web::{answer, extract::Authorization},
};

/// Signs the owner of the token out, on every socket.
pub async fn revoke(cx: Cx, authorization: Authorization) -> Response {
    let signed_in = match person_token::verify(&cx, bearer(authorization.text())).await {
        Ok(signed_in) => signed_in,
        Err(error) => {
            let rule = error.reason().unwrap_or("person_token.refused");
            let refusal = Refusal::new(rule, error.to_string());
            cx.refuse(refusal.expected("the JWT of somebody who has signed in, as bearer token"));
            return match (error.reason(), error) {
                (Some(reason), _) => bad_credentials(&cx, reason),
                (None, PersonTokenError::Missing) => from_access(&cx, &AccessError::Missing),
                (None, _) => from_access(&cx, &AccessError::Bad),
            };
        }
    };
    cx.journal(|draft| draft.subject().deployment = Some(signed_in.deployment.clone()));
    person_token::sign_out(&cx, signed_in);
    answer::empty(StatusCode::NO_CONTENT)
}
