//! Ways through a tree.

use super::{Document, Id, Kind, Spot, scalar::Scalar};

impl<'t> Document<'t> {
    /// A scalar of YAML, or a name.
    pub(super) fn scalar(&self, id: Id) -> Option<&Scalar<'t>> {
        match &self.node(self.meant(id)).kind {
            Kind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The name that a node is, which stands for a member of a map.
    pub(super) fn name(&self, id: Id) -> &str {
        self.scalar(id).map_or("", |scalar| &scalar.text)
    }

    /// How far a way leads in a YAML text, and where it ends: at a name, or where an element of a list begins.
    pub fn find<'a>(&self, way: impl IntoIterator<Item = &'a str>) -> (usize, Spot) {
        let (mut at, mut deep) = (0, 0);
        let mut place = self.node(at).place;
        for step in way {
            let Some((names, next)) = self.member(at, step) else { break };
            (at, deep, place) = (next, deep + 1, self.node(names).place);
        }
        (deep, Spot { line: place.0.into(), column: place.1.into() })
    }

    /// What names a member, and the member.
    fn member(&self, at: Id, step: &str) -> Option<(Id, Id)> {
        match &self.node(self.meant(at)).kind {
            Kind::List(all) => all.get(step.parse::<usize>().ok()?).map(|one| (*one, *one)),
            Kind::Map(members) => members.iter().find(|(name, _)| self.name(*name) == step).copied(),
            _ => None,
        }
    }
}
