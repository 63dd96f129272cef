//! Quick replies: the list, and the form of one.

use super::blueprints::Asked;
use super::node_form::Fields;
use super::page::{Chrome, Tone};
use askama::Template;

/// One of the list.
#[derive(Clone, Debug)]
pub struct ReplyRow {
    /// Its id.
    pub id: String,
    /// What is typed after the slash.
    pub shortcut: String,
    /// What it says, in the reader's language.
    pub text: String,
    /// How often it was sent.
    pub uses: u64,
    /// Whether a blank of it is still to be filled.
    pub is_open: bool,
    /// How many files go with it.
    pub files: usize,
}

/// The list. Posts to `/quick-replies/pack`, `/quick-replies/{id}/copies` and `/quick-replies/{id}?method=delete`.
#[derive(Template)]
#[template(path = "quick_replies/list.html")]
pub struct RepliesPage<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// What was searched.
    pub text: String,
    /// What was found.
    pub rows: Vec<ReplyRow>,
    /// Whether some of the pack are missing.
    pub offers_pack: bool,
}

/// The form of one. Posts `shortcut`, `text_it`, `text_en`, `ask.X` for each blank, `attached` for each file that stays and `file` for a
/// new one to `action`.
#[derive(Template)]
#[template(path = "quick_replies/form.html")]
pub struct ReplyForm<'a> {
    /// The frame.
    pub chrome: &'a Chrome,
    /// The heading.
    pub title: String,
    /// Where it posts.
    pub action: String,
    /// What stands in it.
    pub fields: Fields,
    /// Blanks.
    pub blanks: Vec<Asked>,
    /// Files that are blanks.
    pub file_blanks: Vec<Asked>,
    /// Files that go with it: the value of their box, and their name.
    pub files: Vec<(String, String)>,
    /// What is wrong with a file.
    pub wrong_file: String,
    /// What is wrong with the shortcut.
    pub wrong_shortcut: String,
    /// What is wrong with the text.
    pub wrong_text: String,
    /// How a contact reads it, where something is to be read.
    pub preview: Option<Preview>,
}

/// How a contact reads a quick reply.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// The page that shows it as another reads it (`?contact=` or `?as=`); empty where it is not saved yet.
    pub action: String,
    /// Who reads it.
    pub who: String,
    /// Whether that is nobody who is real.
    pub is_invented: bool,
    /// What was looked for.
    pub called: String,
    /// Others who are called so: address of the preview, and name.
    pub found: Vec<(String, String)>,
    /// Whether nobody is called so.
    pub none_found: bool,
    /// Language and text, once for each wording that is shown.
    pub texts: Vec<(String, String)>,
}
