//! The command line of bingli.
fn main() {}
