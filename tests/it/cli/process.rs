//! A process of the binary, ended when the test is over.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, ChildStdout, Command, Output, Stdio},
};

use serde_json::Value;

use crate::support::client::Client;

/// The binary, with nothing of the test's own environment that it could read.
pub fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_genesys-emulator"));
    command.env_clear().stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs it to its end: for what is expected to end by itself.
pub fn run(args: &[&str]) -> Output {
    binary().args(args).output().unwrap()
}

/// A running emulator.
pub struct Run {
    child: Child,
    stdout: BufReader<ChildStdout>,
    pub ready: Value,
    pub client: Client,
}

impl Run {
    /// On a free port, with further arguments and variables; waits until it is ready.
    pub fn start(args: &[&str], variables: &[(&str, &str)]) -> Self {
        let listening =
            args.contains(&"--listen") || variables.iter().any(|(name, _)| name.ends_with("_LISTEN"));
        let free: &[&str] = if listening { &[] } else { &["--listen", "127.0.0.1:0"] };
        let mut child = binary().args(args).args(free).envs(variables.iter().copied()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|_| {
            let mut said = String::new();
            child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
            panic!("not ready: {line}{said}")
        });
        let client = Client::new(ready["url"].as_str().unwrap().to_owned());
        Self { child, stdout, ready, client }
    }

    /// `host:port`.
    pub fn address(&self) -> &str {
        self.client.base.strip_prefix("http://").unwrap()
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status().unwrap();
        assert!(sent.success());
    }

    /// Reads stderr up to the line that has these words in it.
    pub fn stderr_until(&mut self, words: &str) -> String {
        let stderr = self.child.stderr.as_mut().unwrap();
        let mut said = Vec::new();
        let mut byte = [0];
        while !String::from_utf8_lossy(&said).contains(words) {
            assert_eq!(stderr.read(&mut byte).unwrap(), 1, "{}", String::from_utf8_lossy(&said));
            said.push(byte[0]);
        }
        while byte != *b"\n" {
            assert_eq!(stderr.read(&mut byte).unwrap(), 1);
            said.push(byte[0]);
        }
        String::from_utf8(said).unwrap()
    }

    /// Waits for the end: exit code, what else was on stdout, what was on stderr.
    pub fn ended(mut self) -> (Option<i32>, String, String) {
        let (mut out, mut err) = (String::new(), String::new());
        self.stdout.read_to_string(&mut out).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        (self.child.wait().unwrap().code(), out, err)
    }

    /// Ends it in order.
    pub fn stopped(self) -> (Option<i32>, String, String) {
        self.signal("TERM");
        self.ended()
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
