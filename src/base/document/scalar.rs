//! Scalars of YAML. What one is depends on what is asked for; where nothing is, on the core schema of YAML 1.2, with the
//! words that 1.1 has for true and false.

use std::borrow::Cow;

use super::tag::Tag;

/// A scalar as it is written.
#[derive(Debug)]
pub(super) struct Scalar<'t> {
    pub text: Cow<'t, str>,
    /// Without quotes.
    pub plain: bool,
    pub tag: Tag,
}

/// What a scalar is by itself.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Resolved<'a> {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(&'a str),
}

/// A whole number: is it negative, and how much is it?
pub(super) type Whole = (bool, u128);

impl Scalar<'_> {
    /// Is it nothing?
    pub fn is_null(&self) -> bool {
        match self.tag {
            Tag::Null => true,
            Tag::None | Tag::Other | Tag::Time | Tag::Merge => self.plain && is_null(&self.text),
            _ => false,
        }
    }

    /// Is it a name that merges another map into this one?
    pub fn merges(&self) -> bool {
        self.text == "<<" && (self.tag == Tag::Merge || self.tag == Tag::None && self.plain)
    }

    /// What it is if nothing is asked for; `None` if it is not what its tag says.
    pub fn resolved(&self) -> Option<Resolved<'_>> {
        let text = &*self.text;
        match self.tag {
            Tag::Bool => boolean(text).map(Resolved::Bool),
            Tag::Int => whole(text).and_then(resolved_whole),
            Tag::Float => float(text).map(Resolved::Float),
            _ if self.is_null() => Some(Resolved::Null),
            Tag::Text | Tag::Bare => Some(Resolved::Text(text)),
            tag if !tag.may_be_text() => None,
            _ if !self.plain => Some(Resolved::Text(text)),
            _ => Some(of_plain(text)),
        }
    }

    /// As a whole number.
    pub fn whole(&self) -> Option<Whole> {
        whole(&self.text).filter(|_| !self.tag.is_core() || self.tag == Tag::Int)
    }

    /// As any number.
    pub fn float(&self) -> Option<f64> {
        float(&self.text).filter(|_| !self.tag.is_core() || self.tag == Tag::Float)
    }

    /// As true or false.
    pub fn boolean(&self) -> Option<bool> {
        boolean(&self.text).filter(|_| !self.tag.is_core() || self.tag == Tag::Bool)
    }

    /// As a text: whatever is written, unless it is nothing.
    pub fn text(&self) -> Option<&str> {
        let is = self.tag.may_be_text() && (self.tag.is_text() || !self.is_null());
        is.then_some(&self.text)
    }
}

fn is_null(text: &str) -> bool {
    matches!(text, "" | "~") || text.eq_ignore_ascii_case("null")
}

fn of_plain(text: &str) -> Resolved<'_> {
    if let Some(is) = boolean(text) {
        return Resolved::Bool(is);
    }
    // nothing else begins a number
    if !text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '+' | '-' | '.')) {
        return Resolved::Text(text);
    }
    whole(text)
        .and_then(resolved_whole)
        .or_else(|| float(text).or_else(|| too_large(text)).map(Resolved::Float))
        .unwrap_or(Resolved::Text(text))
}

fn resolved_whole<'a>((negative, size): Whole) -> Option<Resolved<'a>> {
    match negative {
        true => signed((negative, size)).and_then(|n| i64::try_from(n).ok()).map(Resolved::Signed),
        false => u64::try_from(size).ok().map(Resolved::Unsigned),
    }
}

/// A whole number with its sign.
pub(super) fn signed((negative, size): Whole) -> Option<i128> {
    match negative {
        true => 0_i128.checked_sub_unsigned(size),
        false => i128::try_from(size).ok(),
    }
}

/// White space around what is in quotes.
fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n'])
}

fn boolean(text: &str) -> Option<bool> {
    let text = trimmed(text);
    let is_one = |words: [&str; 4]| words.into_iter().any(|word| text.eq_ignore_ascii_case(word));
    match text.len() {
        1..=5 if is_one(["true", "yes", "y", "on"]) => Some(true),
        1..=5 if is_one(["false", "no", "n", "off"]) => Some(false),
        _ => None,
    }
}

/// Decimal without leading zeros, or `0x`, `0o`, `0b`; `_` stands between digits.
pub(super) fn whole(text: &str) -> Option<Whole> {
    let text = trimmed(text);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let radix = match digits.get(..2) {
        Some("0x" | "0X") => 16,
        Some("0o" | "0O") => 8,
        Some("0b" | "0B") => 2,
        _ if digits.starts_with('0') && digits != "0" => return None,
        _ => 10,
    };
    let digits = if radix == 10 { digits } else { &digits[2..] };
    let (mut size, mut before) = (0_u128, b'_');
    for byte in digits.bytes() {
        match byte {
            b'_' if before == b'_' => return None,
            b'_' => {}
            _ => {
                let digit = char::from(byte).to_digit(radix)?;
                size = size.checked_mul(radix.into())?.checked_add(digit.into())?;
            }
        }
        before = byte;
    }
    (before != b'_').then_some((negative && size != 0, size))
}

fn float(text: &str) -> Option<f64> {
    let text = trimmed(text);
    match text.to_ascii_lowercase().as_str() {
        ".nan" | "+.nan" | "-.nan" => Some(f64::NAN),
        ".inf" | "+.inf" => Some(f64::INFINITY),
        "-.inf" => Some(f64::NEG_INFINITY),
        _ => text.parse().ok().filter(|n: &f64| n.is_finite()),
    }
}

/// A number that is written out, but larger than there are.
fn too_large(text: &str) -> Option<f64> {
    let written = text.trim_start_matches(['+', '-']).starts_with(|first: char| first.is_ascii_digit());
    text.parse().ok().filter(|n: &f64| written && n.is_infinite())
}
