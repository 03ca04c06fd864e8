//! What signing in does, and what is known of people then: from the shapes of an org.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    bad_world::{BadWorld, bad},
    file,
    world::Builder,
};
use crate::domain::{
    claim_attributes::ClaimAttributes, contact_identifier::ExternalSource, data_action::DataAction,
    deployment::SignInRules,
};

/// External sources by local name.
pub(super) type Sources = BTreeMap<String, Arc<ExternalSource>>;

/// External sources by local name.
pub(super) fn sources(
    builder: &mut Builder<'_>,
    shapes: BTreeMap<String, file::ExternalSource>,
) -> Result<Sources, BadWorld> {
    let mut sources = Sources::new();
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

/// The id of the source of a local name.
fn source(place: &str, local: &str, sources: &Sources) -> Result<String, BadWorld> {
    let found = sources.get(local).map(|source| source.id.clone());
    found.ok_or_else(|| bad(place, format!("there is no external source `{local}`")).of("externalSource"))
}

fn url(place: &str, name: &'static str, url: Option<String>) -> Result<Option<String>, BadWorld> {
    match url {
        Some(url) if !url.starts_with("http://") && !url.starts_with("https://") => {
            Err(bad(place, format!("`{name}` begins with `http://` or `https://`")).of(name))
        }
        other => Ok(other),
    }
}

/// What signing in to a deployment does.
pub(super) fn rules(local: &str, auth: &file::Auth, sources: &Sources) -> Result<SignInRules, BadWorld> {
    let place = format!("deployments.{local}.auth");
    let attributes = ClaimAttributes::new(auth.claim_attributes.clone().unwrap_or_default());
    Ok(SignInRules {
        integration: auth.integration.clone(),
        resolves_identities: true,
        merge_contacts: auth.merge_contacts.unwrap_or(true),
        external_source: match &auth.external_source {
            Some(name) => Some(source(&place, name, sources)?),
            None => None,
        },
        claim_attributes: attributes.map_err(|wrong| {
            bad(place.as_str(), format!("`claimAttributes`: {wrong}")).of("claimAttributes")
        })?,
        login_url: url(&place, "loginUrl", auth.login_url.clone())?,
        logout_url: url(&place, "logoutUrl", auth.logout_url.clone())?,
        other_devices: auth.other_devices.unwrap_or_default(),
        expires_with_token: auth.expires_with_token.unwrap_or(false),
    })
}

/// Data actions by id.
pub(super) fn data_actions(
    builder: &mut Builder<'_>,
    shapes: BTreeMap<String, file::DataAction>,
    sources: &Sources,
) -> Result<BTreeMap<String, Arc<DataAction>>, BadWorld> {
    let mut actions = BTreeMap::new();
    for (local, shape) in shapes {
        let place = format!("dataActions.{local}");
        let wanted =
            shape.external_source.ok_or_else(|| bad(place.as_str(), "`externalSource` is missing"))?;
        let id = builder.id("dataActions", &local, shape.id.as_ref());
        let action = DataAction {
            id: id.clone(),
            name: shape.name.unwrap_or(local),
            source: source(&place, &wanted, sources)?,
            input: shape.input.unwrap_or_else(|| "externalId".to_owned()),
            create: shape.create.unwrap_or(false),
        };
        if actions.insert(id, Arc::new(action)).is_some() {
            return Err(bad(place, "its id is that of another data action"));
        }
    }
    Ok(actions)
}
