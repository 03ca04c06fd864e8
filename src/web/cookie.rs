//! What browsers remember of who has signed in.

use http::{HeaderMap, header};

/// The value of the cookie of this name.
pub fn remembered(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut cookies = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    cookies.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
}

/// Lets the browser remember something for all below this URL alone, or nothing any more. Where the page speaks TLS, the
/// cookie also goes along when another site's page asks in a frame.
pub fn remember(headers: &mut HeaderMap, name: &str, below: &str, secret: Option<&str>) {
    let (scheme, rest) = below.split_once("://").unwrap_or(("http", below));
    let path = rest.find('/').map_or("/", |start| &rest[start..]);
    let site = if scheme == "https" { "SameSite=None; Secure" } else { "SameSite=Lax" };
    let cookie = match secret {
        Some(secret) => format!("{name}={secret}; Path={path}; HttpOnly; {site}"),
        None => format!("{name}=; Path={path}; HttpOnly; {site}; Max-Age=0"),
    };
    if let Ok(cookie) = cookie.parse() {
        headers.insert(header::SET_COOKIE, cookie);
    }
}
