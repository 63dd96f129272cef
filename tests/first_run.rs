//! The first run: by `init`, without a browser, and by `serve`, with the link that makes an owner.

use crate::kit::appliance::{Appliance, init, run};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

#[test]
fn init_makes_what_is_needed_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let key = init(folder.path());
    for name in ["flusso.redb", "flusso.redb.key", "api.key"] {
        assert_eq!(mode(&folder.path().join(name)), 0o600, "{name}");
    }
    assert!(key.starts_with("flusso_") && key.len() > 64, "{key}");
    let said = run(folder.path(), &["check", "flusso.redb"]);
    for line in ["operators 1", "api_keys 1", "channels 0", "flows 0", "contacts 0", "messages 0"] {
        assert!(said.out.lines().any(|known| known == line), "{line}: {said:?}");
    }
}

#[test]
fn init_refuses_what_exists_and_leaves_it() {
    for name in ["flusso.redb", "flusso.redb.key", "api.key"] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("password"), "corretto cavallo batteria\n").unwrap();
        fs::write(folder.path().join(name), "mine").unwrap();
        let said = run(folder.path(), &["init", "--owner", "Ada", "--password-file", "password", "--api-key-file", "api.key"]);
        assert_eq!(said.code, Some(1), "{said:?}");
        assert!(said.err.contains(name) && said.err.lines().count() == 1, "{said:?}");
        assert_eq!(fs::read(folder.path().join(name)).unwrap(), b"mine");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing was added");
    }
}

#[test]
fn init_refuses_a_short_password_and_takes_back_what_it_began() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("password"), "short\n").unwrap();
    let arguments = ["init", "--owner", "Ada", "--password-file", "password", "--api-key-file", "api.key"];
    let said = run(folder.path(), &arguments);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.err.contains("12"), "{said:?}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let said = run(folder.path(), &["init", "--owner", "Ada", "--password-file", "none", "--api-key-file", "api.key"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.err.contains("none"), "{said:?}");
}

#[test]
fn init_sets_language_and_zone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("password"), "corretto cavallo batteria").unwrap();
    let words = ["init", "--owner", "Ada", "--password-file", "password", "--api-key-file", "api.key"];
    let bad = run(folder.path(), &[&words[..], &["--time-zone", "Mars"]].concat());
    assert_eq!(bad.code, Some(2), "{bad:?}");
    let good = run(folder.path(), &[&words[..], &["--time-zone", "Europe/Lisbon", "--language", "en"]].concat());
    assert_eq!(good.code, Some(0), "{good:?}");
    let appliance = Appliance::start_in(folder);
    let settings = appliance.get("/settings").expect(200);
    assert_eq!((settings["time_zone"].as_str(), settings["language"].as_str()), (Some("Europe/Lisbon"), Some("en")));
}

/// The address that is printed until there is an owner.
fn link(appliance: &Appliance) -> Option<String> {
    std::iter::from_fn(|| appliance.line()).find_map(|line| line.strip_prefix("Open ").map(str::to_owned))
}

#[test]
fn until_there_is_an_owner_each_start_prints_a_new_link() {
    let mut appliance = Appliance::start_bare();
    let first = link(&appliance).expect("a link");
    let (address, key) = first.split_once("/setup?k=").expect("the set-up page");
    assert_eq!(address, format!("http://{}", appliance.address));
    assert!(key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_hexdigit()), "{key}");
    appliance.kill_and_restart();
    assert_ne!(link(&appliance).expect("a link"), first);
    assert_eq!(link(&Appliance::start()), None);
}
