//! One file a grant type (RFC 6749 section 1.3).

pub mod authorization_code;
pub mod client_credentials;
pub mod refresh_token;
pub mod saml2_bearer;
