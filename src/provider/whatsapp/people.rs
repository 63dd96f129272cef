//! Who a message is from: the several names WhatsApp has for one person, joined by what they say and never by their place in a list.

use super::super::json;
use crate::base::address::{Address, ChannelKind};
use serde_json::{Map, Value, json};

/// Characters of a profile name that are kept.
const NAME_CHARS_MAX: usize = 200;
/// Characters of an id that is still one: the longest kind is a business-scoped id with 128 letters and its prefix.
const ID_CHARS_MAX: usize = 256;
/// Last digits that two spellings of one number share: what countries changed stands before the subscriber's own number.
const SUBSCRIBER_DIGITS: usize = 7;

/// The address in a member that holds a phone number, or what WhatsApp writes in its place.
pub(super) fn phone(json: &Value, pointer: &str) -> Option<Address> {
    let written = json::text(json, pointer).filter(|text| text.len() <= ID_CHARS_MAX)?;
    Some(Address::new(ChannelKind::Whatsapp, &written))
}

/// The address in a member that holds a business-scoped id. One that reads as a phone number is none: nobody knows whose that is.
pub(super) fn scoped(json: &Value, pointer: &str) -> Option<Address> {
    let written = json::text(json, pointer).filter(|text| text.len() <= ID_CHARS_MAX)?;
    let address = Address { channel_kind: ChannelKind::Whatsapp, address: written.trim().to_owned() };
    address.phone().is_none().then_some(address)
}

/// Addresses in order, each once.
pub(super) fn each_once(addresses: impl IntoIterator<Item = Option<Address>>) -> Vec<Address> {
    let mut found: Vec<Address> = Vec::new();
    for address in addresses.into_iter().flatten() {
        if !found.contains(&address) {
            found.push(address);
        }
    }
    found
}

/// One entry of a webhook's `contacts`.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    wa_id: Option<Address>,
    user_id: Option<Address>,
    parent_user_id: Option<Address>,
    /// The person's own name.
    pub(super) name: Option<String>,
}

impl Entry {
    fn of(json: &Value) -> Entry {
        Entry {
            wa_id: phone(json, "/wa_id"),
            user_id: scoped(json, "/user_id"),
            parent_user_id: scoped(json, "/parent_user_id"),
            name: json::text(json, "/profile/name").map(|name| name.trim().chars().take(NAME_CHARS_MAX).collect()),
        }
    }

    /// The entry in the provider's own form, for a part that must be readable alone.
    pub(super) fn to_json(&self) -> Value {
        let mut entry = Map::new();
        let named = [("wa_id", &self.wa_id), ("user_id", &self.user_id), ("parent_user_id", &self.parent_user_id)];
        for (name, address) in named {
            if let Some(address) = address {
                entry.insert(name.to_owned(), json!(address.address));
            }
        }
        if let Some(name) = &self.name {
            entry.insert("profile".to_owned(), json!({ "name": name }));
        }
        Value::Object(entry)
    }

    fn is_named(&self, phone: Option<&Address>, id: Option<&Address>) -> bool {
        (phone.is_some() && phone == self.wa_id.as_ref()) || (id.is_some() && id == self.user_id.as_ref())
    }

    /// Whether this may be the same person though no name is equal: the number is spelled otherwise, as Brazil's with and without
    /// the ninth digit, and no id says otherwise.
    fn is_respelled(&self, phone: Option<&Address>, id: Option<&Address>) -> bool {
        let contradicts = matches!((id, &self.user_id), (Some(theirs), Some(ours)) if theirs != ours);
        let alike = phone.zip(self.wa_id.as_ref()).is_some_and(|(a, b)| alike(a, b));
        alike && !contradicts
    }

    /// Whether nothing here can be compared with what a message says of its sender.
    fn is_incomparable(&self, phone: Option<&Address>, id: Option<&Address>) -> bool {
        (phone.is_none() || self.wa_id.is_none()) && (id.is_none() || self.user_id.is_none())
    }
}

fn alike(a: &Address, b: &Address) -> bool {
    let (Some(a), Some(b)) = (a.phone(), b.phone()) else { return false };
    let tail = |digits: &str| digits.len().checked_sub(SUBSCRIBER_DIGITS).and_then(|at| digits.get(at..)).map(str::to_owned);
    tail(a).is_some() && tail(a) == tail(b) && a.get(..2) == b.get(..2)
}

