//! Scenario files that are written in tests.

use std::io::Write;

use tempfile::NamedTempFile;

/// A file with this text, gone with the value.
pub fn file(text: &str) -> NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".yaml").tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

/// Where it is.
pub fn path(file: &NamedTempFile) -> &str {
    file.path().to_str().unwrap()
}
