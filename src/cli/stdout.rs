//! What commands say on stdout.

use std::{
    fmt::Display,
    io::{self, ErrorKind, Write},
    process,
};

use super::Exit;

/// Writes it. Whoever reads may have seen enough, as `head` has: that is no failure.
pub fn put(text: impl Display) {
    let mut out = io::stdout().lock();
    if let Err(error) = write!(out, "{text}").and_then(|()| out.flush())
        && error.kind() != ErrorKind::BrokenPipe
    {
        eprintln!("genesys-emulator: stdout cannot be written: {error}");
        process::exit(Exit::RunTime as i32);
    }
}

/// The same, and ends the line.
pub fn line(text: impl Display) {
    put(format_args!("{text}\n"));
}
