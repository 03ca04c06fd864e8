//! What administrators say of the org itself.

use std::sync::Arc;

use super::cx::Cx;
use crate::domain::visit::Refusal;

/// Characters of each text.
const LONGEST: usize = 256;

/// Why something is not done.
#[derive(Debug, thiserror::Error)]
pub enum OrganizationError {
    /// Somebody else has written it meanwhile.
    #[error("The organization has version {is}; version {said} was changed")]
    Version {
        /// What it has.
        is: u32,
        /// What was said.
        said: i64,
    },
    /// It cannot be meant.
    #[error("{0}")]
    Invalid(String),
}

/// What is said of it; what is not said stays.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Its name.
    pub name: Option<String>,
    /// Language of its people.
    pub default_language: Option<String>,
    /// Country of its numbers and addresses.
    pub default_country_code: Option<String>,
    /// A site of another company.
    pub third_party_uri: Option<String>,
    /// Id of the site that is meant where none is named.
    pub default_site: Option<String>,
    /// Where its people find help.
    pub support_uri: Option<String>,
    /// Do its people have voice mail?
    pub voicemail: Option<bool>,
}

fn check(said: &Said) -> Result<(), OrganizationError> {
    let wrong = |words: String| Err(OrganizationError::Invalid(words));
    let texts = [
        ("name", &said.name),
        ("defaultLanguage", &said.default_language),
        ("defaultCountryCode", &said.default_country_code),
        ("thirdPartyURI", &said.third_party_uri),
        ("defaultSiteId", &said.default_site),
        ("supportURI", &said.support_uri),
    ];
    for (name, text) in texts.iter().filter_map(|(name, text)| Some((name, text.as_ref()?))) {
        if text.chars().count() > LONGEST {
            return wrong(format!("{name} has more than {LONGEST} characters"));
        }
        if name.ends_with("URI") && text.parse::<http::Uri>().is_err() {
            return wrong(format!("{name} is not a URI"));
        }
        if text.trim().is_empty() && matches!(*name, "name" | "defaultLanguage" | "defaultCountryCode") {
            return wrong(format!("{name} is blank"));
        }
    }
    Ok(())
}

/// Writes it anew, of this version.
pub fn put(cx: &Cx, version: i64, said: Said) -> Result<(), OrganizationError> {
    let written = cx.state(|state| {
        check(&said)?;
        let settings = Arc::make_mut(&mut state.settings);
        let about = &mut settings.about;
        if i64::from(about.version) != version {
            return Err(OrganizationError::Version { is: about.version, said: version });
        }
        about.version += 1;
        about.voicemail = said.voicemail.unwrap_or(about.voicemail);
        let changed = [
            (&mut about.third_party_uri, said.third_party_uri),
            (&mut about.default_site, said.default_site),
            (&mut about.support_uri, said.support_uri),
        ];
        for (old, new) in changed {
            *old = new.or_else(|| old.take());
        }
        let changed = [
            (&mut settings.name, said.name),
            (&mut settings.default_language, said.default_language),
            (&mut settings.default_country_code, said.default_country_code),
        ];
        for (old, new) in changed.into_iter().filter_map(|(old, new)| Some((old, new?))) {
            *old = new;
        }
        Ok(())
    });
    written.inspect_err(|error| {
        let rule = match error {
            OrganizationError::Version { .. } => "organization.version",
            OrganizationError::Invalid(_) => "body.invalid",
        };
        cx.refuse(Refusal::new(rule, error.to_string()));
    })
}
