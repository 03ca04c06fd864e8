//! YAML as a tree. What stands for something else is bounded, however often it is called; a name is in a map once.

use std::collections::{BTreeMap, BTreeSet};

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag as Written};

use super::{
    Document, Id, Kind, Node, Source, Spot, Wrong,
    scalar::{Scalar, Whole, whole},
    tag::{Form, Tag},
};
use crate::base::codec::from_base64;

/// Lists and maps within one another, also by aliases.
const DEEPEST: usize = 64;
/// Values in all, each counted as often as aliases call it.
const MOST: usize = 250_000;
/// Maps with more members are looked through by an index.
const FEW: usize = 16;

/// Reads a text.
pub(super) fn read(text: &str) -> Result<Document<'_>, Wrong> {
    let mut building = Building {
        document: Document { nodes: Vec::new(), words: BTreeMap::new(), source: Source::Yaml },
        open: Vec::new(),
        anchors: BTreeMap::new(),
        names: BTreeMap::new(),
        count: 0,
    };
    let mut closed = false;
    for event in Parser::new_from_str(text) {
        match event {
            Ok((Event::DocumentEnd, span)) => closed = !span.is_empty(),
            Ok((event, span)) => building.take(event, span)?,
            // what follows an explicit end is of another document
            Err(_) if closed => break,
            Err(error) => return Err(unreadable(&error)),
        }
    }
    if building.document.nodes.is_empty() {
        building.add(nothing(), Spot { line: 1, column: 1 });
    }
    Ok(building.document)
}

fn nothing<'t>() -> Kind<'t> {
    Kind::Scalar(Scalar { text: "".into(), plain: true, tag: Tag::Null })
}

fn unreadable(error: &ScanError) -> Wrong {
    let mark = error.marker();
    let spot = Spot { line: mark.line() as u64, column: mark.col() as u64 + 1 };
    match error.kind() {
        granit_parser::ErrorKind::UnknownAnchor => Wrong::yaml(spot, "alias references unknown anchor"),
        _ => Wrong::yaml(spot, error.info()),
    }
}

/// A list or map that is being read.
struct Open {
    node: Id,
    anchor: usize,
    /// How many values there were before.
    before: usize,
    /// How many lists and maps are within one another in it.
    height: usize,
    /// The name whose value comes next.
    name: Option<Id>,
    /// What is merged into it.
    merges: Vec<Id>,
}

/// What can be called.
#[derive(Clone, Copy)]
struct Anchored {
    node: Id,
    count: usize,
    height: usize,
}

/// What makes a name the same as another one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    Whole(Whole),
    Text(String),
}

struct Building<'t> {
    document: Document<'t>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Anchored>,
    /// The names in large maps.
    names: BTreeMap<Id, BTreeSet<Name>>,
    count: usize,
}

