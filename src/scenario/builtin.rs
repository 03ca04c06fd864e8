//! The scenarios that are compiled in.

macro_rules! builtin {
    ($($path:literal)*) => {
        &[$(($path, include_str!(concat!("../../scenarios/", $path, ".yaml")))),*]
    };
}

/// Path below `scenarios/` without extension, and text.
pub const ALL: &[(&str, &str)] = builtin![
    "default"
    "faults/claims"
    "faults/close_socket"
    "faults/delay"
    "faults/deny_permission"
    "faults/deny_scope"
    "faults/limit_connections"
    "faults/rate_limit"
    "faults/reset"
    "faults/respond"
    "faults/rotate_keys"
    "stories/guest-429"
    "stories/jwks-rotated-under-you"
    "stories/short-guest-tokens"
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
