//! What must never be shown of headers, URLs, queries and forms, whatever clients take for one.

use std::str::from_utf8;

use memchr::{memchr2, memchr3};

use super::{
    redact::{Kind, body, kind, mark, put_left_out, put_mark, words},
    redact_target::secret_in,
};
use crate::base::codec::{fields, form_decoded, looks_like_jws, named};

/// What names of headers are made of whose values are credentials.
const SECRET_HEADERS: [&str; 8] =
    ["token", "secret", "password", "authorization", "jwt", "api-key", "apikey", "assertion"];

/// No scheme of `Authorization` is longer.
const LONGEST_SCHEME: usize = 16;

/// No subprotocol that means something is longer; some clients offer their credential as one.
const LONGEST_PROTOCOL: usize = 28;

/// How often a value is decoded.
const DEPTH: u32 = 3;

/// Appends a header section that has a line a header.
pub fn headers(lines: &str, out: &mut Vec<u8>) {
    for line in lines.split_inclusive('\n') {
        let line = line.strip_suffix('\n').unwrap_or(line);
        let (name, value) = line.split_once(": ").unwrap_or((line, ""));
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b": ");
        header(name, value, out);
        out.push(b'\n');
    }
}

fn header(name: &str, value: &str, out: &mut Vec<u8>) {
    match name {
        "authorization" | "proxy-authorization" => match value.split_once(' ') {
            Some((scheme, secret)) if scheme.len() <= LONGEST_SCHEME => {
                out.extend_from_slice(scheme.as_bytes());
                out.push(b' ');
                put_mark(secret, out);
            }
            _ => put_mark(value, out),
        },
        "cookie" | "set-cookie" => out.extend_from_slice(b"(redacted)"),
        "sec-websocket-protocol" => {
            for part in value.split_inclusive([',', ' ']) {
                let protocol = part.trim_end_matches([',', ' ']);
                match protocol.len() > LONGEST_PROTOCOL && secret_in(protocol).is_none() {
                    true => put_mark(protocol, out),
                    false => parts(protocol, out),
                }
                out.extend_from_slice(&part.as_bytes()[protocol.len()..]);
            }
        }
        _ if SECRET_HEADERS.iter().any(|part| name.contains(part)) => put_mark(value, out),
        _ if name.contains("attributes") => put_left_out(value, out),
        _ if value.starts_with(['{', '[']) => body(value.as_bytes(), out),
        _ => url(value, out),
    }
}

/// Appends a URL: its query and its fragment may hold credentials.
pub(super) fn url(text: &str, out: &mut Vec<u8>) {
    url_within(text, DEPTH, out);
}

fn url_within(text: &str, depth: u32, out: &mut Vec<u8>) {
    for part in text.split_inclusive(['?', '#']) {
        let fields = part.strip_suffix(['?', '#']).unwrap_or(part);
        form_within(fields, depth, out);
        out.extend_from_slice(&part.as_bytes()[fields.len()..]);
    }
}

/// Appends a query or form.
pub fn form(encoded: &str, out: &mut Vec<u8>) {
    form_within(encoded, DEPTH, out);
}

fn form_within(encoded: &str, depth: u32, out: &mut Vec<u8>) {
    for (nth, one) in fields(encoded).enumerate() {
        if nth > 0 {
            out.push(b'&');
        }
        field(one, depth, out);
    }
}

