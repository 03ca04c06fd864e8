//! Patterns of paths: `*` and `{name}` stand for one segment, a last `**` for any rest. Patterns of host names: `*.` at the
//! beginning stands for every name below.

/// Does this segment of a pattern stand for any?
pub fn is_wild(segment: &str) -> bool {
    segment == "*" || segment.starts_with('{') && segment.ends_with('}')
}

/// Is it a path of this pattern?
pub fn fits(pattern: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some("**"), _) => return true,
            (Some(w), Some(g)) if w == g || is_wild(w) => {}
            _ => return false,
        }
    }
}

/// Is it a host name of this pattern? Letter case says nothing.
pub fn fits_host(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix('*') {
        Some(below) if below.starts_with('.') => {
            let head = host.len().checked_sub(below.len());
            head.is_some_and(|at| at > 0 && host.as_bytes()[at..].eq_ignore_ascii_case(below.as_bytes()))
        }
        _ => pattern.eq_ignore_ascii_case(host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_patterns_stand_for_names_below() {
        assert!(fits_host("api.mypurecloud.com", "API.mypurecloud.com"));
        assert!(fits_host("*.mypurecloud.de", "api.mypurecloud.DE"));
        assert!(!fits_host("*.mypurecloud.de", "mypurecloud.de"));
        assert!(!fits_host("*.mypurecloud.de", ".mypurecloud.de"));
        assert!(!fits_host("*purecloud.de", "mypurecloud.de"));
    }

    #[test]
    fn path_patterns_stand_for_segments() {
        assert!(fits("/api/v2/webchat/guest/{id}", "/api/v2/webchat/guest/x"));
        assert!(fits("/api/*/webchat/**", "/api/v2/webchat/guest/x"));
        assert!(!fits("/api/v2/webchat/guest", "/api/v2/webchat/guest/x"));
        assert!(!fits("/api/v2/*", "/api/v2/webchat/guest"));
    }
}
