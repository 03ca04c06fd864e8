//! Trust in an identity provider, from its shape.

use super::{
    file,
    world::{BadWorld, bad},
};
use crate::{
    base::time::Span,
    domain::relying_party::{Integration, Provider},
};

/// The integration of this local name; `is_provider` says whether the org has a provider of a name.
pub(super) fn integration(
    local: &str,
    shape: file::Integration,
    is_provider: impl Fn(&str) -> bool,
) -> Result<Integration, BadWorld> {
    let wrong = |wrong: String| bad(format!("integrations.{local}"), wrong);
    let provider = match (shape.provider, shape.discovery_uri) {
        (Some(name), None) if is_provider(&name) => Provider::BuiltIn(name),
        (Some(name), None) => return Err(wrong(format!("there is no identity provider `{name}`"))),
        (None, Some(url)) if url.starts_with("http://") || url.starts_with("https://") => {
            Provider::Discovery(url)
        }
        (None, Some(_)) => return Err(wrong("`discoveryUri` begins with `http://` or `https://`".into())),
        _ => return Err(wrong("give one of `provider` and `discoveryUri`".into())),
    };
    let refresh_lifetime = shape.refresh_lifetime.unwrap_or(Span::from_secs(86_400));
    if !(900..=90 * 86_400).contains(&refresh_lifetime.secs()) {
        return Err(wrong("`refreshLifetime` is 15 min to 90 days".into()));
    }
    Ok(Integration {
        name: local.to_owned(),
        provider,
        client_id: shape.client_id.ok_or_else(|| wrong("`clientId` is missing".into()))?,
        client_secret: shape.client_secret,
        implicit_flow: shape.implicit_flow.unwrap_or(false),
        refresh_lifetime,
        keys: shape.keys.unwrap_or_default(),
        static_key: shape.static_key.map(|key| key.to_string()),
        clock_skew: shape.clock_skew.unwrap_or(Span::from_secs(60)),
        minimum_lifetime: shape.minimum_lifetime.unwrap_or(Span::ZERO),
    })
}
