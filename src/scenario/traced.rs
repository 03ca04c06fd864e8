//! What a type reads, found by asking its `Deserialize`: each run goes one way into it, notes what is wanted at its end,
//! and gives up. So the JSON Schema of scenario files is that of the code, whatever is added to it.

use std::{cell::RefCell, fmt, rc::Rc};

use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor, value::StrDeserializer,
};

/// A step on the way into a type.
#[derive(Clone, Copy, Debug)]
pub enum Turn {
    /// The member of this name.
    Field(&'static str),
    /// An element of a list, or a value of a map, or what is there if it is.
    Inner,
    /// A variant of this name.
    Variant(&'static str),
}

/// What is wanted at the end of a way.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Wanted {
    /// Nothing was asked for.
    #[default]
    Unknown,
    /// Anything; in the words of the type.
    Any(String),
    Bool,
    Integer,
    Number,
    Text,
    /// Nothing, or what is behind.
    Option,
    List,
    Map,
    Object(&'static str, &'static [&'static str]),
    Choice(&'static [&'static str]),
    /// A variant without content.
    Unit,
}

/// How nobody knows this error: it only ends a run.
#[derive(Debug)]
pub struct Enough;

impl fmt::Display for Enough {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("enough")
    }
}

impl std::error::Error for Enough {}

impl de::Error for Enough {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// Goes this way into `T`, and answers what is wanted there.
pub fn wanted<'de, T: Deserialize<'de>>(way: &[Turn]) -> Wanted {
    let found = Rc::new(RefCell::new(Wanted::Unknown));
    let _ = T::deserialize(Tracer { way: way.to_vec(), found: Rc::clone(&found) });
    found.take()
}

struct Tracer {
    way: Vec<Turn>,
    found: Rc<RefCell<Wanted>>,
}

impl Tracer {
    fn note<T>(&self, what: Wanted) -> Result<T, Enough> {
        *self.found.borrow_mut() = what;
        Err(Enough)
    }

    /// The next turn, or the end of the way, where this is noted.
    fn turn(&mut self, here: Wanted) -> Result<Turn, Enough> {
        match self.way.is_empty() {
            true => self.note(here),
            false => Ok(self.way.remove(0)),
        }
    }
}

macro_rules! note {
    ($($method:ident $wanted:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Enough> {
            self.note(Wanted::$wanted)
        })*
    };
}

impl<'de> Deserializer<'de> for Tracer {
    type Error = Enough;

    note! {
        deserialize_bool Bool
        deserialize_i8 Integer deserialize_i16 Integer deserialize_i32 Integer deserialize_i64 Integer
        deserialize_u8 Integer deserialize_u16 Integer deserialize_u32 Integer deserialize_u64 Integer
        deserialize_f32 Number deserialize_f64 Number
        deserialize_char Text deserialize_str Text deserialize_string Text
        deserialize_bytes Text deserialize_byte_buf Text
        deserialize_unit Unit deserialize_identifier Text deserialize_ignored_any Unit
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Enough> {
        struct Words<'a, V>(&'a V);
        impl<'de, V: Visitor<'de>> fmt::Display for Words<'_, V> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.expecting(f)
            }
        }
        let words = Words(&visitor).to_string();
        self.note(Wanted::Any(words))
    }

    fn deserialize_option<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Enough> {
        self.turn(Wanted::Option)?;
        visitor.visit_some(self)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, _: V) -> Result<V::Value, Enough> {
        self.note(Wanted::Unit)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Enough> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Enough> {
        self.turn(Wanted::List)?;
        visitor.visit_seq(One { key: None, inner: self })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Enough> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Enough> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Enough> {
        self.turn(Wanted::Map)?;
        visitor.visit_map(One { key: Some("x"), inner: self })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Enough> {
        match self.turn(Wanted::Object(name, fields))? {
            Turn::Field(field) => visitor.visit_map(One { key: Some(field), inner: self }),
            _ => Err(Enough),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Enough> {
        match self.turn(Wanted::Choice(variants))? {
            Turn::Variant(variant) => visitor.visit_enum(Picked { variant, inner: self }),
            _ => Err(Enough),
        }
    }
}

/// One element, or one member.
struct One {
    key: Option<&'static str>,
    inner: Tracer,
}

impl One {
    fn give<'de, S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Enough> {
        let way = std::mem::take(&mut self.inner.way);
        seed.deserialize(Tracer { way, found: Rc::clone(&self.inner.found) })
    }
}

impl<'de> SeqAccess<'de> for One {
    type Error = Enough;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Enough> {
        self.give(seed).map(Some)
    }
}

impl<'de> MapAccess<'de> for One {
    type Error = Enough;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Enough> {
        let Some(key) = self.key.take() else { return Ok(None) };
        let key: StrDeserializer<'_, Enough> = key.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Enough> {
        self.give(seed)
    }
}

/// A variant.
struct Picked {
    variant: &'static str,
    inner: Tracer,
}

impl<'de> EnumAccess<'de> for Picked {
    type Error = Enough;
    type Variant = Tracer;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Tracer), Enough> {
        let name: StrDeserializer<'_, Enough> = self.variant.into_deserializer();
        Ok((seed.deserialize(name)?, self.inner))
    }
}

impl<'de> VariantAccess<'de> for Tracer {
    type Error = Enough;

    fn unit_variant(self) -> Result<(), Enough> {
        self.note(Wanted::Unit)
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Enough> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Enough> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Enough> {
        self.deserialize_struct("", fields, visitor)
    }
}
