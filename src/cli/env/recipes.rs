//! How clients are pointed at an emulator: a line of code for each. The tests run every one of them with the client that
//! it names.

use serde::Serialize;
use serde_json::Value;

use crate::cli::way_in::WayIn;

/// How one client is set.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Recipe {
    /// The client by the name of its package.
    pub client: &'static str,
    /// What it is.
    pub what: &'static str,
    /// `JavaScript` or `Python`.
    pub language: &'static str,
    /// The line.
    pub code: String,
}

/// A text as a literal of JavaScript and of Python.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// All recipes; those that want what the org does not have are left out.
pub fn all(way: &WayIn) -> Vec<Recipe> {
    let url = way.url.as_str();
    let socket = url.replacen("http", "ws", 1);
    let keys = quoted(&format!("{url}/.well-known/jwks.json"));
    let mut recipes = Vec::new();
    let mut add = |client, what, language, code| recipes.push(Recipe { client, what, language, code });

    add("axios", "a token proxy", "JavaScript", format!("axios.create({{ baseURL: {} }})", quoted(url)));
    add(
        "purecloud-guest-chat-client",
        "legacy web chat",
        "JavaScript",
        format!("guestChat.ApiClient.instance.config.basePath = {}", quoted(url)),
    );
    if let Some((host, port, https)) = way.host() {
        let (host, scheme) = (quoted(&host), if https { "https" } else { "http" });
        add(
            "purecloud-platform-client-v2",
            "the Platform SDK",
            "JavaScript",
            format!(
                "platformClient.ApiClient.instance.setGateway({{ host: {host}, protocol: \"{scheme}\", port: {port} }})"
            ),
        );
    }
    add(
        "PureCloudPlatformClientV2",
        "the Platform SDK",
        "Python",
        format!("PureCloudPlatformClientV2.configuration.host = {}", quoted(url)),
    );
    if let Some(deployment) = &way.deployment_id {
        let target = quoted(&format!("{socket}/v1?deploymentId={deployment}"));
        add("ws", "web messaging", "JavaScript", format!("new WebSocket({target})"));
    }
    add("jose", "verifies JWTs", "JavaScript", format!("createRemoteJWKSet(new URL({keys}))"));
    add("jwks-rsa", "verifies JWTs", "JavaScript", format!("jwksClient({{ jwksUri: {keys} }})"));
    add("PyJWT", "verifies JWTs", "Python", format!("jwt.PyJWKClient({keys})"));
    if let Some(idp) = &way.idp_url {
        let (issuer, token) = (quoted(idp), quoted(&format!("{idp}/token")));
        add(
            "openid-client",
            "signs people in",
            "JavaScript",
            format!(
                "await client.discovery(new URL({issuer}), clientId, clientSecret, undefined, {{ execute: [client.allowInsecureRequests] }})"
            ),
        );
        add(
            "oidc-client-ts",
            "signs people in",
            "JavaScript",
            format!(
                "new UserManager({{ authority: {issuer}, client_id: clientId, redirect_uri: redirectUri }})"
            ),
        );
        add(
            "Authlib",
            "signs people in",
            "Python",
            format!("OAuth2Session(client_id, client_secret, token_endpoint={token})"),
        );
    }
    recipes
}
