//! The command line of bingli.

use std::process::ExitCode;

fn main() -> ExitCode {
    bingli::cli::main()
}
