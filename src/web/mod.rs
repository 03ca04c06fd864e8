//! Floor 4: URLs and wire formats. [`hallway`] is the one function that every request walks through; [`address`] and
//! [`claim`] find its org, [`body`] takes its body in, [`fated`] gathers what faults
//! decide and [`bend`] applies it to the answer. One folder a
//! surface: [`login`], [`api`], [`cdn`], [`webmessaging`], [`streaming`], [`uploads`], [`idp`]; [`control`] is `/__admin`. [`websocket`] is what sockets have in common. A
//! surface's `mod.rs` is its route table; [`routes`] lists them all.

pub mod address;
pub mod answer;
pub mod api;
pub mod bend;
pub mod body;
pub mod cdn;
pub mod claim;
pub mod control;
pub mod cookie;
pub mod cors;
pub mod dialect;
pub mod extract;
pub mod fated;
pub mod hallway;
pub mod idp;
pub mod login;
pub mod member;
pub mod page;
pub mod redirect;
pub mod root;
pub mod routes;
pub mod streaming;
pub mod uploads;
pub mod webmessaging;
pub mod websocket;

use std::sync::{Arc, OnceLock};

use axum::Router;

use crate::{domain::visit::Surface, ops::app::App};

/// Everything that answers. A surface's routes are put together when it is first asked, so that a start does not wait for
/// what nobody may ever ask.
pub struct Web {
    /// The emulator.
    pub app: Arc<App>,
    surfaces: [OnceLock<Router>; Surface::Unknown as usize + 1],
    probes: Router,
    control: OnceLock<Router>,
}

impl Web {
    /// All surfaces of an emulator.
    pub fn new(app: Arc<App>) -> Self {
        let probes = control::probes(Arc::clone(&app));
        Self { app, surfaces: Default::default(), probes, control: OnceLock::new() }
    }

    /// The routes of a surface.
    fn surface(&self, surface: Surface) -> Router {
        let make: fn() -> Router = match surface {
            Surface::Login => login::routes,
            Surface::Api => api::routes,
            Surface::Cdn => cdn::routes,
            Surface::Webmessaging => webmessaging::routes,
            Surface::Streaming => streaming::routes,
            Surface::Uploads => uploads::routes,
            Surface::Idp => idp::routes,
            Surface::Webhooks | Surface::Unknown => Router::new,
        };
        self.surfaces[surface as usize].get_or_init(|| make().fallback(root::unserved)).clone()
    }

    /// The routes of the control plane that a path is of. Whoever waits for a start asks the probes alone.
    fn control(&self, path: &str) -> Router {
        match control::is_probe(path) {
            true => self.probes.clone(),
            false => self.control.get_or_init(|| control::routes(Arc::clone(&self.app))).clone(),
        }
    }
}

/// Header names as the platform spells them, those that nearly every answer has first. Two official SDKs look some of
/// them up in exactly this spelling.
pub const HEADER_NAMES: &[&str] = &[
    "Date",
    "Content-Type",
    "Content-Length",
    "ININ-Correlation-Id",
    "Cache-Control",
    "Pragma",
    "Expires",
    "Access-Control-Allow-Origin",
    "Connection",
    "Retry-After",
    "ETag",
    "WebMessaging-Nonce",
    "WWW-Authenticate",
    "Location",
    "Set-Cookie",
    "Access-Control-Allow-Headers",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Private-Network",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
    "Vary",
    "Upgrade",
    "Sec-WebSocket-Accept",
    "Sec-WebSocket-Protocol",
    "Sec-WebSocket-Version",
    "X-Emulator-Fault",
    "Allow",
    "Content-Disposition",
];
