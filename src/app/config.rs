//! The command line and its environment: the whole of the configuration that lies outside the file.

use crate::base::zone::Zone;
use crate::web::visitor::Network;
use clap::{Args, Parser, Subcommand};
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Flusso, as it is called.
#[derive(Debug, Parser)]
#[command(name = "flusso", version, about, long_about = None, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open the file, recover and listen; what `flusso` does without a word
    Serve(ServeFlags),
    /// First run without a browser: make the file, its owner and one key of the HTTP API
    Init(InitFlags),
    /// Write a verified snapshot, through the running server where there is one
    Backup(BackupFlags),
    /// Verify every record of a file and count them, without changing it
    Check(CheckFlags),
    /// Put a snapshot in place of the file, paused, and keep the file that was there aside
    Restore(RestoreFlags),
    /// Take in automations and quick replies that were exported, switched off, through the running server where there is one
    Import(ImportFlags),
    /// Write automations and quick replies as JSON, or as an archive with their attachments
    Export(ExportFlags),
}

/// Where the data lies.
#[derive(Args, Clone, Debug)]
pub struct DataFlags {
    /// The file that holds everything
    #[arg(long, env = "FLUSSO_DATA", value_name = "FILE", default_value = "flusso.redb")]
    pub data: PathBuf,
    /// The key that seals channel secrets [default: the data file's name and `.key`]
    #[arg(long, env = "FLUSSO_KEY", value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Memory for reading, as 64MiB; the whole program needs about twice as much
    #[arg(long, env = "FLUSSO_CACHE", value_name = "SIZE", default_value = "64MiB")]
    pub cache: Size,
}

/// Flags of `serve`.
#[derive(Args, Clone, Debug)]
pub struct ServeFlags {
    /// Where everything lies.
    #[command(flatten)]
    pub data: DataFlags,
    /// Where to listen; port 0 lets the system choose
    #[arg(long, env = "FLUSSO_LISTEN", value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// The address under which providers reach this appliance, as https://flusso.example.org
    #[arg(long, env = "FLUSSO_PUBLIC_URL", value_name = "URL", value_parser = public_url)]
    pub public_url: Option<String>,
    /// A proxy whose X-Forwarded-For is believed: an address or a network, several with commas between
    #[arg(long, env = "FLUSSO_TRUSTED_PROXY", value_name = "ADDR", value_delimiter = ',')]
    pub trusted_proxy: Vec<Network>,
    /// Where snapshots are made [default: `backups` beside the data]
    #[arg(long, env = "FLUSSO_BACKUPS", value_name = "DIR")]
    pub backups: Option<PathBuf>,
    /// Connections at once
    #[arg(long, env = "FLUSSO_CONNECTIONS_MAX", value_name = "N", default_value_t = 1024, value_parser = at_least_one)]
    pub connections_max: usize,
    /// Connections at once from one address
    #[arg(long, env = "FLUSSO_CONNECTIONS_PER_IP", value_name = "N", default_value_t = 128, value_parser = at_least_one)]
    pub connections_per_ip: usize,
    /// What is logged, as info or flusso=debug
    #[arg(long, env = "FLUSSO_LOG", value_name = "FILTER", default_value = "info")]
    pub log: String,
}

/// Flags of `init`.
#[derive(Args, Clone, Debug)]
pub struct InitFlags {
    /// Where everything lies.
    #[command(flatten)]
    pub data: DataFlags,
    /// The owner's name, with which they log in
    #[arg(long, env = "FLUSSO_OWNER", value_name = "NAME")]
    pub owner: String,
    /// A file with the owner's password, at least 12 characters
    #[arg(long, env = "FLUSSO_PASSWORD_FILE", value_name = "FILE")]
    pub password_file: PathBuf,
    /// Where to write the key of the HTTP API; it must not exist yet
    #[arg(long, env = "FLUSSO_API_KEY_FILE", value_name = "FILE")]
    pub api_key_file: PathBuf,
    /// The language of the panel and of texts to contacts whose own is unknown
    #[arg(long, env = "FLUSSO_LANGUAGE", default_value = "it", value_parser = ["it", "en"])]
    pub language: String,
    /// Where the business is
    #[arg(long, env = "FLUSSO_TIME_ZONE", value_name = "ZONE", default_value = "Europe/Rome")]
    pub time_zone: Zone,
}

/// Flags of `backup`.
#[derive(Args, Clone, Debug)]
pub struct BackupFlags {
    /// Where everything lies.
    #[command(flatten)]
    pub data: DataFlags,
    /// Where to write the snapshot; it must not exist yet
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,
}

/// Flags of `check`.
#[derive(Args, Clone, Debug)]
pub struct CheckFlags {
    /// The file to check
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Memory for reading, as 64MiB
    #[arg(long, env = "FLUSSO_CACHE", value_name = "SIZE", default_value = "64MiB")]
    pub cache: Size,
}

/// Flags of `import`.
#[derive(Args, Clone, Debug)]
pub struct ImportFlags {
    /// Where everything lies.
    #[command(flatten)]
    pub data: DataFlags,
    /// What to do with what is here already and differs; without it such a file is refused, and nothing is replaced
    #[arg(long, value_name = "WAY", value_parser = ["skip", "both", "replace"])]
    pub collisions: Option<String>,
    /// Leave an automation enabled that is replaced while it is: its new version speaks at once; without it such a one is switched off
    #[arg(long)]
    pub live: bool,
    /// Only say what is inside, what is missing and what is here already
    #[arg(long)]
    pub look: bool,
    /// Files that `flusso export` or the panel wrote, as .json or .zip
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
}

