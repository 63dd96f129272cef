//! Whose addresses these are: the contact that has one of them, made where nobody has.

use super::desk::{Desk, Signal};
use super::refusal::Refusal;
use crate::base::address::Address;
use crate::model::contact::Contact;
use crate::store::contacts;

/// The contact of these addresses: found by any of them and given the others, or made.
pub fn contact_of(desk: &mut Desk, addresses: &[Address], name: Option<&str>) -> Result<Contact, Refusal> {
    let mut found = None;
    for address in addresses {
        if let Some(id) = contacts::find(&desk.work, &address.key())? {
            found = contacts::get(&desk.work, id)?;
            break;
        }
    }
    let known = found.is_some();
    let mut contact = match found {
        Some(contact) => contact,
        None => Contact::new(desk.mint()?, desk.now),
    };
    let before = contact.clone();
    for address in addresses {
        if !contact.addresses.contains(address) && contacts::find(&desk.work, &address.key())?.is_none_or(|id| id == contact.id) {
            contact.addresses.push(address.clone());
        }
    }
    if contact.name.is_none() {
        contact.name = name.map(str::to_owned);
    }
    if !known || contact != before {
        contacts::put(&mut desk.work, &contact)?;
        desk.signal(Signal::Contact(contact.id));
    }
    Ok(contact)
}
