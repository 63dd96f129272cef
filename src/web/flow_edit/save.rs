//! What is asked before a flow is saved: who is inside, and what happens to them.

use super::super::page::Chrome;
use askama::Template;

/// People who stand at one node while the flow is saved.
#[derive(Clone, Debug)]
pub struct SaveGroup {
    /// The node's id.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// How many.
    pub count: u64,
    /// Whether the draft still has the node, with the same kind.
    pub stays: bool,
}

/// What saving means for those inside. Posts `running` (`move`, `finish`, `stop`), `sure`, and for each node that is gone
/// `move.{node}` (empty: finish on their version; `stop`; `to:{node}`) to `/flows/{id}/versions`.
#[derive(Template)]
#[template(path = "flow_edit/save.html")]
pub struct SavePage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The flow's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The revision of the draft.
    pub revision: u64,
    /// Contacts inside.
    pub inside: u64,
    /// Warnings: the node's name and the words.
    pub warnings: Vec<(Option<String>, String)>,
    /// Who stands where.
    pub groups: Vec<SaveGroup>,
    /// Nodes that people may be moved to.
    pub targets: Vec<(String, String)>,
}

impl SavePage<'_> {
    fn ways(&self) -> [(&'static str, &'static str, &'static str); 3] {
        let w = self.chrome.language;
        [
            ("move", w.running_move(), w.running_move_help()),
            ("finish", w.running_finish(), w.running_finish_help()),
            ("stop", w.running_stop(), w.running_stop_help()),
        ]
    }
}
