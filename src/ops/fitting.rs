//! Whether faults fit an org: what only the org knows of them.

use super::keys;
use crate::{
    domain::org::AccessTokens,
    faults::fault::{BadFault, Fault},
    store::org_state::OrgState,
};

/// Has the org all that these faults are about?
pub fn check(state: &OrgState, faults: &[Fault]) -> Result<(), BadFault> {
    for (nth, fault) in faults.iter().enumerate() {
        let missing = fault.rings().find_map(|ring| keys::no_such_ring(state, ring));
        if let Some(wrong) = missing.or_else(|| no_access_jwts(state, fault)) {
            return Err(BadFault { id: fault.id(), wrong, nth });
        }
    }
    Ok(())
}

fn no_access_jwts(state: &OrgState, fault: &Fault) -> Option<String> {
    let jwts = state.clients.values().any(|client| client.access_tokens == AccessTokens::Jwt);
    (fault.needs_access_jwts() && !jwts).then(|| {
        "`claims`: access tokens of this org are opaque: they have no claims, but can be `expired` or `revoked`; \
         expected one of these modes, or an org or client with `accessTokens: jwt`"
            .to_owned()
    })
}
