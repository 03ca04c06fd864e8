//! An entry taken out of the journal with its text, to be looked at when no lock is held. Secrets are left out of it,
//! unless they are to be shown.

use std::sync::OnceLock;

use super::{
    entry::{Entry, Kind},
    redact, redact_form, redact_target,
};

/// An entry and its text.
#[derive(Debug)]
pub struct Record {
    entry: Entry,
    /// As it came.
    text: Vec<u8>,
    target: OnceLock<String>,
    head: OnceLock<String>,
    body: OnceLock<String>,
    answer_head: OnceLock<String>,
    answer_body: OnceLock<String>,
    is_bare: bool,
    /// The entry as it was, if it says what is not to be shown.
    plain: Option<Box<Entry>>,
}

impl Record {
    pub(super) fn new(mut entry: Entry, text: Vec<u8>) -> Self {
        let (target, head, body) = Default::default();
        let (answer_head, answer_body) = Default::default();
        let misplaced = entry.claimed.misplaced.clone();
        let shown = |word: &str| {
            let known = misplaced.as_deref().filter(|secret| word.contains(*secret));
            let without = known.map(|secret| redact_form::without(word, secret));
            redact_form::said(without.as_deref().unwrap_or(word)).or(without)
        };
        let tells = entry.words().any(|word| shown(word).is_some());
        let plain = tells.then(|| Box::new(entry.clone()));
        for word in entry.words().filter(|_| tells) {
            if let Some(shown) = shown(word) {
                *word = shown;
            }
        }
        Self { entry, text, target, head, body, answer_head, answer_body, is_bare: false, plain }
    }

    /// The same with its secrets, to be shown to people who have asked for them.
    pub fn bare(mut self) -> Self {
        let parts = self.entry.parts;
        let plain = |from, to| String::from_utf8_lossy(self.part(from, to)).into_owned().into();
        let [target, head, body] =
            [(0, parts.head), (parts.head, parts.body), (parts.body, parts.answer)].map(|(a, b)| plain(a, b));
        let [answer_head, answer_body] =
            [(parts.answer, parts.answer_body), (parts.answer_body, parts.end)].map(|(a, b)| plain(a, b));
        (self.target, self.head, self.body) = (target, head, body);
        (self.answer_head, self.answer_body, self.is_bare) = (answer_head, answer_body, true);
        if let Some(plain) = self.plain.take() {
            self.entry = *plain;
        }
        if let Some(secret) = &self.entry.claimed.misplaced {
            self.entry.claimed.client = Some((&**secret).into());
        }
        self
    }

    /// The session's token, or what stands for it.
    pub fn session(&self) -> Option<String> {
        let token = self.entry.claimed().session.as_ref()?.as_str();
        Some(if self.is_bare { token.to_owned() } else { redact::mark(token) })
    }

    /// All but the text.
    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    /// A part of the text without a secret that came where nobody expects one.
    fn hidden(&self, text: String) -> String {
        match &self.entry.claimed.misplaced {
            Some(secret) => redact_form::without(&text, secret),
            None => text,
        }
    }

    fn part(&self, from: u32, to: u32) -> &[u8] {
        self.text.get(from as usize..to as usize).unwrap_or_default()
    }

    /// Path and query of a request, `action` or `class` of a frame.
    pub fn target(&self) -> &str {
        let part = self.part(0, self.entry.parts.head);
        self.target.get_or_init(|| self.hidden(redact_target::target(&String::from_utf8_lossy(part))))
    }

    /// Path of a request, without the org's prefix.
    pub fn path(&self) -> &str {
        self.target().split('?').next().unwrap_or_default()
    }

    /// Query of a request.
    pub fn query(&self) -> &str {
        self.target().split_once('?').map_or("", |(_, query)| query)
    }

    /// Headers of a request, a line a header.
    pub fn head(&self) -> &str {
        let parts = self.entry.parts;
        self.head.get_or_init(|| self.hidden(headers(self.part(parts.head, parts.body))))
    }

    /// Body of a request, or text of a frame.
    pub fn body(&self) -> &str {
        let parts = self.entry.parts;
        self.body.get_or_init(|| self.hidden(body(self.part(parts.body, parts.answer))))
    }

    /// Headers of the answer, a line a header.
    pub fn answer_head(&self) -> &str {
        let parts = self.entry.parts;
        self.answer_head.get_or_init(|| self.hidden(headers(self.part(parts.answer, parts.answer_body))))
    }

    /// Body of the answer.
    pub fn answer_body(&self) -> &str {
        let parts = self.entry.parts;
        self.answer_body.get_or_init(|| self.hidden(body(self.part(parts.answer_body, parts.end))))
    }

    /// The values of a header of the request.
    pub fn header(&self, name: &str) -> Vec<String> {
        values(self.head(), name)
    }

    /// The values of a header of the answer.
    pub fn answer_header(&self, name: &str) -> Vec<String> {
        values(self.answer_head(), name)
    }

    /// In one line, such as `POST /oauth/token → 200`.
    pub fn line(&self) -> String {
        let target = self.target();
        match (self.entry.kind(), self.entry.status()) {
            (Kind::FrameIn, _) => format!("\u{2190} {target}"),
            (Kind::FrameOut, _) => format!("\u{2192} {target}"),
            (Kind::Http, 0) => format!("{} {target}", self.entry.method()),
            (Kind::Http, status) => format!("{} {target} \u{2192} {status}", self.entry.method()),
        }
    }
}

fn headers(lines: &[u8]) -> String {
    let mut out = Vec::new();
    redact_form::headers(&String::from_utf8_lossy(lines), &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

fn body(bytes: &[u8]) -> String {
    let mut out = Vec::new();
    redact::kept_body(bytes, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

fn values(head: &str, name: &str) -> Vec<String> {
    let lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.filter(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).collect()
}
