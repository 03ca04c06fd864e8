//! The files that scenarios are read from.

use std::{fs, path::PathBuf, time::SystemTime};

/// What can be seen of a file without reading it; `None` while it is not there.
pub type Stamp = Option<(SystemTime, u64)>;

/// A file, and how it was just before it was read.
#[derive(Clone, Debug)]
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// How it was.
    pub stamp: Stamp,
}

impl Source {
    /// As it is now.
    pub fn of(path: PathBuf) -> Self {
        let mut source = Self { path, stamp: None };
        source.stamp = source.look();
        source
    }

    /// How it is now.
    pub fn look(&self) -> Stamp {
        let data = fs::metadata(&self.path).ok()?;
        Some((data.modified().ok()?, data.len()))
    }
}
