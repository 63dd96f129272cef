//! Where the program's own words go: lines on standard error, by the filter that the owner chose.

use tracing_subscriber::EnvFilter;

/// Begins to log. The error is a sentence: the filter cannot be read.
pub fn start(filter: &str) -> Result<(), String> {
    let filter = EnvFilter::try_new(filter).map_err(|error| format!("--log {filter}: {error}. Write it as info or flusso=debug."))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).with_target(false);
    // A second start within one process is a test's affair, and then the first logger stays.
    let _ = lines.try_init();
    Ok(())
}
