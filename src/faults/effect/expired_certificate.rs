//! `expired_certificate`: TLS is offered with a certificate whose time was over yesterday.

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

/// It is of the right host, and its authority is the one that clients trust. No session of before goes on under it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpiredCertificate {}

impl Power for ExpiredCertificate {
    fn point(&self, _: &When) -> Point {
        Point::Handshake
    }

    fn decides(&self) -> Option<String> {
        Some(WHAT_IS_SHOWN.to_owned())
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Tls(Offered::Flawed(Flaw::Expired)))
    }
}
