//! `/api/v2/webdeployments/token`: tokens of people who have signed in to a deployment.

use axum::response::Response;
use http::StatusCode;

use super::error::from_access;
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
            let refusal = Refusal::new("person_token.refused", error.to_string());
            cx.refuse(refusal.expected("the JWT of somebody who has signed in, as bearer token"));
            return from_access(
                &cx,
                &match error {
                    PersonTokenError::Missing => AccessError::Missing,
                    _ => AccessError::Bad,
                },
            );
        }
    };
    cx.journal(|draft| draft.subject().deployment = Some(signed_in.deployment.clone()));
    person_token::sign_out(&cx, signed_in);
    answer::empty(StatusCode::NO_CONTENT)
}
