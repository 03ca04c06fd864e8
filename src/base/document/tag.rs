//! Tags of YAML, as far as they mean something here.

use granit_parser::Tag as Written;

const CORE: &str = "tag:yaml.org,2002:";

/// What a tag says of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Tag {
    None,
    /// `!`: a text.
    Bare,
    Text,
    Int,
    Float,
    Bool,
    Null,
    List,
    Map,
    Time,
    Binary,
    Merge,
    /// Some word.
    Other,
}

/// What a node is by its form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    Scalar,
    List,
    Map,
}

impl Tag {
    /// What is meant, and the word if it is none that is known.
    pub fn of(written: Option<&Written>) -> (Self, Option<String>) {
        let Some(written) = written else { return (Self::None, None) };
        let whole = written.to_string();
        let core = whole.strip_prefix(CORE);
        let word = core.unwrap_or(&whole).trim_start_matches('!');
        let tag = match word {
            "" => Self::Bare,
            "str" => Self::Text,
            "int" => Self::Int,
            "float" => Self::Float,
            "bool" => Self::Bool,
            "null" => Self::Null,
            "seq" => Self::List,
            "map" => Self::Map,
            "timestamp" | "time" => Self::Time,
            "binary" => Self::Binary,
            "merge" if core.is_some() => Self::Merge,
            _ => return (Self::Other, Some(word.to_owned()).filter(|word| !word.contains([':', '!']))),
        };
        (tag, None)
    }

    /// Can a node of this form be that?
    pub fn fits(self, form: Form) -> bool {
        match self {
            Self::None | Self::Bare | Self::Other => true,
            Self::List => form == Form::List,
            Self::Map => form == Form::Map,
            _ => form == Form::Scalar,
        }
    }

    /// Is it one of the core schema?
    pub fn is_core(self) -> bool {
        matches!(
            self,
            Self::Text | Self::Int | Self::Float | Self::Bool | Self::Null | Self::List | Self::Map
        )
    }

    /// Can it be read as a text?
    pub fn may_be_text(self) -> bool {
        matches!(self, Self::None | Self::Bare | Self::Text | Self::Merge | Self::Other | Self::Binary)
    }

    /// Is it a text, whatever it looks like?
    pub fn is_text(self) -> bool {
        matches!(self, Self::Bare | Self::Text | Self::Binary)
    }
}
