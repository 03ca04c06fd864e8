//! TLS on the port of everything else, its certificate authority, and the forward proxy.

mod authority;
mod handshake;
mod junk;
mod proxy;
mod reach;
mod refused;
