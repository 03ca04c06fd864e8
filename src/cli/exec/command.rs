//! The command while it runs, as `exec` sees it.

use std::{
    ffi::OsString,
    io::{self, IsTerminal},
    os::unix::process::{CommandExt, ExitStatusExt},
    process::{Child, Command, ExitStatus},
    time::Duration,
};

use rustix::{
    process::{Pid, Signal, getpgrp, getpid, kill_process},
    termios::tcgetpgrp,
};

use super::{family, signals::Signals};
use crate::cli::{
    env::via::Family,
    way_in::{PREFIX, WayIn},
};

/// A command and its supervisor.
pub struct Running {
    supervisor: Child,
    /// Is it in our process group, so that a terminal sends it what it sends us?
    shared: bool,
}

/// The signal after which it is killed, if all of them are to end it.
const PATIENCE: u32 = 3;

/// Is this process what the terminal talks to?
fn in_foreground() -> bool {
    let stdin = io::stdin();
    stdin.is_terminal() && tcgetpgrp(&stdin).is_ok_and(|group| group == getpgrp())
}

impl Running {
    /// Starts it with the variables of this way in, and with those of others' programs.
    pub fn start(command: &[OsString], way: &WayIn, families: &[Family]) -> io::Result<Self> {
        family::adopt();
        let shared = in_foreground();
        let group = if shared { getpgrp().as_raw_nonzero().get() } else { 0 };
        let mut supervisor = Command::new(std::env::current_exe()?);
        supervisor
            .arg("supervise")
            .args(["--parent", &getpid().as_raw_nonzero().to_string()])
            .args(["--group", &group.to_string()])
            .arg("--")
            .args(command)
            // the terminal's signals are not for the supervisor
            .process_group(0)
            .env_remove(format!("{PREFIX}ORG"));
        for (name, value) in way.variables() {
            match value {
                Some(value) => supervisor.env(name, value),
                None => supervisor.env_remove(name),
            };
        }
        supervisor.envs(families.iter().flat_map(|(_, variables)| variables.iter().cloned()));
        Ok(Self { supervisor: supervisor.spawn()?, shared })
    }

    /// Waits for its end, and hands signals on meanwhile.
    pub async fn ended(mut self, signals: &mut Signals) -> io::Result<Ended> {
        let supervisor = Pid::from_child(&self.supervisor);
        let (shared, mut interrupted) = (self.shared, 0);
        let mut waiting = tokio::task::spawn_blocking(move || self.supervisor.wait());
        let status = loop {
            tokio::select! {
                status = &mut waiting => break status.map_err(io::Error::other)??,
                signal = signals.next() => {
                    let ends = [Signal::TERM, Signal::INT, Signal::HUP, Signal::QUIT].contains(&signal);
                    interrupted += u32::from(ends);
                    // whoever does not listen is not asked a third time
                    let signal = if ends && interrupted >= PATIENCE { Signal::KILL } else { signal };
                    let had = shared && in_foreground() && [Signal::INT, Signal::QUIT].contains(&signal);
                    if !had {
                        // it may have ended at this moment
                        let _ = kill_process(supervisor, signal);
                    }
                }
            }
        };
        // nothing is left, unless the supervisor was killed
        family::end(Duration::ZERO);
        Ok(Ended { code: code(status), interrupted: interrupted > 0 })
    }
}

/// How it ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ended {
    /// Its exit code; 128 + n if a signal ended it.
    pub code: u8,
    /// Was it told to end?
    pub interrupted: bool,
}

fn code(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    u8::try_from(code.unwrap_or(1)).unwrap_or(u8::MAX)
}
