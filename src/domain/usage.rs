//! What OAuth clients used the API for, counted.

use serde::{Deserialize, Serialize};

use crate::base::time::{Span, Timestamp};

/// How long a row's time is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Granularity {
    /// 24 h.
    Day,
    /// Seven days, from Monday on.
    Week,
    /// A month of the calendar.
    Month,
}

/// What rows are told apart by, beside time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum GroupBy {
    /// The client.
    OAuthClientId,
    /// The org.
    OrganizationId,
    /// The route.
    TemplateUri,
    /// The method.
    HttpMethod,
}

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Metric {
    /// 2xx.
    Status200,
    /// 3xx.
    Status300,
    /// 4xx, but for 429.
    Status400,
    /// 5xx.
    Status500,
    /// 429.
    Status429,
    /// All.
    Requests,
}

impl Metric {
    /// All of them, in the order of the wire.
    pub const ALL: [Self; 6] =
        [Self::Status200, Self::Status300, Self::Status400, Self::Status500, Self::Status429, Self::Requests];

    /// Does an answer of this status count?
    pub const fn counts(self, status: u16) -> bool {
        match self {
            Self::Status200 => matches!(status, 200..=299),
            Self::Status300 => matches!(status, 300..=399),
            Self::Status400 => matches!(status, 400..=499) && status != 429,
            Self::Status500 => matches!(status, 500..),
            Self::Status429 => status == 429,
            Self::Requests => true,
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Query {
    /// From when, and up to when.
    pub interval: (Timestamp, Timestamp),
    /// How long a row's time is; `None` is all of it.
    pub granularity: Option<Granularity>,
    /// What is counted.
    pub metrics: Vec<Metric>,
    /// What rows are told apart by.
    pub group_by: Vec<GroupBy>,
}

/// By what a row is known.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RowKey {
    /// When its time begins.
    pub date: Option<Timestamp>,
    /// The client.
    pub client: Option<String>,
    /// The org.
    pub organization: Option<String>,
    /// The route.
    pub template_uri: Option<String>,
    /// The method.
    pub http_method: Option<String>,
}

/// A row of an answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// By what it is known.
    pub key: RowKey,
    /// What was counted.
    pub counts: Vec<(Metric, u64)>,
}

/// What was found for a query about a client.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// The client.
    pub client: String,
    /// What was found.
    pub rows: Vec<Row>,
}

impl Granularity {
    /// When the time begins that a moment is of.
    pub fn floor(self, at: Timestamp) -> Timestamp {
        let day = Span::from_secs(86_400);
        match self {
            Self::Day => at.floor(day),
            // the first day of all time was a Thursday
            Self::Week => {
                let days = at.floor(day).seconds() / 86_400;
                let monday = days - (days + 3).rem_euclid(7);
                Timestamp::from_micros(monday * 86_400 * 1_000_000)
            }
            Self::Month => at.first_of_month(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_weeks_and_months_begin_where_calendars_have_it() {
        let at: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
        let floor = |granularity: Granularity| granularity.floor(at).to_string();
        assert_eq!(floor(Granularity::Day), "2026-01-02T00:00:00.000Z");
        assert_eq!(floor(Granularity::Week), "2025-12-29T00:00:00.000Z");
        assert_eq!(floor(Granularity::Month), "2026-01-01T00:00:00.000Z");
        let before: Timestamp = "1969-12-28T23:59:59Z".parse().unwrap();
        assert_eq!(Granularity::Week.floor(before).to_string(), "1969-12-22T00:00:00.000Z");
    }

    #[test]
    fn every_status_counts_once_beside_the_sum() {
        for status in [200, 204, 301, 400, 404, 429, 500, 503] {
            let counted = Metric::ALL.iter().filter(|metric| metric.counts(status)).count();
            assert_eq!(counted, 2, "{status}");
        }
    }
}
