//! SIGINT and SIGTERM end a run early: what is under way is finished and said. The second signal ends the program at once, in the usual way.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// A flag that a signal raises.
///
/// # Errors
/// Where the operating system refuses.
pub fn on_signal() -> io::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register_conditional_default(signal, Arc::clone(&stop))?;
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    Ok(stop)
}

/// The same for a run that may wait for somebody to type: there the first signal ends the program, for no flag would be looked at.
///
/// # Errors
/// Where the operating system refuses.
pub fn on_signal_unless_typed(inputs: &[PathBuf]) -> io::Result<Arc<AtomicBool>> {
    if inputs.is_empty() || inputs.iter().any(|path| path.as_os_str() == "-") {
        return Ok(Arc::default());
    }
    on_signal()
}

/// Says that a run ended early and what became of it.
pub fn say_interrupted(done: usize, output: Option<&std::path::Path>) {
    match output {
        Some(path) => eprintln!("bingli: ended early by a signal after {done} reports; {} was left as it was", path.display()),
        None => eprintln!("bingli: ended early by a signal; the {done} reports written are whole"),
    }
}
