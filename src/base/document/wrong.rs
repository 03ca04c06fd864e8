//! What is wrong with something that was written: what, on which way, and where.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

use super::{Document, Id, Kind, Source, Spot, shown};

/// A step of the way to what is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Step {
    Name(String),
    Nth(usize),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Nth(nth) => write!(f, "{nth}"),
        }
    }
}

/// A way that is known from the inside out.
pub(super) fn written(steps: &[Step]) -> String {
    let mut way = String::new();
    for step in steps.iter().rev() {
        match step {
            Step::Name(name) if way.is_empty() => way.push_str(name),
            Step::Name(name) => {
                way.push('.');
                way.push_str(name);
            }
            Step::Nth(nth) => way.push_str(&format!("[{nth}]")),
        }
    }
    if way.is_empty() { ".".to_owned() } else { way }
}

/// What is said.
#[derive(Debug)]
enum Said {
    /// In the words of the type that was read.
    Words(String),
    /// Something else was expected there.
    Other(String),
    /// A name that is none of these.
    Unknown { what: &'static str, name: String, known: &'static [&'static str] },
}

#[derive(Debug)]
struct Inner {
    said: Said,
    /// From the inside out.
    way: Vec<Step>,
    /// What is wrong.
    at: Option<Id>,
    /// By what it was called, if it stands elsewhere.
    through: Option<Id>,
    spot: Option<Spot>,
    /// Where it stands, if it was called from elsewhere.
    defined: Option<Spot>,
    yaml: bool,
}

/// What is wrong with something that was written.
#[derive(Debug)]
pub struct Wrong(Box<Inner>);

impl Wrong {
    fn new(said: Said) -> Self {
        let (way, at, through, spot, defined) = Default::default();
        Self(Box::new(Inner { said, way, at, through, spot, defined, yaml: false }))
    }

    /// At a place of a YAML text.
    pub(super) fn yaml(spot: Spot, words: impl Into<String>) -> Self {
        let mut wrong = Self::new(Said::Words(words.into()));
        (wrong.0.spot, wrong.0.yaml) = (Some(spot), true);
        wrong
    }

    /// Something else was expected.
    #[cold]
    #[inline(never)]
    pub(super) fn mismatch(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        de::Error::invalid_type(found, expected)
    }

    /// With the node that it is of, unless one further inside is known.
    pub(super) fn at(mut self, node: Id) -> Self {
        self.0.at.get_or_insert(node);
        self
    }

    /// With the step that led to it, and the node that is there.
    #[cold]
    #[inline(never)]
    pub(super) fn within(mut self, step: Step, node: Id, meant: Id) -> Self {
        self.0.at.get_or_insert(meant);
        if node != meant {
            self.0.through.get_or_insert(node);
        }
        self.0.way.push(step);
        self
    }

    /// With the name of a variant.
    #[cold]
    #[inline(never)]
    pub(super) fn of_variant(mut self, name: &str, content: Option<Id>) -> Self {
        self.0.at = self.0.at.or(content);
        self.0.way.push(Step::Name(name.to_owned()));
        self
    }

    /// The way to it, such as `effect.plan[2].delay`; `.` is the whole.
    pub fn way(&self) -> String {
        written(&self.0.way)
    }

    /// The same, step by step; elements of lists are numbers.
    pub fn steps(&self) -> Vec<String> {
        self.0.way.iter().rev().map(Step::to_string).collect()
    }

    /// Is it a value of another type than was expected there?
    pub fn is_of_type(&self) -> bool {
        matches!(self.0.said, Said::Other(_))
    }

    /// What is wrong, without its place.
    pub fn words(&self) -> String {
        match &self.0.said {
            Said::Words(words) | Said::Other(words) => words.clone(),
            Said::Unknown { what, name, known } if self.0.yaml => {
                format!("unknown {what} `{name}`, expected one of {}", known.join(", "))
            }
            Said::Unknown { what, name, known } => match known {
                [] => format!("unknown {what} `{name}`, there are no {what}s"),
                [one] => format!("unknown {what} `{name}`, expected `{one}`"),
                [one, other] => format!("unknown {what} `{name}`, expected `{one}` or `{other}`"),
                all => format!("unknown {what} `{name}`, expected one of `{}`", all.join("`, `")),
            },
        }
    }

    /// What is wrong in a YAML text, shown there. `words` say it, else its own.
    pub fn shown(&self, text: &str, words: Option<&str>) -> String {
        let bare = self.words();
        let Some(spot) = self.0.spot else { return bare };
        let mut shown = format!("error: {spot}: {}", words.unwrap_or(&bare));
        shown::push(&mut shown, text, spot, &bare);
        if let Some(defined) = self.0.defined {
            shown::push(&mut shown, text, defined, "it is written here");
        }
        shown
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.spot {
            Some(spot) if self.0.yaml => write!(f, "{spot}: {}", self.words()),
            Some(spot) => write!(f, "{} at {spot}", self.words()),
            None => f.write_str(&self.words()),
        }
    }
}

impl std::error::Error for Wrong {}

/// What was expected, if its type says it in words of Rust, in those of whoever writes it.
fn plain(expected: &dyn Expected) -> String {
    let words = expected.to_string();
    let whole = |most: u64| format!("a whole number from 0 to {most}");
    match words.as_str() {
        "u8" => whole(u8::MAX.into()),
        "u16" => whole(u16::MAX.into()),
        "u32" => whole(u32::MAX.into()),
        "u64" | "usize" => "a whole number that is not negative".to_owned(),
        "i8" | "i16" | "i32" | "i64" => "a whole number".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "an object".to_owned(),
        other if other.starts_with("struct ") => "an object".to_owned(),
        other => match other.strip_prefix("a tuple of size ") {
            Some(size) => format!("a list of {size}"),
            None => words,
        },
    }
}

impl de::Error for Wrong {
    #[cold]
    fn custom<T: fmt::Display>(words: T) -> Self {
        Self::new(Said::Words(words.to_string()))
    }

    #[cold]
    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let expected = plain(expected);
        Self::new(Said::Other(match found {
            Unexpected::Unit => format!("invalid type: null, expected {expected}"),
            found => format!("invalid type: {found}, expected {expected}"),
        }))
    }

    #[cold]
    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("invalid value: {found}, expected {}", plain(expected)))
    }

    #[cold]
    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("invalid length {length}, expected {}", plain(expected)))
    }

    #[cold]
    fn unknown_variant(name: &str, known: &'static [&'static str]) -> Self {
        Self::new(Said::Unknown { what: "variant", name: name.to_owned(), known })
    }

    #[cold]
    fn unknown_field(name: &str, known: &'static [&'static str]) -> Self {
        Self::new(Said::Unknown { what: "field", name: name.to_owned(), known })
    }
}

