//! Where a request goes: the path alone names the surface, prefix or host may name the org.

use http::{HeaderMap, Uri, header};

use crate::domain::{deployment::host_of, region::is_vendor_host, visit::Surface};

/// A request's address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Address<'a> {
    /// The org that the address names.
    pub org: Option<&'a str>,
    /// Path without the org's prefix.
    pub path: &'a str,
    /// The family of URLs.
    pub surface: Surface,
    /// Is it the admin API?
    pub admin: bool,
    /// Did the org stand in the path?
    prefixed: bool,
    host: &'a str,
    /// The host without its port.
    name: &'a str,
}

/// Paths of the login host that have no folder.
const LOGIN: [&str; 2] = ["/authorize", "/logout"];

/// The family of URLs of a path.
fn surface(path: &str) -> Surface {
    let below =
        |head: &str| path.strip_prefix(head).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if below("/oauth") || below("/.well-known") || below("/client-auth") || LOGIN.contains(&path) {
        Surface::Login
    } else if below("/api/v2") {
        Surface::Api
    } else if below("/webdeployments/v1") {
        Surface::Cdn
    } else if below("/channels") || below("/v1/token") {
        Surface::Streaming
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

impl<'a> Address<'a> {
    /// The address of a request head.
    pub fn of(uri: &'a Uri, headers: &'a HeaderMap) -> Self {
        // a target in absolute form wins over Host (RFC 9112 section 3.2.2)
        let authority = uri.authority().map(http::uri::Authority::as_str);
        let header = || headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = authority.or_else(header).unwrap_or("localhost");
        let prefixed =
            uri.path().strip_prefix("/@").map(|rest| rest.split_at(rest.find('/').unwrap_or(rest.len())));
        let (prefix, path) = match prefixed {
            Some((org, "")) => (Some(org), "/"),
            Some((org, path)) => (Some(org), path),
            None => (None, uri.path()),
        };
        let name = host_of(host);
        let of_host = || name.strip_suffix(".localhost").filter(|org| !org.contains('.'));
        let admin = prefix.is_none() && is_admin(path);
        let prefixed = prefix.is_some();
        Self { org: prefix.or_else(of_host), surface: surface(path), admin, prefixed, path, host, name }
    }

    /// What absolute URLs and `iss` of the answer start with.
    pub fn base(&self, public_url: Option<&str>) -> String {
        let root = match public_url {
            Some(url) => ["", url],
            None if is_vendor_host(self.name) => ["https://", self.host],
            None => ["http://", self.host],
        };
        let prefix = match self.org {
            Some(org) if self.prefixed => ["/@", org],
            _ => [""; 2],
        };
        [root, prefix].as_flattened().concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(host: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::HOST, host.parse().unwrap())])
    }

    #[test]
    fn prefix_and_host_name_the_org_and_stay_in_the_base() {
        let (uri, headers_of_one) = ("/@blue/oauth/token".parse().unwrap(), headers("127.0.0.1:1"));
        let one = Address::of(&uri, &headers_of_one);
        assert_eq!((one.org, one.path, one.surface), (Some("blue"), "/oauth/token", Surface::Login));
        assert_eq!(one.base(None), "http://127.0.0.1:1/@blue");
        assert_eq!(one.base(Some("https://e.test")), "https://e.test/@blue");
        let (uri, headers_of_other) = ("/api/v2/x".parse().unwrap(), headers("blue.localhost:1"));
        let other = Address::of(&uri, &headers_of_other);
        assert_eq!((other.org, other.base(None).as_str()), (Some("blue"), "http://blue.localhost:1"));
        assert_eq!(Address::of(&"/v1".parse().unwrap(), &headers("localhost")).org, None);
    }

    #[test]
    fn the_vendors_hosts_speak_tls() {
        let uri = "https://api.mypurecloud.com/oauth/token".parse().unwrap();
        assert_eq!(Address::of(&uri, &headers("ignored")).base(None), "https://api.mypurecloud.com");
    }

    #[test]
    fn surfaces_are_whole_segments() {
        assert_eq!(surface("/oauthx"), Surface::Unknown);
        assert_eq!(surface("/v1/token/x"), Surface::Streaming);
        assert_eq!(surface("/v1/tokens"), Surface::Unknown);
        assert!(is_admin("/__admin/health") && !is_admin("/__administrator"));
    }
}
