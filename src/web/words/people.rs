//! What pages about people say: who wrote, what was done to a contact, what became of a start.

use super::words;

words! {
    deleted_flow = "an automation that was deleted", "un'automazione eliminata";
    by_api = "By the API", "Dall'API";
    by_phone = "On the phone", "Dal telefono";
}
