//! The shapes of answers. They are written by hand, and every answer of the admin API that any test gets is held against
//! them, members that are not described included.

use serde_json::{Map, Value, json};

fn text() -> Value {
    json!({ "type": "string" })
}

fn time() -> Value {
    json!({ "type": "string", "format": "date-time" })
}

fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

fn flag() -> Value {
    json!({ "type": "boolean" })
}

fn words(words: &[&str]) -> Value {
    json!({ "type": "string", "enum": words })
}

fn map(of: Value) -> Value {
    json!({ "type": "object", "additionalProperties": of })
}

fn list(of: Value) -> Value {
    json!({ "type": "array", "items": of })
}

fn or_null(kind: &str) -> Value {
    json!({ "type": [kind, "null"] })
}

fn the(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// An object of these members; those with a question mark may be missing.
fn object(members: &[(&str, Value)]) -> Value {
    let required: Vec<_> =
        members.iter().map(|(name, _)| *name).filter(|name| !name.ends_with('?')).collect();
    let properties: Map<String, Value> =
        members.iter().map(|(name, value)| (name.trim_end_matches('?').to_owned(), value.clone())).collect();
    json!({ "type": "object", "required": required, "properties": properties })
}

/// A page: `entities`, and where to go on.
fn page(of: &str) -> Value {
    object(&[("entities", list(the(of))), ("next", or_null("string"))])
}

fn org() -> Vec<(&'static str, Value)> {
    vec![
        ("id", text()),
        ("name", text()),
        ("url", text()),
        ("clientId?", text()),
        ("clientSecret?", text()),
        ("deploymentId?", text()),
        ("seed", count()),
        ("now", time()),
        ("ids", map(text())),
    ]
}

fn with(mut members: Vec<(&'static str, Value)>, more: &[(&'static str, Value)]) -> Value {
    members.extend(more.iter().cloned());
    object(&members)
}

/// What requests and frames say of themselves.
fn entry() -> Value {
    let message = || object(&[("headers?", map(text())), ("body", text())]);
    let refusal = object(&[
        ("rule", text()),
        ("reason", text()),
        ("expected?", text()),
        ("seen?", text()),
        ("fault?", text()),
    ]);
    object(&[
        ("n", text()),
        ("kind", words(&["http", "frameIn", "frameOut"])),
        ("at", time()),
        (
            "surface",
            words(&[
                "login",
                "api",
                "cdn",
                "webmessaging",
                "streaming",
                "uploads",
                "idp",
                "webhooks",
                "unknown",
            ]),
        ),
        ("correlationId", text()),
        ("decision", words(&["granted", "refused", "unserved", "injected", "ended", "abandoned"])),
        ("method?", text()),
        ("target", text()),
        ("status?", count()),
        ("client?", text()),
        ("user?", text()),
        ("deployment?", text()),
        ("guest?", text()),
        ("session?", text()),
        ("refusal?", refusal),
        ("faults?", list(text())),
        ("notes?", list(text())),
        ("elapsedUs", count()),
        ("abandoned?", flag()),
        ("request?", message()),
        ("response?", message()),
        ("frame?", text()),
    ])
}

/// What nearly was as it was expected.
fn near() -> Value {
    let difference = object(&[("at", text()), ("expected", text()), ("seen", text())]);
    list(object(&[("n", text()), ("entry", text()), ("differences", list(difference))]))
}

/// What a verification found.
fn report() -> Vec<(&'static str, Value)> {
    let judged = object(&[
        ("name", text()),
        ("expectation", json!({ "type": "object" })),
        ("expected", text()),
        ("found", count()),
        ("entries", list(text())),
        ("held", flag()),
        ("problem?", text()),
        ("nearest?", near()),
    ]);
    let fault = || {
        object(&[
            ("id", text()),
            ("matched", count()),
            ("fired", count()),
            ("why?", text()),
            ("nearest?", near()),
        ])
    };
    vec![
        ("held", flag()),
        ("problems", list(text())),
        ("expectations", list(judged)),
        ("faults", object(&[("fired", list(fault())), ("unfired", list(fault()))])),
        ("unmatched", list(object(&[("request", text()), ("times", count()), ("n", text())]))),
        ("untouched", list(text())),
        ("gaps", count()),
        ("next", text()),
    ]
}

fn finding() -> Value {
    object(&[
        ("finding", text()),
        ("severity", words(&["info", "warning", "error"])),
        ("summary", text()),
        ("evidence", list(text())),
        ("advice", text()),
        ("details?", json!({ "type": "object" })),
    ])
}

/// Why an entry is as it is.
fn explanation() -> Value {
    let fault = open(&[("id", text()), ("fault?", json!({ "type": "object" })), ("draw?", text())]);
    object(&[
        ("summary", text()),
        ("n", text()),
        ("correlationId", text()),
        ("rule?", text()),
        ("reason?", text()),
        ("expected?", text()),
        ("seen?", text()),
        ("faults", list(fault)),
        ("nearMisses", list(object(&[("id", text()), ("differs", text())]))),
        ("notes", list(text())),
        ("fix?", text()),
        ("documented?", text()),
    ])
}

