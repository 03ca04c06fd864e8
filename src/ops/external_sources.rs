//! The other systems whose ids external contacts may have.

use std::sync::Arc;

use super::cx::Cx;
use crate::{base::draw::Mint, domain::contact_identifier::ExternalSource};

/// External sources of an org.
const MOST: usize = 100;

/// Why something is not done.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// There is none of this id.
    #[error("there is no external source of this id")]
    Unknown,
    /// It has no name.
    #[error("name is missing")]
    NoName,
    /// Another has this name.
    #[error("external source {0} has this name")]
    Exists(String),
    /// There are too many.
    #[error("there are {MOST} external sources, which is the most there can be")]
    TooMany,
}

/// What is said of one.
#[derive(Clone, Debug)]
pub struct Said {
    /// Its name.
    pub name: Option<String>,
    /// Is it in use?
    pub active: bool,
    /// URL of a person there.
    pub uri_template: Option<String>,
}

/// Writes one; without `id` a new one.
pub fn put(cx: &Cx, id: Option<&str>, said: Said) -> Result<Arc<ExternalSource>, SourceError> {
    let Said { name, active, uri_template } = said;
    let drawn = || Mint::new(&cx.org.draws, cx.cause).uuid("external source");
    cx.state(|state| {
        let sources = &mut state.external_sources;
        if id.is_some_and(|id| !sources.contains_key(id)) {
            return Err(SourceError::Unknown);
        }
        let name = name.filter(|name| !name.trim().is_empty()).ok_or(SourceError::NoName)?;
        let same = sources.values().find(|one| one.name == name && Some(one.id.as_str()) != id);
        if let Some(same) = same {
            return Err(SourceError::Exists(same.id.clone()));
        }
        if id.is_none() && sources.len() >= MOST {
            return Err(SourceError::TooMany);
        }
        let id = id.map_or_else(drawn, str::to_owned);
        let source = Arc::new(ExternalSource { id: id.clone(), name, active, uri_template });
        sources.insert(id, Arc::clone(&source));
        Ok(source)
    })
}

/// One.
pub fn get(cx: &Cx, id: &str) -> Result<Arc<ExternalSource>, SourceError> {
    cx.state(|state| state.external_sources.get(id).cloned()).ok_or(SourceError::Unknown)
}

/// Takes one away, and the identifiers of it that contacts have.
pub fn remove(cx: &Cx, id: &str) -> Result<(), SourceError> {
    cx.state(|state| {
        state.external_sources.remove(id).ok_or(SourceError::Unknown)?;
        state.contacts.forget_source(id);
        Ok(())
    })
}

/// Those whose name begins so, after `cursor`, in the order of their ids; and the cursor of the next page.
pub fn list(
    cx: &Cx,
    (name, active): (Option<&str>, Option<bool>),
    cursor: Option<&str>,
    limit: usize,
) -> (Vec<Arc<ExternalSource>>, Option<String>) {
    let fits = |one: &&Arc<ExternalSource>| {
        name.is_none_or(|name| one.name.starts_with(name))
            && active.is_none_or(|active| one.active == active)
            && cursor.is_none_or(|cursor| one.id.as_str() > cursor)
    };
    let mut page: Vec<_> =
        cx.state(|state| state.external_sources.values().filter(fits).take(limit + 1).cloned().collect());
    let more = page.len() > limit;
    page.truncate(limit);
    let next = page.last().filter(|_| more).map(|last| last.id.clone());
    (page, next)
}
