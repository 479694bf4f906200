//! Running the real program in tests.

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;

/// The program with arguments.
pub fn bingli(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("bingli").expect("cargo builds the program");
    command.args(arguments);
    command
}

/// Runs the program and gives its exit code, standard output and standard error.
pub fn run(arguments: &[&str], stdin: &[u8]) -> (i32, String, String) {
    let output: Output = bingli(arguments).write_stdin(stdin).output().expect("the program starts");
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

/// The records of standard output.
pub fn records(stdout: &str) -> Vec<serde_json::Value> {
    stdout.lines().map(|line| serde_json::from_str(line).expect("a record is JSON")).collect()
}

/// A path as text.
pub fn path(path: &Path) -> &str {
    path.to_str().expect("test paths are UTF-8")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
