//! `/api/v2/routing/queues`: where conversations wait.

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};
use serde::{Deserialize, Serialize};

use super::{
    error::of_code,
    listing::{PAGES, Paging, ascends, values},
    query::truth,
    request::{Refused, admitted, bad_parameter, object, within},
    user_body::DivisionRef,
};
use crate::{
    base::{codec::query_value, ids::DivisionId, time::Timestamp},
    domain::{queue::WrapupPrompt, visit::Refusal},
    ops::{
        access::Proved,
        cx::Cx,
        divisions, queue_members as members,
        routing::{self as ops, Known, RoutingError, SaidOfQueue},
    },
    web::{
        answer,
        extract::{Authorization, Id},
    },
};

/// The scopes of whoever only reads.
pub const READ: &[&str] = &["routing", "routing:readonly"];
/// The scope of whoever does something.
pub const WRITE: &[&str] = &["routing"];
const VIEW: &[&str] = &["routing:queue:view"];
const ADD: &[&str] = &["routing:queue:add"];
const EDIT: &[&str] = &["routing:queue:edit"];
const DELETE: &[&str] = &["routing:queue:delete"];
/// Where they are.
pub const QUEUES: &str = "/api/v2/routing/queues";
/// The codes that its endpoints have of their own.
pub const OWN: &[&str] = &["invalid.name", "duplicate.name", "queue.limit.exceeded", "active.queue"];

/// `Queue`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct QueueBody {
    id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    division: Option<DivisionRef>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_created: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<Timestamp>,
    member_count: usize,
    user_member_count: usize,
    joined_member_count: usize,
    media_settings: MediaSettings,
    acw_settings: AcwSettings,
    skill_evaluation_method: &'static str,
    auto_answer_only: bool,
    self_uri: String,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct MediaSettings {
    message: MessageSettings,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
struct MessageSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    alerting_timeout_seconds: Option<i64>,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
struct AcwSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    wrapup_prompt: Option<WrapupPrompt>,
}

/// `QueueRequest` and `CreateQueueRequest`, as they come. What else a queue can have is passed over.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct QueueRequest {
    name: Option<String>,
    description: Option<String>,
    division: Option<WritableDivision>,
    media_settings: MediaSettings,
    acw_settings: AcwSettings,
}

/// `WritableDivision`, as it comes.
#[derive(Deserialize)]
struct WritableDivision {
    id: String,
}

impl QueueRequest {
    fn said(self) -> SaidOfQueue {
        SaidOfQueue {
            name: self.name,
            description: self.description,
            division: self.division.map(|division| division.id),
            wrapup: self.acw_settings.wrapup_prompt,
            alerting: self.media_settings.message.alerting_timeout_seconds,
        }
    }
}

impl QueueBody {
    fn of(cx: &Cx, known: &Known) -> Self {
        let queue = &known.queue;
        let division = divisions::shown(cx, queue.division.as_ref());
        let alerting_timeout_seconds = Some(queue.alerting.secs());
        Self {
            id: queue.id.clone(),
            name: queue.name.clone(),
            description: queue.description.clone(),
            division: division.map(|division| DivisionRef::of(&division)),
            date_created: queue.created.map(Timestamp::up_to_millis),
            date_modified: queue.modified.map(Timestamp::up_to_millis),
            member_count: known.members,
            user_member_count: known.members,
            joined_member_count: known.on_queue,
            media_settings: MediaSettings { message: MessageSettings { alerting_timeout_seconds } },
            acw_settings: AcwSettings { wrapup_prompt: Some(queue.wrapup) },
            skill_evaluation_method: "NONE",
            auto_answer_only: false,
            self_uri: format!("{QUEUES}/{}", queue.id),
        }
    }
}

/// Why it was not done, in the platform's words; `own` are the endpoint's own codes.
pub fn refused(cx: &Cx, error: &RoutingError, own: &[&'static str]) -> Response {
    let (best, plainest) = match error {
        RoutingError::Unknown => ("resource.not.found", "resource.not.found"),
        RoutingError::Name => ("invalid.name", "constraint.validation"),
        RoutingError::Taken(_) => ("duplicate.name", "constraint.validation"),
        RoutingError::Active => ("active.queue", "bad.request"),
        RoutingError::TooMany => ("queue.limit.exceeded", "bad.request"),
        RoutingError::Invalid(_) => ("constraint.validation", "constraint.validation"),
    };
    let code = if own.contains(&best) || best == "resource.not.found" { best } else { plainest };
    of_code(cx, code, &error.to_string())
}

/// A page of them.
pub async fn list(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, READ, VIEW).await?;
    let page = Paging::read(&cx, QUEUES, &uri, PAGES)?;
    let mut all = ops::queues(&cx);
    if !ascends(&cx, &uri)? {
        all.reverse();
    }
    let (name, wanted) =
        (query_value(uri.query(), "name").map(|name| name.to_lowercase()), values(&uri, "id"));
    let (seen, divisions) = (divisions::reach(&cx, &proved, VIEW), values(&uri, "divisionId"));
    let home = divisions::shown(&cx, None).map(|home| home.id.clone());
    all.retain(|known| {
        let division = known.queue.division.as_ref().or(home.as_ref());
        let is_one = |id: &DivisionId| divisions.iter().any(|one| one == id.as_str());
        name.as_ref().is_none_or(|name| known.queue.name.to_lowercase().contains(name.trim_matches('*')))
            && (wanted.is_empty() || wanted.contains(&known.queue.id))
            && (divisions.is_empty() || division.is_some_and(is_one))
            && seen(division)
    });
    Ok(answer::json(StatusCode::OK, &page.of(all.iter().map(|known| QueueBody::of(&cx, known)))))
}

