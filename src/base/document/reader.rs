//! The deserializer. YAML's scalars are read as what is asked for, JSON's values as what they are.

use serde::{
    Deserializer,
    de::{self, Expected, Unexpected, Visitor},
};

use super::{
    Document, Id, Kind, Source, Wrong,
    access::{Elements, Members, Name, RAW, Raw, Variant},
    scalar::{Resolved, signed},
};

/// A node, to be read as whatever is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'d> {
    document: &'d Document<'d>,
    at: Id,
    /// Its tag has been looked at.
    untagged: bool,
}

/// What a node is by itself.
enum Is<'d> {
    Scalar(Resolved<'d>),
    List(&'d [Id]),
    Map(&'d [(Id, Id)]),
}

/// A node that is not what its tag says, or no number that there is.
const UNLIKE: &str = "it is not what its tag says";

impl<'d> Reader<'d> {
    pub(super) fn of(document: &'d Document<'d>, id: Id) -> Self {
        Self { document, at: document.meant(id), untagged: false }
    }

    /// The node.
    pub(super) fn at(&self) -> Id {
        self.at
    }

    fn kind(&self) -> &'d Kind<'d> {
        &self.document.node(self.at).kind
    }

    fn is(&self) -> Result<Is<'d>, Wrong> {
        Ok(Is::Scalar(match self.kind() {
            Kind::Null => Resolved::Null,
            Kind::Bool(is) => Resolved::Bool(*is),
            Kind::Unsigned(n) => Resolved::Unsigned(*n),
            Kind::Signed(n) => Resolved::Signed(*n),
            Kind::Float(n) => Resolved::Float(*n),
            Kind::Text(text) => Resolved::Text(text),
            Kind::Scalar(scalar) => match scalar.resolved() {
                Some(Resolved::Float(n)) if !n.is_finite() => {
                    return Err(self.wrong(&format!("`{}` is no finite number", scalar.text)));
                }
                resolved => resolved.ok_or_else(|| self.wrong(UNLIKE))?,
            },
            Kind::List(all) => return Ok(Is::List(all)),
            Kind::Map(all) => return Ok(Is::Map(all)),
            // it is never one: what is called is what is read
            Kind::Alias(_) => Resolved::Null,
        }))
    }

    /// Is it nothing?
    pub(super) fn is_null(&self) -> bool {
        match self.kind() {
            Kind::Null => true,
            Kind::Scalar(scalar) => scalar.is_null(),
            _ => false,
        }
    }

    /// As a text.
    pub(super) fn text(&self) -> Option<&'d str> {
        match self.kind() {
            Kind::Text(text) => Some(text),
            Kind::Scalar(scalar) => scalar.text(),
            _ => None,
        }
    }

    /// As what it is found where something else is expected.
    pub(super) fn unexpected(&self) -> Unexpected<'d> {
        match self.is() {
            Ok(Is::List(_)) => Unexpected::Seq,
            Ok(Is::Map(_)) => Unexpected::Map,
            Ok(Is::Scalar(scalar)) => match scalar {
                Resolved::Null => Unexpected::Unit,
                Resolved::Bool(is) => Unexpected::Bool(is),
                Resolved::Unsigned(n) => Unexpected::Unsigned(n),
                Resolved::Signed(n) => Unexpected::Signed(n),
                Resolved::Float(n) => Unexpected::Float(n),
                Resolved::Text(text) => Unexpected::Str(text),
            },
            Err(_) => match self.kind() {
                Kind::Scalar(scalar) => Unexpected::Str(&scalar.text),
                _ => Unexpected::Other("value"),
            },
        }
    }

    #[cold]
    #[inline(never)]
    fn mismatch(&self, expected: &dyn Expected) -> Wrong {
        Wrong::mismatch(self.unexpected(), expected).at(self.at)
    }

    #[cold]
    #[inline(never)]
    fn wrong(&self, words: &str) -> Wrong {
        <Wrong as de::Error>::custom(words).at(self.at)
    }

    /// As a list; nothing is an empty one in YAML.
    fn elements(&self, expected: &dyn Expected) -> Result<Elements<'d>, Wrong> {
        match self.kind() {
            Kind::List(all) => Ok(Elements::of(self.document, all)),
            Kind::Scalar(scalar) if scalar.is_null() => Ok(Elements::of(self.document, &[])),
            _ => Err(self.mismatch(expected)),
        }
    }

    /// As a map; nothing is an empty one in YAML.
    fn members(&self, expected: &dyn Expected) -> Result<Members<'d>, Wrong> {
        match self.kind() {
            Kind::Map(all) => Ok(Members::of(self.document, all)),
            Kind::Scalar(scalar) if scalar.is_null() => Ok(Members::of(self.document, &[])),
            _ => Err(self.mismatch(expected)),
        }
    }

    /// As a variant: by its name, as a map with its name alone, or in YAML by a tag.
    fn variant(&self, name: &str, variants: &'static [&'static str]) -> Result<Variant<'d>, Wrong> {
        let document = self.document;
        if let Some(word) = document.words.get(&self.at).filter(|_| !self.untagged) {
            if variants.contains(&word.as_str()) {
                let content = Self { untagged: true, ..*self };
                return Ok(Variant::of(document, Name::Word(word), Some(content)));
            }
            if word != name {
                return Err(<Wrong as de::Error>::unknown_variant(word, variants).at(self.at));
            }
        }
        match self.kind() {
            Kind::Map(all) => match all.as_slice() {
                [(name, value)] => {
                    Ok(Variant::of(document, Name::Node(*name), Some(Self::of(document, *value))))
                }
                _ => Err(<Wrong as de::Error>::invalid_value(Unexpected::Map, &"map with a single key")
                    .at(self.at)),
            },
            Kind::Text(_) | Kind::Scalar(_) if self.text().is_some() => {
                Ok(Variant::of(document, Name::Node(self.at), None))
            }
            _ => Err(self.mismatch(&"string or map")),
        }
    }

    /// The value as it is written, or as it would be.
    fn raw(&self) -> Result<Raw, Wrong> {
        let (from, to) = self.document.node(self.at).place;
        if let Source::Json(text) = self.document.source {
            return Ok(Raw(text.get(from as usize..to as usize).map(str::to_owned)));
        }
        let value = <serde_json::Value as de::Deserialize>::deserialize(*self)?;
        Ok(Raw(Some(value.to_string())))
    }

    /// As a number of JSON, or whatever else it is.
    fn number<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.kind() {
            Kind::Unsigned(n) => visitor.visit_u64(*n),
            Kind::Signed(n) => visitor.visit_i64(*n),
            Kind::Float(n) => visitor.visit_f64(*n),
            _ => Err(self.mismatch(&visitor)),
        }
    }
}

