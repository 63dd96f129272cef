//! Whom a notice to staff goes to, as it is written at a node: a web address, a phone number, or a channel with an address on it.

use crate::base::address::read_phone;
use crate::base::zone::Zone;
use crate::model::flow::Flow;
use crate::model::node::{Node, NodeKind};
use crate::model::settings::Settings;

/// Who is told, and by which way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told<'t> {
    /// A webhook, by its address.
    Web(&'t str),
    /// A phone number, in the digits of E.164: by whichever channel writes to numbers.
    Phone(String),
    /// An address on a channel that is named.
    On {
        /// The name of the channel.
        channel: &'t str,
        /// The address there.
        address: &'t str,
    },
}

/// Reads `https://…`, `+39 333 1234567` or `Channel name: address`. A number without a country is of `home`, a code as `39`. None where it is
/// nothing of these.
pub fn read<'t>(written: &'t str, home: Option<&str>) -> Option<Told<'t>> {
    let to = written.trim();
    if to.starts_with("https://") || to.starts_with("http://") {
        return Some(Told::Web(to));
    }
    if let Some(digits) = read_phone(to, home) {
        return Some(Told::Phone(digits));
    }
    let (channel, address) = to.split_once(':')?;
    let (channel, address) = (channel.trim(), address.trim());
    (!channel.is_empty() && !address.is_empty()).then_some(Told::On { channel, address })
}

/// The country code of a house: numbers that are written without one are of there. Only one zone tells a country by itself.
pub fn home(settings: &Settings) -> Option<&'static str> {
    (settings.time_zone == Zone::ROME).then_some("39")
}

/// Everybody whom the nodes of a flow tell, as written there. What is a variable is not known before it runs.
pub fn told(flow: &Flow) -> Vec<&str> {
    fn to(node: &Node) -> Option<&str> {
        match &node.kind {
            NodeKind::Notify(notify) => Some(notify.to.as_str()),
            NodeKind::Handover(handover) => handover.notify.as_deref(),
            _ => None,
        }
    }
    let mut all: Vec<&str> = flow.nodes.iter().filter_map(to).collect();
    all.retain(|to| !to.trim().is_empty() && !to.contains("{{"));
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_of_telling_somebody_is_known_by_how_it_is_written() {
        let phone = |digits: &str| Some(Told::Phone(digits.to_owned()));
        for (written, expected) in [
            ("https://staff.example/hook", Some(Told::Web("https://staff.example/hook"))),
            (" +39 333 123 4567 ", phone("393331234567")),
            ("333 1234567", phone("393331234567")),
            ("Negozio: 393331234567", Some(Told::On { channel: "Negozio", address: "393331234567" })),
            ("Bot Telegram: 99887766", Some(Told::On { channel: "Bot Telegram", address: "99887766" })),
            ("Anna", None),
            ("anna@example.com", None),
            ("12345", None),
            ("Negozio:", None),
            (": 393331234567", None),
            ("", None),
        ] {
            assert_eq!(read(written, Some("39")), expected, "{written}");
        }
        assert_eq!(read("333 1234567", None), None, "nobody can tell of which country");
    }
}
