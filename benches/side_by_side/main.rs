//! The emulator beside a bare axum server: a table of what each figure is, and what it should be.
//!
//! `cargo bench --bench side_by_side` takes about three minutes, with `-- --quick` under one; `-- sockets` measures
//! only what has that word in its name. Rates hang on the machine and on what else it does, so everything that can be
//! is a ratio of medians over rounds that take turns. The load comes from this process and shares the cores with
//! whatever it loads. Everything stays on loopback.

#![expect(clippy::disallowed_methods, reason = "a bench measures real time, and reads its own arguments")]

mod admin;
mod bare;
mod crud;
mod faults;
mod http;
mod identity;
mod journal;
mod load;
mod memory;
mod rotation;
mod server;
mod signing;
mod sockets;
mod startup;
mod table;
mod time;
mod tls;

use std::{error::Error, process::ExitCode, thread, time::Duration};

use table::{Row, Table};

/// A result, or what went wrong in words.
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// How much is measured.
struct Plan {
    /// Rounds of each comparison.
    rounds: usize,
    /// Length of one load in one round.
    span: Duration,
    /// Fresh processes of each kind.
    starts: usize,
    /// Open sockets.
    sockets: usize,
    /// Upgrades in one round.
    upgrades: usize,
    /// How often each page of a history is asked for.
    pages: usize,
    /// Requests before memory is looked at for the first and for the last time.
    requests: (u64, u64),
}

const FULL: Plan = Plan {
    rounds: 5,
    span: Duration::from_secs(2),
    starts: 20,
    sockets: 9_000,
    upgrades: 2_000,
    pages: 500,
    requests: (100_000, 1_000_000),
};

const QUICK: Plan = Plan {
    rounds: 3,
    span: Duration::from_millis(500),
    starts: 5,
    sockets: 1_000,
    upgrades: 500,
    pages: 100,
    requests: (100_000, 150_000),
};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [role, listen, document] = arguments.as_slice()
        && role == bare::ROLE
    {
        return bare::run(listen, document);
    }
    if let [role, listen] = arguments.as_slice()
        && role == bare::tls::ROLE
    {
        return bare::tls::run(listen);
    }
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let plan = if quick { QUICK } else { FULL };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    println!("{cores} cores, {}", cpu_model().as_deref().unwrap_or("unknown model"));
    println!(
        "{} rounds of {:?} each{}\n",
        plan.rounds,
        plan.span,
        if quick { "; quick: fewer and shorter rounds, starts, sockets and requests" } else { "" }
    );
    let mut table = Table::default();
    let wanted: Vec<&String> = arguments.iter().filter(|text| !text.starts_with('-')).collect();
    for (name, measure) in MEASUREMENTS {
        if !wanted.is_empty() && !wanted.iter().any(|part| name.contains(part.as_str())) {
            continue;
        }
        eprintln!("measuring {name} …");
        table.add(name, measure(&plan));
    }
    println!("{table}");
    match table.is_complete() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

type Measure = fn(&Plan) -> Outcome<Vec<Row>>;

const MEASUREMENTS: &[(&str, Measure)] = &[
    ("start-up", startup::measure),
    ("idle memory", memory::idle),
    ("answers", http::measure),
    ("platform API, CRUD", crud::measure),
    ("faults", faults::measure),
    ("journal", journal::measure),
    ("admin API under load", admin::measure),
    ("time and snapshots", time::measure),
    ("signing", signing::measure),
    ("identity, tokens", identity::measure),
    ("identity, rotation", rotation::measure),
    ("sockets, idle", sockets::idle::measure),
    ("sockets, connecting", sockets::connecting::measure),
    ("sockets, echo", sockets::echo::measure),
    ("sockets, fan-out", sockets::fan_out::measure),
    ("sockets, slow reader", sockets::slow_reader::measure),
    ("notifications, fan-out", sockets::notifications::measure),
    ("sockets, history", sockets::history::measure),
    ("TLS", tls::measure),
    ("memory under load", memory::under_load),
];

fn cpu_model() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// The value in the middle.
fn median<T: PartialOrd + Copy + Default>(values: &[T]) -> T {
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}
