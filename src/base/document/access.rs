//! What is in lists, maps and variants, as serde asks for it.

use serde::de::{
    self, DeserializeSeed, EnumAccess, MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor,
    value::{BorrowedStrDeserializer, StringDeserializer},
};

use super::{Document, Id, Reader, Wrong, wrong::Step};

/// A list.
pub(super) struct Elements<'d> {
    document: &'d Document<'d>,
    all: &'d [Id],
    next: usize,
}

impl<'d> Elements<'d> {
    pub fn of(document: &'d Document<'d>, all: &'d [Id]) -> Self {
        Self { document, all, next: 0 }
    }
}

impl<'d> SeqAccess<'d> for Elements<'d> {
    type Error = Wrong;

    fn next_element_seed<S: DeserializeSeed<'d>>(&mut self, seed: S) -> Result<Option<S::Value>, Wrong> {
        let Some(one) = self.all.get(self.next).copied() else { return Ok(None) };
        let reader = Reader::of(self.document, one);
        let read = seed.deserialize(reader);
        let nth = self.next;
        self.next += 1;
        read.map(Some).map_err(|wrong| wrong.within(Step::Nth(nth), one, reader.at()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.all.len() - self.next)
    }
}

/// A map.
pub(super) struct Members<'d> {
    document: &'d Document<'d>,
    all: &'d [(Id, Id)],
    /// The name was asked for, and its value is next.
    next: usize,
}

impl<'d> Members<'d> {
    pub fn of(document: &'d Document<'d>, all: &'d [(Id, Id)]) -> Self {
        Self { document, all, next: 0 }
    }

    /// With the way to a member.
    #[cold]
    #[inline(never)]
    fn of_member(&self, nth: usize, wrong: Wrong, is_name: bool) -> Wrong {
        let Some((name, value)) = self.all.get(nth).copied() else { return wrong };
        let step = Step::Name(self.document.name(name).to_owned());
        let of = if is_name { name } else { value };
        wrong.within(step, of, self.document.meant(of))
    }
}

impl<'d> MapAccess<'d> for Members<'d> {
    type Error = Wrong;

    fn next_key_seed<S: DeserializeSeed<'d>>(&mut self, seed: S) -> Result<Option<S::Value>, Wrong> {
        let Some((name, _)) = self.all.get(self.next) else { return Ok(None) };
        let read = seed.deserialize(Reader::of(self.document, *name));
        let nth = self.next;
        self.next += 1;
        read.map(Some).map_err(|wrong| self.of_member(nth, wrong, true))
    }

    fn next_value_seed<S: DeserializeSeed<'d>>(&mut self, seed: S) -> Result<S::Value, Wrong> {
        let nth = self.next.wrapping_sub(1);
        let Some((_, value)) = self.all.get(nth) else {
            return Err(de::Error::custom("a value was asked for before its name"));
        };
        let read = seed.deserialize(Reader::of(self.document, *value));
        read.map_err(|wrong| self.of_member(nth, wrong, false))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.all.len() - self.next)
    }
}

/// A variant: by its name alone, or with content.
pub(super) struct Variant<'d> {
    document: &'d Document<'d>,
    name: Name<'d>,
    content: Option<Reader<'d>>,
}

/// What names a variant.
#[derive(Clone, Copy)]
pub(super) enum Name<'d> {
    Node(Id),
    /// A tag.
    Word(&'d str),
}

impl<'d> Variant<'d> {
    pub fn of(document: &'d Document<'d>, name: Name<'d>, content: Option<Reader<'d>>) -> Self {
        Self { document, name, content }
    }

    fn name(&self) -> &'d str {
        match self.name {
            Name::Node(id) => Reader::of(self.document, id).text().unwrap_or_default(),
            Name::Word(word) => word,
        }
    }

    #[cold]
    #[inline(never)]
    fn inside(name: &str, content: Option<Reader<'d>>, wrong: Wrong) -> Wrong {
        wrong.of_variant(name, content.map(|reader| reader.at()))
    }

    fn content(&self, kind: &str) -> Result<Reader<'d>, Wrong> {
        self.content.ok_or_else(|| Wrong::mismatch(Unexpected::UnitVariant, &kind))
    }
}

impl<'d> EnumAccess<'d> for Variant<'d> {
    type Error = Wrong;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'d>>(self, seed: S) -> Result<(S::Value, Self), Wrong> {
        let read = seed.deserialize(BorrowedStrDeserializer::<Wrong>::new(self.name()));
        let at = match self.name {
            Name::Node(id) => Some(self.document.meant(id)),
            Name::Word(_) => self.content.map(|content| content.at()),
        };
        match read {
            Ok(name) => Ok((name, self)),
            Err(wrong) => Err(at.into_iter().fold(wrong, Wrong::at)),
        }
    }
}

impl<'d> VariantAccess<'d> for Variant<'d> {
    type Error = Wrong;

    fn unit_variant(self) -> Result<(), Wrong> {
        match self.content {
            Some(content) if !content.is_null() => {
                let wrong = Wrong::mismatch(content.unexpected(), &"unit variant");
                Err(Self::inside(self.name(), self.content, wrong))
            }
            _ => Ok(()),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'d>>(self, seed: S) -> Result<S::Value, Wrong> {
        let read = seed.deserialize(self.content("newtype variant")?);
        read.map_err(|wrong| Self::inside(self.name(), self.content, wrong))
    }

    fn tuple_variant<V: Visitor<'d>>(self, len: usize, visitor: V) -> Result<V::Value, Wrong> {
        let read = de::Deserializer::deserialize_tuple(self.content("tuple variant")?, len, visitor);
        read.map_err(|wrong| Self::inside(self.name(), self.content, wrong))
    }

    fn struct_variant<V: Visitor<'d>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let content = self.content("struct variant")?;
        let read = de::Deserializer::deserialize_struct(content, "", fields, visitor);
        read.map_err(|wrong| Self::inside(self.name(), self.content, wrong))
    }
}

/// How `serde_json` asks for a value as it is written.
pub(super) const RAW: &str = "$serde_json::private::RawValue";

/// A value as it is written.
pub(super) struct Raw(pub Option<String>);

impl<'d> MapAccess<'d> for Raw {
    type Error = Wrong;

    fn next_key_seed<S: DeserializeSeed<'d>>(&mut self, seed: S) -> Result<Option<S::Value>, Wrong> {
        match self.0 {
            Some(_) => seed.deserialize(BorrowedStrDeserializer::new(RAW)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'d>>(&mut self, seed: S) -> Result<S::Value, Wrong> {
        use serde::de::IntoDeserializer;
        let text: StringDeserializer<Wrong> = self.0.take().unwrap_or_default().into_deserializer();
        seed.deserialize(text)
    }
}
