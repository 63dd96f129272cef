//! `flusso check`: verifies every record of a file and counts them. The file is not changed; one in use is checked by its server.

use crate::app::config::{CheckFlags, beside};
use crate::app::failure::Failure;
use crate::app::say;
use crate::app::socket::{self, Question};
use crate::store::OpenError;
use crate::store::check::{CheckReport, check as check_file};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Checks a file.
pub fn check(flags: &CheckFlags) -> Result<(), Failure> {
    let found = catch_unwind(AssertUnwindSafe(|| check_file(&flags.file)));
    let lines = match found {
        Ok(Ok(report)) => lines(&report, &flags.file.display().to_string()),
        Ok(Err(OpenError::InUse(path))) => {
            let answer = socket::ask(&beside(&flags.file, ".sock"), &Question::Check);
            answer.unwrap_or_else(|| Err(OpenError::InUse(path).into()))
        }
        Ok(Err(error)) => Err(error.into()),
        Err(_) => Err(Failure::failed(format!("{} is damaged so badly that it cannot be read", flags.file.display()))),
    };
    lines?.iter().for_each(|line| say(line));
    Ok(())
}

/// What to print of a check; a damaged file is a failure that names the damage.
pub fn lines(report: &CheckReport, name: &str) -> Result<Vec<String>, Failure> {
    if !report.is_sound() {
        return Err(Failure::failed(format!("{name} is damaged: {}", report.faults.join("; "))));
    }
    let mut lines: Vec<String> = report.counts.iter().map(|(family, count)| format!("{family} {count}")).collect();
    let total: u64 = report.counts.values().sum();
    lines.push(format!("{name} is sound: {total} records, schema {}.", report.schema));
    Ok(lines)
}
