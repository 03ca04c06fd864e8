//! Tests that verify what their code did, when they say so or when the emulator is dropped.

use std::{collections::BTreeSet, sync::Arc};

use crate::{
    emulator::{Emulator, StartError},
    ops::{
        app::App,
        org::Org,
        verify::{
            self, Asked, NotVerified, Reach, Verification,
            report::{Report, Tallied},
            verification::Allowed,
        },
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
        self.verify_within(verification, Reach::Emulator).await
    }

    /// The same, with as many faults.
    pub(crate) async fn verify_within(
        &self,
        verification: &Verification,
        reach: Reach,
    ) -> Result<Report, NotVerified> {
        let org = self.app().default_org().ok_or(NotVerified::NoOrg)?;
        let served = served();
        let asked = Asked { verification, org: &org, reach, served: &served };
        verify::verify(self.app(), &asked).await
    }

    /// Faults of other orgs than the default one, which has not got them, that never fired and should have: a sentence
    /// for each.
    pub(crate) fn unfired_elsewhere(&self, allowed: &Allowed) -> Vec<String> {
        let (app, served, verification) = (self.app(), served(), Verification::default());
        let known =
            |org: &Org| org.cell(|cell| cell.faults.counts()).into_iter().map(|count| count.fault.id());
        let known: BTreeSet<_> = app.default_org().into_iter().flat_map(|org| known(&org)).collect();
        let mut all = Vec::new();
        for org in app.all_orgs() {
            let asked = Asked { verification: &verification, org: &org, reach: Reach::Org, served: &served };
            let Ok(report) = verify::verify_now(app, &asked) else { continue };
            let dead = |fault: &&Tallied| !known.contains(&fault.id) && !allowed.allows_id(fault.id.as_str());
            let dead = report.faults.unfired.iter().filter(dead);
            all.extend(dead.map(|fault| format!("in org {}: {fault}", org.id)));
        }
        all
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
        let asked =
            Asked { verification: &self.verification, org: &org, reach: Reach::Emulator, served: &served };
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
