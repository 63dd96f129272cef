//! What holds for an automation as a whole: who may come in again, when it is left, what it is for, where a start by hand begins.

use super::node_form::Fields;
use super::page::Chrome;
use super::words::Language;
use askama::Template;

/// The form. Posts `revision`, `reentry`, `for` (after how long), `key`, `category`, `start` and `branches.0.all.N.…` (rules of leaving)
/// to `/flows/{id}/settings`; `more` comes back to it.
#[derive(Template)]
#[template(path = "flow_edit/settings.html")]
pub struct FlowSettingsPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The flow's id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The revision of the draft.
    pub revision: u64,
    /// What stands in the form.
    pub fields: Fields,
    /// What is wrong with it.
    pub faults: Vec<String>,
    /// Nodes a start by hand can begin at: id and name.
    pub nodes: Vec<(String, String)>,
    /// Names of values.
    pub names: Vec<String>,
}

impl Language {
    /// What becomes of who is inside already, by the words of the document.
    pub fn reentry_ways(self) -> Vec<(String, String)> {
        let ways = [
            ("keep", self.reentry_way_keep()),
            ("restart", self.reentry_way_restart()),
            ("once", self.reentry_way_once()),
            ("parallel", self.reentry_way_parallel()),
        ];
        ways.into_iter().map(|(word, said)| (word.to_owned(), said.to_owned())).collect()
    }

    /// What an automation is for, by the words of the document.
    pub fn categories(self) -> Vec<(String, String)> {
        let all = [
            ("", self.category_none()),
            ("service", self.category_service()),
            ("utility", self.category_utility()),
            ("marketing", self.category_marketing()),
        ];
        all.into_iter().map(|(word, said)| (word.to_owned(), said.to_owned())).collect()
    }
}