/// `UserQueue`.
#[derive(Serialize)]
pub struct UserQueue {
    #[serde(flatten)]
    queue: QueueBody,
    joined: bool,
}

impl UserQueue {
    /// Of this one.
    pub fn of(cx: &Cx, (known, joined): &(Known, bool)) -> Self {
        Self { queue: QueueBody::of(cx, known), joined: *joined }
    }
}

/// A page of the queues of a user. `joined` leaves out all others.
pub fn of_user(cx: &Cx, path: &str, uri: &Uri, user: &str, usual: Option<bool>) -> Result<Response, Refused> {
    let page = Paging::read(cx, path, uri, PAGES)?;
    let wanted = match query_value(uri.query(), "joined").as_deref() {
        None => usual,
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(other) => return Err(bad_parameter(cx, "joined", other, "true or false").into()),
    };
    let mut all = members::of_user(cx, user).map_err(|error| refused(cx, &error, OWN))?;
    all.retain(|(_, joined)| wanted.is_none_or(|wanted| wanted == *joined));
    Ok(answer::json(StatusCode::OK, &page.of(all.iter().map(|one| UserQueue::of(cx, one)))))
}

/// A page of those that the user who calls is a member of, and takes what they have.
pub async fn mine(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, READ, &[]).await?;
    let Some(user) = proved.user() else {
        cx.refuse(Refusal::new("token.no_user", "The token is an application's own"));
        return Err(of_code(&cx, "not.a.user", "").into());
    };
    of_user(&cx, &[QUEUES, "/me"].concat(), &uri, user.as_str(), Some(true))
}

/// A new one.
pub async fn post(cx: Cx, authorization: Authorization, body: Bytes) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, ADD).await?;
    let said = object::<QueueRequest>(&cx, &body)?.said();
    within(&cx, &proved, ADD, said.division.as_deref().map(DivisionId::from).as_ref())?;
    let known = ops::put_queue(&cx, None, said).map_err(|error| refused(&cx, &error, OWN))?;
    Ok(answer::json(StatusCode::OK, &QueueBody::of(&cx, &known)))
}

/// One that the caller may something with.
pub fn known(cx: &Cx, proved: &Proved, permissions: &[&str], id: &str) -> Result<Known, Refused> {
    let known = ops::queue(cx, id).map_err(|error| refused(cx, &error, OWN))?;
    within(cx, proved, permissions, known.queue.division.as_ref())?;
    Ok(known)
}

/// One.
pub async fn get(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, READ, VIEW).await?;
    let known = known(&cx, &proved, VIEW, &id)?;
    Ok(answer::json(StatusCode::OK, &QueueBody::of(&cx, &known)))
}

/// Writes one anew.
pub async fn put(cx: Cx, authorization: Authorization, Id(id): Id, body: Bytes) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, EDIT).await?;
    let said = object::<QueueRequest>(&cx, &body)?.said();
    known(&cx, &proved, EDIT, &id)?;
    if let Some(next) = said.division.as_deref().map(DivisionId::from) {
        within(&cx, &proved, EDIT, Some(&next))?;
    }
    let known = ops::put_queue(&cx, Some(&id), said).map_err(|error| refused(&cx, &error, OWN))?;
    Ok(answer::json(StatusCode::OK, &QueueBody::of(&cx, &known)))
}

/// Takes one away.
pub async fn delete(cx: Cx, authorization: Authorization, Id(id): Id, uri: Uri) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, DELETE).await?;
    let force = truth(&cx, &uri, "forceDelete")?;
    known(&cx, &proved, DELETE, &id)?;
    ops::remove_queue(&cx, &id, force).map_err(|error| refused(&cx, &error, OWN))?;
    Ok(answer::empty(StatusCode::OK))
}
