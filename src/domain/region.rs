//! The vendor's regions: the domain that stands behind `api.`, `login.` and the other hosts.

/// Domains of the public regions, and of the vendor's own test regions.
pub const DOMAINS: &[&str] = &[
    "mypurecloud.com",
    "use2.us-gov-pure.cloud",
    "usw2.pure.cloud",
    "cac1.pure.cloud",
    "mypurecloud.ie",
    "euw2.pure.cloud",
    "mypurecloud.de",
    "euc2.pure.cloud",
    "mypurecloud.com.au",
    "apse1.pure.cloud",
    "mypurecloud.jp",
    "apne2.pure.cloud",
    "apne3.pure.cloud",
    "aps1.pure.cloud",
    "sae1.pure.cloud",
    "mec1.pure.cloud",
    "mxc1.pure.cloud",
    "edee1.eusc-pure.cloud",
    "inindca.com",
    "inintca.com",
    "platform.genesys.cloud",
];

/// Is this host name one of the vendor's? Such hosts are only ever reached over TLS by real clients, so URLs made
/// for them say `https` and `wss`.
pub fn is_vendor_host(host: &str) -> bool {
    DOMAINS.iter().any(|domain| is_below(host, domain))
}

/// Is a host name this domain, or below it? Letter case says nothing.
pub fn is_below(host: &str, domain: &str) -> bool {
    host.len().checked_sub(domain.len()).is_some_and(|at| {
        let (head, tail) = (&host.as_bytes()[..at], &host.as_bytes()[at..]);
        tail.eq_ignore_ascii_case(domain.as_bytes()) && (head.is_empty() || head.ends_with(b"."))
    })
}

/// What stands before a region's domain in the names of its hosts.
const ROLES: [&str; 8] =
    ["api", "login", "api-cdn", "apps", "webmessaging", "streaming", "carrierpigeon", "api-downloads"];

/// The hosts of a region.
pub fn hosts(region: &str) -> Vec<String> {
    match region {
        // not a region, but the home of a name that documents have
        "platform.genesys.cloud" => vec![format!("webmessaging-usw2.{region}")],
        _ => ROLES.iter().map(|role| format!("{role}.{region}")).collect(),
    }
}

/// The host of a region's API.
pub fn api_host(region: &str) -> String {
    format!("api.{region}")
}

/// A region that is not this one.
pub fn another(region: &str) -> &'static str {
    DOMAINS.iter().find(|domain| **domain != region).copied().unwrap_or_default()
}

/// The region whose API is meant, if it is one of the vendor's.
pub fn of_api(issuer: &str) -> Option<&'static str> {
    let host = issuer.strip_prefix("https://")?;
    DOMAINS.iter().find(|domain| api_host(domain) == host).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vendor_hosts_are_whole_labels_below_a_region() {
        assert!(is_vendor_host("api.mypurecloud.com") && is_vendor_host("webmessaging.usw2.pure.cloud"));
        assert!(!is_vendor_host("notmypurecloud.com") && !is_vendor_host("localhost"));
        assert!(is_vendor_host("API.MyPureCloud.com") && !is_vendor_host(""));
    }

    #[test]
    fn the_api_of_another_region_is_known_as_such() {
        let there = format!("https://{}", api_host(another("mypurecloud.com")));
        assert_eq!(of_api(&there), Some(another("mypurecloud.com")));
        assert_eq!((of_api("https://api.example.test"), of_api("api.mypurecloud.com")), (None, None));
    }
}
