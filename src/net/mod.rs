//! Floor 5: sockets of the operating system. [`listener`] accepts and serves, [`accept`] is what faults make of a
//! connection before, [`limits`] raises what the process may open.

mod accept;
pub mod limits;
pub mod listener;
