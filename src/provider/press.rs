//! What a button carries to the phone and back: which run sent it, at which visit of which node, and which choice it is.

use crate::base::id::RunId;
use crate::model::action::ActionId;
use crate::model::node::NodeId;

/// Bytes that every provider with long payloads carries: a WhatsApp row id holds 200 characters, a button id 256.
pub const PAYLOAD_BYTES_MAX: usize = 200;
const MARK: &str = "f1";

/// A press of a button or row that a run sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Press {
    /// The run that sent it.
    pub run: RunId,
    /// The visit of the message node that had it.
    pub action: ActionId,
    /// The id of the button or row, the name of its exit.
    pub choice: String,
}

/// The payload of a button. `None` where the names of node and choice are too long for it.
pub fn encode(press: &Press) -> Option<String> {
    let Press { run, action, choice } = press;
    let payload = format!("{MARK}~{run}~{}~{}~{}", action.visit, escaped(&action.node.0), escaped(choice));
    (payload.len() <= PAYLOAD_BYTES_MAX).then_some(payload)
}

/// The press that a payload means; `None` for any payload that `encode` did not write.
pub fn decode(payload: &str) -> Option<Press> {
    let mut parts = payload.split('~');
    if payload.len() > PAYLOAD_BYTES_MAX || parts.next() != Some(MARK) {
        return None;
    }
    let run = parts.next()?.parse().ok()?;
    let visit = parts.next()?.parse().ok()?;
    let node = NodeId(unescaped(parts.next()?)?);
    let choice = unescaped(parts.next()?)?;
    let press = Press { run, action: ActionId { node, visit }, choice };
    // Canonical or nothing: two payloads never mean the same press.
    (parts.next().is_none() && encode(&press).as_deref() == Some(payload)).then_some(press)
}

fn escaped(name: &str) -> String {
    name.replace('!', "!e").replace('~', "!t")
}

fn unescaped(part: &str) -> Option<String> {
    let mut name = String::with_capacity(part.len());
    let mut chars = part.chars();
    while let Some(c) = chars.next() {
        name.push(match c {
            '!' => match chars.next()? {
                'e' => '!',
                't' => '~',
                _ => return None,
            },
            c => c,
        });
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{Id, Shard};
    use proptest::prelude::*;

    fn press(run: u64, node: &str, visit: u32, choice: &str) -> Press {
        Press { run: RunId::new(Shard(0), run), action: ActionId { node: NodeId(node.to_owned()), visit }, choice: choice.to_owned() }
    }

    #[test]
    fn a_payload_is_short_and_reads_back() {
        let yes = press(42, "m1", 1, "yes");
        assert_eq!(encode(&yes).as_deref(), Some("f1~42~1~m1~yes"));
        assert_eq!(decode("f1~42~1~m1~yes"), Some(yes));
        assert_eq!(encode(&press(1, &"n".repeat(150), 1, &"c".repeat(60))), None);
    }

    #[test]
    fn what_we_did_not_write_is_no_press() {
        for foreign in
            ["", "yes", "f1", "f1~42~1~m1", "f1~42~1~m1~yes~", "f1~042~1~m1~yes", "f1~42~+1~m1~yes", "f1~0.42~1~m1~yes", "f1~42~1~m!x~y"]
        {
            assert_eq!(decode(foreign), None, "{foreign}");
        }
    }

    proptest! {
        #[test]
        fn any_names_survive_the_way_there_and_back(run: u64, node in ".{0,20}", visit: u32, choice in ".{0,20}") {
            let press = press(run, &node, visit, &choice);
            if let Some(payload) = encode(&press) {
                prop_assert_eq!(decode(&payload), Some(press));
            }
        }

        #[test]
        fn no_text_makes_decoding_panic(text in ".*") {
            let _ = decode(&text);
            let _ = decode(&format!("f1~{text}"));
        }
    }
}
