//! How programs that cannot be given a base URL arrive all the same: by proxy variables or by names, and whom they trust then.

use std::{fs, net::SocketAddr};

use clap::ValueEnum;

use super::{
    super::{
        admin::Failure,
        ca::{Files, Place, keep},
        settings::{Settings, Switch},
    },
    Way,
};
use crate::{
    domain::{deployment::host_of, region},
    emulator::{Emulator, reachable},
    tls::truststore::PASSWORD,
};

/// Hosts that are never reached through the proxy.
const HERE: &str = "localhost,127.0.0.1,::1";
/// Where names are looked up first.
const HOSTS_FILE: &str = "/etc/hosts";
/// Node programs read it before anything else.
const PRELOAD: &str = include_str!("node_preload.cjs");
/// What that file is called.
pub const PRELOAD_FILE: &str = "node-preload.cjs";

/// How clients find it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub enum Via {
    /// They are given its URL.
    #[default]
    Url,
    /// They ask for the platform's hosts, through its proxy.
    Proxy,
    /// They ask for the platform's hosts, whose names lead to it.
    Hosts,
}

/// Variables of a family of programs.
pub type Family = (&'static str, Vec<(String, String)>);

/// Proxy and trust, as each family of clients reads them. It listens at `address`; `host` is what its own URL names.
pub fn families(
    Way { via, node_preload }: Way,
    (address, host): (&str, Option<&str>),
    place: &Place,
) -> Result<Vec<Family>, Failure> {
    let mut families: Vec<Family> = Vec::new();
    if via == Via::Url && node_preload == Switch::Off {
        return Ok(families);
    }
    let files = place.files()?;
    let named = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    if via == Via::Proxy {
        let url = format!("http://{address}");
        let own = host.filter(|host| !HERE.split(',').any(|here| here == host.trim_matches(['[', ']'])));
        let here = own.map_or_else(|| HERE.to_owned(), |own| format!("{HERE},{own}"));
        let proxy = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"].map(|name| named(name, &url));
        let direct = ["NO_PROXY", "no_proxy"].map(|name| named(name, &here));
        families.push((
            "the proxy: curl, axios, requests, Go and most others",
            proxy.into_iter().chain(direct).collect(),
        ));
    }
    let bundle = files.bundle.to_string_lossy();
    let trust = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"].map(|name| named(name, &bundle));
    families.push(("whom to trust: OpenSSL, Go, Rust; requests; curl", trust.to_vec()));
    let mut node = vec![named("NODE_EXTRA_CA_CERTS", &files.pem.to_string_lossy())];
    if via == Via::Proxy {
        node.push(named("NODE_USE_ENV_PROXY", "1"));
    }
    if node_preload == Switch::On {
        let path = files.pem.with_file_name(PRELOAD_FILE);
        keep(&path, preload_text(&place.domain).as_bytes())?;
        node.push(named("NODE_OPTIONS", &format!("--require \"{}\"", path.display())));
        node.push(named("EMULATOR_ADDRESS", address));
    }
    families.push(("Node", node));
    families.push(("Java", vec![named("JAVA_TOOL_OPTIONS", &java(via, address, &files))]));
    Ok(families)
}

/// The same for a command that is run on an emulator of its own: it must be possible that it arrives.
pub fn exported(way: Way, settings: &Settings, emulator: &Emulator) -> Result<Vec<Family>, Failure> {
    let (via, address) = (way.via, emulator.address());
    if via != Via::Url && settings.tls == Switch::Off {
        return Err(Failure::configuration(
            "clients ask for the platform's hosts over TLS; --via proxy and --via hosts cannot be with --tls off",
        ));
    }
    if via == Via::Hosts {
        let region = emulator.app().default_org().map(|org| org.state(|state| state.settings.region.clone()));
        check_hosts(reachable(address), &region.unwrap_or_else(|| region::DOMAINS[0].to_owned()))?;
    }
    let url = emulator.url();
    let mut families = families(way, (&reachable(address).to_string(), Some(host_of(&url))), &settings.ca)?;
    for (name, value) in families.iter_mut().flat_map(|(_, variables)| variables) {
        // lists of options: what somebody else has set stays
        if let (true, Some(before)) = (name.ends_with("_OPTIONS"), std::env::var_os(&*name)) {
            *value = format!("{} {value}", before.to_string_lossy());
        }
    }
    Ok(families)
}

/// Do the names of a region lead here? Nobody is asked but the hosts file.
fn check_hosts(address: SocketAddr, region: &str) -> Result<(), Failure> {
    if address.port() != 443 {
        return Err(Failure::configuration(
            "with --via hosts clients come to port 443; --listen 127.0.0.1:443 listens there",
        ));
    }
    let file = fs::read_to_string(HOSTS_FILE).unwrap_or_default();
    let ip = address.ip().to_string();
    let leads = |host: &String| {
        let mut lines =
            file.lines().map(|line| line.split('#').next().unwrap_or_default().split_whitespace());
        lines.any(|mut words| words.next() == Some(&ip) && words.any(|word| word == host))
    };
    let hosts = region::hosts(region);
    match hosts.iter().all(leads) {
        true => Ok(()),
        false => Err(Failure::configuration(format!(
            "the names of {region} do not lead to {ip}; this line in {HOSTS_FILE} makes them:\n{ip} {}",
            hosts.join(" ")
        ))),
    }
}

/// The preload, with the domains that are the platform's.
fn preload_text(own: &[String]) -> String {
    let all: Vec<_> = region::DOMAINS.iter().copied().chain(own.iter().map(String::as_str)).collect();
    PRELOAD.replace("/* domains */", &serde_json::to_string(&all).unwrap_or_default())
}

fn java(via: Via, address: &str, files: &Files) -> String {
    let mut options = Vec::new();
    if let (Via::Proxy, Some((host, port))) = (via, address.rsplit_once(':')) {
        for scheme in ["http", "https"] {
            options.push(format!("-D{scheme}.proxyHost={host} -D{scheme}.proxyPort={port}"));
        }
        options.push("\"-Dhttp.nonProxyHosts=localhost|127.*\"".to_owned());
    }
    options.push(format!(
        "\"-Djavax.net.ssl.trustStore={}\" -Djavax.net.ssl.trustStoreType=PKCS12 -Djavax.net.ssl.trustStorePassword={PASSWORD}",
        files.p12.display()
    ));
    options.join(" ")
}

/// Lines of a hosts file that lead to an address.
pub fn hosts(address: &str, own: &[String]) -> String {
    let domains = region::DOMAINS.iter().copied().chain(own.iter().map(String::as_str));
    domains.map(|domain| format!("{address} {}\n", region::hosts(domain).join(" "))).collect()
}
