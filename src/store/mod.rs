//! Floor 2: an org's state, a value. [`org_state`] is all of it, [`table`] what its larger parts are made of.

pub mod org_state;
pub mod table;
