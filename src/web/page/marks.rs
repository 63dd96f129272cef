//! Small choices a page is marked with: its theme, its place in the navigation, the tone of a word.


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
    Contacts,
    Simulator,
    Channels,
    Undelivered,
    Unread,
    Settings,
}

impl Nav {
    /// All of them, in the order of the rail.
    pub const ALL: [Nav; 8] =
        [Nav::Flows, Nav::Runs, Nav::Contacts, Nav::Simulator, Nav::Channels, Nav::Undelivered, Nav::Unread, Nav::Settings];

    /// Where it leads.
    pub const fn href(self) -> &'static str {
        match self {
            Nav::Flows => "/flows",
            Nav::Runs => "/runs",
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
            Tone::Info => "info",
            Tone::Warn => "warn",
            Tone::Bad => "error",
        }
    }
}