impl<'t> Building<'t> {
    fn take(&mut self, event: Event<'t>, span: Span) -> Result<(), Wrong> {
        let spot = Spot { line: span.start.line() as u64, column: span.start.col() as u64 + 1 };
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let (tag, word) = tagged(tag.as_deref(), Form::Scalar, spot)?;
                let mut scalar = Scalar { text, plain: style == ScalarStyle::Plain, tag };
                if tag == Tag::Binary {
                    scalar = decoded(&scalar.text, spot)?;
                }
                let node = self.place(Kind::Scalar(scalar), word, spot)?;
                self.anchors
                    .extend((anchor != 0).then_some((anchor, Anchored { node, count: 1, height: 0 })));
                self.attach(node, 0, spot)
            }
            Event::SequenceStart(_, anchor, tag) => {
                let (_, word) = tagged(tag.as_deref(), Form::List, spot)?;
                self.begin(Kind::List(Vec::new()), word, anchor, spot)
            }
            Event::MappingStart(_, anchor, tag) => {
                let (_, word) = tagged(tag.as_deref(), Form::Map, spot)?;
                self.begin(Kind::Map(Vec::new()), word, anchor, spot)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(spot),
            Event::Alias(anchor) => {
                let Some(known) = self.anchors.get(&anchor).copied() else {
                    return Err(Wrong::yaml(spot, "an alias within what it stands for has no end"));
                };
                self.count += known.count;
                let node = self.place(Kind::Alias(known.node), None, spot)?;
                self.attach(node, known.height, spot)
            }
            _ => Ok(()),
        }
    }

    fn add(&mut self, kind: Kind<'t>, spot: Spot) -> Id {
        // there are fewer than `MOST`
        let id = self.document.nodes.len() as Id;
        self.document.nodes.push(Node { kind, place: (spot.line as u32, spot.column as u32) });
        id
    }

    fn place(&mut self, kind: Kind<'t>, word: Option<String>, spot: Spot) -> Result<Id, Wrong> {
        if self.open.is_empty() && !self.document.nodes.is_empty() {
            return Err(Wrong::yaml(spot, "multiple YAML documents detected; one is expected"));
        }
        self.count += 1;
        if self.count > MOST {
            let words = format!("there are more than {MOST} values, with what aliases stand for");
            return Err(Wrong::yaml(spot, words));
        }
        let id = self.add(kind, spot);
        self.document.words.extend(word.map(|word| (id, word)));
        Ok(id)
    }

    fn begin(
        &mut self,
        kind: Kind<'t>,
        word: Option<String>,
        anchor: usize,
        spot: Spot,
    ) -> Result<(), Wrong> {
        let before = self.count;
        let node = self.place(kind, word, spot)?;
        let (height, name, merges) = Default::default();
        self.open.push(Open { node, anchor, before, height, name, merges });
        self.is_shallow(0, spot)
    }

    fn is_shallow(&self, height: usize, spot: Spot) -> Result<(), Wrong> {
        match self.open.len() + height > DEEPEST {
            true => {
                Err(Wrong::yaml(spot, format!("more than {DEEPEST} lists and maps are within one another")))
            }
            false => Ok(()),
        }
    }

    fn end(&mut self, spot: Spot) -> Result<(), Wrong> {
        let Some(Open { node, anchor, before, height, merges, .. }) = self.open.pop() else { return Ok(()) };
        for other in merges {
            self.merge(node, other)?;
        }
        let height = height + 1;
        if anchor != 0 {
            self.anchors.insert(anchor, Anchored { node, count: self.count - before, height });
        }
        self.attach(node, height, spot)
    }

    /// Puts a value into what is open.
    fn attach(&mut self, value: Id, height: usize, spot: Spot) -> Result<(), Wrong> {
        self.is_shallow(height, spot)?;
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        open.height = open.height.max(height);
        let (node, name) = (open.node, open.name.take());
        if let Kind::List(all) = &mut self.document.nodes[node as usize].kind {
            all.push(value);
            return Ok(());
        }
        let Some(name) = name else {
            if self.document.scalar(value).is_none() {
                let words = "the name of a member is a text, not a list or a map";
                return Err(Wrong::yaml(self.spot(value), words));
            }
            open.name = Some(value);
            return Ok(());
        };
        if self.document.scalar(name).is_some_and(Scalar::merges) {
            open.merges.push(value);
        } else if self.is_new(node, name) {
            self.push(node, name, value);
        } else {
            let words =
                format!("duplicate mapping key: {}; each name is there once", self.document.name(name));
            return Err(Wrong::yaml(self.spot(name), words));
        }
        Ok(())
    }

    fn spot(&self, id: Id) -> Spot {
        let (line, column) = self.document.node(id).place;
        Spot { line: line.into(), column: column.into() }
    }

    fn push(&mut self, map: Id, name: Id, value: Id) {
        if let Kind::Map(members) = &mut self.document.nodes[map as usize].kind {
            members.push((name, value));
        }
    }

    /// Has the map no member of this name?
    fn is_new(&mut self, map: Id, name: Id) -> bool {
        let Kind::Map(members) = &self.document.node(map).kind else { return false };
        let same = |other: &Id| match (self.document.scalar(*other), self.document.scalar(name)) {
            (Some(one), Some(other)) => match (number(one), number(other)) {
                (None, None) => one.text == other.text,
                (one, other) => one == other,
            },
            _ => false,
        };
        if members.len() < FEW {
            return !members.iter().any(|(other, _)| same(other));
        }
        let identity = |id: Id| {
            self.document
                .scalar(id)
                .map(|scalar| number(scalar).map_or_else(|| Name::Text(scalar.text.to_string()), Name::Whole))
        };
        let all: Vec<_> = match self.names.get(&map) {
            Some(_) => vec![name],
            None => members.iter().map(|(name, _)| *name).chain([name]).collect(),
        };
        let all: Vec<_> = all.into_iter().filter_map(identity).collect();
        let names = self.names.entry(map).or_default();
        all.into_iter().fold(true, |_, name| names.insert(name))
    }

    /// Adds what is in other maps, unless it is there already.
    fn merge(&mut self, map: Id, other: Id) -> Result<(), Wrong> {
        let meant = self.document.meant(other);
        match &self.document.node(meant).kind {
            Kind::Scalar(scalar) if scalar.is_null() => {}
            Kind::Map(members) => {
                for (name, value) in members.clone() {
                    if self.is_new(map, name) {
                        let value = match other == meant {
                            true => value,
                            // what is wrong with it is told where it is merged
                            false => self.add(Kind::Alias(self.document.meant(value)), self.spot(other)),
                        };
                        self.push(map, name, value);
                    }
                }
            }
            Kind::List(all) => {
                for one in all.clone() {
                    self.merge(map, one)?;
                }
            }
            _ => {
                let words = "YAML merge value must be mapping or sequence of mappings";
                return Err(Wrong::yaml(self.spot(meant), words));
            }
        }
        Ok(())
    }
}

/// The number that a name is, which may be written in several ways.
fn number(scalar: &Scalar<'_>) -> Option<Whole> {
    let begins = scalar.text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '+' | '-'));
    let is = begins && (scalar.tag == Tag::Int || scalar.tag == Tag::None && scalar.plain);
    is.then(|| whole(&scalar.text)).flatten()
}

/// A tag, which has to fit.
fn tagged(written: Option<&Written>, form: Form, spot: Spot) -> Result<(Tag, Option<String>), Wrong> {
    let (tag, word) = Tag::of(written);
    match written {
        Some(written) if !tag.fits(form) => {
            Err(Wrong::yaml(spot, format!("unsupported tag `{}`", written.original())))
        }
        _ => Ok((tag, word)),
    }
}

/// What is written in base64, which has to be a text.
fn decoded(text: &str, spot: Spot) -> Result<Scalar<'static>, Wrong> {
    let bare: String = text.chars().filter(|char| !char.is_whitespace()).collect();
    let decoded = from_base64(&bare).ok_or("invalid !!binary base64");
    let text =
        decoded.and_then(|bytes| String::from_utf8(bytes).map_err(|_| "!!binary scalar is not valid UTF-8"));
    let text = text.map_err(|words| Wrong::yaml(spot, words))?;
    Ok(Scalar { text: text.into(), plain: false, tag: Tag::Text })
}
