//! Floor 5: sockets of the operating system. [`listener`] accepts and serves, [`limits`] raises what the process may
//! open.

pub mod limits;
pub mod listener;
