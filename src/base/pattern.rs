//! Patterns of paths: `*` and `{name}` stand for one segment, a last `**` for any rest.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_patterns_stand_for_segments() {
        assert!(fits("/api/v2/webchat/guest/{id}", "/api/v2/webchat/guest/x"));
        assert!(fits("/api/*/webchat/**", "/api/v2/webchat/guest/x"));
        assert!(!fits("/api/v2/webchat/guest", "/api/v2/webchat/guest/x"));
        assert!(!fits("/api/v2/*", "/api/v2/webchat/guest"));
    }
}
