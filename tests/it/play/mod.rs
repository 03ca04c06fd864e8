//! Scripts of scenarios, played: by the library, and by `check`.

mod bad_scripts;
mod check;
mod clients;
mod demo;
mod formats;
mod params;
mod readme;
mod shipped;
mod timeline;

use std::process::Output;

use crate::{
    cli::process::binary,
    support::scenario::{file, path},
};

/// Runs the binary at the root of the project: exit code, stdout, stderr.
fn run(args: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } =
        binary().args(args).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// Plays one script of these steps, which is to pass; answers what is told of it.
async fn played(steps: &str) -> (bool, String) {
    played_in("", steps).await
}

/// The same with something else in the file.
async fn played_in(rest: &str, steps: &str) -> (bool, String) {
    let file = file(&format!("name: own\nsummary: Own.\n{rest}\nscripts:\n  only:\n    steps:\n{steps}"));
    let checked = genesys_emulator::check(path(&file)).await.unwrap_or_else(|error| panic!("{error}"));
    (checked.holds(), checked.to_string())
}
