//! The login.

use super::page::{Chrome, Tone};
use askama::Template;

/// The page of the login. Posts `name`, `password` and `back` to `/login`.
#[derive(Template)]
#[template(path = "login/page.html")]
pub struct LoginPage<'a> {
    /// The frame, without an operator.
    pub chrome: &'a Chrome,
    /// The name as it was typed.
    pub name: String,
    /// Where to go afterwards; a path of our own.
    pub back: String,
    /// What is said above the form: wrong, too many tries, session over. Empty for nothing.
    pub note: String,
    /// How bad that is.
    pub tone: Tone,
}
