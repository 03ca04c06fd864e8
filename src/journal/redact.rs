//! What must never be shown: credentials, and the values of custom attributes.
//!
//! Texts are kept as they came, and looked through when somebody reads them: few entries ever are.
//! A credential leaves a short fingerprint, so that one can see whether two were the same. Values of custom
//! attributes leave nothing, because a short value could be guessed from a fingerprint; but for the kind of personal data
//! that they look like, if they do.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memmem};
use serde::de::IgnoredAny;

use super::{MAX_BODY, draft::CUT, redact_form, redact_target::secret_in};
use crate::base::{codec::looks_like_jws, personal};

/// Members of JSON bodies and frames that are credentials, in lower case and without separators.
const SECRET_MEMBERS: &[&str] = &[
    "accesstoken",
    "refreshtoken",
    "clientsecret",
    "secret",
    "jwt",
    "idtoken",
    "codeverifier",
    "assertion",
    "password",
    "token",
    "zchattoken",
    "devicetoken",
    "idtokenhint",
    "clientassertion",
    "outboundnotificationwebhooksignaturesecrettoken",
    "eventstreamuri",
    "memberauthtoken",
    "securitykey",
];

/// Members whose values are a guest's own, or keys to somebody else's application.
const PRIVATE_MEMBERS: &[&str] = &["customattributes", "attributes", "customfields", "webhookheaders"];

/// A member whose `code` is a provider's.
const GRANT: &str = "oauth";

/// What a member's value is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Open,
    Secret,
    Private,
}

/// What its name says, or a part of it: clients write `customAttributes[card]` and `contact.token`, too.
pub(super) fn kind(name: &str) -> Kind {
    match kind_of_word(name) {
        Kind::Open if !name.bytes().all(is_of_word) => {
            words(name).map(kind_of_word).max().unwrap_or(Kind::Open)
        }
        kind => kind,
    }
}

/// The parts of a name.
pub(super) fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|sign: char| sign.is_ascii() && !is_of_word(sign as u8))
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || !byte.is_ascii()
}

/// Asked of every member of every body, so it allocates nothing, and looks closely at few.
fn kind_of_word(name: &str) -> Kind {
    let Some(first) = name.bytes().find(u8::is_ascii_alphanumeric) else { return Kind::Open };
    let first = first.to_ascii_lowercase();
    let may_be = |known: &str| known.len() <= name.len() && known.as_bytes()[0] == first;
    let is_one_of = |names: &[&str]| names.iter().any(|known| may_be(known) && is(name, known));
    if is_one_of(SECRET_MEMBERS) {
        Kind::Secret
    } else if is_one_of(PRIVATE_MEMBERS) {
        Kind::Private
    } else {
        Kind::Open
    }
}

/// Is it this name, whatever its letter case and separators?
fn is(name: &str, known: &str) -> bool {
    let plain = name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
    plain.eq(known.bytes())
}

/// The name of a member as whoever reads the JSON takes it.
fn unescaped(name: &str) -> Cow<'_, str> {
    if !name.as_bytes().contains(&b'\\') {
        return Cow::Borrowed(name);
    }
    serde_json::from_str(&format!("\"{name}\"")).map_or(Cow::Borrowed(name), Cow::Owned)
}

fn fingerprint(secret: &str) -> u32 {
    secret.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The kind of personal data that a value looked like which was left out.
pub fn personal_kind(left: &str) -> Option<&'static str> {
    let kind = left.strip_prefix("(redacted: ")?.strip_suffix(')')?;
    personal::KINDS.into_iter().find(|known| *known == kind)
}

/// What stands for a credential.
pub fn mark(secret: &str) -> String {
    format!("(redacted {:08x})", fingerprint(secret))
}

/// Appends what stands for a credential.
pub(super) fn put_mark(secret: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b"(redacted ");
    let print = fingerprint(secret);
    out.extend((0..8).rev().map(|nth| b"0123456789abcdef"[(print >> (4 * nth) & 15) as usize]));
    out.push(b')');
}

/// Appends what stands for a value of which nothing may be left: what kind of personal data it looks like, if it does.
pub(super) fn put_left_out(value: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b"(redacted");
    if let Some(kind) = personal::kind(value) {
        out.extend_from_slice(b": ");
        out.extend_from_slice(kind.as_bytes());
    }
    out.push(b')');
}

