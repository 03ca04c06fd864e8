//! What can be wrong with a server's certificate.

use std::fmt;

/// What is wrong with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flaw {
    /// Its time is over.
    Expired,
    /// It is of another host.
    WrongHost,
    /// Nobody trusts whoever has signed it.
    Untrusted,
}

/// For people.
impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Expired => "expired",
            Self::WrongHost => "of another host",
            Self::Untrusted => "signed by nobody who is trusted",
        })
    }
}
