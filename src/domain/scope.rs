//! OAuth scopes: which exist, and which one covers which.

use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::base::suggest;

/// The vendor's scopes, in their order. A trailing `+` says that a `:readonly` twin exists.
#[rustfmt::skip]
const VENDOR: &[&str] = &[
    "ai-studio+", "alerting+", "all", "analytics+", "architect+", "assistants+", "audits:readonly",
    "authorization+", "billing+", "business-rules+", "case-management+", "coaching+", "content-management+",
    "conversations+", "data-extensions", "data-privacy+", "devices+", "dialog+", "employee-engagement+",
    "employee-performance+", "external-contacts+", "fax+", "gamification+", "gdpr+", "geolocation+",
    "greetings+", "groups+", "identity-providers+", "infrastructureascode+", "integrations+", "journey+",
    "knowledge+", "language-understanding+", "learning+", "license+", "locations+", "logcapture+",
    "messaging+", "messaging-platform+", "notifications", "oauth+", "organization+",
    "organization-authorization+", "outbound+", "presence+", "process-automation+", "quality+", "recordings+",
    "response-management+", "routing+", "scim+", "screen-monitoring+", "scripts+", "search:readonly",
    "social-media+", "speech-and-text-analytics+", "stations+", "telephony+", "textbots+", "upload", "usage+",
    "user-basic-info", "user-recordings+", "users+", "users-rules+", "voicemail+", "web-chat+",
    "webdeployments+", "widgets+", "workforce-management+", "workitems+",
];

/// Scopes that only guides and forum posts know. They are served, and marked as the dialect that they are.
const DIALECT: &[&str] = &[
    "admin:read",
    "conversation:any:write",
    "conversation:webchat:read",
    "conversation:webchat:write",
    "digital:read",
    "interaction:read",
    "interaction:write",
    "messaging:webmessaging:write",
    "routing:user",
    "user:read",
    "webchat:guest:read",
    "webchat:guest:write",
    "webchat:visitor:read",
    "webmessaging:all",
    "webmessaging:guest:create",
    "webphone:use",
];

/// Every scope name there is, without wildcards.
pub fn known() -> impl Iterator<Item = String> {
    let vendor = VENDOR.iter().flat_map(|name| match name.strip_suffix('+') {
        Some(name) => vec![name.to_owned(), format!("{name}:readonly")],
        None => vec![(*name).to_owned()],
    });
    vendor.chain(DIALECT.iter().map(|name| (*name).to_owned()))
}

/// Is it one of those that only guides know?
pub fn is_dialect(name: &str) -> bool {
    DIALECT.contains(&name)
}

/// What a scope is for, in a few words.
pub fn description(name: &str) -> String {
    let words = |name: &str| name.replace([':', '-'], " ");
    match name.strip_suffix(":readonly") {
        _ if is_dialect(name) => {
            format!("{}: only guides know this scope, the platform has none of this name", words(name))
        }
        Some("all") => "Read everything".to_owned(),
        Some(name) => format!("Read {}", words(name)),
        None if name == "all" => "Read and write everything".to_owned(),
        None => format!("Read and write {}", words(name)),
    }
}

/// Is it one of them? Every client of a world has many, so this makes no texts and looks at few.
fn is_known(name: &str) -> bool {
    let listed = |name: &str| {
        let at = VENDOR.binary_search_by(|one| one.strip_suffix('+').unwrap_or(one).cmp(name));
        at.ok().map(|at| VENDOR[at])
    };
    let has_twin = |name: &str| listed(name).is_some_and(|one| one.ends_with('+'));
    let is_twin = || name.strip_suffix(":readonly").is_some_and(has_twin);
    listed(name).is_some() || is_twin() || DIALECT.contains(&name)
}

/// One scope as it was granted: a known name, or a pattern such as `webchat:guest:*` that covers known names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Scope(String);

/// A scope that nobody knows.
#[derive(Debug, thiserror::Error)]
#[error("unknown scope `{name}`{}", suggestion(near.as_deref()))]
pub struct UnknownScope {
    name: String,
    near: Option<String>,
}

fn suggestion(near: Option<&str>) -> String {
    near.map_or_else(
        || "; expected a scope of the platform or of the guide".into(),
        |n| format!(", did you mean `{n}`?"),
    )
}

impl Scope {
    /// Does having this scope mean having `required`? Equal names do, patterns by their segments, a scope its own
    /// `:readonly` twin, and `all` everything.
    pub fn covers(&self, required: &str) -> bool {
        let granted = self.0.as_str();
        granted == "all"
            || matches(granted, required)
            || granted == "all:readonly" && required.ends_with(":readonly")
            || required.strip_suffix(":readonly").is_some_and(|base| matches(granted, base))
    }
}

