//! Floor 2: an org's state, a value. [`org_state`] is all of it; its larger parts are bounded tables.
//! [`authorizations`] is what its identity providers granted.

pub mod authorizations;
pub mod org_state;
