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

use std::sync::Arc;

use axum::Router;

use crate::ops::app::App;

/// Everything that answers.
pub struct Web {
    /// The emulator.
    pub app: Arc<App>,
    emulated: Router,
    control: Router,
}

impl Web {
    /// All surfaces of an emulator.
    pub fn new(app: Arc<App>) -> Self {
        let emulated = Router::new()
            .merge(login::routes())
            .merge(api::routes())
            .merge(cdn::routes())
            .merge(webmessaging::routes())
            .merge(streaming::routes())
            .merge(uploads::routes())
            .merge(idp::routes())
            .fallback(root::unserved);
        let control = control::routes(Arc::clone(&app));
        Self { app, emulated, control }
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
