//! Floor 5: sockets of the operating system. [`listener`] accepts and serves, [`letter_case`] teaches hyper to spell
//! header names, [`limits`] raises what the process may open.

pub mod letter_case;
pub mod limits;
pub mod listener;
