//! Requests of the platform belong to the trace of the request that they are made for.

use http::{HeaderMap, HeaderName, HeaderValue};

use super::cx::Cx;
use crate::domain::trace_context::TraceContext;

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// Adds what a visit says of its trace to the headers of a request that is made for it; `label` tells it from others.
pub fn pass_on(cx: &Cx, label: &str, headers: &mut HeaderMap) {
    let (mut parent, mut state) = (None, None);
    cx.journal(|draft| {
        parent = draft.header("traceparent").and_then(|text| TraceContext::parse(&text));
        state = draft.header("tracestate");
    });
    let Some(parent) = parent else { return };
    let span = cx.draw(&format!("span {label}")).hex32();
    let child = parent.child(&span[..16]).to_string();
    for (name, value) in [(TRACEPARENT, Some(child)), (TRACESTATE, state)] {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            headers.insert(name, value);
        }
    }
}
