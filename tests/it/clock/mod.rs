//! What an org's clock does to open sockets.

mod moving;
mod running;
mod settled;
mod unsettled;
