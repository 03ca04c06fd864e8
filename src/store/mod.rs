//! Floor 2: an org's state, a value. [`org_state`] is all of it; its larger parts are bounded tables, [`files`], [`stations`],
//! [`conversations`], [`sessions`] and [`authorizations`], which is what identity providers and
//! users granted. `rights` says who may what, `conversation_index` where conversations are found.

pub mod authorizations;
pub mod channels;
pub mod contacts;
mod conversation_index;
pub mod conversations;
pub mod files;
pub mod messaging_administration;
pub mod org_state;
mod rights;
pub mod sessions;
pub mod stations;
pub mod web_administration;
