//! JSON (RFC 8259) as a tree, with the place of each value. What is not JSON is told in the words of `serde_json`.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use serde::de::Error;
use serde_json::Value;

use super::{
    Document, Id, Kind, Node, Source,
    value::named,
    wrong::{Step, written},
};

/// Lists and maps within one another; `serde_json` has the same.
const DEEPEST: usize = 127;

/// A value or a name takes about so many bytes of a text.
const BYTES: usize = 16;
/// For no more of them there is room from the start.
const AT_ONCE: usize = 1 << 16;

/// Why a text is not JSON.
#[derive(Debug)]
pub struct BadJson {
    error: serde_json::Error,
    /// It is, but there is something behind it.
    pub goes_on: bool,
    /// The way to where it ceases to be, such as `effect.plan[2]`; `.` is the whole.
    pub way: String,
}

impl fmt::Display for BadJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for BadJson {}

/// Reads a text.
pub(super) fn read(text: &[u8]) -> Result<Document<'_>, BadJson> {
    let bad = |goes_on: bool, way: &[Step]| {
        let error = serde_json::from_slice::<Value>(text).err();
        let error = error.unwrap_or_else(|| Error::custom("it cannot be taken in"));
        BadJson { error, goes_on, way: written(way) }
    };
    // larger ones are not taken in by anybody
    let whole = str::from_utf8(text).ok().filter(|text| u32::try_from(text.len()).is_ok());
    let text = whole.ok_or_else(|| bad(false, &[]))?;
    let nodes = Vec::with_capacity((text.len() / BYTES).min(AT_ONCE));
    let mut scan = Scan { text, at: 0, deep: 0, nodes, inner: Vec::new(), way: Vec::new() };
    let whole = scan.value();
    scan.space();
    match whole.map(|_| scan.at == text.len()) {
        Some(true) => Ok(Document { nodes: scan.nodes, words: BTreeMap::new(), source: Source::Json(text) }),
        ended => Err(bad(ended.is_some(), &scan.way)),
    }
}

/// A text while it is read. What is not JSON is `None`.
struct Scan<'t> {
    text: &'t str,
    at: usize,
    deep: usize,
    nodes: Vec<Node<'t>>,
    /// What is in the lists and maps that are not over: values, or names and values in turn.
    inner: Vec<Id>,
    /// Where it ceases to be JSON, from the inside out.
    way: Vec<Step>,
}

impl<'t> Scan<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Goes on if this is next.
    fn took(&mut self, byte: u8) -> bool {
        let is = self.peek() == Some(byte);
        self.at += usize::from(is);
        is
    }

    fn word(&mut self, word: &str, kind: Kind<'t>) -> Option<Kind<'t>> {
        let is = self.text.as_bytes()[self.at..].starts_with(word.as_bytes());
        self.at += word.len();
        is.then_some(kind)
    }

    /// A node whose end is not known yet.
    fn begin(&mut self) -> Option<(Id, usize)> {
        let id = Id::try_from(self.nodes.len()).ok()?;
        self.nodes.push(Node { kind: Kind::Null, place: (0, 0) });
        Some((id, self.at))
    }

    fn end(&mut self, (id, from): (Id, usize), kind: Kind<'t>) -> Option<Id> {
        let place = (u32::try_from(from).ok()?, u32::try_from(self.at).ok()?);
        self.nodes[id as usize] = Node { kind, place };
        Some(id)
    }

    fn value(&mut self) -> Option<Id> {
        self.space();
        let begun = self.begin()?;
        let kind = match self.peek()? {
            b'"' => Kind::Text(self.text()?),
            b'{' => self.inside(Self::members)?,
            b'[' => self.inside(Self::elements)?,
            b't' => self.word("true", Kind::Bool(true))?,
            b'f' => self.word("false", Kind::Bool(false))?,
            b'n' => self.word("null", Kind::Null)?,
            _ => self.number()?,
        };
        self.end(begun, kind)
    }

    fn inside(&mut self, read: fn(&mut Self) -> Option<Kind<'t>>) -> Option<Kind<'t>> {
        self.deep += 1;
        if self.deep > DEEPEST {
            return None;
        }
        self.at += 1;
        let kind = read(self);
        self.deep -= 1;
        kind
    }

    fn elements(&mut self) -> Option<Kind<'t>> {
        let before = self.inner.len();
        self.space();
        if self.took(b']') {
            return Some(Kind::List(Vec::new()));
        }
        loop {
            match self.value() {
                Some(one) => self.inner.push(one),
                None => return self.ceased(Step::Nth(self.inner.len() - before)),
            }
            self.space();
            if self.took(b']') {
                return Some(Kind::List(self.inner.drain(before..).collect()));
            }
            self.took(b',').then_some(())?;
        }
    }

    fn members(&mut self) -> Option<Kind<'t>> {
        let before = self.inner.len();
        self.space();
        if self.took(b'}') {
            return Some(Kind::Map(Vec::new()));
        }
        loop {
            self.space();
            let begun = self.begin()?;
            let name = self.text()?;
            let name = self.end(begun, named(name))?;
            self.space();
            self.took(b':').then_some(())?;
            match self.value() {
                Some(value) => self.inner.extend([name, value]),
                None => return self.ceased(Step::Name(self.name(name))),
            }
            self.space();
            if self.took(b'}') {
                let all = self.inner[before..].chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
                self.inner.truncate(before);
                return Some(Kind::Map(all));
            }
            self.took(b',').then_some(())?;
        }
    }

    fn name(&self, id: Id) -> String {
        match &self.nodes[id as usize].kind {
            Kind::Scalar(scalar) => scalar.text.to_string(),
            _ => String::new(),
        }
    }

    #[cold]
    fn ceased<T>(&mut self, step: Step) -> Option<T> {
        self.way.push(step);
        None
    }

    /// A string. What is escaped in it is left to `serde_json`.
    fn text(&mut self) -> Option<Cow<'t, str>> {
        let (text, from) = (self.text, self.at);
        self.took(b'"').then_some(())?;
        let mut escaped = false;
        loop {
            let rest = text.as_bytes().get(self.at..)?;
            let next = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f))?;
            self.at += next;
            match rest[next] {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    self.at += 2;
                }
                _ => return None,
            }
        }
        self.at += 1;
        match escaped {
            false => Some(Cow::Borrowed(&text[from + 1..self.at - 1])),
            true => serde_json::from_str(text.get(from..self.at)?).ok().map(Cow::Owned),
        }
    }

    /// A number. What is no whole one is left to `serde_json`.
    fn number(&mut self) -> Option<Kind<'t>> {
        let from = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')) {
            self.at += 1;
        }
        let text = &self.text[from..self.at];
        let digits = text.strip_prefix('-').unwrap_or(text);
        let is_whole = digits.bytes().all(|byte| byte.is_ascii_digit());
        if is_whole && (digits == "0" || !digits.starts_with('0')) {
            let whole = match digits.len() == text.len() {
                true => text.parse().ok().map(Kind::Unsigned),
                false => text.parse().ok().filter(|n| *n < 0).map(Kind::Signed),
            };
            if whole.is_some() {
                return whole;
            }
        }
        serde_json::from_str(text).ok().map(Kind::Float)
    }
}
