//! What must never be shown of where a request goes: some paths open what they name.

use std::borrow::Cow;

use memchr::memmem;

use super::redact::{form, mark};

/// A path as it may be shown: that of a push device ends in a session token, that of an event stream in a JWT, and a channel's
/// id opens its socket.
pub fn path(path: &str) -> Cow<'_, str> {
    const FOLDERS: [&str; 2] = ["/pushdevices/", "/v1/token/"];
    if let Some((from, to)) = channel_id(path) {
        return [&path[..from], &mark(&path[from..to]), &path[to..]].concat().into();
    }
    let found = FOLDERS
        .iter()
        .find_map(|folder| memmem::find(path.as_bytes(), folder.as_bytes()).map(|at| at + folder.len()));
    let Some(end) = found else { return path.into() };
    let (head, token) = path.split_at(end);
    [head, &mark(token)].concat().into()
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
