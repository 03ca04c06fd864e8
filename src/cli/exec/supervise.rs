//! `supervise`: the process between `exec` and the command. It outlives an `exec` that is killed just long enough to end
//! the command and everything that came of it.

use std::{
    ffi::OsString,
    io,
    os::unix::process::CommandExt,
    process::{Command, ExitCode},
    time::Duration,
};

use clap::Args;
use rustix::process::{Pid, Signal, getppid, kill_process, kill_process_group};
use tokio::signal::unix::{SignalKind, signal};

use super::{family, signals::Signals};
use crate::base::clock::wall;

/// How often is looked whether `exec` lives, in real time.
const LOOK: Duration = Duration::from_millis(100);
/// What the command has left behind has so long to end by itself once it is asked to.
const GRACE: Duration = Duration::from_millis(500);

/// What `exec` tells it.
#[derive(Debug, Args)]
pub struct Supervise {
    /// `exec`
    #[arg(long)]
    parent: i32,
    /// The process group of the command; 0 is one of its own
    #[arg(long)]
    group: i32,
    /// The command
    #[arg(last = true, required = true)]
    command: Vec<OsString>,
}

/// Runs the command, hands signals on, ends what it leaves behind. Answers its exit code.
pub fn run(asked: &Supervise) -> ExitCode {
    family::adopt();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let code = runtime.and_then(|runtime| runtime.block_on(watch(asked))).unwrap_or_else(|error| {
        eprintln!("genesys-emulator: the command cannot be watched: {error}");
        1
    });
    ExitCode::from(code)
}

/// Exit codes of shells: what is not there, and what cannot be run.
fn not_started(program: &OsString, error: &io::Error) -> u8 {
    let program = program.to_string_lossy();
    match error.kind() {
        io::ErrorKind::NotFound => {
            let place = if program.contains('/') { "there" } else { "in any folder of PATH" };
            eprintln!("genesys-emulator: `{program}` cannot be started: there is no such program {place}");
            127
        }
        _ => {
            eprintln!("genesys-emulator: `{program}` cannot be started: {error}");
            126
        }
    }
}

async fn watch(asked: &Supervise) -> io::Result<u8> {
    // before there is a child to miss
    let mut ended = signal(SignalKind::child())?;
    let mut signals = Signals::new()?;
    let (program, args) =
        asked.command.split_first().ok_or_else(|| io::Error::other("there is no command"))?;
    let child = match Command::new(program).args(args).process_group(asked.group).spawn() {
        Ok(child) => child,
        Err(error) => return Ok(not_started(program, &error)),
    };
    let command = Pid::from_child(&child);
    let send = |signal: Signal| {
        // whoever is not there any more needs no signal
        let _ = match asked.group {
            0 => kill_process_group(command, signal),
            _ => kill_process(command, signal),
        };
    };
    let code = loop {
        tokio::select! {
            signal = signals.next() => send(signal),
            _ = ended.recv() => {
                if let Some((_, code)) = family::ended().into_iter().find(|(pid, _)| *pid == command) {
                    break code;
                }
            }
            () = wall::sleep(LOOK) => {
                if getppid().map(|pid| pid.as_raw_nonzero().get()) != Some(asked.parent) {
                    send(Signal::KILL);
                    family::end(Duration::ZERO);
                    return Ok(128 + 9);
                }
            }
        }
    };
    family::end(GRACE);
    Ok(code)
}
