//! What the frame of a page must know: who reads, where, what was just done, and what holds.

use super::{Markup, escape, icon};
use crate::base::time::Time;
use crate::base::zone::Zone;
use crate::model::operator::Role;
use crate::web::assets;
use crate::web::words::Language;
use std::borrow::Borrow;

/// Light, dark, or as the machine has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the machine has it.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The theme of a cookie's word.
    pub fn of_word(word: &str) -> Theme {
        match word {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::Auto,
        }
    }

    /// The word of `data-theme` and of the cookie.
    pub const fn word(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
}

/// A place of the rail and of the bottom bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Nav {
    Flows,
    Runs,
    Agenda,
    Contacts,
    Simulator,
    Channels,
    Undelivered,
    Unread,
    Settings,
}

impl Nav {
    /// All of them, in the order of the rail.
    pub const ALL: [Nav; 9] =
        [Nav::Flows, Nav::Runs, Nav::Agenda, Nav::Contacts, Nav::Simulator, Nav::Channels, Nav::Undelivered, Nav::Unread, Nav::Settings];

    /// Where it leads.
    pub const fn href(self) -> &'static str {
        match self {
            Nav::Flows => "/flows",
            Nav::Runs => "/runs",
            Nav::Agenda => "/agenda",
            Nav::Contacts => "/contacts",
            Nav::Simulator => "/simulator",
            Nav::Channels => "/channels",
            Nav::Undelivered => "/undelivered",
            Nav::Unread => "/unread",
            Nav::Settings => "/settings",
        }
    }

    /// Its icon.
    pub const fn icon(self) -> &'static str {
        match self {
            Nav::Flows => "flow",
            Nav::Runs => "run",
            Nav::Agenda => "clock",
            Nav::Contacts => "contacts",
            Nav::Simulator => "chat",
            Nav::Channels => "channel",
            Nav::Undelivered => "undelivered",
            Nav::Unread => "unread",
            Nav::Settings => "settings",
        }
    }

    /// Whether it has a place of its own in the bottom bar of a phone; the others are under "more".
    pub const fn is_first(self) -> bool {
        matches!(self, Nav::Flows | Nav::Runs | Nav::Contacts | Nav::Simulator)
    }
}

/// How a thing stands: the colour, the icon and the weight of a badge, a banner or a toast.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to see.
    #[default]
    Quiet,
    /// As it should be.
    Good,
    /// As it should be, and its time has not come.
    Later,
    /// Worth knowing.
    Info,
    /// It waits, or somebody may be surprised.
    Warn,
    /// It went wrong.
    Bad,
}

impl Tone {
    /// The word of the style sheet.
    pub const fn word(self) -> &'static str {
        match self {
            Tone::Quiet => "quiet",
            Tone::Good => "good",
            Tone::Later => "later",
            Tone::Info => "info",
            Tone::Warn => "warn",
            Tone::Bad => "bad",
        }
    }

    /// Its icon.
    pub const fn icon(self) -> &'static str {
        match self {
            Tone::Quiet => "dot",
            Tone::Good => "check",
            Tone::Later => "clock",
            Tone::Info => "info",
            Tone::Warn => "warn",
            Tone::Bad => "error",
        }
    }
}

/// What a page says about something just done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flash {
    /// How it went.
    pub tone: Tone,
    /// What happened, in the reader's language.
    pub text: String,
    /// Where a form posts to take it back.
    pub undo: Option<String>,
}

impl Flash {
    /// Something that went well.
    pub fn good(text: impl Into<String>) -> Flash {
        Flash { tone: Tone::Good, text: text.into(), undo: None }
    }

    /// Something that did not.
    pub fn bad(text: impl Into<String>) -> Flash {
        Flash { tone: Tone::Bad, text: text.into(), undo: None }
    }
}

/// A line above every page while something holds: paused, a channel is down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Banner {
    /// How bad it is.
    pub tone: Tone,
    /// What, in the reader's language.
    pub text: String,
    /// Where it is mended: address and words.
    pub link: Option<(String, String)>,
}

/// The health of a channel in the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelDot {
    /// Its name.
    pub name: String,
    /// How it stands.
    pub tone: Tone,
    /// That in words.
    pub words: String,
}

/// Numbers beside the places of the rail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Live runs.
    pub runs: u64,
    /// Contacts who wrote and got no answer.
    pub unanswered: u64,
    /// Sends given up or of unknown outcome.
    pub undelivered: u64,
    /// Requests that could not be read.
    pub unread: u64,
}

