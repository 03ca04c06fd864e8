//! SAML 2.0 assertions as bearer tokens (RFC 7522): what they say, and whether that holds. Nobody here has the keys of foreign
//! identity providers, so signatures are not looked at.

use quick_xml::{
    NsReader, XmlVersion,
    escape::resolve_predefined_entity,
    events::{BytesStart, Event},
    name::{Namespace, ResolveResult},
};

use crate::base::time::Timestamp;

/// The namespace of assertions.
const SAML: Namespace<'static> = Namespace("urn:oasis:names:tc:SAML:2.0:assertion");
/// Elements within one another. Nobody nests deeper.
const DEEPEST: usize = 32;

/// What an assertion says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Assertion {
    /// `Issuer`.
    pub issuer: String,
    /// `NameID` of the subject.
    pub subject: String,
    /// The last `NotBefore`.
    not_before: Option<Timestamp>,
    /// The first `NotOnOrAfter`.
    not_on_or_after: Option<Timestamp>,
    /// `Audience`s.
    audiences: Vec<String>,
}

/// Why an assertion is worth nothing.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadAssertion {
    /// It is not XML, or not an assertion.
    #[error("the assertion cannot be read: {0}")]
    Malformed(String),
    /// It is of another version.
    #[error("the assertion has version {0}, expected 2.0")]
    Version(String),
    /// Something is missing.
    #[error("the assertion has no {0}")]
    Missing(&'static str),
    /// Its time has not come.
    #[error("the assertion is not good before {0}")]
    TooEarly(Timestamp),
    /// Its time is over.
    #[error("the assertion was good until {0}")]
    TooLate(Timestamp),
    /// It is for somebody else.
    #[error("the assertion is for audience {0}")]
    Audience(String),
}

impl Assertion {
    /// Reads an assertion, or the only one of a response.
    pub fn read(text: &str) -> Result<Self, BadAssertion> {
        let mut reader = NsReader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        let mut said = Self::default();
        let (mut open, mut assertions): (Vec<String>, usize) = (Vec::new(), 0);
        let mut words = String::new();
        loop {
            let (namespace, event) = reader.read_resolved_event().map_err(malformed)?;
            let of_saml = namespace == ResolveResult::Bound(SAML);
            match event {
                Event::Start(start) => {
                    words.clear();
                    let name = if of_saml { start.local_name().as_ref().to_owned() } else { String::new() };
                    if name == "Assertion" {
                        assertions += 1;
                        match attribute(&start, "Version")? {
                            Some(version) if version == "2.0" => {}
                            version => return Err(BadAssertion::Version(version.unwrap_or_default())),
                        }
                    }
                    said.limits(&name, &start)?;
                    open.push(name);
                    if open.len() > DEEPEST {
                        return Err(malformed("its elements are nested too deeply"));
                    }
                }
                Event::End(_) => {
                    let name = open.pop().unwrap_or_default();
                    said.text(&name, open.last().map(String::as_str), words.trim());
                    words.clear();
                }
                Event::Text(text) => words += &text.xml10_content(),
                Event::CData(text) => words += &text.xml10_content(),
                Event::GeneralRef(reference) => match reference.resolve_char_ref().map_err(malformed)? {
                    Some(char) => words.push(char),
                    None => {
                        let known = resolve_predefined_entity(&reference.xml10_content());
                        words += known.ok_or_else(|| malformed("it has an entity that nobody knows"))?;
                    }
                },
                Event::DocType(_) => return Err(malformed("it has a document type")),
                // empty elements come as their start and end
                Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
                Event::Eof => break,
            }
        }
        match assertions {
            1 if open.is_empty() => said.whole(),
            1 => Err(malformed("an element is not closed")),
            0 => Err(malformed("there is no Assertion of SAML 2.0 in it")),
            _ => Err(malformed("there are several assertions in it")),
        }
    }

    /// Takes in what the attributes of an element say of time.
    fn limits(&mut self, name: &str, start: &BytesStart<'_>) -> Result<(), BadAssertion> {
        if !matches!(name, "Conditions" | "SubjectConfirmationData") {
            return Ok(());
        }
        let time = |attribute: Option<String>| {
            let parsed = attribute.map(|text| text.parse::<Timestamp>());
            parsed.transpose().map_err(|_| malformed("NotBefore or NotOnOrAfter is no time of ISO 8601"))
        };
        if let Some(from) = time(attribute(start, "NotBefore")?)? {
            self.not_before = self.not_before.max(Some(from));
        }
        if let Some(end) = time(attribute(start, "NotOnOrAfter")?)? {
            self.not_on_or_after = Some(self.not_on_or_after.map_or(end, |known| known.min(end)));
        }
        Ok(())
    }

    /// Takes in the text of an element.
    fn text(&mut self, name: &str, within: Option<&str>, words: &str) {
        match (name, within) {
            ("Issuer", Some("Assertion")) => words.clone_into(&mut self.issuer),
            ("NameID", Some("Subject")) => words.clone_into(&mut self.subject),
            ("Audience", _) => self.audiences.push(words.to_owned()),
            _ => {}
        }
    }

    /// RFC 7522 section 3 wants all of these.
    fn whole(self) -> Result<Self, BadAssertion> {
        let missing = match &self {
            Self { issuer, .. } if issuer.is_empty() => "Issuer",
            Self { subject, .. } if subject.is_empty() => "Subject with a NameID",
            Self { not_on_or_after: None, .. } => "NotOnOrAfter",
            Self { audiences, .. } if audiences.is_empty() => "Audience",
            _ => return Ok(self),
        };
        Err(BadAssertion::Missing(missing))
    }

