//! What a process has begot: all of it is ended, also what has moved into a session of its own.

use std::{collections::BTreeSet, thread, time::Duration};

use rustix::process::{Pid, Signal, WaitOptions, kill_process, wait};

use crate::base::clock::wall;

/// How often is looked whether somebody is left.
const LOOK: Duration = Duration::from_millis(5);
/// What cannot even be killed, as it waits for a disk, is given up after so long.
const MOST: Duration = Duration::from_secs(3);

/// From now on, whoever loses its parent among our descendants becomes our child. Linux alone has this.
pub fn adopt() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::set_child_subreaper(Some(rustix::process::getpid())) {
        tracing::warn!(%error, "what the command leaves behind may not be found");
    }
}

/// Takes note of children that have ended: their ids and exit codes, 128 + n for those that a signal ended.
pub fn ended() -> Vec<(Pid, u8)> {
    let mut all = Vec::new();
    while let Ok(Some((pid, status))) = wait(WaitOptions::NOHANG) {
        let code = match (status.exit_status(), status.terminating_signal()) {
            (Some(code), _) => code,
            (None, Some(signal)) => 128 + signal,
            (None, None) => continue,
        };
        all.push((pid, u8::try_from(code).unwrap_or(u8::MAX)));
    }
    all
}

/// Children that are alive.
#[cfg(target_os = "linux")]
fn children() -> Vec<Pid> {
    let own = rustix::process::getpid();
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let is_child = |pid: &Pid| {
        let stat =
            std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).unwrap_or_default();
        // the name before it may have anything in it
        let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
        after.split_whitespace().nth(1).is_some_and(|parent| parent == own.as_raw_nonzero().to_string())
    };
    let pids = processes.filter_map(|entry| Pid::from_raw(entry.file_name().to_str()?.parse().ok()?));
    pids.filter(is_child).collect()
}

/// Elsewhere nobody becomes our child, and the command itself has ended.
#[cfg(not(target_os = "linux"))]
fn children() -> Vec<Pid> {
    Vec::new()
}

/// Ends all children: they are asked to end, and after `grace` they are made to. Whoever was theirs becomes ours, so that
/// at last nobody is left.
pub fn end(grace: Duration) {
    let began = wall::instant();
    let mut asked = BTreeSet::new();
    loop {
        ended();
        let left = children();
        let waited = began.elapsed();
        if left.is_empty() || waited > grace + MOST {
            return;
        }
        for pid in left {
            // it may have ended meanwhile, but its number is not another's before we take note of that
            if waited >= grace {
                let _ = kill_process(pid, Signal::KILL);
            } else if asked.insert(pid.as_raw_nonzero()) {
                let _ = kill_process(pid, Signal::TERM);
            }
        }
        thread::sleep(LOOK);
    }
}