/// The `contacts` of one change.
#[derive(Debug, Default)]
pub(super) struct People {
    entries: Vec<Entry>,
    /// Whether all messages beside them have one sender.
    lone: bool,
}

impl People {
    /// Reads `contacts`. Entries that cannot be read name nobody, and the messages stand without them.
    pub(super) fn of(value: &Value, lone: bool) -> People {
        let entries = json::items(value, "/contacts").unwrap_or_default().iter().map(Entry::of).collect();
        People { entries, lone }
    }

    /// The entry of the person with these names: by an equal name, else by the one number that is only spelled otherwise, else the
    /// only entry beside the only sender.
    pub(super) fn find(&self, phone: Option<&Address>, id: Option<&Address>) -> Option<&Entry> {
        if let Some(entry) = self.entries.iter().find(|entry| entry.is_named(phone, id)) {
            return Some(entry);
        }
        let mut respelled = self.entries.iter().filter(|entry| entry.is_respelled(phone, id));
        if let (Some(entry), None) = (respelled.next(), respelled.next()) {
            return Some(entry);
        }
        match self.entries.as_slice() {
            [entry] if self.lone && entry.is_incomparable(phone, id) => Some(entry),
            _ => None,
        }
    }

    /// Every name of the person that a message names so, the one WhatsApp sends to first, and their own name.
    pub(super) fn all_names(&self, phone: Option<Address>, id: Option<Address>) -> (Vec<Address>, Option<String>) {
        match self.find(phone.as_ref(), id.as_ref()).cloned() {
            Some(entry) => (each_once([entry.wa_id, phone, entry.user_id, id, entry.parent_user_id]), entry.name),
            None => (each_once([phone, id]), None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(contacts: Value, lone: bool, from: &str, id: &str) -> (Vec<String>, Option<String>) {
        let people = People::of(&json!({ "contacts": contacts }), lone);
        let message = json!({ "from": from, "from_user_id": id });
        let (names, name) = people.all_names(phone(&message, "/from"), scoped(&message, "/from_user_id"));
        (names.into_iter().map(|address| address.address).collect(), name)
    }

    #[test]
    fn people_are_joined_by_their_names_and_not_by_their_place() {
        let contacts = json!([
            { "wa_id": "393339876543", "profile": { "name": "Bruno" } },
            { "wa_id": "393331234567", "user_id": "IT.1", "profile": { "name": "Anna" } },
        ]);
        assert_eq!(names(contacts.clone(), false, "393331234567", "").1.as_deref(), Some("Anna"));
        assert_eq!(names(contacts.clone(), false, "", "IT.1").0, ["393331234567", "IT.1"]);
        assert_eq!(names(contacts, false, "393330000000", ""), (vec!["393330000000".to_owned()], None));
    }

    #[test]
    fn a_brazilian_number_with_and_without_its_ninth_digit_is_one_person() {
        let contacts = json!([{ "wa_id": "551187654321", "profile": { "name": "Bia" } }, { "wa_id": "5511912340000" }]);
        let (names, name) = names(contacts, false, "5511987654321", "");
        assert_eq!((names, name.as_deref()), (vec!["551187654321".to_owned(), "5511987654321".to_owned()], Some("Bia")));
    }

    #[test]
    fn a_stranger_in_the_list_gives_nobody_a_name() {
        let stranger = json!([{ "wa_id": "393330000000", "profile": { "name": "Carla" } }]);
        assert_eq!(names(stranger, true, "393331234567", "").1, None);
        let other_id = json!([{ "wa_id": "551187654321", "user_id": "BR.2", "profile": { "name": "Dora" } }]);
        assert_eq!(names(other_id, true, "5511987654321", "BR.1").1, None);
    }

    #[test]
    fn an_only_entry_names_an_only_sender_it_cannot_be_compared_with() {
        let entry = json!([{ "user_id": "IT.1", "profile": { "name": "Anna" } }]);
        assert_eq!(names(entry.clone(), true, "393331234567", "").0, ["393331234567", "IT.1"]);
        assert_eq!(names(entry, false, "393331234567", "").0, ["393331234567"]);
    }

    #[test]
    fn an_id_never_becomes_a_phone_number() {
        assert_eq!(scoped(&json!({ "user_id": "393331234567" }), "/user_id"), None);
        assert_eq!(scoped(&json!({ "user_id": "BR.393331234567" }), "/user_id").and_then(|a| a.phone().map(str::to_owned)), None);
    }
}
