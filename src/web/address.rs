//! Where a request goes: the path alone names the surface, prefix or host may name the org.

use http::{HeaderMap, Uri, header, uri::Scheme};

use crate::{
    domain::{deployment::host_of, visit::Surface},
    ops::app::Settings,
};

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
    /// Does the target say `https`?
    tls: bool,
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
        let tls = uri.scheme() == Some(&Scheme::HTTPS);
        Self { org: prefix.or_else(of_host), surface: surface(path), admin, prefixed, tls, path, host, name }
    }

    /// The address of a request that is for somebody else.
    pub fn elsewhere(target: &'a str) -> Self {
        let path = target.split('?').next().unwrap_or_default();
        let surface = Surface::Unknown;
        Self { org: None, surface, admin: false, prefixed: false, tls: false, path, host: "", name: "" }
    }

    /// What absolute URLs and `iss` of the answer start with. The platform's hosts are only ever reached over TLS by real
    /// clients, so URLs made for them say so.
    pub fn base(&self, settings: &Settings, secure: bool) -> String {
        let secure = || secure || self.tls || settings.is_platform_host(self.name);
        let root = match &settings.public_url {
            Some(url) => ["", url],
            None if secure() => ["https://", self.host.strip_suffix(":443").unwrap_or(self.host)],
            None => ["http://", self.host.strip_suffix(":80").unwrap_or(self.host)],
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

    fn settings(public_url: Option<&str>) -> Settings {
        Settings { public_url: public_url.map(str::to_owned), ..Settings::default() }
    }

    fn headers(host: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::HOST, host.parse().unwrap())])
    }

    #[test]
    fn prefix_and_host_name_the_org_and_stay_in_the_base() {
        let (uri, headers_of_one) = ("/@blue/oauth/token".parse().unwrap(), headers("127.0.0.1:1"));
        let one = Address::of(&uri, &headers_of_one);
        assert_eq!((one.org, one.path, one.surface), (Some("blue"), "/oauth/token", Surface::Login));
        assert_eq!(one.base(&settings(None), false), "http://127.0.0.1:1/@blue");
        assert_eq!(one.base(&settings(None), true), "https://127.0.0.1:1/@blue");
        assert_eq!(one.base(&settings(Some("https://e.test")), false), "https://e.test/@blue");
        let (uri, headers_of_other) = ("/api/v2/x".parse().unwrap(), headers("blue.localhost:1"));
        let other = Address::of(&uri, &headers_of_other);
        let base = other.base(&settings(None), false);
        assert_eq!((other.org, base.as_str()), (Some("blue"), "http://blue.localhost:1"));
        assert_eq!(Address::of(&"/v1".parse().unwrap(), &headers("localhost")).org, None);
    }

    #[test]
    fn the_vendors_hosts_speak_tls() {
        let own = Settings { domains: vec!["genesys.test".into()], ..Settings::default() };
        for (target, base) in [
            ("https://api.mypurecloud.com/oauth/token", "https://api.mypurecloud.com"),
            ("http://api.mypurecloud.com/oauth/token", "https://api.mypurecloud.com"),
            ("https://api.genesys.test:443/oauth/token", "https://api.genesys.test"),
            ("https://localhost:4363/x", "https://localhost:4363"),
            ("http://localhost:80/x", "http://localhost"),
        ] {
            let uri = target.parse().unwrap();
            assert_eq!(Address::of(&uri, &headers("ignored")).base(&own, false), base, "{target}");
        }
    }

    #[test]
    fn surfaces_are_whole_segments() {
        assert_eq!(surface("/oauthx"), Surface::Unknown);
        assert_eq!(surface("/v1/token/x"), Surface::Streaming);
        assert_eq!(surface("/v1/tokens"), Surface::Unknown);
        assert!(is_admin("/__admin/health") && !is_admin("/__administrator"));
    }
}
