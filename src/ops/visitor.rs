//! Who stands before an authorization endpoint: that of the platform, or of an identity provider.

use super::params::Params;

/// Who stands before the authorization endpoint.
#[derive(Clone, Debug)]
pub enum Visitor {
    /// Somebody whom a client has sent.
    Sent,
    /// Somebody who chose this name on the page.
    Chose(String),
    /// Somebody who wrote a user name and a password there.
    Wrote {
        /// The user name.
        name: String,
        /// The password.
        password: String,
    },
    /// Somebody who had signed in before, and goes on.
    GoesOn,
    /// Somebody who does not want to.
    Cancels,
}

impl Visitor {
    /// Somebody who has left the page by one of its forms.
    pub fn of(form: &Params) -> Self {
        let text = |name: &str| form.get(name).unwrap_or_default().to_owned();
        if form.get("cancel").is_some() {
            Self::Cancels
        } else if form.get("continue").is_some() {
            Self::GoesOn
        } else if form.get("person").is_some() {
            Self::Chose(text("person"))
        } else {
            Self::Wrote { name: text("username"), password: text("password") }
        }
    }
}
