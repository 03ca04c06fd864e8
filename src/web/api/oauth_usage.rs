//! `/api/v2/oauth/clients/{clientId}/usage`: what a client used the API for.

use axum::{body::Bytes, response::Response};
use http::{StatusCode, Uri};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    body::{Body, refused},
    oauth_clients::{CLIENTS, READ},
    request::{Refused, admitted, bad_parameter},
};
use crate::{
    base::{
        codec::query_value,
        document::from_value,
        time::{Span, Timestamp},
    },
    domain::usage::{Granularity, GroupBy, Metric, Query, Row},
    ops::{cx::Cx, oauth_clients, usage},
    web::{
        answer,
        extract::{Authorization, Id, Two},
        routes::served,
    },
};

const VIEW: &[&str] = &["oauth:client:view", "usage:client:view"];
/// Days of a summary.
const USUAL_DAYS: i64 = 7;
const MOST_DAYS: i64 = 365;

/// `UsageExecutionResult`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Executed {
    execution_id: String,
    results_uri: String,
}

/// `ApiUsageRow`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RowBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    template_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status200: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status300: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status400: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status500: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status429: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requests: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<Timestamp>,
}

impl RowBody {
    fn of(row: Row, name: Option<&str>) -> Self {
        let Row { key, counts } = row;
        let count =
            |wanted: Metric| counts.iter().find(|(metric, _)| *metric == wanted).map(|(_, count)| *count);
        Self {
            client_name: key.client.as_ref().and(name).map(str::to_owned),
            client_id: key.client,
            organization_id: key.organization,
            template_uri: key.template_uri,
            http_method: key.http_method,
            status200: count(Metric::Status200),
            status300: count(Metric::Status300),
            status400: count(Metric::Status400),
            status500: count(Metric::Status500),
            status429: count(Metric::Status429),
            requests: count(Metric::Requests),
            date: key.date,
        }
    }
}

/// `ApiUsageQueryResult`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Results {
    results: Vec<RowBody>,
    query_status: &'static str,
}

fn there(cx: &Cx, id: &str) -> Result<(), Refused> {
    let found = oauth_clients::get(cx, id).map(drop);
    found.map_err(|error| refused(cx, "not.found", &error.to_string()))
}

fn execute(cx: &Cx, client: &str, query: &Query) -> Response {
    let execution_id = usage::execute(cx, client, query, &served());
    let results_uri = format!("{CLIENTS}/{client}/usage/query/results/{execution_id}");
    answer::json(StatusCode::OK, &Executed { execution_id, results_uri })
}

/// Names of an enumeration.
fn names<T: DeserializeOwned + PartialEq + Copy>(
    body: &Body<'_>,
    name: &str,
    expected: &str,
) -> Result<Option<Vec<T>>, Refused> {
    let Some(texts) = body.texts(name)? else { return Ok(None) };
    let one = |text: &str| from_value(&Value::from(text)).ok();
    let all = texts.into_iter().map(one).collect::<Option<Vec<T>>>();
    // each is told once
    let once = |mut all: Vec<T>| {
        let mut seen = Vec::new();
        all.retain(|one| {
            !seen.contains(one) && {
                seen.push(*one);
                true
            }
        });
        all
    };
    all.map(|all| Some(once(all))).ok_or_else(|| body.wrong(name, expected).into())
}

/// `ApiUsageClientQuery`.
fn asked(cx: &Cx, bytes: &[u8]) -> Result<Query, Refused> {
    let body = Body::read(cx, bytes)?;
    let interval = body.required("interval", "constraint.validation")?;
    let times = interval.split_once('/').and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    let interval = times.filter(|(from, to): &(Timestamp, Timestamp)| from < to);
    let interval = interval.ok_or_else(|| {
        body.wrong("interval", "two times of ISO 8601 with / between, the earlier one first")
    })?;
    let granularity = match body.text("granularity")? {
        None => None,
        Some("Day") => Some(Granularity::Day),
        Some("Week") => Some(Granularity::Week),
        Some("Month") => Some(Granularity::Month),
        Some(_) => return Err(body.wrong("granularity", "Day, Week or Month").into()),
    };
    let metrics = names(
        &body,
        "metrics",
        "a list of Status200, Status300, Status400, Status500, Status429 and Requests",
    )?;
    let group_by =
        names(&body, "groupBy", "a list of OAuthClientId, OrganizationId, TemplateUri and HttpMethod")?;
    Ok(Query {
        interval,
        granularity,
        metrics: metrics.unwrap_or_else(|| Metric::ALL.to_vec()),
        group_by: group_by.unwrap_or_default(),
    })
}

/// Asks. The answer is there at once, and fetched like any.
pub async fn query(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    body: Bytes,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    there(&cx, &id)?;
    let query = asked(&cx, &body)?;
    Ok(execute(&cx, &id, &query))
}

/// The last days, by route and method.
pub async fn summary(
    cx: Cx,
    authorization: Authorization,
    Id(id): Id,
    uri: Uri,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    there(&cx, &id)?;
    let days = match query_value(uri.query(), "days") {
        None => USUAL_DAYS,
        Some(text) => {
            let days = text.parse().ok().filter(|days| (1..=MOST_DAYS).contains(days));
            days.ok_or_else(|| bad_parameter(&cx, "days", &text, &format!("1 to {MOST_DAYS}")))?
        }
    };
    let (now, back) = (cx.now(), Span::from_secs(days * 86_400));
    // what is of this very moment belongs to it
    let interval = (Timestamp::from_micros(now.micros() - back.micros()), now.plus(Span::from_micros(1)));
    let group_by = vec![GroupBy::OAuthClientId, GroupBy::TemplateUri, GroupBy::HttpMethod];
    let query =
        Query { interval, granularity: Some(Granularity::Day), metrics: Metric::ALL.to_vec(), group_by };
    Ok(execute(&cx, &id, &query))
}

/// What was found.
pub async fn results(
    cx: Cx,
    authorization: Authorization,
    Two(client, execution): Two,
) -> Result<Response, Refused> {
    admitted(&cx, &authorization, READ, VIEW).await?;
    let Some(rows) = usage::found(&cx, &client, &execution) else {
        return Err(refused(&cx, "not.found", "there is no execution of this id for this client"));
    };
    let name = oauth_clients::get(&cx, &client).ok().map(|client| client.name.clone());
    let results = rows.into_iter().map(|row| RowBody::of(row, name.as_deref())).collect();
    Ok(answer::json(StatusCode::OK, &Results { results, query_status: "Complete" }))
}