/// Everything the frame of a page must know.
#[derive(Clone, Debug)]
pub struct Chrome {
    /// The title: the page, then its object.
    pub title: String,
    /// The reader's language.
    pub language: Language,
    /// Light, dark, or as the machine has it.
    pub theme: Theme,
    /// Who is logged in; `None` leaves out everything that needs it.
    pub operator: Option<String>,
    /// What they may do.
    pub role: Option<Role>,
    /// The place of the rail this page belongs to.
    pub nav: Option<Nav>,
    /// What every form carries (SEC-4).
    pub csrf: String,
    /// The path and query of this page: where the switches of the header come back to.
    pub path: String,
    /// What was just done.
    pub flash: Option<Flash>,
    /// What holds, the gravest first.
    pub banners: Vec<Banner>,
    /// Numbers of the rail.
    pub counts: Counts,
    /// Channels of the header.
    pub channels: Vec<ChannelDot>,
    /// Whether everything is paused.
    pub paused: bool,
    /// When the page is made.
    pub now: Time,
    /// Where the reader is.
    pub zone: Zone,
    /// Where the page listens for changes of itself, as `/events?page=runs`; `None` is nowhere.
    pub stream: Option<String>,
}

impl Chrome {
    /// The frame of a page that needs no login.
    pub fn bare(title: impl Into<String>, language: Language, now: Time) -> Chrome {
        Chrome {
            title: title.into(),
            language,
            theme: Theme::Auto,
            operator: None,
            role: None,
            nav: None,
            csrf: String::new(),
            path: "/".to_owned(),
            flash: None,
            banners: Vec::new(),
            counts: Counts::default(),
            channels: Vec::new(),
            paused: false,
            now,
            zone: Zone::ROME,
            stream: None,
        }
    }

    /// The address of an embedded file.
    pub fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    /// An icon of the sprite. It is decoration: the word stands beside it.
    pub fn icon(&self, name: &str) -> Markup {
        icon(name)
    }

    /// A point in time: on the wall, with its distance from now under the pointer and for machines.
    pub fn time(&self, at: impl Borrow<Time>) -> Markup {
        let moment = self.language.moment(*at.borrow(), self.now, self.zone);
        Markup(format!("<time datetime=\"{}\" title=\"{}\">{}</time>", moment.machine, moment.relative, moment.wall))
    }

    /// How far a point in time is, with its place on the wall under the pointer.
    pub fn relative(&self, at: impl Borrow<Time>) -> Markup {
        let moment = self.language.moment(*at.borrow(), self.now, self.zone);
        Markup(format!("<time datetime=\"{}\" title=\"{}\">{}</time>", moment.machine, moment.wall, moment.relative))
    }

    /// The time on the wall alone, for a chat that names its days.
    pub fn clock(&self, at: impl Borrow<Time>) -> Markup {
        let at = *at.borrow();
        let moment = self.language.moment(at, self.now, self.zone);
        let clock = self.language.wall_time(self.zone.local(at).time());
        Markup(format!("<time datetime=\"{}\" title=\"{}\">{clock}</time>", moment.machine, moment.wall))
    }

    /// The hidden field that every form carries.
    pub fn token(&self) -> Markup {
        Markup(format!("<input type=\"hidden\" name=\"csrf\" value=\"{}\">", escape(&self.csrf)))
    }

    /// A badge: an icon and a word.
    pub fn badge(&self, tone: impl Borrow<Tone>, text: impl AsRef<str>) -> Markup {
        Markup(format!(
            "<span class=\"badge badge-{}\">{}{}</span>",
            tone.borrow().word(),
            icon(tone.borrow().icon()),
            escape(&self.language.first_upper(text.as_ref()))
        ))
    }

    /// How many things wait at a place of the rail.
    pub fn count(&self, nav: &Nav) -> u64 {
        match nav {
            Nav::Runs => self.counts.runs,
            Nav::Contacts => self.counts.unanswered,
            Nav::Undelivered => self.counts.undelivered,
            Nav::Unread => self.counts.unread,
            _ => 0,
        }
    }

    /// The places behind "more" on a phone that need somebody.
    pub fn more_count(&self) -> u64 {
        self.counts.undelivered + self.counts.unread
    }

    /// Whether the reader may do what asks for at least this role.
    pub fn may(&self, least: impl Borrow<Role>) -> bool {
        self.role.is_some_and(|role| role >= *least.borrow())
    }

    pub(super) fn is_here(&self, nav: &Nav) -> bool {
        self.nav == Some(*nav)
    }
}
