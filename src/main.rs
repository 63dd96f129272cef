//! Hands the arguments to `app`.

use std::process::ExitCode;

fn main() -> ExitCode {
    flusso::app::run(std::env::args_os())
}
