//! `serve`: starts the emulator and stays.

use std::{fs, io::Write, path::PathBuf};

use serde::Serialize;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{
    Exit, logging,
    settings::{LISTEN, Settings, Switch},
    strange, watch,
};
use crate::{builder::Builder, emulator::Emulator, net::limits::raise_open_files};

/// The line that says that everything is bound and ready.
#[derive(Serialize)]
struct Ready {
    event: &'static str,
    url: String,
    admin: String,
    seed: u64,
    org: Option<ReadyOrg>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReadyOrg {
    id: String,
    client_id: Option<String>,
    client_secret: Option<String>,
    deployment_id: Option<String>,
}

impl Ready {
    fn of(emulator: &Emulator) -> Self {
        let org = emulator.org_id().map(|id| {
            let (client_id, client_secret) = emulator.client().unzip();
            ReadyOrg { id, client_id, client_secret, deployment_id: emulator.deployment_id() }
        });
        Self { event: "ready", url: emulator.url(), admin: emulator.admin_url(), seed: emulator.seed(), org }
    }
}

/// Starts, stays until a signal, stops.
pub fn run(serve: &Settings) -> Exit {
    logging::start(serve.log_format, "info");
    strange::warn();
    raise_open_files();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "the runtime could not be started");
            return Exit::RunTime;
        }
    };
    runtime.block_on(stay(serve))
}

async fn stay(serve: &Settings) -> Exit {
    let builder = serve.builder(LISTEN);
    let signals = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()].map(signal);
    let [Ok(mut terminate), Ok(mut interrupt), Ok(mut hangup)] = signals else {
        tracing::error!("signals cannot be listened to");
        return Exit::RunTime;
    };
    let emulator = match builder.clone().start().await {
        Ok(emulator) => emulator,
        Err(error) => {
            eprintln!("genesys-emulator: {error}");
            return Exit::of(&error);
        }
    };
    if let Err(error) = announce(&emulator, serve.ready_file.as_ref()) {
        tracing::error!(%error, "the ready line could not be written");
        return Exit::RunTime;
    }
    let mut files = emulator.scenario_files();
    loop {
        tokio::select! {
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
            _ = hangup.recv() => {}
            () = watch::changed(&mut files), if serve.watch == Switch::On => {}
        }
        if reload(&builder, &emulator) {
            files = emulator.scenario_files();
        }
    }
    tracing::info!("stopping");
    tokio::select! {
        () = emulator.stop() => Exit::Fine,
        code = second(&mut terminate, &mut interrupt) => std::process::exit(code),
    }
}

async fn second(terminate: &mut Signal, interrupt: &mut Signal) -> i32 {
    tokio::select! {
        _ = terminate.recv() => 128 + 15,
        _ = interrupt.recv() => 128 + 2,
    }
}

/// Loads the scenario files again. Was that done?
pub fn reload(builder: &Builder, emulator: &Emulator) -> bool {
    match emulator.reload(builder) {
        Ok(()) => tracing::info!("the scenario files were loaded again"),
        Err(error) => {
            tracing::error!(%error, "the scenario files were not loaded again; everything stays as it was");
            return false;
        }
    }
    true
}

/// Writes the ready line to the file, if there is to be one. Answers it.
pub fn write_ready(emulator: &Emulator, file: Option<&PathBuf>) -> std::io::Result<String> {
    let line = serde_json::to_string(&Ready::of(emulator)).map_err(std::io::Error::other)?;
    if let Some(file) = file {
        // whoever waits for the file must not read half of it
        let part = file.with_extension("part");
        let named =
            |error: std::io::Error| std::io::Error::new(error.kind(), format!("{}: {error}", file.display()));
        fs::write(&part, format!("{line}\n")).and_then(|()| fs::rename(part, file)).map_err(named)?;
    }
    Ok(line)
}

/// Says that it is ready, on stdout and in the file.
fn announce(emulator: &Emulator, file: Option<&PathBuf>) -> std::io::Result<()> {
    let line = write_ready(emulator, file)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()?;
    tracing::info!(url = emulator.url(), admin = emulator.admin_url(), "ready");
    Ok(())
}
