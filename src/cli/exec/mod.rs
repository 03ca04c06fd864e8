//! `exec`: an emulator for one command, which finds it by variables of its environment.

mod command;
mod family;
mod report;
mod signals;
mod summary;
pub mod supervise;
mod verdict;

use std::{ffi::OsString, path::PathBuf, process::ExitCode, time::Duration};

use clap::Args;
use command::{Ended, Running};
use signals::Signals;
use summary::Summary;
use verdict::{Verdict, Wanted};

use super::{
    Exit,
    admin::Failure,
    env::{Way, via},
    logging, serve,
    settings::{Settings, Switch},
    strange, watch,
    way_in::WayIn,
};
use crate::{
    base::clock::wall, builder::Builder, emulator::Emulator, net::limits::raise_open_files,
    ops::findings::Severity,
};

/// Where it listens, unless something else is said.
const LISTEN: &str = "127.0.0.1:0";
/// How long the emulator may take to stop, in real time.
const STOP: Duration = Duration::from_secs(5);

/// What is run, and in what.
#[derive(Debug, Args)]
pub struct Exec {
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    way: Way,
    /// Run CMD once for each of these on an emulator of its own: names or files of scenarios, several of one run with `+`
    /// between them, over those of --scenario; repeatable
    #[arg(long, env = "GENESYS_EMULATOR_MATRIX", value_name = "NAME|FILE", value_delimiter = ',')]
    matrix: Vec<String>,
    /// When CMD has ended, verify what this file says, in YAML or JSON, of the default org: an expectation, a list of them, or
    /// more, as for POST /__admin/verify [default: every fault that is set has fired]
    #[arg(long, env = "GENESYS_EMULATOR_VERIFY", value_name = "FILE")]
    verify: Option<PathBuf>,
    /// Findings that hurt so much, or more, fail the run; others are only told
    #[arg(long, env = "GENESYS_EMULATOR_FAIL_ON", value_name = "info|warning|error")]
    fail_on: Option<Severity>,
    /// What came of all runs is also written for programs
    #[arg(long, env = "GENESYS_EMULATOR_REPORT", value_name = "junit|json|github")]
    report: Option<report::Format>,
    /// To this file [default: stdout, behind what the command wrote]
    #[arg(long, env = "GENESYS_EMULATOR_REPORT_FILE", value_name = "FILE", requires = "report")]
    report_file: Option<PathBuf>,
    /// The command and its arguments
    #[arg(last = true, required = true, value_name = "CMD")]
    command: Vec<OsString>,
}

/// Runs the command, once or once for each row of the matrix. Its exit code comes first, then what was verified.
pub fn run(exec: &Exec) -> ExitCode {
    logging::start(exec.settings.log_format, "warn");
    strange::warn();
    raise_open_files();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("genesys-emulator: the runtime could not be started: {error}");
            return Exit::RunTime.into();
        }
    };
    match runtime.block_on(all(exec)) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => failure.told().into(),
    }
}

/// Scenarios of each run.
fn rows(exec: &Exec) -> Vec<Vec<String>> {
    let base = &exec.settings.scenario;
    match &exec.matrix[..] {
        [] => vec![base.clone()],
        rows => rows
            .iter()
            .map(|row| base.iter().cloned().chain(row.split('+').map(str::to_owned)).collect())
            .collect(),
    }
}

async fn all(exec: &Exec) -> Result<u8, Failure> {
    let failed = |error| Failure::run_time(format!("signals cannot be listened to: {error}"));
    let mut signals = Signals::new().map_err(failed)?;
    let wanted = Wanted::read(exec.verify.as_deref(), exec.fail_on)?;
    let rows = rows(exec);
    let many = rows.len() > 1;
    let command = summary::spelled(&exec.command);
    let (mut first, mut held, mut runs) = (0, true, Vec::new());
    for (nth, scenarios) in rows.iter().enumerate() {
        if many {
            eprintln!("genesys-emulator: run {} of {}: {}", nth + 1, rows.len(), scenarios.join(", "));
        }
        let builder = Builder { scenarios: scenarios.clone(), ..exec.settings.builder(LISTEN) };
        let (ended, verdict) = once(exec, builder, scenarios, &wanted, &mut signals).await?;
        if first == 0 {
            first = ended.code;
        }
        held &= verdict.as_ref().is_none_or(Verdict::held);
        runs.push(report::of_run(scenarios, &command, ended, verdict.as_ref()));
        if ended.interrupted {
            break;
        }
    }
    if let Some(format) = exec.report
        && let Err(failure) = report::write(format, &runs, exec.report_file.as_deref())
    {
        if first == 0 {
            return Err(failure);
        }
        // the command's own code comes first
        failure.told();
    }
    Ok(if first == 0 && !held { Exit::NotHeld as u8 } else { first })
}

/// One run on an emulator of its own.
async fn once(
    exec: &Exec,
    builder: Builder,
    scenarios: &[String],
    wanted: &Wanted,
    signals: &mut Signals,
) -> Result<(Ended, Option<Verdict>), Failure> {
    let start = builder.clone().start().await;
    let emulator =
        start.map_err(|error| Failure { exit: Exit::of(&error), ..Failure::run_time(error.to_string()) })?;
    serve::write_ready(&emulator, exec.settings.ready_file.as_ref())
        .map_err(|error| Failure::run_time(format!("the ready file could not be written: {error}")))?;
    let way = WayIn::of(&emulator);
    let families = via::exported(exec.way, &exec.settings, &emulator)?;
    let began = wall::instant();
    let running = Running::start(&exec.command, &way, &families);
    let running =
        running.map_err(|error| Failure::run_time(format!("the command cannot be watched: {error}")))?;
    let ended = tokio::select! {
        ended = running.ended(signals) => ended,
        never = watched(exec, &builder, &emulator) => match never {},
    };
    let ended = ended.map_err(|error| Failure::run_time(format!("the command was lost: {error}")))?;
    let summary =
        Summary { command: &exec.command, scenarios, ended, took: began.elapsed(), emulator: &emulator };
    eprint!("{summary}");
    let verdict = wanted.judge(&emulator, ended).await?;
    if let Some(verdict) = &verdict {
        eprint!("{verdict}");
    }
    if wall::timeout(STOP, emulator.stop()).await.is_none() {
        tracing::warn!("the emulator did not stop in time");
    }
    Ok((ended, verdict))
}

/// Loads scenario files again when they change, if that is wanted.
async fn watched(exec: &Exec, builder: &Builder, emulator: &Emulator) -> std::convert::Infallible {
    let mut files = emulator.scenario_files();
    if exec.settings.watch == Switch::Off {
        return std::future::pending().await;
    }
    loop {
        watch::changed(&mut files).await;
        if serve::reload(builder, emulator) {
            files = emulator.scenario_files();
        }
    }
}