/// `*` as a last segment covers every rest, in the middle one segment.
fn matches(pattern: &str, name: &str) -> bool {
    let (mut wanted, mut given) = (pattern.split(':'), name.split(':'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some("*"), Some(_)) => {
                if wanted.clone().next().is_none() {
                    return true;
                }
            }
            (Some(one), Some(other)) if one == other => {}
            _ => return false,
        }
    }
}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(name: &str) -> Result<Self, UnknownScope> {
        if is_known(name) || name.contains('*') && known().any(|known| matches(name, &known)) {
            return Ok(Self(name.to_owned()));
        }
        let names: Vec<String> = known().collect();
        let near = suggest::nearest(name, names.iter().map(String::as_str)).map(str::to_owned);
        Err(UnknownScope { name: name.to_owned(), near })
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(de::Error::custom)
    }
}

/// The granted scopes as names, each once: whoever reads them elsewhere knows no patterns.
pub fn names(granted: &[Scope]) -> Vec<String> {
    listed(granted).into_iter().collect::<BTreeSet<_>>().into_iter().collect()
}

/// The same in the order in which they were granted.
pub fn listed(granted: &[Scope]) -> Vec<String> {
    let names = granted.iter().flat_map(|scope| match scope.0.contains('*') {
        true => known().filter(|name| matches(&scope.0, name)).collect(),
        false => vec![scope.0.clone()],
    });
    let mut seen = BTreeSet::new();
    names.filter(|name| seen.insert(name.clone())).collect()
}

/// Does any of the granted scopes cover the required one?
pub fn any_covers(granted: &[Scope], required: &str) -> bool {
    granted.iter().any(|scope| scope.covers(required))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_vendor_has_135_scopes() {
        assert_eq!(known().count() - DIALECT.len(), 135);
    }

    #[test]
    fn a_scope_is_known_when_it_is_among_all() {
        assert!(known().all(|name| is_known(&name)));
        for strange in
            ["", ":readonly", "users:", "users:readonly:readonly", "notifications:readonly", "audits"]
        {
            assert!(!is_known(strange), "{strange}");
        }
    }

    #[test]
    fn patterns_become_the_names_that_they_cover() {
        let granted = ["users", "webchat:guest:*", "webchat:guest:read"].map(|name| name.parse().unwrap());
        assert_eq!(names(&granted), ["users", "webchat:guest:read", "webchat:guest:write"]);
        let granted = ["webchat:guest:*", "users", "webchat:guest:read"].map(|name| name.parse().unwrap());
        assert_eq!(listed(&granted), ["webchat:guest:read", "webchat:guest:write", "users"]);
    }

    #[test]
    fn an_unknown_scope_is_answered_with_the_nearest_known_one() {
        let error = "webchat:gest:write".parse::<Scope>().unwrap_err().to_string();
        assert_eq!(error, "unknown scope `webchat:gest:write`, did you mean `webchat:guest:write`?");
        let error = "WEBCHAT:GUEST:WRITE".parse::<Scope>().unwrap_err().to_string();
        assert_eq!(error, "unknown scope `WEBCHAT:GUEST:WRITE`, did you mean `webchat:guest:write`?");
        assert!("foo:*".parse::<Scope>().is_err());
    }

    proptest! {
        #[test]
        fn a_scope_covers_itself_and_its_readonly_twin_but_never_the_reverse(at in 0..known().count()) {
            let name = known().nth(at).unwrap();
            let scope: Scope = name.parse().unwrap();
            prop_assert!(scope.covers(&name));
            let twin = Scope(name.clone() + ":readonly");
            prop_assert!(scope.covers(&twin.0));
            if name != "all" && !name.ends_with(":readonly") {
                prop_assert!(!twin.covers(&name));
            }
        }

        #[test]
        fn a_trailing_star_covers_exactly_the_names_below_it(a in "[a-z]{1,3}", b in "[a-z]{1,3}", c in "[a-z]{1,3}") {
            let all_below = Scope(format!("{a}:{b}:*"));
            let full = format!("{a}:{b}:{c}");
            let other = format!("{a}x:{b}:{c}");
            prop_assert!(all_below.covers(&full));
            prop_assert!(!all_below.covers(&other));
            prop_assert!(!all_below.covers(&a));
            prop_assert!(Scope("*".into()).covers(&other));
        }
    }
}
