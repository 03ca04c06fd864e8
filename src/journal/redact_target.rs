//! What must never be shown of where a request goes: some paths open what they name.

use std::borrow::Cow;

use memchr::memmem;

use super::{
    redact::mark,
    redact_form::{form, value},
};

/// A path as it may be shown: that of a push device ends in a session token, that of an event stream in a JWT, a channel's
/// id opens its socket, and clients put into paths what belongs into queries.
pub fn path(path: &str) -> Cow<'_, str> {
    const FOLDERS: [&str; 2] = ["/pushdevices/", "/v1/token/"];
    let found = FOLDERS
        .iter()
        .find_map(|folder| memmem::find(path.as_bytes(), folder.as_bytes()).map(|at| at + folder.len()));
    if let Some(end) = found {
        let (head, token) = path.split_at(end);
        return [head, &mark(token)].concat().into();
    }
    if secret_in(path).is_none() && !path.contains(['=', '%']) {
        return path.into();
    }
    let mut out = Vec::new();
    value(path, &mut out);
    String::from_utf8_lossy(&out).into_owned().into()
}

/// Where in a text something is that is a credential by its looks alone.
pub(super) fn secret_in(text: &str) -> Option<(usize, usize)> {
    match (jws(text), channel_id(text)) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// Where a JWT is, or what is left of one.
fn jws(text: &str) -> Option<(usize, usize)> {
    const LEAST: usize = 16;
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        let from = at + memmem::find(&bytes[at..], b"eyJ")?;
        let is_of_it = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let length = bytes[from..].iter().take_while(|byte| is_of_it(byte)).count();
        at = from + length;
        if length >= LEAST && bytes[from..at].contains(&b'.') {
            return Some((from, at));
        }
    }
}

/// Where in a text the id of a notification channel is, which is the secret of its socket: `streaming-`, a number, and what
/// nobody guesses.
pub(super) fn channel_id(text: &str) -> Option<(usize, usize)> {
    const HEAD: &str = "streaming-";
    let from = memmem::find(text.as_bytes(), HEAD.as_bytes())?;
    let rest = &text[from + HEAD.len()..];
    let number = rest.bytes().take_while(u8::is_ascii_digit).count();
    let secret = rest[number..].strip_prefix('-')?;
    let secret = secret.bytes().take_while(u8::is_ascii_alphanumeric).count();
    (number > 0 && secret > 0).then(|| (from, from + HEAD.len() + number + 1 + secret))
}

/// Path and query of a request, or the action or class of a frame.
pub fn target(text: &str) -> String {
    let Some((before, query)) = text.split_once('?') else { return path(text).into_owned() };
    let mut out = path(before).into_owned().into_bytes();
    out.push(b'?');
    form(query, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}
