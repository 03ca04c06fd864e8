//! From the shape of identity providers to the nouns that they stand for.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::Value;

use super::{
    bad_world::{BadWorld, bad},
    file,
};
use crate::{
    base::time::Span,
    domain::identity_provider::{Algorithm, EndUser, IdentityProvider, PROTOCOL_CLAIMS, RelyingParty},
};

/// The identity providers of an org, by name.
pub fn build(
    shapes: BTreeMap<String, file::IdentityProvider>,
) -> Result<BTreeMap<String, Arc<IdentityProvider>>, BadWorld> {
    let mut providers = BTreeMap::new();
    for (name, shape) in shapes {
        let provider = provider(&name, shape)?;
        providers.insert(name, Arc::new(provider));
    }
    Ok(providers)
}

fn provider(name: &str, shape: file::IdentityProvider) -> Result<IdentityProvider, BadWorld> {
    let place = format!("identityProviders.{name}");
    let is_segment = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_');
    if name.is_empty() || !name.chars().all(is_segment) {
        return Err(bad(place, "its name is part of URLs; expected letters, digits, `-` and `_`"));
    }
    let algorithm = shape.algorithm.unwrap_or_default();
    let mut people = BTreeMap::new();
    for (local, shape) in shape.people.unwrap_or_default() {
        let place = format!("{place}.people.{local}");
        let person = person(&local, shape, &place)?;
        let same = |other: &&Arc<EndUser>| other.subject == person.subject;
        if let Some(other) = people.values().find(same) {
            let wrong = format!("its subject {} is that of `{}`, too", person.subject, other.name);
            return Err(bad(place, wrong));
        }
        people.insert(local, Arc::new(person));
    }
    let mut clients = BTreeMap::new();
    for (id, shape) in shape.clients.unwrap_or_default() {
        let client = client(&id, shape, algorithm, &format!("{place}.clients.{id}"))?;
        clients.insert(client.id.clone(), Arc::new(client));
    }
    Ok(IdentityProvider {
        name: name.to_owned(),
        people,
        clients,
        algorithm,
        token_lifetime: shape.token_lifetime.unwrap_or(Span::from_secs(3600)),
        code_lifetime: shape.code_lifetime.unwrap_or(Span::from_secs(60)),
        refresh_lifetime: shape.refresh_lifetime.unwrap_or(Span::from_secs(86_400)),
        refresh_rotation: shape.refresh_rotation.unwrap_or(false),
    })
}

fn person(name: &str, shape: file::EndUser, place: &str) -> Result<EndUser, BadWorld> {
    let mut claims: BTreeMap<String, Value> = BTreeMap::new();
    let names: Vec<&str> =
        [&shape.given_name, &shape.family_name].into_iter().flatten().map(String::as_str).collect();
    if !names.is_empty() {
        claims.insert("name".into(), names.join(" ").into());
    }
    claims.insert("preferred_username".into(), name.into());
    claims.extend(shape.given_name.map(|given| ("given_name".into(), given.into())));
    claims.extend(shape.family_name.map(|family| ("family_name".into(), family.into())));
    if let Some(email) = shape.email {
        claims.insert("email".into(), email.into());
        claims.insert("email_verified".into(), true.into());
    }
    for (claim, value) in shape.claims.unwrap_or_default() {
        if claim == "sub" {
            return Err(bad(place, "`claims` has `sub`; write `subject`").of("claims"));
        }
        if PROTOCOL_CLAIMS.contains(&claim.as_str()) {
            let wrong = format!("`claims` has `{claim}`, which the provider makes itself");
            return Err(bad(place, wrong).of("claims"));
        }
        match value {
            Value::Null => claims.remove(&claim),
            value => claims.insert(claim, value),
        };
    }
    Ok(EndUser {
        password: shape.password.unwrap_or_else(|| name.to_owned()),
        subject: shape.subject.unwrap_or_else(|| format!("user-{name}")),
        name: name.to_owned(),
        claims,
    })
}

fn client(
    id: &str,
    shape: file::RelyingParty,
    algorithm: Algorithm,
    place: &str,
) -> Result<RelyingParty, BadWorld> {
    let public = shape.public.unwrap_or(false);
    match (&shape.secret, public) {
        (None, false) => return Err(bad(place, "a client has a `secret`, or says `public: true`")),
        (Some(_), true) => return Err(bad(place, "a client that says `public: true` has no `secret`")),
        (None, true) if algorithm == Algorithm::Hs256 => {
            return Err(bad(
                place,
                "HS256 signs by the client's secret, which a public client does not have",
            ));
        }
        _ => {}
    }
    let redirect_uris = shape.redirect_uris.unwrap_or_default();
    Ok(RelyingParty {
        id: id.into(),
        secret: shape.secret,
        post_logout_redirect_uris: shape.post_logout_redirect_uris.unwrap_or_else(|| redirect_uris.clone()),
        redirect_uris,
    })
}
