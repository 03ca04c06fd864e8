//! Problem details (RFC 9457), and which failure of an op is which.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, StatusCode, Uri, header};
use serde::Serialize;

use super::openapi;
use crate::{
    base::{document::Wrong, suggest},
    faults::fault::BadFault,
    journal::query::BadCursor,
    ops::{conversations::NotSaid, org_error::OrgError, time::Interrupted},
    scenario::load::ScenarioError,
    web::answer,
};

/// What went wrong, for people and programs.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    /// The member or parameter that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
}

impl Problem {
    /// A problem.
    pub fn new(status: u16, title: &'static str, detail: impl Into<String>) -> Self {
        Self { kind: "about:blank", title, status, detail: detail.into(), field: None }
    }

    /// A member that is wrong.
    pub fn field(field: impl Into<String>, detail: impl Into<String>) -> Self {
        let mut problem = Self::new(400, "A member is not as expected", detail);
        problem.field = Some(field.into());
        problem
    }

    /// The same under another title.
    pub fn titled(self, title: &'static str) -> Self {
        Self { title, ..self }
    }

    /// Nothing of this name.
    pub fn not_found(what: &str, id: &str) -> Self {
        Self::new(404, "Not found", format!("There is no {what} {id}"))
    }

    /// As an answer.
    pub fn into_answer(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = answer::json(status, &self);
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.into_answer()
    }
}

impl From<BadFault> for Problem {
    fn from(error: BadFault) -> Self {
        let taken = error.wrong.contains("with this id already");
        let mut problem =
            Self::new(if taken { 409 } else { 400 }, "The fault cannot be set", error.to_string());
        problem.field = Some(if taken { "id" } else { "fault" }.to_owned());
        problem
    }
}

impl From<BadCursor> for Problem {
    fn from(error: BadCursor) -> Self {
        Self::field("after", error.to_string())
    }
}

impl From<NotSaid> for Problem {
    fn from(error: NotSaid) -> Self {
        let detail = error.to_string();
        match error {
            NotSaid::Unknown(id) => Self::not_found("conversation", &id),
            NotSaid::TooLong(_) => Self::field("text", detail),
            NotSaid::File(_) => Self::field("attachment", detail),
            NotSaid::TooMuchTyping(_) => Self::new(429, "Too much typing", detail),
            NotSaid::TypingOff(_) => Self::new(409, "Typing is not shown", detail),
            NotSaid::Ended(_) | NotSaid::Expired | NotSaid::ReadOnly => {
                Self::new(409, "The conversation is over", detail)
            }
        }
    }
}

impl From<ScenarioError> for Problem {
    fn from(error: ScenarioError) -> Self {
        let (status, title) = match error {
            ScenarioError::Unknown { .. } => (404, "No such scenario"),
            ScenarioError::Unreadable { .. } => (500, "The scenario could not be read"),
            ScenarioError::Invalid { .. } | ScenarioError::NotIncluded { .. } => {
                (400, "The scenario is not valid")
            }
        };
        Self::new(status, title, error.to_string())
    }
}

impl From<OrgError> for Problem {
    fn from(error: OrgError) -> Self {
        match error {
            OrgError::Fault(error) => error.into(),
            OrgError::Scenario(error) => error.into(),
            OrgError::World(_) | OrgError::NoOrg | OrgError::Twice => {
                Self::new(400, "The org cannot be made", error.to_string())
            }
            OrgError::Taken(_) => Self::new(409, "The org cannot be made", error.to_string()),
            OrgError::Of { ref org, error } => {
                let mut problem = Self::from(*error);
                problem.detail = format!("org {org}: {}", problem.detail);
                problem
            }
            OrgError::At { ref place, error } => {
                let mut problem = Self::from(*error);
                problem.detail = format!("{place}: {}", problem.detail);
                problem
            }
            OrgError::Several(_) => {
                let detail = format!("{error}; POST /__admin/scenarios/apply applies each to its own");
                Self::new(400, "The scenario cannot be applied", detail)
            }
            OrgError::OfEmulator(_) => {
                let detail = format!("{error}; POST /__admin/scenarios/apply applies it to the emulator");
                Self::new(400, "The scenario cannot be applied", detail)
            }
            OrgError::Gone(_) => Self::new(404, "Not found", error.to_string()),
        }
    }
}

impl From<Interrupted> for Problem {
    fn from(error: Interrupted) -> Self {
        Self::new(409, "The clock was not moved to its end", error.to_string())
    }
}

/// A member of JSON that cannot be taken in.
pub fn not_accepted(wrong: Wrong) -> Problem {
    let path = wrong.way();
    let said = suggest::explained(&wrong.to_string());
    if path == "." {
        Problem::new(400, "The body is not as expected", said)
    } else {
        Problem::field(path, said)
    }
}

/// The address names an org that is not there.
pub fn no_such_org(id: Option<&str>) -> Response {
    let problem = match id {
        Some(id) => {
            Problem::new(404, "No such org", format!("There is no org {id}; POST /__admin/orgs makes one"))
        }
        None => Problem::new(404, "No org", "The scenario has no org, so nothing can be answered"),
    };
    problem.into_answer()
}

/// Not a path of the control plane.
pub async fn unknown_path(uri: Uri) -> Response {
    let known = openapi::segments();
    let last = uri.path().rsplit('/').find(|segment| !segment.is_empty()).unwrap_or_default();
    let near = suggest::nearest(last, known.iter().map(String::as_str))
        .map(|near| format!("; did you mean `{near}`?"))
        .unwrap_or_else(|| ".".to_owned());
    let known = known.into_iter().collect::<Vec<_>>().join(", ");
    let detail =
        format!("{} is not a path of the admin API{near} Below /__admin there are: {known}", uri.path());
    Problem::new(404, "Not found", detail).into_answer()
}

/// A path of the control plane, but not with this method.
pub async fn wrong_method(method: Method, uri: Uri) -> Response {
    Problem::new(405, "Method not allowed", format!("{} does not know {method}", uri.path())).into_answer()
}
