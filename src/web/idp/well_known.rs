//! `/.well-known/openid-configuration` (OpenID Connect Discovery 1.0).

use axum::response::Response;
use http::HeaderMap;
use serde::Serialize;

use crate::{
    domain::authentication_request::{Prompt, ResponseMode, ResponseType},
    ops::idp::{At, token::GRANTS},
    web::api::publickey::cacheable,
};

#[derive(Serialize)]
struct Configuration<'a> {
    issuer: &'a str,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: String,
    jwks_uri: String,
    introspection_endpoint: String,
    revocation_endpoint: String,
    end_session_endpoint: String,
    scopes_supported: [&'static str; 6],
    response_types_supported: [&'static str; 6],
    response_modes_supported: [&'static str; 3],
    grant_types_supported: [&'static str; 4],
    subject_types_supported: [&'static str; 1],
    id_token_signing_alg_values_supported: [&'static str; 1],
    token_endpoint_auth_methods_supported: [&'static str; 3],
    introspection_endpoint_auth_methods_supported: [&'static str; 2],
    revocation_endpoint_auth_methods_supported: [&'static str; 3],
    code_challenge_methods_supported: [&'static str; 2],
    prompt_values_supported: [&'static str; 4],
    claims_supported: [&'static str; 16],
    claims_parameter_supported: bool,
    request_parameter_supported: bool,
    request_uri_parameter_supported: bool,
}

const AUTH_METHODS: [&str; 3] = ["client_secret_basic", "client_secret_post", "none"];

/// Where everything is, and what is understood.
pub async fn openid_configuration(at: At, headers: HeaderMap) -> Response {
    let issuer = at.issuer.as_str();
    let url = |path: &str| format!("{issuer}/{path}");
    let configuration = Configuration {
        issuer,
        authorization_endpoint: url("authorize"),
        token_endpoint: url("token"),
        userinfo_endpoint: url("userinfo"),
        jwks_uri: url("jwks"),
        introspection_endpoint: url("introspect"),
        revocation_endpoint: url("revoke"),
        end_session_endpoint: url("end_session"),
        scopes_supported: ["openid", "profile", "email", "address", "phone", "offline_access"],
        response_types_supported: ResponseType::SERVED,
        response_modes_supported: ResponseMode::SERVED,
        grant_types_supported: GRANTS,
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: [at.provider.algorithm.name()],
        token_endpoint_auth_methods_supported: AUTH_METHODS,
        introspection_endpoint_auth_methods_supported: [AUTH_METHODS[0], AUTH_METHODS[1]],
        revocation_endpoint_auth_methods_supported: AUTH_METHODS,
        code_challenge_methods_supported: ["S256", "plain"],
        prompt_values_supported: Prompt::SERVED,
        claims_supported: [
            "iss",
            "sub",
            "aud",
            "iat",
            "exp",
            "auth_time",
            "nonce",
            "at_hash",
            "c_hash",
            "sid",
            "name",
            "given_name",
            "family_name",
            "preferred_username",
            "email",
            "email_verified",
        ],
        claims_parameter_supported: true,
        request_parameter_supported: false,
        request_uri_parameter_supported: false,
    };
    cacheable(&headers, &configuration)
}
