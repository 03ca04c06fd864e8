//! What is emulated, as a list: every route of every surface, and whose it is. A test holds it against the routers.

use serde::Serialize;

use crate::{
    domain::visit::Surface::{self, Api, Cdn, Idp, Login, Streaming, Unknown, Uploads, Webmessaging},
    ops::verify::Served,
};

/// Whose interface a route is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// The vendor publishes it.
    Vendor,
    /// Only guides describe it; the vendor's published API does not have it.
    Guide,
    /// A standard: OAuth 2.0, OpenID Connect.
    Standard,
    /// It is of the emulator.
    Emulator,
}

use Dialect::{Emulator, Guide, Standard, Vendor};

/// A path with its methods.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Route {
    /// The family of URLs.
    pub surface: Surface,
    /// Methods, between blanks; `*` is all.
    pub methods: &'static str,
    /// The path; `{x}` is one segment, `{*x}` the rest.
    pub path: &'static str,
    /// Whose it is.
    pub dialect: Dialect,
    /// What it does.
    pub summary: &'static str,
}

const fn route(
    surface: Surface,
    methods: &'static str,
    path: &'static str,
    dialect: Dialect,
    summary: &'static str,
) -> Route {
    Route { surface, methods, path, dialect, summary }
}

/// All but `/__admin`, by surface.
#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    route(Login, "GET POST", "/oauth/authorize", Standard, "codes and tokens for users, by a page or without one"),
    route(Login, "GET POST", "/authorize", Vendor, "the same"),
    route(Login, "POST", "/oauth/login", Emulator, "what its page sends"),
    route(Login, "POST", "/oauth/token", Standard, "access tokens: client credentials, codes, refresh tokens"),
    route(Login, "GET", "/logout", Vendor, "ends the sign-in of a browser"),
    route(Login, "GET", "/client-auth", Vendor, "where a pop-up window of the client-auth library ends"),
    route(Login, "GET", "/client-auth/", Vendor, "the same"),
    route(Login, "GET", "/.well-known/openid-configuration", Standard, "the platform's own issuer"),
    route(Login, "GET", "/.well-known/jwks.json", Standard, "the keys that the platform signs with"),
    route(Api, "POST", "/api/v2/webchat/guest", Guide, "makes a guest and its JWT, or renews it"),
    route(Api, "GET", "/api/v2/webchat/guest/{id}", Guide, "a guest"),
    route(Api, "POST", "/api/v2/webchat/guest/conversations", Vendor, "begins a legacy web chat"),
    route(Api, "GET", "/api/v2/webchat/guest/conversations/{id}/mediarequests", Vendor, "what its guest was asked to share"),
    route(Api, "GET PATCH", "/api/v2/webchat/guest/conversations/{id}/mediarequests/{request}", Vendor, "one of these requests, and what becomes of it"),
    route(Api, "GET", "/api/v2/webchat/guest/conversations/{id}/members", Vendor, "who takes part in it"),
    route(Api, "DELETE GET", "/api/v2/webchat/guest/conversations/{id}/members/{member}", Vendor, "one of them, and the guest's end"),
    route(Api, "POST", "/api/v2/webchat/guest/conversations/{id}/members/{member}/messages", Vendor, "the guest says something"),
    route(Api, "POST", "/api/v2/webchat/guest/conversations/{id}/members/{member}/typing", Vendor, "the guest types"),
    route(Api, "GET", "/api/v2/webchat/guest/conversations/{id}/messages", Vendor, "what was said in it"),
    route(Api, "GET", "/api/v2/webchat/guest/conversations/{id}/messages/{message}", Vendor, "a line of it"),
    route(Api, "GET POST", "/api/v2/webchat/deployments", Vendor, "where guests of legacy web chats come in"),
    route(Api, "DELETE GET PUT", "/api/v2/webchat/deployments/{id}", Vendor, "one of these"),
    route(Api, "DELETE GET PUT", "/api/v2/webchat/settings", Vendor, "whether guests must name one"),
    route(Api, "POST", "/api/v2/signeddata", Vendor, "signs what an application knows of a guest"),
    route(Api, "GET", "/api/v2/oauth/publickey", Guide, "the key of guest JWTs, as one bare JWK"),
    route(Api, "DELETE GET HEAD", "/api/v2/tokens/me", Vendor, "the access token, and its end"),
    route(Api, "GET PUT", "/api/v2/tokens/timeout", Vendor, "how long nobody may use a token of a user"),
    route(Api, "DELETE", "/api/v2/tokens/{user}", Vendor, "ends all tokens of a user"),
    route(Api, "GET POST", "/api/v2/oauth/clients", Vendor, "OAuth clients"),
    route(Api, "DELETE GET PUT", "/api/v2/oauth/clients/{id}", Vendor, "one of them"),
    route(Api, "POST", "/api/v2/oauth/clients/{id}/secret", Vendor, "another secret"),
    route(Api, "POST", "/api/v2/oauth/clients/{id}/usage/query", Vendor, "asks what it used the API for"),
    route(Api, "GET", "/api/v2/oauth/clients/{id}/usage/query/results/{execution}", Vendor, "what was found"),
    route(Api, "GET", "/api/v2/oauth/clients/{id}/usage/summary", Vendor, "asks about the last days"),
    route(Api, "GET", "/api/v2/oauth/scopes", Vendor, "all scopes, those of guides too"),
    route(Api, "GET", "/api/v2/oauth/scopes/{id}", Vendor, "one of them"),
    route(Api, "GET", "/api/v2/oauth/authorizations", Vendor, "clients for which users have signed in"),
    route(Api, "GET", "/api/v2/oauth/authorizations/{id}", Vendor, "one of them"),
    route(Api, "GET POST", "/api/v2/authorization/divisions", Vendor, "divisions"),
    route(Api, "DELETE GET PUT", "/api/v2/authorization/divisions/{id}", Vendor, "one of them; `home` is read, too"),
    route(Api, "GET", "/api/v2/authorization/divisionspermitted/me", Vendor, "where the caller has a permission"),
    route(Api, "GET", "/api/v2/authorization/divisionspermitted/paged/me", Vendor, "the same by pages"),
    route(Api, "GET", "/api/v2/authorization/permissions", Vendor, "permissions that something asks for"),
    route(Api, "GET", "/api/v2/authorization/products", Vendor, "what the org has bought"),
    route(Api, "GET POST", "/api/v2/authorization/roles", Vendor, "sets of permissions"),
    route(Api, "DELETE GET PATCH POST PUT", "/api/v2/authorization/roles/{id}", Vendor, "one of them, and who is given it"),
    route(Api, "GET", "/api/v2/authorization/subjects/me", Vendor, "the roles of the caller"),
    route(Api, "GET", "/api/v2/authorization/subjects/{id}", Vendor, "the roles of a user or client"),
    route(Api, "GET", "/api/v2/organizations/limits/namespaces", Vendor, "parts of the platform that have limits"),
    route(Api, "GET", "/api/v2/organizations/limits/namespaces/{namespace}", Vendor, "the limits of one"),
    route(Api, "GET", "/api/v2/organizations/limits/namespaces/{namespace}/defaults", Vendor, "the same, as they usually are"),
    route(Api, "GET PUT", "/api/v2/organizations/me", Vendor, "the org of the token"),
    route(Api, "GET POST", "/api/v2/externalcontacts/contacts", Vendor, "searches and writes contacts"),
    route(Api, "DELETE GET PATCH PUT", "/api/v2/externalcontacts/contacts/{id}", Vendor, "one contact"),
    route(Api, "GET PATCH", "/api/v2/externalcontacts/contacts/{id}/identifiers", Vendor, "by what it is known again"),
    route(Api, "POST", "/api/v2/externalcontacts/contacts/{id}/promotion", Vendor, "makes a curated contact of it"),
    route(Api, "GET", "/api/v2/externalcontacts/contacts/{id}/unresolved", Vendor, "it as it is, though it was merged"),
    route(Api, "POST", "/api/v2/externalcontacts/contacts/merge", Vendor, "makes one contact of several"),
    route(Api, "POST", "/api/v2/externalcontacts/merge/contacts", Vendor, "makes one contact of two"),
    route(Api, "POST", "/api/v2/externalcontacts/identifierlookup", Vendor, "finds a contact by an identifier"),
    route(Api, "POST", "/api/v2/externalcontacts/identifierlookup/contacts", Vendor, "the same"),
    route(Api, "PUT", "/api/v2/externalcontacts/conversations/{id}", Vendor, "says whose a conversation is"),
    route(Api, "GET POST", "/api/v2/externalcontacts/externalsources", Vendor, "other systems whose ids people have"),
    route(Api, "DELETE GET PUT", "/api/v2/externalcontacts/externalsources/{id}", Vendor, "one of them"),
    route(Api, "POST", "/api/v2/integrations/actions/{id}/execute", Vendor, "data actions of the scenario"),
    route(Api, "GET POST", "/api/v2/webdeployments/configurations", Vendor, "lists configurations, and makes a draft"),
    route(Api, "DELETE", "/api/v2/webdeployments/configurations/{id}", Vendor, "takes one away that no deployment has"),
    route(Api, "GET", "/api/v2/webdeployments/configurations/{id}/versions", Vendor, "its draft, and what was published"),
    route(Api, "GET PUT", "/api/v2/webdeployments/configurations/{id}/versions/draft", Vendor, "its draft"),
    route(Api, "POST", "/api/v2/webdeployments/configurations/{id}/versions/draft/publish", Vendor, "publishes the draft"),
    route(Api, "GET", "/api/v2/webdeployments/configurations/{id}/versions/{version}", Vendor, "one version"),
    route(Api, "GET POST", "/api/v2/webdeployments/deployments", Vendor, "lists deployments, and makes them"),
    route(Api, "DELETE GET PUT", "/api/v2/webdeployments/deployments/{id}", Vendor, "one deployment"),
    route(Api, "GET", "/api/v2/webdeployments/deployments/{id}/configurations", Vendor, "it, with the configuration that it has"),
    route(Api, "GET PUT", "/api/v2/webdeployments/deployments/{id}/identityresolution", Vendor, "what signing in does with contacts there"),
    route(Api, "GET POST", "/api/v2/integrations", Vendor, "lists what lets people sign in, and makes it"),
    route(Api, "DELETE GET PATCH", "/api/v2/integrations/{id}", Vendor, "one integration, and whether it is enabled"),
    route(Api, "GET PUT", "/api/v2/integrations/{id}/config/current", Vendor, "how it is configured"),
    route(Api, "GET", "/api/v2/integrations/types", Vendor, "what integrations there can be"),
    route(Api, "GET", "/api/v2/integrations/types/{id}", Vendor, "one type of integration"),
    route(Api, "GET POST", "/api/v2/integrations/credentials", Vendor, "lists credentials, and makes them"),
    route(Api, "GET", "/api/v2/integrations/credentials/listing", Vendor, "the same list"),
    route(Api, "GET", "/api/v2/integrations/credentials/types", Vendor, "what credentials there can be"),
    route(Api, "DELETE GET PUT", "/api/v2/integrations/credentials/{id}", Vendor, "one credential"),
    route(Api, "POST", "/api/v2/webdeployments/token/oauthcodegrantjwtexchange", Vendor, "signs a person in by a code of an identity provider"),
    route(Api, "POST", "/api/v2/webdeployments/token/refresh", Vendor, "the next JWT of that person"),
    route(Api, "DELETE", "/api/v2/webdeployments/token/revoke", Vendor, "signs the person out"),
    route(Api, "GET", "/api/v2/webmessaging/messages", Vendor, "the history of a session"),
    route(Api, "DELETE PATCH POST", "/api/v2/webmessaging/deployments/{deployment}/pushdevices/{token}", Vendor, "phones that want push notifications"),
    route(Api, "GET", "/api/v2/conversations", Vendor, "the user's conversations"),
    route(Api, "DELETE GET", "/api/v2/conversations/{id}", Vendor, "a conversation, and its end"),
    route(Api, "POST", "/api/v2/conversations/{id}/disconnect", Vendor, "ends a conversation"),
    route(Api, "PATCH", "/api/v2/conversations/{id}/recordingstate", Vendor, "records a conversation, or not"),
    route(Api, "PUT", "/api/v2/conversations/{id}/tags", Vendor, "what applications call a conversation"),
    route(Api, "GET", "/api/v2/conversations/{id}/participants/{participant}/wrapup", Vendor, "what it was about"),
    route(Api, "GET", "/api/v2/conversations/{id}/participants/{participant}/wrapupcodes", Vendor, "what it can have been about"),
    route(Api, "PATCH", "/api/v2/conversations/{id}/participants/{participant}", Vendor, "changes a participant"),
    route(Api, "PATCH", "/api/v2/conversations/{id}/participants/{participant}/attributes", Vendor, "adds participant data"),
    route(Api, "GET POST", "/api/v2/conversations/messages", Vendor, "the user's message conversations, and new ones"),
    route(Api, "GET", "/api/v2/conversations/messages/cachedmedia", Vendor, "files that messages have named by URL"),
    route(Api, "DELETE GET", "/api/v2/conversations/messages/cachedmedia/{id}", Vendor, "one of these"),
    route(Api, "PUT", "/api/v2/conversations/messages/{id}/recordingstate", Vendor, "records it, or not"),
    route(Api, "POST", "/api/v2/conversations/messages/{id}/participants/{participant}/monitor", Vendor, "a user looks on"),
    route(Api, "POST", "/api/v2/conversations/messages/{id}/communications/{communication}/socialmedia/messages", Vendor, "answers a message in public"),
    route(Api, "GET PUT", "/api/v2/conversations/messaging/threadingtimeline", Vendor, "how long conversations go on; nothing comes of it"),
    route(Api, "GET POST", "/api/v2/conversations/messaging/settings", Vendor, "what is done with events"),
    route(Api, "DELETE GET PUT", "/api/v2/conversations/messaging/settings/default", Vendor, "where nothing else is said"),
    route(Api, "DELETE GET PATCH", "/api/v2/conversations/messaging/settings/{id}", Vendor, "one of these"),
    route(Api, "GET POST", "/api/v2/conversations/messaging/supportedcontent", Vendor, "what may come and go in messages"),
    route(Api, "GET PUT", "/api/v2/conversations/messaging/supportedcontent/default", Vendor, "where nothing else is said"),
    route(Api, "DELETE GET PATCH", "/api/v2/conversations/messaging/supportedcontent/{id}", Vendor, "one of these"),
    route(Api, "GET PATCH", "/api/v2/conversations/messages/{id}", Vendor, "a message conversation, and its end"),
    route(Api, "GET", "/api/v2/conversations/messages/{id}/details", Vendor, "a message by its id alone"),
    route(Api, "POST", "/api/v2/conversations/messages/{id}/messages/bulk", Vendor, "messages of a conversation"),
    route(Api, "GET", "/api/v2/conversations/messages/{id}/messages/{message}", Vendor, "one of them"),
    route(Api, "PATCH", "/api/v2/conversations/messages/{id}/participants/{participant}", Vendor, "takes, holds, ends, wraps up"),
    route(Api, "PATCH", "/api/v2/conversations/messages/{id}/participants/{participant}/attributes", Vendor, "adds participant data"),
    route(Api, "PATCH", "/api/v2/conversations/messages/{id}/participants/{participant}/communications/{communication}", Vendor, "takes or ends"),
    route(Api, "GET POST", "/api/v2/conversations/messages/{id}/participants/{participant}/communications/{communication}/wrapup", Vendor, "what it was about"),
    route(Api, "PATCH", "/api/v2/conversations/messages/{id}/participants/{participant}/parkingstate", Vendor, "puts it aside"),
    route(Api, "POST", "/api/v2/conversations/messages/{id}/participants/{participant}/replace", Vendor, "transfers to a queue or user"),
    route(Api, "GET", "/api/v2/conversations/messages/{id}/participants/{participant}/wrapup", Vendor, "what it was about"),
    route(Api, "GET", "/api/v2/conversations/messages/{id}/participants/{participant}/wrapupcodes", Vendor, "what it can have been about"),
    route(Api, "POST", "/api/v2/conversations/messages/{id}/communications/{communication}/messages", Vendor, "says something to the guest"),
    route(Api, "GET POST", "/api/v2/conversations/messages/{id}/communications/{communication}/messages/media", Vendor, "files of a communication"),
    route(Api, "POST", "/api/v2/conversations/messages/{id}/communications/{communication}/messages/media/uploads", Vendor, "announces a file"),
    route(Api, "GET", "/api/v2/conversations/messages/{id}/communications/{communication}/messages/media/{media}", Vendor, "a file"),
    route(Api, "POST", "/api/v2/conversations/messages/{id}/communications/{communication}/typing", Vendor, "shows that somebody types"),
    route(Api, "GET POST", "/api/v2/conversations/chats", Vendor, "the user's web chats, and those for a queue"),
    route(Api, "GET PATCH", "/api/v2/conversations/chats/{id}", Vendor, "a web chat, and its end"),
    route(Api, "GET", "/api/v2/conversations/chats/{id}/messages", Vendor, "what was said in it"),
    route(Api, "GET", "/api/v2/conversations/chats/{id}/messages/{message}", Vendor, "a line of it"),
    route(Api, "PUT", "/api/v2/conversations/chats/{id}/recordingstate", Vendor, "whether it is recorded"),
    route(Api, "POST", "/api/v2/conversations/chats/{id}/communications/{communication}/messages", Vendor, "says something to the guest"),
    route(Api, "POST", "/api/v2/conversations/chats/{id}/communications/{communication}/typing", Vendor, "shows that somebody types"),
    route(Api, "PATCH", "/api/v2/conversations/chats/{id}/participants/{participant}", Vendor, "takes, holds, ends, wraps up"),
    route(Api, "PATCH", "/api/v2/conversations/chats/{id}/participants/{participant}/attributes", Vendor, "adds participant data"),
    route(Api, "PATCH", "/api/v2/conversations/chats/{id}/participants/{participant}/communications/{communication}", Vendor, "takes or ends"),
    route(Api, "GET POST", "/api/v2/conversations/chats/{id}/participants/{participant}/communications/{communication}/wrapup", Vendor, "what it was about"),
    route(Api, "POST", "/api/v2/conversations/chats/{id}/participants/{participant}/replace", Vendor, "transfers to a queue or user"),
    route(Api, "GET", "/api/v2/conversations/chats/{id}/participants/{participant}/wrapup", Vendor, "what it was about"),
    route(Api, "GET", "/api/v2/conversations/chats/{id}/participants/{participant}/wrapupcodes", Vendor, "what it can have been about"),
    route(Api, "POST", "/api/v2/conversations/messages/agentless", Vendor, "says something unasked to people of Open Messaging"),
    route(Api, "POST", "/api/v2/conversations/messages/inbound/open", Vendor, "the older form of messages and receipts of Open Messaging"),
    route(Api, "POST", "/api/v2/conversations/messages/{id}/inbound/open/event", Vendor, "somebody types, by Open Messaging"),
    route(Api, "POST", "/api/v2/conversations/messages/{id}/inbound/open/message", Vendor, "a message, by Open Messaging"),
    route(Api, "POST", "/api/v2/conversations/messages/{id}/inbound/open/receipt", Vendor, "what became of a message"),
    route(Api, "POST", "/api/v2/conversations/messages/{id}/inbound/open/structured/response", Vendor, "the answer to what was shown"),
    route(Api, "GET POST", "/api/v2/conversations/messaging/integrations/open", Vendor, "integrations of Open Messaging"),
    route(Api, "DELETE GET PATCH", "/api/v2/conversations/messaging/integrations/open/{id}", Vendor, "one of these"),
    route(Api, "GET POST", "/api/v2/routing/queues", Vendor, "where conversations wait"),
    route(Api, "GET", "/api/v2/routing/queues/me", Vendor, "the user's own"),
    route(Api, "DELETE GET PUT", "/api/v2/routing/queues/{id}", Vendor, "one of these"),
    route(Api, "GET POST", "/api/v2/routing/wrapupcodes", Vendor, "what conversations can have been about"),
    route(Api, "GET", "/api/v2/routing/wrapupcodes/divisionviews", Vendor, "the same, for whoever only looks"),
    route(Api, "GET", "/api/v2/routing/wrapupcodes/divisionviews/{id}", Vendor, "one of these"),
    route(Api, "DELETE GET PUT", "/api/v2/routing/wrapupcodes/{id}", Vendor, "one of these"),
    route(Api, "GET POST", "/api/v2/routing/queues/{id}/members", Vendor, "who takes what it has"),
    route(Api, "DELETE", "/api/v2/routing/queues/{id}/members/{user}", Vendor, "takes one of them out"),
    route(Api, "GET POST", "/api/v2/users", Vendor, "who works for the org"),
    route(Api, "GET", "/api/v2/users/me", Vendor, "the user of the token"),
    route(Api, "DELETE GET PATCH", "/api/v2/users/{id}", Vendor, "one user"),
    route(Api, "GET PATCH", "/api/v2/users/{id}/queues", Vendor, "the queues of a user"),
    route(Api, "PATCH", "/api/v2/users/{id}/queues/{queue}", Vendor, "whether it takes what one of them has"),
    route(Api, "GET PUT", "/api/v2/users/{id}/roles", Vendor, "the roles of a user"),
    route(Api, "GET", "/api/v2/users/{id}/station", Vendor, "what a user takes calls at"),
    route(Api, "DELETE", "/api/v2/users/{id}/station/associatedstation", Vendor, "it uses none"),
    route(Api, "PUT", "/api/v2/users/{id}/station/associatedstation/{station}", Vendor, "it uses this one"),
    route(Api, "DELETE", "/api/v2/users/{id}/station/defaultstation", Vendor, "it has none by default"),
    route(Api, "PUT", "/api/v2/users/{id}/station/defaultstation/{station}", Vendor, "it has this one by default"),
    route(Api, "GET", "/api/v2/stations", Vendor, "what calls are taken at"),
    route(Api, "GET", "/api/v2/stations/{id}", Vendor, "one of these"),
    route(Api, "DELETE", "/api/v2/stations/{id}/associateduser", Vendor, "nobody uses it any more"),
    route(Api, "GET", "/api/v2/systempresences", Vendor, "what every org calls where users are"),
    route(Api, "GET POST", "/api/v2/presencedefinitions", Vendor, "what an org calls it"),
    route(Api, "DELETE GET PUT", "/api/v2/presencedefinitions/{id}", Vendor, "one of these"),
    route(Api, "GET PATCH", "/api/v2/users/{id}/presences/purecloud", Vendor, "where a user is"),
    route(Api, "GET PATCH", "/api/v2/users/{id}/presences/{source}", Vendor, "where another system says that it is"),
    route(Api, "GET PUT", "/api/v2/users/{id}/routingstatus", Vendor, "whether a user takes what queues have"),
    route(Api, "GET", "/api/v2/notifications/availabletopics", Vendor, "what there is to hear of"),
    route(Api, "GET POST", "/api/v2/notifications/channels", Vendor, "notification channels"),
    route(Api, "HEAD", "/api/v2/notifications/channels/{id}", Vendor, "whether one is there"),
    route(Api, "DELETE GET POST PUT", "/api/v2/notifications/channels/{id}/subscriptions", Vendor, "what it hears of"),
    route(Api, "GET", "/api/v2/downloads/{key}", Vendor, "files of web messaging"),
    route(Api, "*", "/api/v2/{*rest}", Emulator, "not served: 501, which says so"),
    route(Cdn, "GET", "/webdeployments/v1/deployments/{id}/config.json", Vendor, "what the Messenger reads first"),
    route(Cdn, "GET", "/webdeployments/v1/deployments/{id}/domains.json", Vendor, "where the Messenger may be"),
    route(Cdn, "GET", "/webdeployments/v1/deployments/{id}/{file}", Vendor, "the Messenger's labels, a file a language"),
    route(Cdn, "GET", "/webdeployments/v1/{*rest}", Emulator, "not served: 404"),
    route(Webmessaging, "GET", "/v1", Vendor, "the web messaging socket"),
    route(Streaming, "GET", "/channels/{id}", Vendor, "the socket of a notification channel"),
    route(Streaming, "GET", "/v1/token/{jwt}", Vendor, "on which the guest of a legacy web chat hears of it"),
    route(Uploads, "PUT", "/uploads/{key}", Vendor, "takes files, under URLs that the socket gave"),
    route(Idp, "GET", "/idp/{idp}/.well-known/openid-configuration", Standard, "an identity provider of the scenario"),
    route(Idp, "GET", "/idp/{idp}/jwks", Standard, "its keys"),
    route(Idp, "GET POST", "/idp/{idp}/authorize", Standard, "codes and ID tokens, by a page or without one"),
    route(Idp, "POST", "/idp/{idp}/login", Emulator, "what its page sends"),
    route(Idp, "POST", "/idp/{idp}/token", Standard, "tokens for codes and refresh tokens"),
    route(Idp, "GET POST", "/idp/{idp}/userinfo", Standard, "claims of the person"),
    route(Idp, "POST", "/idp/{idp}/introspect", Standard, "whether a token is alive"),
    route(Idp, "POST", "/idp/{idp}/revoke", Standard, "ends a token"),
    route(Idp, "GET POST", "/idp/{idp}/end_session", Standard, "signs the person out"),
    route(Unknown, "GET HEAD", "/", Emulator, "a few words"),
];

