//! Where things stand in the text of a scenario file. Looked at only when something is wrong with it.

use std::{collections::BTreeMap, fmt};

use granit_parser::{Event, Parser, Span};

/// A place in a text, from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spot {
    /// The line.
    pub line: u64,
    /// The column, in characters.
    pub column: u64,
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} column {}", self.line, self.column)
    }
}

impl From<Span> for Spot {
    fn from(span: Span) -> Self {
        Self { line: span.start.line() as u64, column: span.start.col() as u64 + 1 }
    }
}

impl Spot {
    /// Of this many bytes into a text.
    pub fn of(text: &str, byte: usize) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Self { line: before.matches('\n').count() as u64 + 1, column: line.chars().count() as u64 + 1 }
    }
}

/// What stands somewhere.
#[derive(Debug)]
pub enum Kind {
    /// A scalar, as it is written.
    Scalar(String),
    /// A list, by the numbers of its elements.
    List(Vec<usize>),
    /// A map: names, and the numbers of their values.
    Map(Vec<(String, usize)>),
}

/// A value.
#[derive(Debug)]
struct Node {
    /// Where it begins; where its name stands, if it has one.
    spot: Spot,
    begins: Spot,
    kind: Kind,
    parent: Option<usize>,
    name: String,
}

/// The values of a text, as far as it can be read.
#[derive(Debug, Default)]
pub struct Document {
    nodes: Vec<Node>,
}

/// Something open while it is read.
struct Open {
    node: usize,
    /// The name whose value comes next.
    name: Option<(String, Spot)>,
}

/// Merge keys within merge keys.
const DEEPEST: usize = 16;

impl Document {
    /// Reads a text.
    pub fn read(text: &str) -> Self {
        let mut document = Self::default();
        let mut open: Vec<Open> = Vec::new();
        let mut anchors = BTreeMap::new();
        for (event, span) in Parser::new_from_str(text).map_while(Result::ok) {
            let spot = Spot::from(span);
            let (kind, anchor) = match event {
                Event::Scalar(text, _, anchor, _) => (Kind::Scalar(text.into_owned()), anchor),
                Event::SequenceStart(_, anchor, _) => (Kind::List(Vec::new()), anchor),
                Event::MappingStart(_, anchor, _) => (Kind::Map(Vec::new()), anchor),
                Event::SequenceEnd | Event::MappingEnd => {
                    open.pop();
                    continue;
                }
                Event::Alias(anchor) => {
                    if let Some(node) = anchors.get(&anchor) {
                        document.attach(&mut open, *node);
                    }
                    continue;
                }
                Event::DocumentEnd => break,
                _ => continue,
            };
            if let (Some(Open { node, name: name @ None }), Kind::Scalar(text)) = (open.last_mut(), &kind)
                && matches!(document.nodes[*node].kind, Kind::Map(_))
            {
                *name = Some((text.clone(), spot));
                continue;
            }
            let number = document.nodes.len();
            let opens = !matches!(kind, Kind::Scalar(_));
            document.nodes.push(Node { spot, begins: spot, kind, parent: None, name: String::new() });
            document.attach(&mut open, number);
            if anchor != 0 {
                anchors.insert(anchor, number);
            }
            if opens {
                open.push(Open { node: number, name: None });
            }
        }
        document
    }

    /// Puts a value into what is open.
    fn attach(&mut self, open: &mut [Open], value: usize) {
        let Some(Open { node, name }) = open.last_mut() else { return };
        let (name, spot) = match &mut self.nodes[*node].kind {
            Kind::List(values) => {
                values.push(value);
                ((values.len() - 1).to_string(), None)
            }
            Kind::Map(members) => match name.take() {
                Some((name, spot)) => {
                    members.push((name.clone(), value));
                    (name, Some(spot))
                }
                // a map or a list is the name of something: nobody asks for that
                None => {
                    *name = Some((String::new(), self.nodes[value].begins));
                    return;
                }
            },
            Kind::Scalar(_) => return,
        };
        let parent = *node;
        let child = &mut self.nodes[value];
        if child.parent.is_none() && value != 0 {
            (child.parent, child.name) = (Some(parent), name);
            child.spot = spot.unwrap_or(child.begins);
        }
    }

