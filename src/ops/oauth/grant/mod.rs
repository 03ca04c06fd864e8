//! One file a grant type (RFC 6749 section 1.3).

pub mod client_credentials;