/// Appends a body of any kind. What an entry says of one that it has cut stays.
pub fn kept_body(bytes: &[u8], out: &mut Vec<u8>) {
    let cut = (bytes.len() > MAX_BODY).then(|| memmem::rfind(bytes, CUT.as_bytes())).flatten();
    let (kept, said) = bytes.split_at(cut.unwrap_or(bytes.len()));
    body(kept, out);
    out.extend_from_slice(said);
}

pub(super) fn body(bytes: &[u8], out: &mut Vec<u8>) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return put_length(bytes, "that are not text", out);
    };
    // some programs mark UTF-8 so
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match text.trim_start().as_bytes().first() {
        Some(b'{' | b'[') => Json::copy_all(text, out),
        // a page, perhaps with credentials in its forms
        Some(b'<') => put_length(bytes, "of markup", out),
        // JSON in a string: a client serialised it twice
        Some(b'"') => match serde_json::from_str::<String>(text) {
            Ok(inner) => {
                out.extend_from_slice(b"(JSON in a string) ");
                body(inner.as_bytes(), out);
            }
            Err(_) => put_length(bytes, "of a string", out),
        },
        Some(b'-') if text.starts_with("--") => put_length(bytes, "of multipart", out),
        _ if redact_form::is_readable(text) => redact_form::form(text, out),
        _ => put_length(bytes, "of text", out),
    }
}

/// Appends how long something is that is not shown.
fn put_length(bytes: &[u8], what: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("({} bytes {what})", bytes.len()).as_bytes());
}

/// Walks over JSON without building it. From where it is no JSON on, nothing is copied.
struct Json<'a> {
    text: &'a str,
    at: usize,
    /// Up to here the text is in `out`. What stays as it is gets copied in one go, when something does not.
    copied: usize,
    /// Has the member come whose `code` is a credential?
    grant: bool,
    out: &'a mut Vec<u8>,
}

impl<'a> Json<'a> {
    fn copy_all(text: &'a str, out: &'a mut Vec<u8>) {
        // in a token request `code` is the one that is exchanged, wherever it stands
        let grant = memmem::find(text.as_bytes(), b"\"grant_type\"").is_some();
        let mut json = Json { text, at: 0, copied: 0, grant, out };
        json.walk();
        json.catch_up(text.len());
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Walks up to the end, from string to string.
    fn walk(&mut self) {
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            let gap = memchr(b'"', rest);
            let between = &rest[..gap.unwrap_or(rest.len())];
            if let Some(odd) = between.iter().position(|byte| !is_between_strings(*byte)) {
                return self.give_up(self.at + odd);
            }
            let Some(gap) = gap else { return };
            self.at += gap;
            let start = self.at;
            let string = self.string();
            if self.is_key() {
                self.member(string);
            } else if looks_like_jws(string) {
                self.put_mark(start, string);
            } else if let Some((from, to)) = secret_in(string) {
                self.mark_parts(start + 1, string, (from, to));
            } else {
                self.look_into(start, string);
            }
        }
    }

    /// What is no JSON may be anything.
    fn give_up(&mut self, from: usize) {
        self.catch_up(from);
        put_length(&self.text.as_bytes()[from..], "that are not JSON", self.out);
        (self.at, self.copied) = (self.text.len(), self.text.len());
    }

    /// A text may be JSON again, or a URL with a query.
    fn look_into(&mut self, start: usize, string: &str) {
        let is_json = string.trim_start().starts_with(['{', '[']);
        let is_url =
            !is_json && string.contains(['?', '#']) && (string.starts_with('/') || string.contains("://"));
        if !is_json && !is_url {
            return;
        }
        let plain = unescaped(string);
        let mut kept = Vec::new();
        match is_json {
            true if serde_json::from_str::<IgnoredAny>(&plain).is_ok() => body(plain.as_bytes(), &mut kept),
            true => return,
            false => redact_form::url(&plain, &mut kept),
        }
        if kept != plain.as_bytes() {
            self.catch_up(start);
            let kept = serde_json::Value::from(String::from_utf8_lossy(&kept));
            self.out.extend_from_slice(kept.to_string().as_bytes());
        }
    }

