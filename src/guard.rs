//! Tests that verify what their code did, when they say so or when the emulator is dropped.

use std::sync::Arc;

use crate::{
    emulator::{Emulator, StartError},
    ops::{
        app::App,
        verify::{self, Asked, NotVerified, Verification, report::Report},
    },
    web::routes::served,
};

impl Emulator {
    /// Verifies what happened in the default org, and waits for what is asked to be waited for (`within`, `neverFor`).
    /// Faults of the emulator as a whole are looked at, too.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let emulator = genesys_emulator::Emulator::builder().scenario("guest-429").start().await?;
    /// // … the code under test does its work
    /// let verification = genesys_emulator::Verification::read("{ match: { path: /oauth/token }, times: 1 }")?;
    /// let report = emulator.verify(&verification).await?;
    /// assert!(report.held(), "{report}");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When nothing could be verified: nothing was asked and no fault is set, or the org is gone.
    pub async fn verify(&self, verification: &Verification) -> Result<Report, NotVerified> {
        let org = self.app().default_org().ok_or(NotVerified::NoOrg)?;
        let served = served();
        let asked = Asked { verification, org: &org, with_gate: true, served: &served };
        verify::verify(self.app(), &asked).await
    }
}

/// Verifies when it is dropped, and panics when something is not as it is to be, unless the test is panicking already.
pub(crate) struct OnDrop {
    app: Arc<App>,
    verification: Verification,
}

impl OnDrop {
    /// What waits cannot be verified at the end.
    pub fn new(app: Arc<App>, verification: Verification) -> Result<Self, StartError> {
        match verification.needs_time() {
            true => {
                let words = "`neverFor` waits, and a drop cannot; use `emulator.verify(…).await`";
                Err(StartError::Configuration(words.to_owned()))
            }
            false => Ok(Self { app, verification }),
        }
    }

    fn verify(&self) -> Result<Report, NotVerified> {
        let org = self.app.default_org().ok_or(NotVerified::NoOrg)?;
        let served = served();
        let asked = Asked { verification: &self.verification, org: &org, with_gate: true, served: &served };
        verify::verify_now(&self.app, &asked)
    }
}

impl Drop for OnDrop {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        match self.verify() {
            Ok(report) => assert!(report.held(), "{report}"),
            Err(error) => panic!("{error}"),
        }
    }
}
