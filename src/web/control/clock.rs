//! `/clock`: reading and moving the org's time.

use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{
    body::Json,
    error::Problem,
    subject::{TheApp, TheOrg},
};
use crate::{
    base::{
        clock::{Moved, Rate},
        time::{Span, Timestamp},
    },
    ops::{org::Org, time},
    web::answer,
};

/// A number of times, or `auto`.
#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(untagged, expecting = "a rate is a number or `auto`")]
enum RateBody {
    Times(f64),
    Auto(Auto),
}

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum Auto {
    Auto,
}

/// One change.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Change {
    freeze: Option<bool>,
    resume: Option<bool>,
    set: Option<Timestamp>,
    advance: Option<Span>,
    rate: Option<RateBody>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ClockView {
    now: Timestamp,
    rate: RateBody,
    frozen: bool,
    /// Timers that are armed.
    timers: usize,
    /// When the next of them is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_due: Option<Timestamp>,
    /// When the next one is due that a request or a frame waits for.
    #[serde(skip_serializing_if = "Option::is_none")]
    awaited: Option<Timestamp>,
    #[serde(flatten)]
    moved: Option<MovedView>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MovedView {
    from: Timestamp,
    to: Timestamp,
    fired: u64,
    settled: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    waiting_for: Vec<u64>,
}

fn view(org: &Org, moved: Option<Moved>) -> Response {
    let rate = org.clock.rate();
    let moved = moved.map(|Moved { from, to, fired, waiting_for }| MovedView {
        from,
        to,
        fired,
        settled: waiting_for.is_empty(),
        waiting_for,
    });
    // whoever moves the clock to what is written here gets there
    let up = |due: Option<Timestamp>| due.map(Timestamp::up_to_millis);
    let (next_due, awaited) = org.clock.due();
    let view = ClockView {
        now: org.clock.now(),
        rate: match rate {
            Rate::Times(times) => RateBody::Times(times),
            Rate::Auto => RateBody::Auto(Auto::Auto),
        },
        frozen: rate == Rate::Times(0.0),
        timers: org.clock.armed(),
        next_due: up(next_due),
        awaited: up(awaited),
        moved,
    };
    answer::json(StatusCode::OK, &view)
}

/// The org's time, once it has got where a timeline moves it.
pub async fn get(TheOrg(org): TheOrg) -> Response {
    org.clock.caught_up().await;
    view(&org, None)
}

/// Changes it; the answer comes when everything due has been done.
pub async fn put(
    TheApp(app): TheApp,
    TheOrg(org): TheOrg,
    Json(change): Json<Change>,
) -> Result<Response, Problem> {
    let usual = match app.settings.rate {
        Rate::Times(0.0) => Rate::Times(1.0),
        rate => rate,
    };
    let moved = match change {
        Change { freeze: Some(true), resume: None, set: None, advance: None, rate: None } => {
            org.clock.set_rate(Rate::Times(0.0)).await;
            None
        }
        Change { freeze: None, resume: Some(true), set: None, advance: None, rate: None } => {
            org.clock.set_rate(usual).await;
            None
        }
        Change { freeze: None, resume: None, set: Some(to), advance: None, rate: None } => {
            Some(time::move_clock(&org, |_| to).await?)
        }
        Change { freeze: None, resume: None, set: None, advance: Some(by), rate: None } => {
            Some(time::move_clock(&org, |now| now.plus(by)).await?)
        }
        Change { freeze: None, resume: None, set: None, advance: None, rate: Some(rate) } => {
            let rate = match rate {
                RateBody::Times(times) if (0.0..=1_000_000.0).contains(&times) => Rate::Times(times),
                RateBody::Times(_) => {
                    return Err(Problem::field("rate", "a rate is between 0 and 1,000,000, or auto"));
                }
                RateBody::Auto(Auto::Auto) => Rate::Auto,
            };
            org.clock.set_rate(rate).await;
            None
        }
        _ => {
            let detail = r#"give exactly one of {"freeze":true} {"resume":true} {"set":"<time>"} {"advance":"<duration>"} {"rate":<number or "auto">}"#;
            return Err(Problem::new(400, "The change is not understood", detail));
        }
    };
    Ok(view(&org, moved))
}