/// Flags of `export`.
#[derive(Args, Clone, Debug)]
pub struct ExportFlags {
    /// Where everything lies.
    #[command(flatten)]
    pub data: DataFlags,
    /// An automation by its name or id, several times for several [default: everything]
    #[arg(long, value_name = "NAME")]
    pub flow: Vec<String>,
    /// Where to write; it must not exist yet. A name that ends in .zip takes the attachments along [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
}

/// Flags of `restore`.
#[derive(Args, Clone, Debug)]
pub struct RestoreFlags {
    /// Where everything lies.
    #[command(flatten)]
    pub data: DataFlags,
    /// The snapshot to restore; it stays where it is
    #[arg(long, value_name = "FILE")]
    pub from: PathBuf,
    /// A file with the recovery phrase; without it the secrets of channels are asked again, unless the key beside the data fits
    #[arg(long, env = "FLUSSO_PHRASE_FILE", value_name = "FILE")]
    pub phrase_file: Option<PathBuf>,
}

impl DataFlags {
    /// The file with the key.
    pub fn key_file(&self) -> PathBuf {
        self.key.clone().unwrap_or_else(|| beside(&self.data, ".key"))
    }
}

impl ServeFlags {
    /// The folder for snapshots.
    pub fn backups_folder(&self) -> PathBuf {
        self.backups.clone().unwrap_or_else(|| self.data.data.with_file_name("backups"))
    }
}

/// The path of a file that belongs to the data file: its name with this at the end.
pub fn beside(data: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(data.as_os_str());
    name.push(end);
    PathBuf::from(name)
}

/// Reads the command line. Without a word it is `serve`.
pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let mut words: Vec<OsString> = arguments.into_iter().collect();
    let about_itself = ["-h", "--help", "-V", "--version"];
    let first = words.get(1).map(|word| word.to_string_lossy().into_owned());
    if first.is_none_or(|word| word.starts_with('-') && !about_itself.contains(&word.as_str())) {
        words.insert(1.min(words.len()), "serve".into());
    }
    Cli::try_parse_from(words)
}

/// A number of bytes. Text form: `64MiB`, `64MB`, `512k`, `67108864`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(pub usize);

/// A text that is no number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write a size as 64MiB, from 1MiB on")]
pub struct NotASize;

impl FromStr for Size {
    type Err = NotASize;
    fn from_str(text: &str) -> Result<Size, NotASize> {
        let text = text.trim();
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number: usize = text[..digits].parse().map_err(|_| NotASize)?;
        let unit: usize = match text[digits..].trim().to_ascii_lowercase().as_str() {
            "" | "b" => 1,
            "k" | "kib" => 1 << 10,
            "kb" => 1000,
            "m" | "mib" => 1 << 20,
            "mb" => 1_000_000,
            "g" | "gib" => 1 << 30,
            "gb" => 1_000_000_000,
            _ => return Err(NotASize),
        };
        let bytes = number.checked_mul(unit).filter(|bytes| *bytes >= 1 << 20);
        bytes.map(Size).ok_or(NotASize)
    }
}

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|n| *n > 0).ok_or_else(|| "write a whole number, 1 or more".to_owned())
}

fn public_url(text: &str) -> Result<String, String> {
    let url = url::Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let url = url.filter(|url| url.query().is_none() && url.fragment().is_none() && url.username().is_empty());
    url.map(|url| url.as_str().trim_end_matches('/').to_owned()).ok_or_else(|| "write it as https://flusso.example.org".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_words(words: &[&str]) -> Result<Command, clap::Error> {
        read(words.iter().map(OsString::from)).map(|cli| cli.command)
    }

    #[test]
    fn without_a_word_it_serves() {
        for words in [&["flusso"][..], &["flusso", "serve"], &["flusso", "--listen", "127.0.0.1:0"]] {
            assert!(matches!(read_words(words), Ok(Command::Serve(_))), "{words:?}");
        }
    }

    #[test]
    fn what_is_not_known_is_a_matter_of_usage() {
        for words in [
            &["flusso", "--colour"][..],
            &["flusso", "restore"],
            &["flusso", "serve", "--listen", "here"],
            &["flusso", "serve", "--public-url", "flusso.example.org"],
            &["flusso", "serve", "--cache", "0"],
            &["flusso", "serve", "--connections-max", "0"],
            &["flusso", "serve", "--trusted-proxy", "proxy"],
            &["flusso", "backup"],
            &["flusso", "check"],
            &["flusso", "import"],
            &["flusso", "import", "--collisions", "burn", "set.json"],
            &["flusso", "export", "set.json"],
        ] {
            assert_eq!(read_words(words).map(|_| ()).map_err(|error| error.exit_code()), Err(2), "{words:?}");
        }
    }

    #[test]
    fn files_that_belong_to_the_data_lie_beside_it() {
        let Ok(Command::Serve(flags)) = read_words(&["flusso", "--data", "/srv/shop.redb"]) else { panic!("serve") };
        assert_eq!(flags.data.key_file(), Path::new("/srv/shop.redb.key"));
        assert_eq!(flags.backups_folder(), Path::new("/srv/backups"));
    }

    #[test]
    fn a_size_reads_what_people_write() {
        for (text, bytes) in [("64MiB", 64 << 20), ("64MB", 64_000_000), ("2g", 2 << 30), ("1048576", 1 << 20)] {
            assert_eq!(text.parse(), Ok(Size(bytes)), "{text}");
        }
        for bad in ["", "64 apples", "MiB", "1k", "99999999999999999999GiB"] {
            assert_eq!(bad.parse::<Size>(), Err(NotASize), "{bad}");
        }
    }
}
