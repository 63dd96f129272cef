//! The rows of changes of many runs at once, of numbers and of views.

use super::{Rows, id, node};
use crate::kit::sample::{NOW, action, run};
use flusso::base::id::RunId;
use flusso::model::action::Change;
use flusso::model::count::Counts;
use flusso::model::job::{Before, BulkVerb, Job, JobItem, JobState};
use flusso::model::operator::By;
use flusso::model::run_match::{RunMatch, SavedView};
use std::collections::BTreeMap;

pub fn rows(rows: &mut Rows) {
    let exits = BTreeMap::from([("next".to_owned(), 2)]);
    rows.add("counts", &Counts { arrived: 3, left: 1, exits: exits.clone(), pressed: exits });
    let it = run(id(1), id(2), id(3), Some(NOW));
    let changes = BTreeMap::from([(action("m1"), Change { due: Some(NOW), ..Change::default() })]);
    for before in [Before::Nothing, Before::Live, Before::Held, Before::Changes(changes), Before::Run(Box::new(it))] {
        rows.add("job item", &JobItem::Changed { sequence: 4, before });
    }
    rows.add("job item", &JobItem::Refused("over".to_owned()));
    rows.add("view", &SavedView { name: "Ferme".to_owned(), query: "state=held".to_owned() });
    let (stop, jump) = (BulkVerb::Stop { reason: "x".to_owned() }, BulkVerb::Jump { node: node("m1") });
    let shift = BulkVerb::Move { to: Some(NOW), by: Some(flusso::base::time::Span::HOUR), only: true };
    let matching = RunMatch { runs: vec![id(1)], node: Some(node("w1")), due_before: Some(NOW), ..RunMatch::default() };
    for verb in [BulkVerb::Hold, BulkVerb::Resume, BulkVerb::Skip, stop, jump, shift] {
        let (by, state, until) = (By::System, JobState::Running, id::<RunId>(9));
        let job = Job {
            id: id(1),
            by,
            created: NOW,
            matching: matching.clone(),
            verb,
            until,
            total: 3,
            state,
            cursor: Some(id(2)),
            changed: 1,
            refused: 1,
            undone: 0,
            finished: Some(NOW),
        };
        rows.add("job", &job);
    }
}
