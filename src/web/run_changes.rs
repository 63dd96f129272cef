//! Many runs at once: the question before it, and how far it is.

use super::page::{Chrome, Tone};
use super::runs::QuickMove;
use crate::base::time::Time;
use askama::Template;

/// The question. Posts to `/runs/changes` what it hides, with `sure`, and `count` where there are many; a move has `when` (`hour`,
/// `evening`, `tomorrow`, `due`), `at` and `only`, a jump has `to`.
#[derive(Template)]
#[template(path = "runs/change.html")]
pub struct ChangePage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// What is done, by its word.
    pub verb: String,
    /// What that means, in words.
    pub means: Vec<String>,
    /// The first who are meant: address of the run, contact, flow.
    pub names: Vec<(String, String, String)>,
    /// How many more there are.
    pub others: u64,
    /// How many in all.
    pub total: u64,
    /// Whether the number must be typed.
    pub must_confirm: bool,
    /// Whether a time must be chosen.
    pub is_move: bool,
    /// Times to choose from.
    pub moves: Vec<QuickMove>,
    /// Whether a node must be chosen.
    pub is_jump: bool,
    /// Nodes to choose from.
    pub nodes: Vec<(String, String)>,
    /// What the form carries on.
    pub hidden: Vec<(String, String)>,
    /// Where "never mind" leads.
    pub back: String,
}

/// A change of many runs, in a line.
#[derive(Clone, Debug)]
pub struct JobRow {
    /// Its id.
    pub id: String,
    /// What it does, to how many.
    pub title: String,
    /// How it stands, in words.
    pub state: String,
    /// Whether it goes on.
    pub is_open: bool,
    /// Since when.
    pub created: Time,
    /// Until when.
    pub finished: Option<Time>,
    /// How many were meant.
    pub total: u64,
    /// How many were changed.
    pub changed: u64,
    /// How many were left as they were.
    pub refused: u64,
    /// How many were put back.
    pub undone: u64,
    /// Whether it can be taken back.
    pub can_undo: bool,
}

impl JobRow {
    fn tone(&self) -> Tone {
        if self.is_open { Tone::Info } else { Tone::Good }
    }

    fn done(&self) -> u64 {
        self.changed + self.refused
    }
}

/// How far a change is.
#[derive(Template)]
#[template(path = "runs/job.html")]
pub struct JobPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The change.
    pub row: JobRow,
    /// Who wanted it.
    pub who: String,
    /// The first that were left as they were: address of the run, and why.
    pub refused: Vec<(String, String)>,
}

/// The newest changes.
#[derive(Template)]
#[template(path = "runs/jobs.html")]
pub struct JobsPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// They.
    pub rows: Vec<JobRow>,
}
