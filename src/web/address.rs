//! Where a request goes: the path alone names the surface, prefix or host may name the org.

use http::{HeaderMap, Uri, header};

use crate::domain::{deployment::host_of, region::is_vendor_host, visit::Surface};

/// A request's address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Address {
    /// The org that the address names.
    pub org: Option<String>,
    /// Path without the org's prefix.
    pub path: String,
    /// The family of URLs.
    pub surface: Surface,
    /// Is it the admin API?
    pub admin: bool,
    /// Did the org stand in the path?
    prefixed: bool,
    host: String,
}

/// The family of URLs of a path.
fn surface(path: &str) -> Surface {
    let below =
        |head: &str| path.strip_prefix(head).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if below("/oauth") || below("/.well-known") {
        Surface::Login
    } else if below("/api/v2") {
        Surface::Api
    } else if below("/webdeployments/v1") {
        Surface::Cdn
    } else if below("/uploads") {
        Surface::Uploads
    } else if below("/idp") {
        Surface::Idp
    } else if path == "/v1" {
        Surface::Webmessaging
    } else {
        Surface::Unknown
    }
}

/// Is this path, without an org before it, one of the admin API?
pub fn is_admin(path: &str) -> bool {
    path == "/__admin" || path.starts_with("/__admin/")
}

impl Address {
    /// The address of a request head.
    pub fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        // a target in absolute form wins over Host (RFC 9112 section 3.2.2)
        let authority = uri.authority().map(http::uri::Authority::as_str);
        let header = || headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = authority.or_else(header).unwrap_or("localhost").to_owned();
        let (prefix, path) = match uri
            .path()
            .strip_prefix("/@")
            .map(|rest| rest.split_at(rest.find('/').unwrap_or(rest.len())))
        {
            Some((org, "")) => (Some(org.to_owned()), "/".to_owned()),
            Some((org, path)) => (Some(org.to_owned()), path.to_owned()),
            None => (None, uri.path().to_owned()),
        };
        let of_host =
            || host_of(&host).strip_suffix(".localhost").filter(|org| !org.contains('.')).map(str::to_owned);
        let admin = prefix.is_none() && is_admin(&path);
        let prefixed = prefix.is_some();
        Self { org: prefix.or_else(of_host), surface: surface(&path), admin, prefixed, path, host }
    }

    /// What absolute URLs and `iss` of the answer start with.
    pub fn base(&self, public_url: Option<&str>) -> String {
        let root = match public_url {
            Some(url) => ["", url],
            None if is_vendor_host(host_of(&self.host)) => ["https://", &self.host],
            None => ["http://", &self.host],
        };
        let prefix = match &self.org {
            Some(org) if self.prefixed => ["/@", org],
            _ => [""; 2],
        };
        [root, prefix].as_flattened().concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(uri: &str, host: &str) -> Address {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        Address::of(&uri.parse().unwrap(), &headers)
    }

    #[test]
    fn prefix_and_host_name_the_org_and_stay_in_the_base() {
        let one = of("/@blue/oauth/token", "127.0.0.1:1");
        assert_eq!(
            (one.org.as_deref(), one.path.as_str(), one.surface),
            (Some("blue"), "/oauth/token", Surface::Login)
        );
        assert_eq!(one.base(None), "http://127.0.0.1:1/@blue");
        assert_eq!(one.base(Some("https://e.test")), "https://e.test/@blue");
        let other = of("/api/v2/x", "blue.localhost:1");
        assert_eq!(
            (other.org.as_deref(), other.base(None).as_str()),
            (Some("blue"), "http://blue.localhost:1")
        );
        assert_eq!(of("/v1", "localhost").org, None);
    }

    #[test]
    fn the_vendors_hosts_speak_tls() {
        let absolute = of("https://api.mypurecloud.com/oauth/token", "ignored");
        assert_eq!(absolute.base(None), "https://api.mypurecloud.com");
    }

    #[test]
    fn surfaces_are_whole_segments() {
        assert_eq!(of("/oauthx", "h").surface, Surface::Unknown);
        assert_eq!(of("/v1/token/x", "h").surface, Surface::Unknown);
        assert!(of("/__admin/health", "h").admin && !of("/__administrator", "h").admin);
    }
}
