//! Floor 0: what may be used everywhere.
//!
//! [`time`] has the units, [`clock`] the org's clock and the only readings of the real one, [`patience`] what real time
//! others may take, [`draw`] every "random" value, [`ids`] the names of things, [`fate`] and [`conn`] what becomes of a
//! connection, [`letter_case`] how its answers spell header names, [`codec`] encodings, [`document`] what people write, as a tree and as types, [`suggest`] what was meant, [`rules`]
//! and [`way`] how values are looked for and judged, [`pattern`] how paths are, [`personal`] what looks like
//! personal data.

pub mod clock;
pub mod codec;
pub mod conn;
pub mod document;
pub mod draw;
pub mod fate;
pub mod ids;
pub mod letter_case;
pub mod patience;
pub mod pattern;
pub mod personal;
pub mod rules;
pub mod suggest;
pub mod table;
pub mod time;
pub mod timers;
pub mod wave;
pub mod way;
pub mod wire;
