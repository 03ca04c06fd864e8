//! Effects by the names that WireMock and Toxiproxy have for them, where the meaning is the same. A closed table: a fault
//! that is written so is shown under our own name.

use serde::Deserialize;
use serde_json::{Value, json};

use super::effect::Effect;
use crate::base::{document, time::Span};

/// Another name of an effect, with the options that it has there.
pub trait Alias {
    /// Our name and options.
    fn meaning(self) -> Value;
}

/// What it means.
pub fn effect(alias: impl Alias) -> Result<Effect, String> {
    document::from_value(&alias.meaning()).map_err(|wrong| wrong.to_string())
}

/// Toxiproxy: some time, more or less by the jitter.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Latency {
    latency: Span,
    #[serde(default)]
    jitter: Span,
}

impl Alias for Latency {
    fn meaning(self) -> Value {
        let Self { latency, jitter } = self;
        if jitter == Span::ZERO {
            return json!({ "delay": { "for": latency } });
        }
        let from = Span::from_micros((latency.micros() - jitter.micros()).max(0));
        json!({ "delay": { "from": from, "to": latency.and(jitter) } })
    }
}

/// Toxiproxy: nothing gets through, then the connection is closed; never, if that is after no time.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timeout {
    #[serde(default)]
    timeout: Span,
}

impl Alias for Timeout {
    fn meaning(self) -> Value {
        match self.timeout {
            Span::ZERO => json!({ "half_open": {} }),
            after => json!({ "close_connection": { "after": after } }),
        }
    }
}

/// Toxiproxy: a reset, at once or after some time.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResetPeer {
    #[serde(default)]
    timeout: Span,
}

impl Alias for ResetPeer {
    fn meaning(self) -> Value {
        json!({ "reset": { "after": self.timeout } })
    }
}

/// Toxiproxy: the proxy is not enabled.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Down {}

impl Alias for Down {
    fn meaning(self) -> Value {
        json!({ "refuse_connection": {} })
    }
}

/// WireMock: `fault`.
#[derive(Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Fault {
    EmptyResponse,
    MalformedResponseChunk,
    RandomDataThenClose,
    ConnectionResetByPeer,
}

impl Alias for Fault {
    fn meaning(self) -> Value {
        match self {
            Self::EmptyResponse => json!({ "close_connection": {} }),
            Self::MalformedResponseChunk => json!({ "malformed_chunk": {} }),
            Self::RandomDataThenClose => json!({ "garbage": {} }),
            Self::ConnectionResetByPeer => json!({ "reset": {} }),
        }
    }
}

/// WireMock: `fixedDelayMilliseconds`.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct FixedDelay(Span);

impl Alias for FixedDelay {
    fn meaning(self) -> Value {
        json!({ "delay": { "for": self.0 } })
    }
}

/// WireMock: `delayDistribution`.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", deny_unknown_fields)]
pub enum DelayDistribution {
    Fixed { milliseconds: Span },
    Uniform { lower: Span, upper: Span },
    Lognormal { median: Span, sigma: f64 },
}

impl Alias for DelayDistribution {
    fn meaning(self) -> Value {
        match self {
            Self::Fixed { milliseconds } => json!({ "delay": { "for": milliseconds } }),
            Self::Uniform { lower, upper } => json!({ "delay": { "from": lower, "to": upper } }),
            Self::Lognormal { median, sigma } => json!({ "delay": { "median": median, "sigma": sigma } }),
        }
    }
}

/// WireMock: `chunkedDribbleDelay`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ChunkedDribble {
    number_of_chunks: usize,
    total_duration: Span,
}

impl Alias for ChunkedDribble {
    fn meaning(self) -> Value {
        json!({ "dribble": { "chunks": self.number_of_chunks, "over": self.total_duration } })
    }
}