/// Appends a field. Some clients take other signs than `&` for what is between fields: what stands behind one is looked at as
/// if it were, but a credential reaches to the end.
fn field(mut field: &str, depth: u32, out: &mut Vec<u8>) {
    loop {
        let Some((name, given)) = named(field) else { return value_within(field, depth, out) };
        let kind = if looks_like_jws(given) { Kind::Secret } else { kind_of_field(name) };
        match kind {
            Kind::Open => value_within(name, depth, out),
            // no name at all: something else that has been taken for a form
            _ if form_decoded(name).contains(['"', '\'', '{', ':', '=']) => return put_mark(field, out),
            _ => out.extend_from_slice(name.as_bytes()),
        }
        out.push(b'=');
        match kind {
            Kind::Secret => return put_mark(given, out),
            Kind::Private => return put_left_out(&form_decoded(given), out),
            Kind::Open => {}
        }
        let Some(end) = memchr3(b';', b'\n', b'\r', given.as_bytes()) else {
            return value_within(given, depth, out);
        };
        value_within(&given[..end], depth, out);
        out.push(given.as_bytes()[end]);
        field = &given[end + 1..];
    }
}

/// `code` is a credential in forms and queries; in JSON bodies it is mostly an error code.
fn kind_of_field(name: &str) -> Kind {
    let of = |name: &str| if words(name).any(|word| word == "code") { Kind::Secret } else { Kind::Open };
    let kind = |name: &str| kind(name).max(of(name));
    match memchr2(b'%', b'+', name.as_bytes()) {
        None => kind(name),
        Some(_) => kind(&form_decoded(name)),
    }
}

/// Appends a value whose name says nothing.
pub(super) fn value(text: &str, out: &mut Vec<u8>) {
    field(text, DEPTH, out);
}

/// Encoded in it there may be a form, a URL or JSON.
fn value_within(text: &str, depth: u32, out: &mut Vec<u8>) {
    if memchr2(b'%', b'{', text.as_bytes()).is_none() {
        return parts(text, out);
    }
    let decoded = form_decoded(text);
    if depth == 0 {
        return put_mark(text, out);
    }
    let mut kept = Vec::new();
    match decoded.trim_start().starts_with(['{', '[', '"']) {
        true => body(decoded.as_bytes(), &mut kept),
        false if decoded == text => return parts(text, out),
        false => url_within(&decoded, depth - 1, &mut kept),
    }
    match from_utf8(&kept) {
        Ok(kept) if kept == decoded => out.extend_from_slice(text.as_bytes()),
        _ => out.extend(form_urlencoded::byte_serialize(&kept).flat_map(str::bytes)),
    }
}

/// Appends a text in which something may be a credential by its looks.
fn parts(mut text: &str, out: &mut Vec<u8>) {
    while let Some((from, to)) = secret_in(text) {
        out.extend_from_slice(&text.as_bytes()[..from]);
        put_mark(&text[from..to], out);
        text = &text[to..];
    }
    out.extend_from_slice(text.as_bytes());
}

/// A text for people, such as a reason: what it repeats of a request may be a credential.
pub fn said(text: &str) -> Option<String> {
    if secret_in(text).is_none() && !text.contains('=') {
        return None;
    }
    let mut out = Vec::new();
    url(text, &mut out);
    Some(String::from_utf8_lossy(&out).into_owned()).filter(|kept| kept != text)
}

/// A text without a secret, however it is spelled there.
pub fn without(text: &str, secret: &str) -> String {
    let in_form: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let in_json = serde_json::Value::from(secret).to_string();
    let spelled = [secret, &in_form, in_json.trim_matches('"')];
    spelled.iter().fold(text.to_owned(), |text, spelled| text.replace(spelled, &mark(secret)))
}

/// Is a body one line that nobody takes for anything but a form or a few words?
pub(super) fn is_readable(text: &str) -> bool {
    let line = text.trim_end();
    let is_quote = |sign: char| sign.is_whitespace() || matches!(sign, '"' | '\'');
    let ends = |sign: char| is_quote(sign) || matches!(sign, ',' | '&' | ';' | '{' | '(' | '?' | '=');
    let names = |before: &str| {
        let name = before.trim_end_matches(is_quote).rsplit(ends).next();
        name.is_some_and(|name| kind(name) != Kind::Open)
    };
    !line.contains(char::is_control) && !line.match_indices(':').any(|(at, _)| names(&line[..at]))
}
