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
    DOMAINS
        .iter()
        .any(|domain| host.strip_suffix(domain).is_some_and(|head| head.is_empty() || head.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vendor_hosts_are_whole_labels_below_a_region() {
        assert!(is_vendor_host("api.mypurecloud.com") && is_vendor_host("webmessaging.usw2.pure.cloud"));
        assert!(!is_vendor_host("notmypurecloud.com") && !is_vendor_host("localhost"));
    }
}
