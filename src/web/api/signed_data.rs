//! `POST /api/v2/signeddata`: signs what an application knows of somebody.

use axum::{body::Bytes, response::Response};
use http::StatusCode;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    body::Body,
    error::plain,
    request::{Refused, admitted, read},
};
use crate::{
    ops::{cx::Cx, signed_data},
    web::{answer, extract::Authorization},
};

const SIGN: &[&str] = &["authentication:signature:create"];

#[derive(Serialize)]
struct Signed {
    jwt: String,
}

/// Signs an object.
pub async fn post(cx: Cx, authorization: Authorization, bytes: Bytes) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, &[], SIGN).await?;
    Body::read(&cx, &bytes)?;
    let data: Box<RawValue> = read(&cx, &bytes)?;
    let signed = signed_data::sign(&cx, &proved, data).await;
    let jwt = signed.map_err(|error| plain(&cx, 500, None, Some(&error.to_string())))?;
    Ok(answer::json(StatusCode::OK, &Signed { jwt }))
}
