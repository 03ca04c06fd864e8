//! `/verify`: did it happen as it was to? It waits for what is still to come, and answers as soon as that is certain.

use axum::{http::HeaderValue, response::Response};
use http::{StatusCode, header};
use serde::Serialize;

use super::{
    body::Raw,
    error::Problem,
    subject::{Named, TheApp, TheOrg},
};
use crate::{
    ops::verify::{
        self, Asked, NotVerified, Reach, Verification, report::Report, verification::BadVerification,
    },
    web::{answer, routes::served},
};

/// What does not hold, as problem details with the report behind.
#[derive(Serialize)]
struct Failed<'a> {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    /// For people.
    detail: String,
    #[serde(flatten)]
    report: &'a Report,
}

impl From<BadVerification> for Problem {
    fn from(bad: BadVerification) -> Self {
        match bad.at.as_str() {
            "." => Self::new(400, "The body is not as expected", bad.wrong),
            _ => Self::field(bad.at, bad.wrong),
        }
    }
}

impl From<NotVerified> for Problem {
    fn from(error: NotVerified) -> Self {
        let detail = error.to_string();
        match error {
            NotVerified::Nothing => Self::new(400, "Nothing to verify", detail),
            NotVerified::Expectation { .. } => Self::field("expect", detail),
            NotVerified::Cursor(_) => Self::field("after", detail),
            NotVerified::Unknown(_) => Self::field("allowUnfired", detail),
            NotVerified::Over | NotVerified::NoOrg => Self::new(404, "No such org any more", detail),
        }
    }
}

/// Verifies: 200 when all is as it is to be, else 409.
pub async fn verify(
    TheApp(app): TheApp,
    TheOrg(org): TheOrg,
    Named(named): Named,
    Raw(text): Raw,
) -> Result<Response, Problem> {
    let text = std::str::from_utf8(&text)
        .map_err(|_| Problem::new(400, "The body is not as expected", "it is not UTF-8"))?;
    let verification = Verification::read(if text.trim().is_empty() { "{}" } else { text })?;
    let served = served();
    let reach = if named.is_none() { Reach::Emulator } else { Reach::Org };
    let asked = Asked { verification: &verification, org: &org, reach, served: &served };
    let report = verify::verify(&app, &asked).await?;
    if report.held() {
        return Ok(answer::json(StatusCode::OK, &report));
    }
    let told = report.to_string();
    // the title says so already
    let detail = told.strip_prefix("verification failed: ").unwrap_or(&told).to_owned();
    let failed =
        Failed { r#type: "about:blank", title: "Verification failed", status: 409, detail, report: &report };
    let mut response = answer::json(StatusCode::CONFLICT, &failed);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    Ok(response)
}
