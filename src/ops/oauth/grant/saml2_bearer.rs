//! `urn:ietf:params:oauth:grant-type:saml2-bearer` (RFC 7522): the assertion of an identity provider, for a token that speaks for
//! the user whom it names.

use std::sync::Arc;

use crate::{
    base::codec::from_base64,
    domain::{
        client::{Client, Grant},
        saml::{Assertion, BadAssertion},
        visit::Refusal,
    },
    ops::{
        cx::Cx,
        oauth::{Granted, OAuthError, TokenRequest, is_of_grant, issue, required},
    },
};

/// Its name.
pub const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:saml2-bearer";

/// Exchanges an assertion. There is no refresh token: the next assertion takes its place.
pub async fn exchange(cx: &Cx, client: &Arc<Client>, request: &TokenRequest) -> Result<Granted, OAuthError> {
    is_of_grant(cx, client, Grant::Saml2Bearer)?;
    let org = required(cx, "orgName", request.org_name.as_deref())?;
    let text = required(cx, "assertion", request.assertion.as_deref())?;
    let name = cx.state(|state| state.settings.name.clone());
    if !org.eq_ignore_ascii_case(&name) {
        let words = "orgName is not the name of this org";
        cx.refuse(Refusal::new("oauth.org_unknown", words).expected(name).seen(org));
        return Err(OAuthError::Grant(words.to_owned()));
    }
    let audiences = audiences(cx);
    let assertion = read(text).and_then(|assertion| {
        assertion.judge(cx.now(), &audiences)?;
        Ok(assertion)
    });
    let assertion = assertion.map_err(|bad| {
        let refusal = Refusal::new(rule(&bad), bad.to_string());
        cx.refuse(match bad {
            BadAssertion::Audience(_) => refusal.expected(audiences.join(" or ")),
            _ => refusal.seen(cx.now().to_string()),
        });
        OAuthError::Grant(bad.to_string())
    })?;
    let called =
        |subject: &str| cx.state(|state| state.users.values().find(|user| user.is_called(subject)).cloned());
    let user = called(&assertion.subject).ok_or_else(|| {
        let words = "the assertion names nobody of this org";
        cx.refuse(Refusal::new("oauth.assertion_subject_unknown", words).expected("a user's address or id"));
        OAuthError::Grant(words.to_owned())
    })?;
    cx.journal(|draft| {
        draft.note(format!("an assertion of {}; its signature is not verified", assertion.issuer))
    });
    let granted = issue::grant(cx, client, &user.id);
    Ok(issue::access_token(cx, client, Some((&user.id, granted))).await?)
}

fn read(text: &str) -> Result<Assertion, BadAssertion> {
    let wrong = |what: &str| BadAssertion::Malformed(what.to_owned());
    // line breaks are usual in base64
    let text: String = text.split_ascii_whitespace().collect();
    let bytes = from_base64(&text).ok_or_else(|| wrong("it is no base64"))?;
    Assertion::read(str::from_utf8(&bytes).map_err(|_| wrong("it is not UTF-8"))?)
}

/// The names of the login host that an assertion may be for.
fn audiences(cx: &Cx) -> Vec<String> {
    let region = cx.state(|state| state.settings.region.clone());
    let hosts = [cx.base.clone(), format!("https://login.{region}")];
    hosts.into_iter().flat_map(|host| [format!("{host}/saml"), format!("{host}/oauth/token"), host]).collect()
}

fn rule(bad: &BadAssertion) -> &'static str {
    match bad {
        BadAssertion::Malformed(_) => "oauth.assertion_malformed",
        BadAssertion::Version(_) => "oauth.assertion_version",
        BadAssertion::Missing(_) => "oauth.assertion_incomplete",
        BadAssertion::TooEarly(_) => "oauth.assertion_not_yet_valid",
        BadAssertion::TooLate(_) => "oauth.assertion_expired",
        BadAssertion::Audience(_) => "oauth.assertion_audience",
    }
}
