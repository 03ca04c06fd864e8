//! Systems outside which have ids of their own for people, from their shapes.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    file,
    world::{BadWorld, Builder, bad},
};
use crate::domain::{contact_identifier::ExternalSource, deployment::SignInRules};

/// External sources by local name.
pub(super) fn sources(
    builder: &mut Builder<'_>,
    shapes: BTreeMap<String, file::ExternalSource>,
) -> Result<BTreeMap<String, Arc<ExternalSource>>, BadWorld> {
    let mut sources = BTreeMap::<String, Arc<ExternalSource>>::new();
    for (local, shape) in shapes {
        let id = builder.id("externalSources", &local, shape.id.as_ref());
        let name = shape.name.unwrap_or_else(|| local.clone());
        if let Some(other) = sources.values().find(|other| other.id == id || other.name == name) {
            let wrong = format!("id or name is that of external source {}", other.name);
            return Err(bad(format!("externalSources.{local}"), wrong));
        }
        let (active, uri_template) = (shape.active.unwrap_or(true), shape.uri_template);
        sources.insert(local, Arc::new(ExternalSource { id, name, active, uri_template }));
    }
    Ok(sources)
}

/// Puts the id of the external source in the place of its local name.
pub(super) fn resolve(
    rules: &mut SignInRules,
    deployment: &str,
    sources: &BTreeMap<String, Arc<ExternalSource>>,
) -> Result<(), BadWorld> {
    let Some(local) = &rules.external_source else { return Ok(()) };
    match sources.get(local) {
        Some(source) => rules.external_source = Some(source.id.clone()),
        None => {
            let wrong = format!("there is no external source `{local}`");
            return Err(bad(format!("deployments.{deployment}.auth"), wrong));
        }
    }
    Ok(())
}
