//! Numbers and units as reports write them, read at a place of the folded text. Nothing here searches: the caller knows where to look.
//!
//! A number that is damaged beyond one reading gives nothing; a letter O or a blank that an OCR engine left inside one is repaired and
//! said so. Dates are told apart from numbers. Every function looks at a bounded stretch, so hostile text costs no more than other text.

mod date;
mod number;
mod unit;

pub use date::{date_at, time_at};
pub use number::{Number, number_at};
pub use unit::{UnitHit, Units};
