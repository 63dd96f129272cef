//! Which settings each kind of channel has, which of them are secrets, and whether given ones will do.

use super::{ProviderError, simulator, whatsapp};
use crate::base::address::ChannelKind;
use crate::base::secret::Secret;
use crate::model::channel::{Channel, ChannelSecrets};
use std::collections::BTreeMap;

/// One setting that is particular to a kind.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name in the HTTP API.
    pub name: &'static str,
    /// Whether it is sealed in the file and shown masked.
    pub secret: bool,
    /// What it is where nobody says; `None` where it must be given.
    pub default: Option<&'static str>,
    /// What a good value looks like: `Ok`, or the end of a sentence that begins with its name.
    pub check: fn(&str) -> Result<(), &'static str>,
}

/// The settings of a kind, in the order a form asks for them. None for a kind that is not built.
pub fn of(kind: ChannelKind) -> &'static [Setting] {
    match kind {
        ChannelKind::Whatsapp => whatsapp::SETTINGS,
        ChannelKind::Simulator => simulator::SETTINGS,
        _ => &[],
    }
}

/// Whether this build speaks a kind.
pub fn is_built(kind: ChannelKind) -> bool {
    matches!(kind, ChannelKind::Whatsapp | ChannelKind::Simulator)
}

/// The provider's own address, without a slash at its end; `None` where there is none.
pub fn base_url(kind: ChannelKind) -> Option<&'static str> {
    match kind {
        ChannelKind::Whatsapp => Some(whatsapp::BASE_URL),
        _ => None,
    }
}

/// Checks the settings of a kind. The errors are sentences, one for each fault.
pub fn check(kind: ChannelKind, options: &BTreeMap<String, String>, secrets: &ChannelSecrets) -> Result<(), Vec<String>> {
    if !is_built(kind) {
        return Err(vec![ProviderError::NotBuilt(kind).to_string()]);
    }
    let settings = of(kind);
    let known = |name: &String, secret: bool| settings.iter().any(|setting| setting.name == *name && setting.secret == secret);
    let strangers = options.keys().filter(|name| !known(name, false)).chain(secrets.keys().filter(|name| !known(name, true)));
    let mut faults: Vec<String> = strangers.map(|name| format!("`{name}` is no setting of a {kind} channel")).collect();
    for setting in settings {
        let given = match setting.secret {
            true => secrets.get(setting.name).map(Secret::reveal),
            false => options.get(setting.name),
        };
        match (given.map(String::as_str).filter(|value| !value.is_empty()), setting.default) {
            (None, None) => faults.push(format!("`{}` is missing", setting.name)),
            (None, Some(_)) => {}
            (Some(value), _) => faults.extend((setting.check)(value).err().map(|why| format!("`{}` {why}", setting.name))),
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// The value of an option of a channel, or its default.
pub(super) fn option<'a>(channel: &'a Channel, name: &'static str) -> Result<&'a str, ProviderError> {
    let default = of(channel.kind).iter().find(|setting| setting.name == name).and_then(|setting| setting.default);
    let given = channel.options.get(name).map(String::as_str).filter(|value| !value.is_empty());
    given.or(default).ok_or(ProviderError::Setting(name))
}

/// A secret of a channel.
pub(super) fn secret<'a>(secrets: &'a ChannelSecrets, name: &'static str) -> Result<&'a str, ProviderError> {
    let given = secrets.get(name).map(|secret| secret.reveal().as_str());
    given.filter(|value| !value.is_empty()).ok_or(ProviderError::Setting(name))
}

/// A value that goes into a header or an address: no spaces, no line ends, nothing beyond ASCII.
pub(super) fn one_word(value: &str) -> Result<(), &'static str> {
    let good = value.len() <= 4096 && value.bytes().all(|b| b.is_ascii_graphic());
    good.then_some(()).ok_or("holds spaces or letters that cannot be in it; was it copied whole and alone?")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whatsapp(changes: &[(&str, Option<&str>)]) -> Result<(), Vec<String>> {
        let mut options = BTreeMap::from([("phone_number_id".to_owned(), "106540352242922".to_owned())]);
        let mut secrets: ChannelSecrets = ["access_token", "app_secret", "verify_token"]
            .into_iter()
            .map(|name| (name.to_owned(), Secret::new(format!("{name}-1"))))
            .collect();
        for (name, value) in changes {
            options.remove(*name);
            match (secrets.remove(*name), value) {
                (Some(_), Some(value)) => drop(secrets.insert((*name).to_owned(), Secret::new((*value).to_owned()))),
                (None, Some(value)) => drop(options.insert((*name).to_owned(), (*value).to_owned())),
                (_, None) => {}
            }
        }
        check(ChannelKind::Whatsapp, &options, &secrets)
    }

    #[test]
    fn good_settings_pass_and_every_fault_is_named() {
        assert_eq!(whatsapp(&[]), Ok(()));
        assert_eq!(whatsapp(&[("graph_version", Some("v25.0"))]), Ok(()));
        for (changes, fault) in [
            (&[("app_secret", None)][..], "`app_secret` is missing"),
            (&[("phone_number_id", Some("a/b"))], "`phone_number_id` is the number's id, not"),
            (&[("graph_version", Some("26"))], "`graph_version` is written as v26.0"),
            (&[("access_token", Some("EAAG token"))], "`access_token` holds spaces"),
            (&[("bot_token", Some("x"))], "`bot_token` is no setting of a whatsapp channel"),
        ] {
            let faults = whatsapp(changes).expect_err(fault);
            assert!(faults.len() == 1 && faults[0].starts_with(fault), "{faults:?}");
        }
    }

    #[test]
    fn a_kind_that_is_not_built_says_so() {
        let faults = check(ChannelKind::Telegram, &BTreeMap::new(), &ChannelSecrets::new());
        assert_eq!(faults, Err(vec!["this build does not speak telegram yet".to_owned()]));
        for kind in ChannelKind::ALL {
            assert_eq!(is_built(kind), !of(kind).is_empty() || kind == ChannelKind::Simulator);
        }
    }
}
