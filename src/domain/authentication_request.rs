//! What a client asks of an identity provider when it sends somebody there (OpenID Connect Core section 3).

use std::{collections::BTreeMap, str::FromStr};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::identity_provider::{EndUser, PROTOCOL_CLAIMS};

/// What comes back at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ResponseType {
    /// A code.
    pub code: bool,
    /// An ID token.
    pub id_token: bool,
    /// An access token.
    pub token: bool,
}

impl ResponseType {
    /// Those that are served, as discovery spells them.
    pub const SERVED: [&str; 6] =
        ["code", "id_token", "id_token token", "code id_token", "code token", "code id_token token"];
}

/// What a text is not, when it should have been a response type.
#[derive(Debug, thiserror::Error)]
#[error("response_type {0} is not served; expected one of {expected}", expected = ResponseType::SERVED.join(", "))]
pub struct NotAResponseType(String);

impl FromStr for ResponseType {
    type Err = NotAResponseType;

    fn from_str(text: &str) -> Result<Self, NotAResponseType> {
        let mut asked = Self::default();
        for word in text.split_whitespace() {
            match word {
                "code" => asked.code = true,
                "id_token" => asked.id_token = true,
                "token" => asked.token = true,
                _ => return Err(NotAResponseType(text.to_owned())),
            }
        }
        // a lone access token says nothing of who it was
        match asked.code || asked.id_token {
            true => Ok(asked),
            false => Err(NotAResponseType(text.to_owned())),
        }
    }
}

/// How it comes back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ResponseMode {
    /// In the query.
    Query,
    /// In the fragment, which servers do not see.
    Fragment,
    /// In a form that the browser posts.
    FormPost,
}

impl ResponseMode {
    /// Those that are served, as discovery spells them.
    pub const SERVED: [&str; 3] = ["query", "fragment", "form_post"];

    /// By its name.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "query" => Some(Self::Query),
            "fragment" => Some(Self::Fragment),
            "form_post" => Some(Self::FormPost),
            _ => None,
        }
    }

    /// The usual one: tokens stay out of queries.
    pub fn usual(response_type: ResponseType) -> Self {
        if response_type.id_token || response_type.token { Self::Fragment } else { Self::Query }
    }
}

/// Where the answer goes.
#[derive(Clone, Debug)]
pub struct ReturnTo {
    /// To this URI.
    pub redirect_uri: String,
    /// In this way.
    pub mode: ResponseMode,
    /// With this `state`.
    pub state: Option<String>,
}

/// What the person is to be shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Prompt {
    /// Nothing at all.
    pub none: bool,
    /// The sign-in, whoever has signed in before.
    pub login: bool,
    /// Who asks, even if nothing else has to be asked.
    pub consent: bool,
}

impl Prompt {
    /// Those that are served, as discovery spells them.
    pub const SERVED: [&str; 4] = ["none", "login", "consent", "select_account"];
}

/// What a text is not, when it should have been a prompt.
#[derive(Debug, thiserror::Error)]
pub enum NotAPrompt {
    /// Nobody knows one of its words.
    #[error("prompt {0} is not served; expected {expected}", expected = Prompt::SERVED.join(", "))]
    Unknown(String),
    /// `none` and something.
    #[error("prompt none stands alone")]
    NotAlone,
}

impl FromStr for Prompt {
    type Err = NotAPrompt;

    fn from_str(text: &str) -> Result<Self, NotAPrompt> {
        let mut prompt = Self::default();
        for word in text.split_whitespace() {
            match word {
                "none" => prompt.none = true,
                "login" | "select_account" => prompt.login = true,
                "consent" => prompt.consent = true,
                other => return Err(NotAPrompt::Unknown(other.to_owned())),
            }
        }
        if prompt.none && (prompt.login || prompt.consent) { Err(NotAPrompt::NotAlone) } else { Ok(prompt) }
    }
}

/// What is asked of one claim.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Asked {
    value: Option<Value>,
    values: Vec<Value>,
}

/// Claims that are asked for one by one (OpenID Connect Core section 5.5).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ClaimsRequest {
    userinfo: Option<BTreeMap<String, Option<Asked>>>,
    id_token: Option<BTreeMap<String, Option<Asked>>>,
}

/// Where a claim is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ToldIn {
    /// The ID token.
    IdToken,
    /// The answer of the UserInfo endpoint.
    UserInfo,
}

impl ClaimsRequest {
    fn of(&self, place: ToldIn) -> impl Iterator<Item = (&String, &Option<Asked>)> {
        let claims = match place {
            ToldIn::IdToken => &self.id_token,
            ToldIn::UserInfo => &self.userinfo,
        };
        claims.iter().flatten()
    }

    /// The only subject that will do.
    pub fn subject(&self) -> Option<&str> {
        let asked = self.of(ToldIn::IdToken).chain(self.of(ToldIn::UserInfo));
        let subject = asked.filter(|(claim, _)| *claim == "sub").find_map(|(_, asked)| asked.as_ref());
        subject?.value.as_ref()?.as_str()
    }

    /// Adds what is asked for: the value that the request gives, or what is known of the person. A test gets any
    /// claim in this way, but for those that the protocol makes.
    pub fn add_to(&self, told: &mut BTreeMap<String, Value>, place: ToldIn, person: &EndUser) {
        for (claim, asked) in self.of(place).filter(|(claim, _)| !PROTOCOL_CLAIMS.contains(&claim.as_str())) {
            let given = asked.as_ref().and_then(|asked| asked.value.as_ref().or(asked.values.first()));
            if let Some(value) = given.or_else(|| person.claims.get(claim)) {
                told.insert(claim.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn response_types_are_sets_of_words() {
        for text in ResponseType::SERVED {
            let reversed: Vec<_> = text.split(' ').rev().collect();
            let (one, other) = (text.parse::<ResponseType>(), reversed.join(" ").parse());
            assert_eq!(one.unwrap(), other.unwrap(), "{text}");
        }
        for text in ["", "token", "none", "code none", "Code"] {
            assert!(text.parse::<ResponseType>().is_err(), "{text}");
        }
    }

    #[test]
    fn every_prompt_that_is_served_is_understood() {
        assert!(Prompt::SERVED.iter().all(|text| text.parse::<Prompt>().is_ok()));
        assert!("none login".parse::<Prompt>().is_err() && "create".parse::<Prompt>().is_err());
        assert!(ResponseMode::SERVED.iter().all(|text| ResponseMode::parse(text).is_some()));
    }
}
