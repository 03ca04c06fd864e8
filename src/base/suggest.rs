//! "Did you mean": for every name that a person can mistype.

/// The candidate that is most like `given`, if any is like it at all.
pub fn nearest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = given.to_ascii_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_ascii_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().max(3) / 3)
        .min()
        .map(|(_, candidate)| candidate)
}

/// The candidate that `given` is but for one letter: surely it was meant.
pub fn slip<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let one =
        |word: &str| strsim::damerau_levenshtein(&given.to_ascii_lowercase(), &word.to_ascii_lowercase());
    candidates.into_iter().find(|candidate| *candidate != given && one(candidate) <= 1)
}

/// How much two texts are alike, from 0 to 1.
pub fn likeness(one: &str, other: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(one, other)
}

/// Adds a suggestion to the first line of what a parser says of an unknown field or variant.
pub fn explained(message: &str) -> String {
    let Some(near) = suggestion(message) else {
        return message.to_owned();
    };
    let (first, rest) = message.split_once('\n').unwrap_or((message, ""));
    let separator = if rest.is_empty() { "" } else { "\n" };
    format!("{first}; did you mean `{near}`?{separator}{rest}")
}

/// The expected name nearest to the unknown one. The names stand between backticks, or between commas.
pub fn suggestion(message: &str) -> Option<String> {
    let first = message.lines().next()?;
    let lead = ["unknown field `", "unknown variant `"]
        .iter()
        .find_map(|lead| Some(first.find(lead)? + lead.len()))?;
    let (given, rest) = first[lead..].split_once('`')?;
    let (_, names) = rest.split_once("expected ")?;
    let names = names.trim_start_matches("one of ").split([',', ' ']).map(|name| name.trim_matches('`'));
    nearest(given, names.filter(|name| !name.is_empty())).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_expected_name_is_suggested() {
        let said = "unknown field `shedule`, expected one of `id`, `when`, `schedule`";
        assert_eq!(suggestion(said).as_deref(), Some("schedule"));
        let said = "error: line 6: unknown field `scops`, expected one of id, scopes, state\n  | ^";
        assert_eq!(
            explained(said),
            "error: line 6: unknown field `scops`, expected one of id, scopes, state; did you mean `scopes`?\n  | ^"
        );
        assert_eq!(suggestion("unknown field `zzz`, expected `id`"), None);
        assert_eq!(suggestion("missing field `id`"), None);
    }
}
