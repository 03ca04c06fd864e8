//! `/api/v2/stations`, and the stations of a user: what calls are taken at.

use axum::response::Response;
use http::{StatusCode, Uri};

use super::{
    body::refused,
    listing::{PAGES, Paging, sorting, values},
    request::{Refused, admitted, bad_parameter},
    station_body::{StationBody, UserStations},
};
use crate::{
    base::codec::query_value,
    ops::{
        cx::Cx,
        stations::{self as ops, StationError},
    },
    web::{
        answer,
        extract::{Authorization, Id, Two},
    },
};

const READ: &[&str] = &["stations", "stations:readonly"];
const WRITE: &[&str] = &["stations"];
const READ_USERS: &[&str] = &["users", "users:readonly"];
const WRITE_USERS: &[&str] = &["users"];
const DISASSOCIATE: &[&str] = &["telephony:station:disassociate"];
const VIEW_OTHERS: &[&str] = &["telephony:otherStationAssociation:view"];
const EDIT_OTHERS: &[&str] = &["telephony:otherStationAssociation:edit"];
const ASSIGN: &[&str] = &["telephony:plugin:all", "telephony:phone:assign"];
/// Where they are.
pub const STATIONS: &str = "/api/v2/stations";

/// The answer; an endpoint that has codes of its own for what is not there names them.
fn not_done(cx: &Cx, error: &StationError, [no_user, no_station]: [&'static str; 2]) -> Refused {
    let code = match error {
        StationError::NoUser => no_user,
        StationError::NoStation => no_station,
        StationError::InUse(_) => "userservice.stationalreadyassociated",
        StationError::DefaultOf(_) => "userservice.stationalreadyhasdefaultuser",
        StationError::NotAssociated => "general.bad.request",
    };
    refused(cx, code, &error.to_string())
}

const PLAIN: [&str; 2] = ["not.found"; 2];
const OF_USER: [&str; 2] = ["not.found", "userservice.station.notfound"];

/// A page of them. `name` and the ids leave out all others; `userSelectable` those that users cannot choose, which are those
/// of others.
pub async fn list(cx: Cx, authorization: Authorization, uri: Uri) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, &[]).await?;
    let page = Paging::read(&cx, STATIONS, &uri, PAGES)?;
    let (by, ascending) = sorting(&cx, &uri, &["name", "id", "status", "webRtcUserId"])?;
    let selectable = match query_value(uri.query(), "userSelectable").as_deref() {
        None | Some("") => None,
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(other) => return Err(bad_parameter(&cx, "userSelectable", other, "true or false").into()),
    };
    let name = query_value(uri.query(), "name").map(|name| name.to_lowercase());
    let [ids, owners, lines] = ["id", "webRtcUserId", "lineAppearanceId"].map(|name| values(&uri, name));
    let mut all = ops::all(&cx);
    all.retain(|one| {
        let is_one = |wanted: &[String], id: &str| wanted.is_empty() || wanted.iter().any(|one| one == id);
        name.as_ref().is_none_or(|name| one.name.to_lowercase().contains(name.trim_matches('*')))
            && is_one(&ids, &one.id)
            && is_one(&owners, one.owner.as_str())
            && is_one(&lines, &one.line)
            && selectable.is_none_or(|wanted| one.user.is_none() == wanted)
    });
    match by {
        "id" => all.sort_by(|one, other| one.id.cmp(&other.id)),
        "status" => all.sort_by_key(|one| one.user.is_none()),
        "webRtcUserId" => all.sort_by(|one, other| one.owner.cmp(&other.owner)),
        _ => {}
    }
    if !ascending {
        all.reverse();
    }
    Ok(answer::json(StatusCode::OK, &page.of(all.iter().map(StationBody::of))))
}

/// One.
pub async fn get(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, &[]).await?;
    let own = ["not.found", "general.resource.not.found"];
    let station = ops::get(&cx, &id).map_err(|error| not_done(&cx, &error, own))?;
    Ok(answer::json(StatusCode::OK, &StationBody::of(&station)))
}

/// Nobody uses it any more.
pub async fn free(cx: Cx, authorization: Authorization, Id(id): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE, DISASSOCIATE).await?;
    ops::free(&cx, &id).map_err(|error| not_done(&cx, &error, PLAIN))?;
    Ok(answer::empty(StatusCode::OK))
}

/// Those of a user.
pub async fn of_user(cx: Cx, authorization: Authorization, Id(user): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ_USERS, VIEW_OTHERS).await?;
    let told = ops::of_user(&cx, &user).map_err(|error| not_done(&cx, &error, PLAIN))?;
    Ok(answer::json(StatusCode::OK, &UserStations::of(&told)))
}

/// A user uses this one.
pub async fn associate(
    cx: Cx,
    authorization: Authorization,
    Two(user, station): Two,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE_USERS, EDIT_OTHERS).await?;
    ops::associate(&cx, &user, &station).map_err(|error| not_done(&cx, &error, OF_USER))?;
    Ok(answer::empty(StatusCode::ACCEPTED))
}

/// A user uses none.
pub async fn disassociate(cx: Cx, authorization: Authorization, Id(user): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE_USERS, DISASSOCIATE).await?;
    let own = ["edgeconfiguser.userdoesnotexist", "not.found"];
    ops::disassociate(&cx, &user).map_err(|error| not_done(&cx, &error, own))?;
    Ok(answer::empty(StatusCode::ACCEPTED))
}

/// A user uses this one unless it says otherwise.
pub async fn put_default(
    cx: Cx,
    authorization: Authorization,
    Two(user, station): Two,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE_USERS, ASSIGN).await?;
    ops::set_default(&cx, &user, Some(&station)).map_err(|error| not_done(&cx, &error, OF_USER))?;
    Ok(answer::empty(StatusCode::ACCEPTED))
}

/// A user has no such station.
pub async fn delete_default(cx: Cx, authorization: Authorization, Id(user): Id) -> Result<Response, Refused> {
    admitted(&cx, &authorization, WRITE_USERS, ASSIGN).await?;
    ops::set_default(&cx, &user, None).map_err(|error| not_done(&cx, &error, PLAIN))?;
    Ok(answer::empty(StatusCode::ACCEPTED))
}
