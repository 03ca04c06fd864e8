//! "Did you mean": for every name that a person can mistype.

/// The candidate that is most like `given`, if any is like it at all.
pub fn nearest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = given.to_ascii_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&lower, &candidate.to_ascii_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, candidate)| *distance <= candidate.len().max(3) / 3)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Adds a suggestion to what serde says of an unknown field or variant.
pub fn explained(message: &str) -> String {
    match suggestion(message) {
        // what YAML says goes on with a picture of the place
        Some(near) => {
            let (said, picture) = message.split_at(message.find('\n').unwrap_or(message.len()));
            format!("{said}; did you mean `{near}`?{picture}")
        }
        None => message.to_owned(),
    }
}

/// The expected name nearest to the unknown one in a message of serde's.
pub fn suggestion(message: &str) -> Option<String> {
    let start = ["unknown field `", "unknown variant `"]
        .iter()
        .find_map(|lead| Some(message.find(lead)? + lead.len()))?;
    let rest = &message[start..];
    let (given, rest) = rest.split_once('`')?;
    let rest = rest.lines().next()?;
    if rest.contains('`') {
        return nearest(given, rest.split('`').skip(1).step_by(2)).map(str::to_owned);
    }
    let names = rest
        .split_once("expected one of ")
        .or_else(|| rest.split_once("expected "))?
        .1;
    nearest(given, names.split(", ").flat_map(|name| name.split(" or "))).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_expected_name_is_suggested() {
        let said = "unknown field `shedule`, expected one of `id`, `when`, `schedule`";
        assert_eq!(suggestion(said).as_deref(), Some("schedule"));
        let said = "line 2 column 1: unknown field `shedule`, expected one of id, when, schedule\n  |\n";
        assert_eq!(
            explained(said),
            "line 2 column 1: unknown field `shedule`, expected one of id, when, schedule; did you mean \
             `schedule`?\n  |\n"
        );
        assert_eq!(suggestion("unknown field `zzz`, expected `id`"), None);
        assert_eq!(suggestion("missing field `id`"), None);
    }
}