impl Document<'_> {
    /// With its place.
    #[cold]
    #[inline(never)]
    pub(super) fn placed(&self, wrong: Wrong) -> Wrong {
        let mut wrong = wrong.at(0);
        let inner = &mut *wrong.0;
        let spot = |id: Id| self.spot(id);
        inner.yaml = matches!(self.source, Source::Yaml);
        match inner.through {
            Some(alias) => (inner.spot, inner.defined) = (spot(alias), inner.at.and_then(spot)),
            None => inner.spot = inner.at.and_then(spot),
        }
        wrong
    }

    /// Where something is; in JSON where it ends, as `serde_json` counts.
    fn spot(&self, id: Id) -> Option<Spot> {
        let (one, other) = self.node(id).place;
        match self.source {
            Source::Yaml => Some(Spot { line: one.into(), column: other.into() }),
            Source::Json(text) => {
                let before = text.as_bytes().get(..other as usize)?;
                let line = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
                let lines = before.iter().filter(|byte| **byte == b'\n').count();
                Some(Spot { line: lines as u64 + 1, column: line.len() as u64 })
            }
            Source::Value => None,
        }
    }

    /// What is found where something else was expected, in words.
    pub fn found(&self, wrong: &Wrong) -> String {
        let shortened = |text: &str| match text.char_indices().nth(LONGEST) {
            Some((at, _)) => format!("{}\u{2026}", &text[..at]),
            None => text.to_owned(),
        };
        match &self.node(wrong.0.at.unwrap_or_default()).kind {
            Kind::Scalar(scalar) if scalar.text.is_empty() => "nothing".to_owned(),
            Kind::Scalar(scalar) => format!("`{}`", shortened(&scalar.text)),
            Kind::List(_) => "a list".to_owned(),
            Kind::Map(members) => match members.first() {
                Some((name, _)) => format!("a map with `{}`", shortened(self.name(*name))),
                None => "an empty map".to_owned(),
            },
            _ => "something else".to_owned(),
        }
    }
}

/// Values are shown up to so many characters.
const LONGEST: usize = 40;