    /// The value that begins here: the way to it, and what it is.
    pub fn at(&self, spot: Spot) -> Option<(Vec<&str>, &Kind)> {
        let found = self.nodes.iter().find(|node| node.begins == spot)?;
        let mut way = Vec::new();
        let mut at = found;
        while let Some(parent) = at.parent {
            way.push(at.name.as_str());
            at = &self.nodes[parent];
        }
        way.reverse();
        Some((way, &found.kind))
    }

    /// How far a way leads, and where it ends: at a name, or where an element of a list begins.
    pub fn find<'a>(&self, way: impl IntoIterator<Item = &'a str>) -> Option<(usize, Spot)> {
        let (mut at, mut deep) = (0, 0);
        let mut spot = self.nodes.first()?.spot;
        for name in way {
            let Some(next) = self.member(at, name, 0) else { break };
            (at, deep, spot) = (next, deep + 1, self.nodes[next].spot);
        }
        Some((deep, spot))
    }

    fn member(&self, at: usize, name: &str, deep: usize) -> Option<usize> {
        match &self.nodes.get(at)?.kind {
            Kind::Scalar(_) => None,
            Kind::List(values) => values.get(name.parse::<usize>().ok()?).copied(),
            Kind::Map(members) => {
                let own = members.iter().find(|(known, _)| known == name).map(|(_, value)| *value);
                let merged = || {
                    let others = members.iter().filter(|(known, _)| known == "<<" && deep < DEEPEST);
                    others.map(|(_, value)| *value).find_map(|value| match &self.nodes[value].kind {
                        Kind::List(all) => all.iter().find_map(|one| self.member(*one, name, deep + 1)),
                        _ => self.member(value, name, deep + 1),
                    })
                };
                own.or_else(merged)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
name: x
base: &base { id: 1 }
list:
  - a: { b: [one, 'two'] }
    <<: *base
  - *base
";

    fn place(way: &str) -> (usize, String) {
        let (deep, spot) = Document::read(TEXT).find(way.split('.')).unwrap();
        (deep, spot.to_string())
    }

    #[test]
    fn a_way_leads_to_a_place_as_far_as_it_can() {
        assert_eq!(place("list.0.a.b.1"), (5, "line 4 column 19".to_owned()));
        assert_eq!(place("list.0.a.b.7"), (4, "line 4 column 10".to_owned()));
        assert_eq!(place("list.0.nothing"), (2, "line 4 column 5".to_owned()));
        assert_eq!(place("list.0.id"), (3, "line 2 column 15".to_owned()));
        assert_eq!(place("nothing"), (0, "line 1 column 1".to_owned()));
    }

    #[test]
    fn a_place_has_a_way_to_it() {
        let document = Document::read(TEXT);
        let (way, kind) = document.at(Spot { line: 4, column: 8 }).unwrap();
        assert_eq!((way.join("."), matches!(kind, Kind::Map(_))), ("list.0.a".to_owned(), true));
        let (way, kind) = document.at(Spot { line: 4, column: 14 }).unwrap();
        assert_eq!((way.join("."), matches!(kind, Kind::Scalar(_))), ("list.0.a.b.0".to_owned(), true));
        assert_eq!(Spot::of(TEXT, 10), Spot { line: 2, column: 3 });
    }

    #[test]
    fn what_is_no_yaml_is_read_as_far_as_it_goes() {
        let document = Document::read("a: 1\nb: [2\n");
        assert_eq!(document.find(["a"]), Some((1, Spot { line: 1, column: 1 })));
        assert!(Document::read("").find(["a"]).is_none());
        assert!(Document::read("a: &a [*a]").find(["a", "0", "0", "0"]).is_some());
    }
}
