//! Where people are sent back to (RFC 6749 section 3.1.2), as a client registered it.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, de};

/// Hosts of the machine itself. Registered bare, they admit any port and path, as test servers have them.
const LOOPBACK: [&str; 6] = [
    "http://localhost",
    "http://127.0.0.1",
    "http://[::1]",
    "https://localhost",
    "https://127.0.0.1",
    "https://[::1]",
];

/// A redirect URI that was registered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct RedirectUri(String);

impl RedirectUri {
    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Is this what was registered? To the letter, but for the bare hosts of the machine itself.
    pub fn admits(&self, given: &str) -> bool {
        if given == self.0 {
            return true;
        }
        LOOPBACK.contains(&self.as_str())
            && is_plain(given)
            && given.strip_prefix(self.as_str()).is_some_and(is_port_and_path)
    }
}

/// Only what a header may hold, without a fragment, and without what browsers take for another `/`.
fn is_plain(uri: &str) -> bool {
    uri.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'#' | b'\\' | b'"' | b'<' | b'>'))
}

/// What may follow a host: whatever else stood there could make it part of a user name or of a longer host.
fn is_port_and_path(rest: &str) -> bool {
    let after_port = match rest.strip_prefix(':') {
        Some(port) => port.trim_start_matches(|char: char| char.is_ascii_digit()),
        None => rest,
    };
    after_port.is_empty() || after_port.starts_with(['/', '?'])
}

/// What a text is not.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{0}` is not a redirect URI; expected an absolute URI without a fragment, such as \
     https://shop.example.test/callback, or http://localhost for any port and path there"
)]
pub struct NotARedirectUri(String);

impl FromStr for RedirectUri {
    type Err = NotARedirectUri;

    fn from_str(text: &str) -> Result<Self, NotARedirectUri> {
        let is_scheme = |scheme: &str| {
            scheme.starts_with(|char: char| char.is_ascii_alphabetic())
                && scheme.chars().all(|char| char.is_ascii_alphanumeric() || "+.-".contains(char))
        };
        match text.split_once(':') {
            Some((scheme, rest)) if is_scheme(scheme) && !rest.is_empty() && is_plain(text) => {
                Ok(Self(text.to_owned()))
            }
            _ => Err(NotARedirectUri(text.to_owned())),
        }
    }
}

impl<'de> Deserialize<'de> for RedirectUri {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registered(text: &str) -> RedirectUri {
        serde_json::from_value(text.into()).unwrap()
    }

    #[test]
    fn a_bare_host_of_the_machine_admits_any_port_and_path() {
        let localhost = registered("http://localhost");
        for given in
            ["http://localhost", "http://localhost/", "http://localhost:3000", "http://localhost:3000/a?b=c"]
        {
            assert!(localhost.admits(given), "{given}");
        }
        for given in [
            "https://localhost",
            "http://localhost.evil.test/",
            "http://localhost:80@evil.test/",
            "http://localhost@evil.test/",
            "http://localhost\\@evil.test/",
            "http://localhost:x/",
            "http://localhost/#f",
            "http://localhost/\r\nx: y",
            "http://localhost/ä",
            "http://127.0.0.1/",
        ] {
            assert!(!localhost.admits(given), "{given}");
        }
    }

    #[test]
    fn everything_else_is_compared_to_the_letter() {
        for text in
            ["https://shop.example.test/cb", "http://localhost/cb", "http://localhost:3000", "test.app:/cb"]
        {
            assert!(registered(text).admits(text), "{text}");
            for given in [format!("{text}/"), format!("{text}?a=b"), text.to_uppercase()] {
                assert!(!registered(text).admits(&given), "{given}");
            }
        }
    }

    #[test]
    fn what_is_no_absolute_uri_cannot_be_registered() {
        for text in [
            "",
            "/cb",
            "*",
            "shop.example.test/cb",
            "https:",
            "https://a.test/#f",
            "https://a.test/ b",
            "1a:b",
        ] {
            assert!(serde_json::from_value::<RedirectUri>(text.into()).is_err(), "{text}");
        }
    }
}
