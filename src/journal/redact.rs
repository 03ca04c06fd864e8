//! What must never be shown: credentials, and the values of custom attributes.
//!
//! Texts are kept as they came, and looked through when somebody reads them: few entries ever are.
//! A credential leaves a short fingerprint, so that one can see whether two were the same. Values of custom
//! attributes leave nothing, because a short value could be guessed from a fingerprint; but for the kind of personal data
//! that they look like, if they do.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memmem};

use super::{MAX_BODY, draft::CUT, redact_target::channel_id};
use crate::base::{
    codec::{fields, form_decoded, looks_like_jws, named},
    personal,
};

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
const PRIVATE_MEMBERS: &[&str] = &["customattributes", "customfields", "webhookheaders"];

/// A member whose `code` is a provider's.
const GRANT: &str = "oauth";

/// What a member's value is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Secret,
    Private,
    Open,
}

/// What its name says. Asked of every member of every body, so it allocates nothing, and looks closely at few.
fn kind(name: &str) -> Kind {
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

/// `code` is a credential in forms and queries; in JSON bodies it is an error code, unless it is of [`GRANT`].
fn is_secret_field(name: &str) -> bool {
    let is_secret = |name: &str| name == "code" || kind(name) == Kind::Secret;
    match memchr2(b'%', b'+', name.as_bytes()) {
        None => is_secret(name),
        Some(_) => is_secret(&form_decoded(name)),
    }
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
fn put_mark(secret: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b"(redacted ");
    let print = fingerprint(secret);
    out.extend((0..8).rev().map(|nth| b"0123456789abcdef"[(print >> (4 * nth) & 15) as usize]));
    out.push(b')');
}

/// Appends a header section that has a line a header.
pub fn headers(lines: &str, out: &mut Vec<u8>) {
    for line in lines.split_inclusive('\n') {
        let line = line.strip_suffix('\n').unwrap_or(line);
        let (name, value) = line.split_once(": ").unwrap_or((line, ""));
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b": ");
        match name {
            "authorization" | "proxy-authorization" => match value.split_once(' ') {
                Some((scheme, secret)) => {
                    out.extend_from_slice(scheme.as_bytes());
                    out.push(b' ');
                    put_mark(secret, out);
                }
                None => put_mark(value, out),
            },
            "cookie" | "set-cookie" => out.extend_from_slice(b"(redacted)"),
            "location" | "referer" => url(value, out),
            _ => out.extend_from_slice(value.as_bytes()),
        }
        out.push(b'\n');
    }
}

/// Appends a URL: its query and its fragment may hold credentials.
fn url(text: &str, out: &mut Vec<u8>) {
    let end = text.find(['?', '#']).unwrap_or(text.len());
    out.extend_from_slice(&text.as_bytes()[..end]);
    for part in text[end..].split_inclusive(['?', '#']).filter(|part| !part.is_empty()) {
        match part.strip_suffix(['?', '#']) {
            Some(fields) => {
                form(fields, out);
                out.extend_from_slice(&part.as_bytes()[fields.len()..]);
            }
            None => form(part, out),
        }
    }
}

/// Appends a query or form.
pub fn form(encoded: &str, out: &mut Vec<u8>) {
    for (nth, field) in fields(encoded).enumerate() {
        if nth > 0 {
            out.push(b'&');
        }
        match named(field) {
            Some((name, value)) if is_secret_field(name) || looks_like_jws(value) => {
                out.extend_from_slice(name.as_bytes());
                out.push(b'=');
                put_mark(value, out);
            }
            _ => out.extend_from_slice(field.as_bytes()),
        }
    }
}

/// Appends a body of any kind. What an entry says of one that it has cut stays.
pub fn kept_body(bytes: &[u8], out: &mut Vec<u8>) {
    let cut = (bytes.len() > MAX_BODY).then(|| memmem::rfind(bytes, CUT.as_bytes())).flatten();
    let (kept, said) = bytes.split_at(cut.unwrap_or(bytes.len()));
    body(kept, out);
    out.extend_from_slice(said);
}

fn body(bytes: &[u8], out: &mut Vec<u8>) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        out.extend_from_slice(format!("({} bytes that are not text)", bytes.len()).as_bytes());
        return;
    };
    match text.trim_start().as_bytes().first() {
        Some(b'{' | b'[') => Json::copy_all(text, out),
        // a page, perhaps with credentials in its forms
        Some(b'<') => out.extend_from_slice(format!("({} bytes of markup)", bytes.len()).as_bytes()),
        // JSON in a string: a client serialised it twice
        Some(b'"') => match serde_json::from_str::<String>(text) {
            Ok(inner) => {
                out.extend_from_slice(b"(JSON in a string) ");
                body(inner.as_bytes(), out);
            }
            Err(_) => out.extend_from_slice(format!("({} bytes of a string)", bytes.len()).as_bytes()),
        },
        _ if looks_like_jws(text) => put_mark(text, out),
        _ if text.contains('=') => form(text, out),
        _ => out.extend_from_slice(bytes),
    }
}

/// Walks over JSON without building it. What is no JSON is copied as it comes, but for its strings' rules.
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

    /// Walks up to the end, from string to string: nothing else is looked at.
    fn walk(&mut self) {
        while let Some(gap) = memchr(b'"', &self.text.as_bytes()[self.at..]) {
            self.at += gap;
            let start = self.at;
            let string = self.string();
            if self.is_key() {
                self.member(string);
            } else if looks_like_jws(string) {
                self.put_mark(start, string);
            } else if let Some((from, to)) = channel_id(string) {
                self.mark_part(start + 1 + from, start + 1 + to);
            }
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
        let kind = personal::kind(self.text[start..self.at].trim_matches('"'));
        self.catch_up(start);
        self.out.extend_from_slice(b"\"(redacted");
        if let Some(kind) = kind {
            self.out.extend_from_slice(b": ");
            self.out.extend_from_slice(kind.as_bytes());
        }
        self.out.extend_from_slice(b")\"");
    }

    /// A part of what was walked over leaves its mark.
    fn mark_part(&mut self, from: usize, to: usize) {
        self.out.extend_from_slice(&self.text.as_bytes()[self.copied..from]);
        put_mark(&self.text[from..to], self.out);
        self.copied = to;
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

#[cfg(test)]
#[path = "redact_tests.rs"]
mod tests;
