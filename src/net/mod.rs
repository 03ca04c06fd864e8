//! Floor 5: sockets of the operating system. [`listener`] accepts and serves, `accept` is what faults make of a
//! connection before, `tls` what comes of TLS, `proxy` where requests go that name a host, [`limits`] raises what the process
//! may open.

mod accept;
pub mod limits;
pub mod listener;
mod proxy;
mod tls;