macro_rules! whole {
    ($($method:ident $visit:ident $of:expr;)*) => {
        $(fn $method<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Wrong> {
            let Kind::Scalar(scalar) = self.kind() else { return self.number(visitor) };
            match scalar.whole().and_then($of) {
                Some(n) => visitor.$visit(n),
                None => Err(self.mismatch(&visitor)),
            }
        })*
    };
}

impl<'d> Deserializer<'d> for Reader<'d> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.is()? {
            Is::Scalar(Resolved::Null) => visitor.visit_unit(),
            Is::Scalar(Resolved::Bool(is)) => visitor.visit_bool(is),
            Is::Scalar(Resolved::Unsigned(n)) => visitor.visit_u64(n),
            Is::Scalar(Resolved::Signed(n)) => visitor.visit_i64(n),
            Is::Scalar(Resolved::Float(n)) => visitor.visit_f64(n),
            Is::Scalar(Resolved::Text(text)) => visitor.visit_borrowed_str(text),
            Is::List(all) => visitor.visit_seq(Elements::of(self.document, all)),
            Is::Map(all) => visitor.visit_map(Members::of(self.document, all)),
        }
    }

    fn deserialize_bool<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let is = match self.kind() {
            Kind::Bool(is) => Some(*is),
            Kind::Scalar(scalar) => scalar.boolean(),
            _ => None,
        };
        match is {
            Some(is) => visitor.visit_bool(is),
            None => Err(self.mismatch(&visitor)),
        }
    }

    whole! {
        deserialize_i8 visit_i8 |n| signed(n)?.try_into().ok();
        deserialize_i16 visit_i16 |n| signed(n)?.try_into().ok();
        deserialize_i32 visit_i32 |n| signed(n)?.try_into().ok();
        deserialize_i64 visit_i64 |n| signed(n)?.try_into().ok();
        deserialize_i128 visit_i128 signed;
        deserialize_u8 visit_u8 |n| unsigned(n)?.try_into().ok();
        deserialize_u16 visit_u16 |n| unsigned(n)?.try_into().ok();
        deserialize_u32 visit_u32 |n| unsigned(n)?.try_into().ok();
        deserialize_u64 visit_u64 |n| unsigned(n)?.try_into().ok();
        deserialize_u128 visit_u128 unsigned;
    }

    fn deserialize_f32<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let Kind::Scalar(scalar) = self.kind() else { return self.number(visitor) };
        match scalar.float() {
            Some(n) => visitor.visit_f64(n),
            None => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_char<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_str(visitor)
    }

    fn deserialize_str<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.text() {
            Some(text) => visitor.visit_borrowed_str(text),
            None => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_string<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match (self.text(), self.kind()) {
            (Some(text), _) => visitor.visit_borrowed_bytes(text.as_bytes()),
            (None, Kind::List(all)) => visitor.visit_seq(Elements::of(self.document, all)),
            _ => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Wrong> {
        if self.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Wrong> {
        if self.is_null() { visitor.visit_unit() } else { Err(self.mismatch(&visitor)) }
    }

    fn deserialize_unit_struct<V: Visitor<'d>>(self, _: &'static str, visitor: V) -> Result<V::Value, Wrong> {
        match (self.kind(), self.document.source) {
            (Kind::Map(members), Source::Yaml) if members.is_empty() => visitor.visit_unit(),
            _ => self.deserialize_unit(visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'d>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        if name == RAW { visitor.visit_map(self.raw()?) } else { visitor.visit_newtype_struct(self) }
    }

    fn deserialize_seq<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let elements = self.elements(&visitor)?;
        visitor.visit_seq(elements)
    }

    fn deserialize_tuple<V: Visitor<'d>>(self, len: usize, visitor: V) -> Result<V::Value, Wrong> {
        match self.kind() {
            Kind::List(all) if all.len() > len => {
                Err(<Wrong as de::Error>::invalid_length(all.len(), &visitor).at(self.at))
            }
            _ => self.deserialize_seq(visitor),
        }
    }

    fn deserialize_tuple_struct<V: Visitor<'d>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_map<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let members = self.members(&visitor)?;
        visitor.visit_map(members)
    }

    fn deserialize_struct<V: Visitor<'d>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'d>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_enum(self.variant(name, variants)?)
    }

    fn deserialize_identifier<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_str(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_unit()
    }
}

/// A whole number without a sign.
fn unsigned((negative, size): (bool, u128)) -> Option<u128> {
    (!negative).then_some(size)
}
