//! The binary: what it prints, how it ends, what it reads.

mod ca;
mod ctl;
mod env;
mod exec;
mod output;
mod parity;
pub mod process;
mod scenario_files;
mod settings;
mod signals;
mod start;
mod verdict;

use process::{Run, binary, run};