fn conversation() -> Value {
    let participant = object(&[
        ("id", text()),
        ("purpose", words(&["customer", "workflow", "acd", "agent"])),
        ("name", text()),
        ("guestId?", text()),
        ("userId?", text()),
        ("queue?", text()),
        ("attributes", map(text())),
        ("startTime", time()),
        ("endTime?", time()),
    ]);
    object(&[
        ("id", text()),
        ("deploymentId", text()),
        ("contactId?", text()),
        ("session", text()),
        ("startTime", time()),
        ("endTime?", time()),
        ("ending?", words(&["disconnected", "cleared", "closed", "begunAnew", "expired", "signedOut"])),
        ("participants", list(participant)),
        ("messages?", list(the("Message"))),
    ])
}

fn contact() -> Value {
    let identifier = object(&[("type", text()), ("value", text()), ("source?", text()), ("claimed", time())]);
    object(&[
        ("id", text()),
        ("type", words(&["Ephemeral", "Identified", "Curated"])),
        ("externalId?", text()),
        ("issuer?", text()),
        ("firstName?", text()),
        ("lastName?", text()),
        ("email?", text()),
        ("createDate", time()),
        ("conversations", list(text())),
        ("identifiers?", list(identifier)),
        ("mergedInto?", text()),
        ("mergedFrom", list(text())),
    ])
}

fn integration() -> Value {
    let keys = object(&[
        ("ttl", text()),
        ("refetchOnUnknownKid", flag()),
        ("cooldown", text()),
        ("honourCacheControl", flag()),
    ]);
    object(&[
        ("name", text()),
        ("provider", map(text())),
        ("clientId", text()),
        ("implicitFlow", flag()),
        ("keys", keys),
        ("discoveryFetches", count()),
        ("keySetFetches", count()),
        ("keySetUntil?", time()),
    ])
}

fn clock() -> Value {
    object(&[
        ("now", time()),
        ("rate", json!({ "oneOf": [{ "type": "number" }, { "type": "string", "enum": ["auto"] }] })),
        ("frozen", flag()),
        ("timers", count()),
        ("nextDue?", time()),
        ("awaited?", time()),
        ("from?", time()),
        ("to?", time()),
        ("fired?", count()),
        ("settled?", flag()),
        ("waitingFor?", list(count())),
    ])
}

/// Open objects say so: what is in them is told elsewhere, or is not for others to read.
fn open(members: &[(&str, Value)]) -> Value {
    let mut schema = object(members);
    schema["additionalProperties"] = json!(true);
    schema
}

/// All of them by name.
pub fn all() -> Vec<(&'static str, Value)> {
    let key = object(&[
        ("n", count()),
        ("kty", text()),
        ("kid?", text()),
        ("retires", json!({ "type": ["string", "null"], "format": "date-time" })),
    ]);
    let ring = object(&[
        ("ring", text()),
        ("signing", key),
        ("published", list(or_null("string"))),
        ("stale", flag()),
    ]);
    let applied_org = with(org(), &[("made", flag()), ("clock?", time())]);
    let message = open(&[
        ("id", text()),
        ("type", text()),
        ("text?", text()),
        ("direction", words(&["Inbound", "Outbound"])),
        ("channel", json!({ "type": "object" })),
        ("metadata", map(text())),
    ]);
    let problem = object(&[
        ("type", text()),
        ("title", text()),
        ("status", count()),
        ("detail", text()),
        ("field?", text()),
    ]);
    let failed = [("type", text()), ("title", text()), ("status", count()), ("detail", text())];
    vec![
        ("Problem", problem),
        ("Verified", object(&report())),
        ("NotHeld", with(report(), &failed)),
        ("Finding", finding()),
        ("Findings", page("Finding")),
        ("Status", object(&[("status", words(&["ok", "ready", "stopping"]))])),
        ("Version", object(&[("name", text()), ("version", text())])),
        ("Document", open(&[("openapi", text())])),
        ("Org", object(&org())),
        (
            "Orgs",
            object(&[
                ("entities", list(the("Org"))),
                ("next", or_null("string")),
                ("default", or_null("string")),
            ]),
        ),
        ("Faults", page("ShownFault")),
        ("Ids", object(&[("ids", list(text()))])),
        ("Scenario", object(&[("name", text()), ("summary", text())])),
        ("Scenarios", page("Scenario")),
        ("Applied", with(org(), &[("scenario", text()), ("orgs", list(applied_org))])),
        ("Clock", clock()),
        ("Ring", ring),
        ("Rings", page("Ring")),
        ("Contact", contact()),
        ("Contacts", page("Contact")),
        ("Conversation", conversation()),
        ("Conversations", page("Conversation")),
        ("Message", message),
        ("JournalEntry", entry()),
        (
            "Journal",
            object(&[
                ("entities", list(the("JournalEntry"))),
                ("next", text()),
                ("more", flag()),
                ("dropped", count()),
                ("cleared", flag()),
            ]),
        ),
        ("Archive", object(&[("log", json!({ "type": "object" }))])),
        ("JournalOrArchive", json!({ "oneOf": [the("Journal"), the("Archive")] })),
        ("Explanation", explanation()),
        ("Integration", integration()),
        ("Integrations", page("Integration")),
        ("PersonToken", object(&[("jwt", text()), ("deploymentId", text()), ("expires", time())])),
        ("State", open(&[("kind", text()), ("version", count()), ("org", text())])),
    ]
}
