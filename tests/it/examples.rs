//! The sample suites of `examples/`, run as a CI would: one emulator, an org for each test, all of them side by side.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    cli::process::binary,
    clients::{INSTALLED, Runtime},
};

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)
}

/// `exec` in a folder, with what its command needs of the environment.
fn exec(folder: &Path) -> Command {
    let mut command = binary();
    let home = Path::new(INSTALLED).join("examples-home");
    fs::create_dir_all(&home).unwrap();
    command.arg("exec").arg("--").current_dir(folder).env("PATH", std::env::var_os("PATH").unwrap());
    command.env("HOME", home).env("NO_COLOR", "1").env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// Exit code and stdout.
fn ended(command: &mut Command) -> (Option<i32>, String) {
    let output = command.output().unwrap();
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.code(), said)
}

/// The suite in a folder of its own, with one test more.
fn with_test(name: &str, files: &[&str], file: &str, test: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir_in(INSTALLED).unwrap();
    for one in files {
        fs::copy(example(name).join(one), folder.path().join(one)).unwrap();
    }
    fs::write(folder.path().join(file), test).unwrap();
    folder
}

fn pytest(folder: &Path) -> (Option<i32>, String) {
    let place = Path::new(INSTALLED).join("examples-python");
    Runtime::Python.install_in(&example("pytest/requirements.txt"), &place);
    let flags = ["-m", "pytest", "-q", "-n", "8", "-p", "no:cacheprovider"];
    ended(exec(folder).arg(place.join("bin/python")).args(flags))
}

#[test]
fn two_hundred_tests_of_pytest_share_an_emulator() {
    if !Runtime::Python.is_ready("examples/pytest") {
        return;
    }
    let (code, said) = pytest(&example("pytest"));
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("\n200 passed in "), "{said}");
}

#[test]
fn a_test_of_pytest_fails_by_a_fault_that_never_fires() {
    if !Runtime::Python.is_ready("examples/pytest") {
        return;
    }
    let test =
        "def test_it(org):\n    org.fault(id='never-met', when={'path': '/nowhere'}, effect={'reset': {}})\n";
    let folder = with_test("pytest", &["conftest.py", "genesys_emulator.py"], "test_it.py", test);
    let (code, said) = pytest(folder.path());
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("1 failed in ") && said.contains("never-met"), "{said}");
}

fn vitest(folder: &Path) -> (Option<i32>, String) {
    let program = example("vitest/node_modules/vitest/vitest.mjs");
    ended(exec(folder).arg("node").arg(program).args(["run", "--root", "."]))
}

#[test]
fn tests_of_vitest_share_an_emulator_and_fail_by_a_fault_that_never_fires() {
    if !Runtime::Node.is_ready("examples/vitest") {
        return;
    }
    let folder = example("vitest");
    Runtime::Node.install_in(&folder.join("package-lock.json"), &folder.join("node_modules"));
    let (code, said) = vitest(&folder);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("43 passed"), "{said}");

    let test = "import { test } from './genesys-emulator.mjs';\n\
        test('it', ({ org }) => org.fault({ id: 'never-met', when: { path: '/nowhere' }, effect: { reset: {} } }));\n";
    let files = ["genesys-emulator.mjs", "vitest.config.mjs", "package.json"];
    let inner = with_test("vitest", &files, "it.test.mjs", test);
    // packages are found from there
    std::os::unix::fs::symlink(folder.join("node_modules"), inner.path().join("node_modules")).unwrap();
    let (code, said) = vitest(inner.path());
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("1 failed") && said.contains("never-met"), "{said}");
}
