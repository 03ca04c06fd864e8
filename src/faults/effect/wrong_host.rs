//! `wrong_host`: TLS is offered with a certificate of another host.

use serde::{Deserialize, Serialize};

use super::{Ask, Power, WHAT_IS_SHOWN};
use crate::{
    domain::certificate::Flaw,
    faults::{
        point::Point,
        verdict::{Offered, Verdict},
        when::When,
    },
};

/// The certificate is good, and of `wrong-host.test`. No session of before goes on under it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrongHost {}

impl Power for WrongHost {
    fn point(&self, _: &When) -> Point {
        Point::Handshake
    }

    fn decides(&self) -> Option<String> {
        Some(WHAT_IS_SHOWN.to_owned())
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Tls(Offered::Flawed(Flaw::WrongHost)))
    }
}
