//! How many frames may come, of one connection and of one session. Who sends too many is answered in order, and nothing
//! is done.

use super::{
    app::App,
    messaging::Incoming,
    org::{Cell, Org},
    sockets,
};
use crate::{
    base::{ids::SessionToken, time::Timestamp},
    domain::{
        frame::{Body, Frame},
        org::RateLimits,
        quota::{Bucket, Limit},
    },
    store::org_state::BucketKey,
};

fn used_up(bucket: &mut Bucket, limit: Limit, now: Timestamp) -> Option<Body> {
    let usage = bucket.take(limit, now);
    usage.exceeded().then(|| sockets::too_many(usage.reset.retry_secs(), Some(limit.refusal(usage))))
}

/// Counts a frame, of whatever kind, on its connection. One that is too many has been answered.
pub fn admit_frame(
    app: &App,
    org: &Org,
    cell: &mut Cell,
    incoming: &Incoming<'_>,
    is_health_check: bool,
) -> bool {
    if !app.settings.limits {
        return true;
    }
    let Incoming { connection, now, wave, .. } = *incoming;
    let limits = cell.state.settings.limits;
    let Some(socket) = cell.sockets.get_mut(connection) else { return false };
    let frames = used_up(&mut socket.requests, limits.socket_request, now);
    let echoes = is_health_check.then(|| used_up(&mut socket.echoes, limits.echo, now)).flatten();
    let Some(body) = frames.or(echoes) else { return true };
    let frame = Frame { tracing_id: incoming.tracing_id.clone(), body };
    sockets::send(app, org, cell, connection, &frame, wave);
    false
}

/// Counts what is asked of a session that the connection may use: of others nobody can use up the limits.
pub(super) fn of_session(
    app: &App,
    cell: &mut Cell,
    incoming: &Incoming<'_>,
    key: impl FnOnce(SessionToken) -> BucketKey,
    limit: impl FnOnce(&RateLimits) -> Limit,
) -> Option<Body> {
    if !app.settings.limits {
        return None;
    }
    let limit = limit(&cell.state.settings.limits);
    used_up(cell.state.bucket(key(incoming.session.clone())), limit, incoming.now)
}
