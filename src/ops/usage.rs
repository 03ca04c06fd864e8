//! What OAuth clients used the API for, by what the journal holds.

use std::collections::BTreeMap;

use super::{cx::Cx, org::Org, verify::Served};
use crate::{
    base::pattern,
    domain::{
        usage::{GroupBy, Metric, Query, Row, RowKey, Usage},
        visit::Surface,
    },
    journal::record::Record,
};

/// Entries that are taken out at a time.
const BATCH: usize = 128;

/// Looks through the journal, and keeps what was found under an id, which is answered.
pub fn execute(cx: &Cx, client: &str, query: &Query, served: &[Served]) -> String {
    let rows = rows(&cx.org, client, query, served);
    let id = cx.draw("usage query").uuid();
    cx.state(|state| state.usages.insert(id.clone(), Usage { client: client.to_owned(), rows }));
    id
}

/// What was found about this client under an id.
pub fn found(cx: &Cx, client: &str, id: &str) -> Option<Vec<Row>> {
    cx.state(|state| {
        state.usages.get(id).filter(|usage| usage.client == client).map(|usage| usage.rows.clone())
    })
}

fn rows(org: &Org, client: &str, query: &Query, served: &[Served]) -> Vec<Row> {
    let mut counted: BTreeMap<RowKey, Vec<u64>> = BTreeMap::new();
    let mut at = org.cell(|cell| cell.journal.start());
    loop {
        let records = org.cell(|cell| cell.journal.read(&mut at, BATCH)).records;
        if records.is_empty() {
            break;
        }
        for record in records.iter().filter(|record| is_meant(record, client, query)) {
            let counts = counted
                .entry(key(org, record, query, served))
                .or_insert_with(|| vec![0; query.metrics.len()]);
            let status = record.entry().status();
            for (count, metric) in counts.iter_mut().zip(&query.metrics) {
                *count += u64::from(metric.counts(status));
            }
        }
    }
    let row = |(key, counts): (RowKey, Vec<u64>)| {
        let counts: Vec<(Metric, u64)> = query.metrics.iter().copied().zip(counts).collect();
        Row { key, counts }
    };
    counted.into_iter().map(row).collect()
}

fn is_meant(record: &Record, client: &str, query: &Query) -> bool {
    let entry = record.entry();
    let (from, to) = query.interval;
    entry.surface() == Surface::Api
        && entry.claimed().client.as_ref().is_some_and(|id| id.as_str() == client)
        && entry.at() >= from
        && entry.at() < to
}

fn key(org: &Org, record: &Record, query: &Query, served: &[Served]) -> RowKey {
    let entry = record.entry();
    let mut key = RowKey {
        date: Some(query.granularity.map_or(query.interval.0, |granularity| granularity.floor(entry.at()))),
        ..RowKey::default()
    };
    let method = entry.method().as_str();
    for by in &query.group_by {
        match by {
            GroupBy::OAuthClientId => key.client = entry.claimed().client.as_ref().map(ToString::to_string),
            GroupBy::OrganizationId => key.organization = Some(org.id.to_string()),
            GroupBy::HttpMethod => key.http_method = Some(method.to_owned()),
            GroupBy::TemplateUri => {
                let path = record.path();
                let exact = served.iter().find(|route| route.path == path);
                let template = exact.or_else(|| served.iter().find(|route| pattern::fits(route.path, path)));
                key.template_uri = Some(template.map_or(path, |route| route.path).to_owned());
            }
        }
    }
    key
}
