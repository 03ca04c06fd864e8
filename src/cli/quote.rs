//! Values as shells and readers of `.env` files want them.

/// Nothing that either would take for something else.
fn plain(value: &str) -> bool {
    !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || "_-./:@%+,=".contains(c))
}

/// For a POSIX shell.
pub fn shell(value: &str) -> String {
    if plain(value) { value.to_owned() } else { format!("'{}'", value.replace('\'', r"'\''")) }
}

/// For files named `.env`. Within single quotes nothing is special, within double ones a few characters are.
pub fn dotenv(value: &str) -> String {
    match (plain(value), value.contains('\'')) {
        (true, _) => value.to_owned(),
        (false, false) => format!("'{value}'"),
        (false, true) => {
            format!("\"{}\"", value.replace('\\', r"\\").replace('"', "\\\"").replace('$', "\\$"))
        }
    }
}

/// For PowerShell.
pub fn powershell(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted_where_they_must_be() {
        let values = ["http://127.0.0.1:4363/@a", "two words", "it's", "", "a$b\"c'd"];
        assert_eq!(
            values.map(shell),
            ["http://127.0.0.1:4363/@a", "'two words'", r"'it'\''s'", "''", "'a$b\"c'\\''d'"]
        );
        assert_eq!(
            values.map(dotenv),
            ["http://127.0.0.1:4363/@a", "'two words'", "\"it's\"", "''", "\"a\\$b\\\"c'd\""]
        );
        assert_eq!(powershell("it's"), "'it''s'");
    }
}
