//! The scenarios that are compiled in.

macro_rules! builtin {
    ($($path:literal)*) => {
        &[$(($path, include_str!(concat!("../../scenarios/", $path, ".yaml")))),*]
    };
}

/// Path below `scenarios/` without extension, and text.
pub const ALL: &[(&str, &str)] = builtin![
    "default"
    "faults/bandwidth"
    "faults/claims"
    "faults/close_connection"
    "faults/close_socket"
    "faults/content_type"
    "faults/corrupt_frame"
    "faults/corrupt_upgrade"
    "faults/delay"
    "faults/deny_cors"
    "faults/deny_permission"
    "faults/deny_scope"
    "faults/dribble"
    "faults/drop_frame"
    "faults/drop_subprotocol"
    "faults/duplicate_delivery"
    "faults/duplicate_frame"
    "faults/error_frame"
    "faults/evict"
    "faults/expire_session"
    "faults/fragment_frame"
    "faults/garbage"
    "faults/half_open"
    "faults/hang_upgrade"
    "faults/invalid_json"
    "faults/limit_connections"
    "faults/lose_ack"
    "faults/lose_response"
    "faults/malformed_chunk"
    "faults/missing_field"
    "faults/nonce"
    "faults/oversize_frame"
    "faults/quota"
    "faults/rate_limit"
    "faults/refuse_connection"
    "faults/reorder_frames"
    "faults/reset"
    "faults/respond"
    "faults/rotate_keys"
    "faults/set_headers"
    "faults/skew_date"
    "faults/slow_close"
    "faults/stale_read"
    "faults/stall"
    "faults/stop_pong"
    "faults/stop_reading"
    "faults/truncate"
    "faults/truncate_frame"
    "faults/unknown_enum"
    "stories/chat-with-bot"
    "stories/exp-in-milliseconds"
    "stories/fourth-tab-evicts-first"
    "stories/ghost-conversation"
    "stories/guest-429"
    "stories/handover-to-agent"
    "stories/hs256-refused"
    "stories/idp-down"
    "stories/jwks-cached-for-a-day"
    "stories/jwks-empty"
    "stories/jwks-huge"
    "stories/jwks-malformed"
    "stories/jwks-rotated-under-you"
    "stories/jwks-slow"
    "stories/jwks-unavailable"
    "stories/jwks-without-cache-headers"
    "stories/legacy-token-refused"
    "stories/nonce-mismatch-once"
    "stories/read-only-after-disconnect"
    "stories/session-expires-mid-chat"
    "stories/short-guest-tokens"
    "stories/token-expires-mid-conversation"
    "stories/two-devices-one-history"
    "stories/unordered-replies"
    "stories/upload-refused"
];

/// The name by which a scenario is asked for: the last part of its path.
pub fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The text of a scenario by its name.
pub fn find(wanted: &str) -> Option<&'static str> {
    ALL.iter().find(|(path, _)| name(path) == wanted).map(|(_, text)| *text)
}
