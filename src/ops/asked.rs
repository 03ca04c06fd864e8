//! A request as it comes to be a visit, and what is kept of it.

use bytes::Bytes;
use http::{HeaderMap, Method};
use parking_lot::Mutex;

use crate::{
    domain::visit::{Claimed, Surface},
    faults::{engine::Engine, fault::Fault, index::Places},
};

/// A request on its way in, before it is a visit.
pub struct Asked<'a> {
    /// The family of URLs.
    pub surface: Surface,
    /// HTTP method.
    pub method: &'a Method,
    /// Path without the org's prefix.
    pub path: &'a str,
    /// Query.
    pub query: Option<&'a str>,
    /// Headers.
    pub headers: &'a HeaderMap,
    /// Body.
    pub body: &'a Bytes,
    /// What it says about itself.
    pub claimed: Claimed,
    /// What its absolute URLs start with.
    pub base: String,
    /// A fault that it asks for.
    pub fault: Option<Fault>,
    /// Is it nobody's business here, so that no fault is about it?
    pub exempt: bool,
}

/// The head of a request, kept for faults that are asked later.
pub(super) struct Head {
    pub method: Method,
    pub path: String,
    pub query: Option<String>,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// The fault that it asks for, if it does.
    pub own: Option<Mutex<Engine>>,
    /// Where there were faults when the visit began.
    pub places: Places,
}
