//! `/ca.pem`: the certificate that clients have to trust when they speak TLS.

use axum::response::Response;
use http::StatusCode;

use super::{error::Problem, subject::TheApp};
use crate::web::answer;

/// What browsers and tools take as a certificate in PEM.
const CONTENT_TYPE: &str = "application/x-pem-file";

/// The certificate; it is made now, if it was not before.
pub async fn pem(TheApp(app): TheApp) -> Result<Response, Problem> {
    if !app.settings.tls {
        let detail = "This emulator was started with --tls off";
        return Err(Problem::new(404, "There is no certificate authority", detail));
    }
    match app.tls.authority() {
        Ok(authority) => Ok(answer::bytes(StatusCode::OK, CONTENT_TYPE, authority.pem().to_owned())),
        Err(error) => Err(Problem::new(500, "There is no certificate authority", error.to_string())),
    }
}