    /// Does it hold at this time, for one of these audiences?
    pub fn judge(&self, now: Timestamp, audiences: &[String]) -> Result<(), BadAssertion> {
        match (self.not_before, self.not_on_or_after) {
            (Some(from), _) if now < from => return Err(BadAssertion::TooEarly(from)),
            (_, Some(end)) if now >= end => return Err(BadAssertion::TooLate(end)),
            _ => {}
        }
        match self.audiences.iter().any(|one| audiences.contains(one)) {
            true => Ok(()),
            false => Err(BadAssertion::Audience(self.audiences.join(" or "))),
        }
    }
}

fn malformed(why: impl ToString) -> BadAssertion {
    BadAssertion::Malformed(why.to_string())
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Result<Option<String>, BadAssertion> {
    let Some(found) = start.try_get_attribute(name).map_err(malformed)? else { return Ok(None) };
    let value = found.normalized_value(XmlVersion::Explicit1_0).map_err(malformed)?;
    Ok(Some(value.into_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WHOLE: &str = r#"<?xml version="1.0"?>
        <s:Assertion xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion" Version="2.0" ID="_1">
          <s:Issuer>https://idp.test/a&amp;b</s:Issuer>
          <s:Subject><s:NameID>agent&#64;emulated.test</s:NameID>
            <s:SubjectConfirmation><s:SubjectConfirmationData NotOnOrAfter="2026-01-02T03:10:00Z"/></s:SubjectConfirmation>
          </s:Subject>
          <s:Conditions NotBefore="2026-01-02T03:00:00Z" NotOnOrAfter="2026-01-02T04:00:00Z">
            <s:AudienceRestriction><s:Audience>one</s:Audience><s:Audience>two</s:Audience></s:AudienceRestriction>
          </s:Conditions>
        </s:Assertion>"#;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn what_it_says_is_read_whatever_its_prefix_and_wrapper() {
        let said = Assertion::read(WHOLE).unwrap();
        assert_eq!(
            (said.issuer.as_str(), said.subject.as_str()),
            ("https://idp.test/a&b", "agent@emulated.test")
        );
        let plain = WHOLE.replace("xmlns:s=", "xmlns=").replace("<s:", "<").replace("</s:", "</");
        assert_eq!(Assertion::read(&plain).unwrap(), said);
        let body = WHOLE.split_once("?>").unwrap().1;
        let wrapped =
            format!("<p:Response xmlns:p=\"urn:oasis:names:tc:SAML:2.0:protocol\">{body}</p:Response>");
        assert_eq!(Assertion::read(&wrapped).unwrap(), said);
    }

    #[test]
    fn it_holds_from_its_first_moment_to_the_earliest_of_its_ends_and_for_its_audiences() {
        let said = Assertion::read(WHOLE).unwrap();
        let judge = |now: &str, audience: &str| said.judge(time(now), &[audience.to_owned()]);
        assert_eq!(judge("2026-01-02T03:00:00Z", "one"), Ok(()));
        assert_eq!(judge("2026-01-02T03:09:59Z", "two"), Ok(()));
        let early = judge("2026-01-02T02:59:59Z", "one").unwrap_err();
        assert_eq!(early, BadAssertion::TooEarly(time("2026-01-02T03:00:00Z")));
        let late = judge("2026-01-02T03:10:00Z", "one").unwrap_err();
        assert_eq!(late, BadAssertion::TooLate(time("2026-01-02T03:10:00Z")));
        assert_eq!(judge("2026-01-02T03:05:00Z", "x"), Err(BadAssertion::Audience("one or two".into())));
    }

    #[test]
    fn what_is_missing_or_is_no_assertion_is_named() {
        let without =
            |old: &str, new: &str| Assertion::read(&WHOLE.replace(old, new)).unwrap_err().to_string();
        assert_eq!(
            without("Version=\"2.0\"", "Version=\"1.1\""),
            "the assertion has version 1.1, expected 2.0"
        );
        assert_eq!(without("https://idp.test/a&amp;b", ""), "the assertion has no Issuer");
        assert_eq!(without("agent&#64;emulated.test", ""), "the assertion has no Subject with a NameID");
        assert_eq!(without("NotOnOrAfter", "Elsewhen"), "the assertion has no NotOnOrAfter");
        assert_eq!(without("Audience>", "Spectator>"), "the assertion has no Audience");
        for wrong in [
            "",
            "x",
            "<a/>",
            "<a>",
            "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>",
            &WHOLE.replace("SAML:2.0", "SAML:1.0"),
            &WHOLE.replace("&amp;", "&unknown;"),
            &WHOLE.replace("2026-01-02T03:00:00Z", "yesterday"),
            &WHOLE[..WHOLE.len() - 5],
            &format!("<a>{0}{0}</a>", WHOLE.split_once("?>").unwrap().1),
            &"<a>".repeat(100),
        ] {
            let error = Assertion::read(wrong).unwrap_err().to_string();
            assert!(error.starts_with("the assertion cannot be read: "), "{wrong}: {error}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in ".{0,200}", at in 0..WHOLE.len(), more in "[<>&/=a-z\"]{1,6}") {
            let _ = Assertion::read(&text);
            if WHOLE.is_char_boundary(at) {
                let _ = Assertion::read(&format!("{}{more}{}", &WHOLE[..at], &WHOLE[at..]));
            }
        }
    }
}
