//! Trust in an identity provider, from its shape.

use serde_json::Value;

use super::{
    bad_world::{BadWorld, bad},
    file,
};
use crate::{
    base::time::Span,
    domain::relying_party::{Integration, KeyCache, Provider},
};

/// The integration of this local name; `is_provider` says whether the org has a provider of a name.
pub(super) fn integration(
    local: &str,
    shape: file::Integration,
    is_provider: impl Fn(&str) -> bool,
) -> Result<Integration, BadWorld> {
    let wrong = |wrong: &str| bad(format!("integrations.{local}"), wrong);
    let implicit_flow = shape.implicit_flow.unwrap_or(false);
    let provider = match (shape.provider, shape.discovery_uri, shape.issuer) {
        (Some(name), None, None) if is_provider(&name) => Provider::BuiltIn(name),
        (Some(name), None, None) => {
            return Err(wrong(&format!("there is no identity provider `{name}`")).of("provider"));
        }
        (None, Some(url), None) if url.starts_with("http://") || url.starts_with("https://") => {
            Provider::Discovery(url)
        }
        (None, Some(_), None) => {
            return Err(wrong("`discoveryUri` begins with `http://` or `https://`").of("discoveryUri"));
        }
        (None, None, Some(issuer)) if shape.static_key.is_some() && implicit_flow => {
            Provider::Uploaded(issuer)
        }
        (None, None, Some(_)) => {
            return Err(wrong(
                "with `issuer` nothing is fetched, so it needs `staticKey` and `implicitFlow: true`",
            ));
        }
        _ => return Err(wrong("give one of `provider`, `discoveryUri` and `issuer`")),
    };
    let refresh_lifetime = shape.refresh_lifetime.unwrap_or(Span::from_secs(86_400));
    if !(900..=90 * 86_400).contains(&refresh_lifetime.secs()) {
        return Err(wrong("`refreshLifetime` is 15 min to 90 days").of("refreshLifetime"));
    }
    let static_key = match shape.static_key {
        None => None,
        Some(Value::String(pem)) if pem.trim_start().starts_with("-----BEGIN PUBLIC KEY-----") => Some(pem),
        Some(jwk @ Value::Object(_)) => Some(jwk.to_string()),
        Some(_) => return Err(wrong("`staticKey` is a public key as PEM text or as JWK").of("staticKey")),
    };
    Ok(Integration {
        name: local.to_owned(),
        provider,
        client_id: shape.client_id.ok_or_else(|| wrong("`clientId` is missing"))?,
        client_secret: shape.client_secret,
        implicit_flow,
        refresh_lifetime,
        keys: key_cache(&shape.keys.unwrap_or_default()),
        static_key,
        clock_skew: shape.clock_skew.unwrap_or(Span::from_secs(60)),
        minimum_lifetime: shape.minimum_lifetime.unwrap_or(Span::ZERO),
    })
}

fn key_cache(shape: &file::KeyRules) -> KeyCache {
    let usual = KeyCache::default();
    KeyCache {
        ttl: shape.ttl.unwrap_or(usual.ttl),
        refetch_on_unknown_kid: shape.refetch_on_unknown_kid.unwrap_or(usual.refetch_on_unknown_kid),
        cooldown: shape.cooldown.unwrap_or(usual.cooldown),
        honour_cache_control: shape.honour_cache_control.unwrap_or(usual.honour_cache_control),
    }
}
