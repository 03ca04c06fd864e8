//! `/logout`: ends the sign-in of this browser, and sends it back to the client.

use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};

use super::authorize::COOKIE;
use crate::{
    ops::{cx::Cx, oauth::session, params::Params},
    web::{cookie, page, redirect::redirect},
};

/// By a link.
pub async fn get(cx: Cx, uri: Uri, headers: HeaderMap) -> Response {
    let params = Params::parse(uri.query().unwrap_or_default());
    let mut response = match session::end(&cx, &params, cookie::remembered(&headers, COOKIE).as_deref()) {
        Err(why) => return page::untrusted(&why),
        Ok(None) => page::signed_out(),
        Ok(Some(to)) => redirect(&to, StatusCode::FOUND),
    };
    cookie::remember(response.headers_mut(), COOKIE, &cx.base, None);
    response
}