/// All that is served of the platform, by method.
pub fn served() -> Vec<Served> {
    let of_platform = ROUTES.iter().filter(|route| route.dialect != Emulator);
    let each = of_platform
        .flat_map(|route| route.methods.split(' ').map(move |method| Served { method, path: route.path }));
    each.collect()
}

/// Paths and methods of a router, as its debug output has them: nothing else tells.
#[cfg(test)]
pub fn of_router(router: &axum::Router) -> Vec<(String, String)> {
    use std::collections::BTreeMap;

    const METHODS: [&str; 9] =
        ["connect", "delete", "get", "head", "options", "patch", "post", "put", "trace"];
    let text = format!("{router:?}");
    let (text, _) = text.split_once("}, fallback_router").unwrap();
    let (routes, paths) = text.split_once(", node: Node").unwrap();
    let mut methods = BTreeMap::new();
    for part in routes.split("RouteId(").skip(1) {
        let (id, endpoint) = part.split_once(')').unwrap();
        let served = |name: &&&str| {
            let at = endpoint.find(&format!(" {name}: ")).unwrap_or_else(|| panic!("{name}: {endpoint}"));
            !endpoint[at..].starts_with(&format!(" {name}: None"))
        };
        let names: Vec<_> = METHODS.iter().filter(served).map(|name| name.to_uppercase()).collect();
        // what serves all methods serves none by its name
        methods.insert(id.to_owned(), if names.is_empty() { "*".to_owned() } else { names.join(" ") });
    }
    let mut found: Vec<_> = paths
        .split("RouteId(")
        .skip(1)
        .map(|part| {
            let (id, path) = part.split_once(')').unwrap();
            (path.split('"').nth(1).unwrap().to_owned(), methods[id].clone())
        })
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web;

    #[test]
    fn the_list_says_of_every_surface_what_its_router_serves() {
        for (surface, router) in [
            (Login, web::login::routes()),
            (Api, web::api::routes()),
            (Cdn, web::cdn::routes()),
            (Webmessaging, web::webmessaging::routes()),
            (Streaming, web::streaming::routes()),
            (Uploads, web::uploads::routes()),
            (Idp, web::idp::routes()),
        ] {
            let of_surface = ROUTES.iter().filter(|route| route.surface == surface);
            let mut listed: Vec<_> =
                of_surface.map(|route| (route.path.to_owned(), route.methods.to_owned())).collect();
            listed.sort();
            assert_eq!(listed, of_router(&router), "{surface:?}");
        }
    }
}
