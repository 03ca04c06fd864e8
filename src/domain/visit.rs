//! One request, or one frame, as everything sees it that looks at it.

use serde::{Deserialize, Serialize};

use crate::base::ids::{ClientId, DeploymentId, GuestId, SessionToken, UserId};

/// A family of URLs of the platform.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Surface {
    /// `/oauth/*` and the platform's own issuer under `/.well-known/*`.
    Login,
    /// `/api/v2/*`.
    Api,
    /// `/webdeployments/v1/*`.
    Cdn,
    /// `/v1`: the web messaging socket.
    Webmessaging,
    /// `/channels/*` and `/v1/token/*`: the sockets of notification channels and of legacy web chats.
    Streaming,
    /// `/uploads/*`: where files of web messaging are put.
    Uploads,
    /// `/idp/*`: the built-in identity providers.
    Idp,
    /// What the platform sends to URLs of integrations.
    Webhooks,
    /// Nothing that the platform has.
    Unknown,
}

/// What a request says about itself. None of it is proved.
#[derive(Clone, Debug, Default)]
pub struct Claimed {
    /// `client_id`, or the client of the access token.
    pub client: Option<ClientId>,
    /// `deploymentId`.
    pub deployment: Option<DeploymentId>,
    /// The session token of a frame.
    pub session: Option<SessionToken>,
    /// The guest of a guest JWT or path.
    pub guest: Option<GuestId>,
    /// The person of a user token.
    pub user: Option<UserId>,
    /// A bearer credential, as it came.
    pub bearer: Option<String>,
    /// A client's secret that came where the client's id belongs; `client` is what stands for it.
    pub misplaced: Option<Box<str>>,
    /// Is the credential known to belong to another org than the one that was addressed?
    pub of_another_org: bool,
}

/// Which way a frame goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// From the client.
    In,
    /// To the client.
    Out,
}

/// Why a request was not granted: for the journal, never for the imitated answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Refusal {
    /// The rule's name, such as `scope.missing`.
    pub rule: &'static str,
    /// One sentence.
    pub reason: String,
    /// What would have been right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What came; never a secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<String>,
    /// Has a fault done it?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

impl Refusal {
    /// A rule and one sentence.
    pub fn new(rule: &'static str, reason: impl Into<String>) -> Self {
        Self { rule, reason: reason.into(), expected: None, seen: None, fault: None }
    }

    /// What would have been right.
    pub fn expected(mut self, what: impl Into<String>) -> Self {
        self.expected = Some(what.into());
        self
    }

    /// What came.
    pub fn seen(mut self, what: impl Into<String>) -> Self {
        self.seen = Some(what.into());
        self
    }

    /// The fault that did it.
    pub fn by(mut self, fault: impl ToString) -> Self {
        self.fault = Some(fault.to_string());
        self
    }
}
