//! Members of queues, and the queues of a user.

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};
use serde::{Deserialize, Serialize};

use super::{
    listing::{PAGES, Paging},
    presence::{RoutingBody, routing_body},
    query::truth,
    queues::{OWN, QUEUES, READ, UserQueue, WRITE, known, of_user, refused},
    request::{Refused, admitted, object, read},
    user_body::UserRef,
};
use crate::{
    base::codec::query_value,
    ops::{
        cx::Cx,
        queue_members::{self as ops, Member},
        routing::RoutingError,
    },
    web::{
        answer,
        extract::{Authorization, Id, Two},
    },
};

const VIEW: &[&str] = &["routing:queue:view", "routing:queueMember:manage"];
const MANAGE: &[&str] = &["routing:queue:edit", "routing:queueMember:manage"];
const JOIN: &[&str] = &["routing:queue:join"];
const SEE_JOINED: &[&str] = &["routing:queue:view", "routing:queue:join"];

/// `QueueMember`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MemberBody {
    id: String,
    name: String,
    user: UserRef,
    ring_number: u32,
    joined: bool,
    member_by: &'static str,
    routing_status: RoutingBody,
    self_uri: String,
}

impl MemberBody {
    fn of(queue: &str, member: &Member) -> Self {
        let id = member.user.id.to_string();
        Self {
            name: member.user.name.clone(),
            user: UserRef::user(&member.user),
            ring_number: 1,
            joined: member.joined,
            member_by: "user",
            routing_status: routing_body(&id, &member.status),
            self_uri: format!("{QUEUES}/{queue}/members/{id}"),
            id,
        }
    }
}

/// `WritableEntity`, as it comes.
#[derive(Deserialize)]
struct Entity {
    id: String,
}

/// `UserQueue`, as it comes.
#[derive(Deserialize)]
struct Joined {
    #[serde(default)]
    id: String,
    joined: bool,
}

/// A page of the members of a queue. `joined` leaves out all others.
pub async fn list(
    cx: Cx,
    authorization: Authorization,
    Id(queue): Id,
    uri: Uri,
) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, READ, VIEW).await?;
    known(&cx, &proved, VIEW, &queue)?;
    let path = format!("{QUEUES}/{queue}/members");
    let page = Paging::read(&cx, &path, &uri, PAGES)?;
    let mut all = ops::members(&cx, &queue).map_err(|error| refused(&cx, &error, OWN))?;
    if query_value(uri.query(), "joined").is_some() {
        let wanted = truth(&cx, &uri, "joined")?;
        all.retain(|member| member.joined == wanted);
    }
    Ok(answer::json(StatusCode::OK, &page.of(all.iter().map(|member| MemberBody::of(&queue, member)))))
}

/// Makes users members of a queue; with `delete` they are none any more.
pub async fn post(
    cx: Cx,
    authorization: Authorization,
    Id(queue): Id,
    uri: Uri,
    body: Bytes,
) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, MANAGE).await?;
    known(&cx, &proved, MANAGE, &queue)?;
    let gone = truth(&cx, &uri, "delete")?;
    let users: Vec<Entity> = read(&cx, &body)?;
    let users: Vec<_> = users.into_iter().map(|one| one.id).collect();
    ops::put(&cx, &queue, &users, gone).map_err(|error| refused(&cx, &error, OWN))?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

/// Takes a user out of a queue.
pub async fn delete(
    cx: Cx,
    authorization: Authorization,
    Two(queue, user): Two,
) -> Result<Response, Refused> {
    let proved = admitted(&cx, &authorization, WRITE, MANAGE).await?;
    known(&cx, &proved, MANAGE, &queue)?;
    let all = ops::members(&cx, &queue).map_err(|error| refused(&cx, &error, OWN))?;
    if !all.iter().any(|member| member.user.id.as_str() == user) {
        return Err(refused(&cx, &RoutingError::Unknown, OWN).into());
    }
    ops::put(&cx, &queue, &[user], true).map_err(|error| refused(&cx, &error, OWN))?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

fn path_of(user: &str) -> String {
    format!("/api/v2/users/{user}/queues")
}

/// A page of the queues of a user.
pub async fn queues(
    cx: Cx,
    authorization: Authorization,
    Id(user): Id,
    uri: Uri,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, SEE_JOINED).await?;
    of_user(&cx, &path_of(&user), &uri, &user, None)
}

/// A user takes what queues have, or not. It is a member of them already.
pub async fn join(
    cx: Cx,
    authorization: Authorization,
    Id(user): Id,
    uri: Uri,
    body: Bytes,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, JOIN).await?;
    let said: Vec<Joined> = read(&cx, &body)?;
    let said: Vec<_> = said.into_iter().map(|one| (one.id, one.joined)).collect();
    ops::join(&cx, &user, &said).map_err(|error| refused(&cx, &error, OWN))?;
    of_user(&cx, &path_of(&user), &uri, &user, None)
}

/// The same of one queue.
pub async fn join_one(
    cx: Cx,
    authorization: Authorization,
    Two(user, queue): Two,
    body: Bytes,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, JOIN).await?;
    let Joined { joined, .. } = object(&cx, &body)?;
    let refused = |error: RoutingError| refused(&cx, &error, OWN);
    ops::join(&cx, &user, &[(queue.clone(), joined)]).map_err(refused)?;
    let all = ops::of_user(&cx, &user).map_err(refused)?;
    match all.iter().find(|(known, _)| known.queue.id == queue) {
        Some(one) => Ok(answer::json(StatusCode::OK, &UserQueue::of(&cx, one))),
        None => Err(refused(RoutingError::Unknown).into()),
    }
}