    /// Walks up to the end of one value, whose scalars are left out.
    fn walk_private(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            let start = self.at;
            match byte {
                b'"' => {
                    self.string();
                    if !self.is_key() {
                        self.leave_out(start);
                    }
                }
                b'{' | b'[' | b'}' | b']' => {
                    match byte {
                        b'{' | b'[' => depth += 1,
                        _ => depth = depth.saturating_sub(1),
                    }
                    self.at += 1;
                }
                b',' | b':' | b' ' | b'\n' | b'\r' | b'\t' => {
                    self.at += 1;
                    continue;
                }
                _ => {
                    self.scalar();
                    self.leave_out(start);
                }
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// Copies what stays as it is.
    fn catch_up(&mut self, end: usize) {
        self.out.extend_from_slice(&self.text.as_bytes()[self.copied..end]);
        self.copied = self.at;
    }

    /// What was walked over since `start` leaves nothing, or what kind of personal data it looks like.
    fn leave_out(&mut self, start: usize) {
        let value = self.text[start..self.at].trim_matches('"');
        self.catch_up(start);
        self.out.push(b'"');
        put_left_out(value, self.out);
        self.out.push(b'"');
    }

    /// Parts of a string that was walked over leave their marks; it begins at `start`, and the first one is found.
    fn mark_parts(&mut self, start: usize, string: &str, first: (usize, usize)) {
        let (mut base, mut found) = (0, Some(first));
        while let Some((from, to)) = found {
            self.out.extend_from_slice(&self.text.as_bytes()[self.copied..start + base + from]);
            put_mark(&string[base + from..base + to], self.out);
            base += to;
            self.copied = start + base;
            found = secret_in(&string[base..]);
        }
    }

    /// What was walked over since `start` leaves its mark.
    fn put_mark(&mut self, start: usize, secret: &str) {
        self.catch_up(start);
        self.out.push(b'"');
        put_mark(secret, self.out);
        self.out.push(b'"');
    }

    /// After a member's name: what its value may look like.
    fn member(&mut self, name: &str) {
        let name = unescaped(name);
        self.grant |= name == GRANT;
        match kind(&name) {
            Kind::Open if self.grant && name == "code" => self.secret(),
            Kind::Open => {}
            Kind::Private => {
                self.spaces();
                self.walk_private();
            }
            Kind::Secret => self.secret(),
        }
    }

    /// After the name of a member whose value is a credential.
    fn secret(&mut self) {
        self.spaces();
        let start = self.at;
        match self.peek() {
            Some(b'"') => {
                let secret = self.string();
                self.put_mark(start, secret);
            }
            _ if self.text[start..].starts_with("null") => {}
            // a type that no credential has; it may be one all the same
            _ => self.walk_private(),
        }
    }

    /// Goes over the colon and the spaces before a value.
    fn spaces(&mut self) {
        while let Some(b':' | b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    fn is_key(&self) -> bool {
        self.text.as_bytes()[self.at..].iter().find(|b| !b.is_ascii_whitespace()) == Some(&b':')
    }

    /// The string that begins here, without its quotation marks; what is cut off ends with the text.
    fn string(&mut self) -> &'a str {
        let start = self.at + 1;
        let bytes = self.text.as_bytes();
        let mut end = start;
        loop {
            match memchr2(b'"', b'\\', &bytes[end.min(bytes.len())..]) {
                Some(more) if bytes[end + more] == b'\\' => end += more + 2,
                Some(more) => {
                    self.at = end + more + 1;
                    return &self.text[start..end + more];
                }
                None => {
                    self.at = bytes.len();
                    return &self.text[start..];
                }
            }
        }
    }

    fn scalar(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        let length = rest
            .iter()
            .position(|b| {
                matches!(b, b',' | b':' | b']' | b'}' | b'[' | b'{' | b'"' | b' ' | b'\n' | b'\r' | b'\t')
            })
            .unwrap_or(rest.len());
        self.at += length.max(1);
    }
}

/// What JSON may have outside of strings.
fn is_between_strings(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'{' | b'}' | b'[' | b']' | b':' | b',')
        || matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'E')
        // of true, false, null and 1e3
        || matches!(byte, b'a' | b'e' | b'f' | b'l' | b'n' | b'r' | b's' | b't' | b'u')
}

#[cfg(test)]
#[path = "redact_tests.rs"]
mod tests;
