//! `/metrics`: how things stand in all orgs, for Prometheus.

use std::fmt;

use axum::response::Response;
use http::StatusCode;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeGaugeValue, MetricEncoder, NoLabelSet, prometheus_text},
    metrics::MetricType,
    registry::Registry,
};
use serde::Serialize;

use super::subject::TheApp;
use crate::{
    faults::engine::Count,
    journal::seen,
    ops::{app::App, metrics::Numbers},
    web::answer,
};

/// The text format of Prometheus.
const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";
/// Statuses by their first digit.
const CLASSES: [&str; 6] = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"];

fn spelled(word: &impl Serialize) -> String {
    seen::spelled(word).as_str().unwrap_or_default().to_owned()
}

/// All there is to be told at a moment.
#[derive(Debug)]
struct Told {
    orgs: Vec<Numbers>,
    /// Of the emulator as a whole.
    faults: Vec<Count>,
}

/// A metric while its values are told.
struct Metric<'a>(MetricEncoder<'a>);

impl Metric<'_> {
    fn count(&mut self, labels: &[(&str, &str)], value: u64) -> fmt::Result {
        self.0.encode_family(&labels)?.encode_counter::<NoLabelSet, _, u64>(&value, None)
    }

    fn seconds(&mut self, labels: &[(&str, &str)], value: f64) -> fmt::Result {
        self.0.encode_family(&labels)?.encode_counter::<NoLabelSet, _, f64>(&value, None)
    }

    fn gauge(&mut self, labels: &[(&str, &str)], value: impl EncodeGaugeValue) -> fmt::Result {
        self.0.encode_family(&labels)?.encode_gauge(&value)
    }
}

impl Told {
    /// A number of each org.
    fn each(
        &self,
        encoder: &mut DescriptorEncoder<'_>,
        (name, help): (&str, &str),
        value: impl Fn(&Numbers) -> usize,
    ) -> fmt::Result {
        let mut metric = Metric(encoder.encode_descriptor(name, help, None, MetricType::Gauge)?);
        for org in &self.orgs {
            metric.gauge(&[("org", &org.org)], u64::try_from(value(org)).unwrap_or(u64::MAX))?;
        }
        Ok(())
    }

    /// A number of each fault. Those of the emulator as a whole have no org.
    fn each_fault(
        &self,
        encoder: &mut DescriptorEncoder<'_>,
        (name, help): (&str, &str),
        value: impl Fn(&Count) -> u64,
    ) -> fmt::Result {
        let mut metric = Metric(encoder.encode_descriptor(name, help, None, MetricType::Counter)?);
        let of_orgs = self.orgs.iter().map(|org| (org.org.as_str(), &org.faults));
        for (org, faults) in of_orgs.chain([("", &self.faults)]) {
            for count in faults {
                let id = count.fault.id();
                metric.count(&[("org", org), ("fault", id.as_str())], value(count))?;
            }
        }
        Ok(())
    }

    fn totals(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let counter = MetricType::Counter;
        let (name, help) = ("requests", "Requests, by surface and class of the answer's status");
        let mut metric = Metric(encoder.encode_descriptor(name, help, None, counter)?);
        for org in &self.orgs {
            for (surface, requests) in &org.totals.requests {
                let counted = CLASSES.iter().zip(requests.by_class).filter(|(_, count)| *count > 0);
                for (class, count) in counted {
                    metric.count(
                        &[("org", &org.org), ("surface", &spelled(surface)), ("status", class)],
                        count,
                    )?;
                }
            }
        }
        let (name, help) = ("request_seconds", "Real time that requests took together");
        let mut metric = Metric(encoder.encode_descriptor(name, help, None, counter)?);
        for org in &self.orgs {
            for (surface, requests) in &org.totals.requests {
                let seconds = requests.elapsed_us as f64 / 1e6;
                metric.seconds(&[("org", &org.org), ("surface", &spelled(surface))], seconds)?;
            }
        }
        let (name, help) = ("frames", "Frames of sockets");
        let mut metric = Metric(encoder.encode_descriptor(name, help, None, counter)?);
        for org in &self.orgs {
            metric.count(&[("org", &org.org), ("direction", "in")], org.totals.frames_in)?;
            metric.count(&[("org", &org.org), ("direction", "out")], org.totals.frames_out)?;
        }
        let (name, help) = ("decisions", "What was decided about requests and frames");
        let mut metric = Metric(encoder.encode_descriptor(name, help, None, counter)?);
        for org in &self.orgs {
            for (decision, count) in &org.totals.decisions {
                metric.count(&[("org", &org.org), ("decision", &spelled(decision))], *count)?;
            }
        }
        let (name, help) = ("journal_dropped", "Entries that are gone because journals are bounded");
        let mut metric = Metric(encoder.encode_descriptor(name, help, None, counter)?);
        for org in &self.orgs {
            metric.count(&[("org", &org.org)], org.totals.dropped)?;
        }
        Ok(())
    }
}

impl Collector for Told {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let all = &mut encoder;
        let (name, help) = ("build_info", "Which program it is");
        let mut metric = Metric(all.encode_descriptor(name, help, None, MetricType::Gauge)?);
        metric.gauge(&[("version", env!("CARGO_PKG_VERSION"))], 1_u64)?;
        let (name, help) = ("clock_seconds", "The time of each org, since 1970");
        let mut metric = Metric(all.encode_descriptor(name, help, None, MetricType::Gauge)?);
        for org in &self.orgs {
            metric.gauge(&[("org", &org.org)], org.now.millis() as f64 / 1e3)?;
        }
        self.totals(all)?;
        self.each_fault(all, ("fault_matches", "Requests and frames that a fault was about"), |count| {
            count.matched
        })?;
        self.each_fault(all, ("fault_fires", "How often a fault bit"), |count| count.fired)?;
        self.each(all, ("journal_entries", "Entries that journals hold"), |org| org.entries)?;
        self.each(all, ("journal_bytes", "Bytes of the entries that journals hold"), |org| org.bytes)?;
        self.each(all, ("sockets", "Sockets that are open"), |org| org.sockets as usize)?;
        self.each(all, ("sessions", "Messaging sessions that are remembered"), |org| org.sessions)?;
        self.each(all, ("conversations", "Conversations that are remembered"), |org| org.conversations)?;
        self.each(all, ("timers", "Timers that are armed"), |org| org.timers)
    }
}

/// As text.
fn told(app: &App) -> Result<String, fmt::Error> {
    let orgs = app.all_orgs().iter().map(|org| org.numbers()).collect();
    let mut registry = Registry::with_prefix("genesys_emulator");
    registry.register_collector(Box::new(Told { orgs, faults: app.gate.lock().counts() }));
    let mut text = String::new();
    prometheus_text::encode(&mut text, &registry)?;
    Ok(text)
}

/// All numbers of all orgs.
pub async fn get(TheApp(app): TheApp) -> Response {
    // writing to a text does not fail
    answer::bytes(StatusCode::OK, CONTENT_TYPE, told(&app).unwrap_or_default())
}
