//! Floor 5: the command line, configuration, wiring and signals. Turns arguments into one command, and its end into an exit code.

pub mod commands;
pub mod config;
pub mod data;
pub mod failure;
pub mod log;
pub mod socket;

use config::Command;
use failure::Failure;
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

/// Does what the arguments say; the first of them is the program's own name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match config::read(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(failure::USAGE));
        }
    };
    let done = match cli.command {
        Command::Serve(flags) => commands::serve::serve(&flags),
        Command::Init(flags) => commands::init::init(&flags),
        Command::Backup(flags) => commands::backup::backup(&flags),
        Command::Check(flags) => commands::check::check(&flags),
        Command::Restore(flags) => commands::restore::restore(&flags),
        Command::Import(flags) => commands::import::import(&flags),
        Command::Export(flags) => commands::export::export(&flags),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "{failure}");
            ExitCode::from(failure.code)
        }
    }
}

/// Says a line to whoever called; one who does not listen is no error.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Says a line beside what was asked for.
fn note(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The runtime that commands with sockets run in.
fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let built = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    built.map_err(|error| Failure::failed(format!("The program cannot start its threads: {error}")))
}
