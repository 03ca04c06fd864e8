//! `untrusted_certificate`: TLS is offered with a certificate that is signed by somebody whom nobody trusts.

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

/// It is of the right host. The authority that has signed it is made for this one handshake, so that it cannot be trusted by accident.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UntrustedCertificate {}

impl Power for UntrustedCertificate {
    fn point(&self, _: &When) -> Point {
        Point::Handshake
    }

    fn decides(&self) -> Option<String> {
        Some(WHAT_IS_SHOWN.to_owned())
    }

    fn verdict(&self, _: &mut Ask<'_>) -> Option<Verdict> {
        Some(Verdict::Tls(Offered::Flawed(Flaw::Untrusted)))
    }
}
