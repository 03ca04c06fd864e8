//! The scenarios that are compiled in.

macro_rules! builtin {
    ($($path:literal)*) => {
        &[$(($path, include_str!(concat!("../../scenarios/", $path, ".yaml")))),*]
    };
}

/// The default world as JSON, generated from its file: every start reads it, and this is read in a fraction of the time.
const DEFAULT: &str = include_str!("default.json");

/// The same as JSON, if it is the text of the default world.
pub fn as_json(text: &str) -> Option<&'static str> {
    find("default").filter(|default| *default == text).map(|_| DEFAULT)
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
    "faults/expired_certificate"
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
    "faults/refuse_handshake"
    "faults/reorder_frames"
    "faults/reset"
    "faults/reset_handshake"
    "faults/respond"
    "faults/rotate_keys"
    "faults/set_headers"
    "faults/skew_date"
    "faults/slow_close"
    "faults/slow_handshake"
    "faults/stale_read"
    "faults/stall"
    "faults/stop_pong"
    "faults/stop_reading"
    "faults/truncate"
    "faults/truncate_frame"
    "faults/unknown_enum"
    "faults/untrusted_certificate"
    "faults/wrong_host"
    "stories/access-token-at-the-socket"
    "stories/access-token-expires"
    "stories/audience-of-another-service"
    "stories/broad-scopes"
    "stories/chat-with-bot"
    "stories/clock-skew"
    "stories/code-exchange-lost"
    "stories/cors-denied"
    "stories/cors-wildcard"
    "stories/exp-in-milliseconds"
    "stories/former-customer"
    "stories/fourth-tab-evicts-first"
    "stories/ghost-conversation"
    "stories/guest-429"
    "stories/guest-claims-missing"
    "stories/guest-token-without-exp"
    "stories/handover-to-agent"
    "stories/hs256-refused"
    "stories/html-instead-of-json"
    "stories/idp-down"
    "stories/issuer-without-scheme"
    "stories/jwks-cached-for-a-day"
    "stories/jwks-empty"
    "stories/jwks-huge"
    "stories/jwks-malformed"
    "stories/jwks-rotated-under-you"
    "stories/jwks-slow"
    "stories/jwks-unavailable"
    "stories/jwks-without-cache-headers"
    "stories/legacy-token-refused"
    "stories/lifetime-too-short"
    "stories/lost-answer"
    "stories/maintenance-window"
    "stories/message-ids-demanded"
    "stories/no-refresh-token"
    "stories/nonce-mismatch-once"
    "stories/opaque-access-token"
    "stories/org-missing-in-jwt"
    "stories/permission-403"
    "stories/personal-data-in-attributes"
    "stories/read-only-after-disconnect"
    "stories/scope-403"
    "stories/scope-missing-in-jwt"
    "stories/session-expires-mid-chat"
    "stories/short-guest-tokens"
    "stories/sign-in-switched-off"
    "stories/sub-missing"
    "stories/subject-of-nobody"
    "stories/token-expires-mid-conversation"
    "stories/token-stampede"
    "stories/too-many-sockets"
    "stories/two-devices-one-history"
    "stories/unordered-replies"
    "stories/upgrade-blocked"
    "stories/upload-refused"
    "stories/uploaded-key-does-not-fit"
    "stories/user-token-idles"
    "stories/wrong-audience"
    "stories/wrong-domain"
];

/// The name by which a scenario is asked for: the last part of its path.
pub fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Shorter names of some stories.
pub const ALIASES: &[(&str, &str)] = &[
    ("key-rotation", "jwks-rotated-under-you"),
    ("rate-limit", "guest-429"),
    ("scope-403", "scope-403"),
    ("nonce-mismatch", "nonce-mismatch-once"),
];

/// The text of a scenario by its name, or by a shorter one.
pub fn find(wanted: &str) -> Option<&'static str> {
    let wanted = ALIASES.iter().find(|(alias, _)| *alias == wanted).map_or(wanted, |(_, name)| *name);
    ALL.iter().find(|(path, _)| name(path) == wanted).map(|(_, text)| *text)
}
