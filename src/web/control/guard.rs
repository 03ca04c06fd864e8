//! Who may use the control plane: plain tools may, pages only from hosts that are local or allowed.
//!
//! A page of a foreign site could otherwise steer an emulator on its visitor's machine, also under a foreign name that
//! resolves to loopback.

use http::{HeaderMap, header};

use super::error::Problem;
use crate::{
    base::codec::same_secret,
    domain::deployment::host_of,
    ops::{access::bearer, app::Settings},
};

/// Is the request admitted, if it comes from a page?
pub fn page(settings: &Settings, headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name| headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let (origin, site) = (text(header::ORIGIN), text(header::HeaderName::from_static("sec-fetch-site")));
    // over plain HTTP, a browser tells a host that resolves to loopback nothing but its own kind
    let browser = text(header::USER_AGENT).is_some_and(|agent| agent.starts_with("Mozilla/"));
    if browser || origin.is_some() || site.is_some() {
        let host = text(header::HOST).unwrap_or_default();
        let local = |name: &str| is_local(host_of(name), &settings.allowed_hosts);
        if !local(&host) || origin.as_deref().is_some_and(|origin| !local(origin)) {
            let strange = origin.as_deref().filter(|origin| !local(origin)).unwrap_or(&host);
            let detail = match strange {
                // of a file or a frame without rights, or of nobody knows where: no host can be allowed
                "" | "null" => {
                    "A page that does not say where it comes from may not use the admin API".to_owned()
                }
                page => {
                    let host = host_of(page);
                    format!("A page of {page} may not use the admin API; --allowed-host {host} lets it")
                }
            };
            return Err(Problem::new(403, "A page of a foreign host", detail));
        }
        if origin.is_none() && site.as_deref() == Some("cross-site") {
            return Err(Problem::new(
                403,
                "A page of a foreign host",
                "The request comes from a page of another site",
            ));
        }
    }
    Ok(())
}

/// Does the request bring the admin token, where there is one? A preflight cannot, and is not asked.
pub fn token(settings: &Settings, path: &str, headers: &HeaderMap) -> Result<(), Problem> {
    let open = matches!(path, "/__admin/health" | "/__admin/ready");
    if let (Some(token), false) = (&settings.admin_token, open) {
        let given = headers.get(header::AUTHORIZATION).map(|value| String::from_utf8_lossy(value.as_bytes()));
        if !bearer(given.as_deref()).is_some_and(|given| same_secret(given, token)) {
            let detail = "Send `Authorization: Bearer` with the token that --admin-token gave";
            return Err(Problem::new(401, "The admin token is missing or wrong", detail));
        }
    }
    Ok(())
}

fn is_local(host: &str, allowed: &[String]) -> bool {
    let name = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    let loopback = name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    loopback
        || name == "localhost"
        || name.ends_with(".localhost")
        || allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(&name))
}
