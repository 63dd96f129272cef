//! What nodes do, in the words that the list, the drawing and the forms share.

use super::{Language, words};
use crate::model::node::ConsentWord;

impl Language {
    /// A sentence with a capital at its start.
    pub fn first_upper(self, text: &str) -> String {
        let mut letters = text.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }

    /// What a flow may say of permission.
    pub const fn consent_word(self, consent: ConsentWord) -> &'static str {
        match consent {
            ConsentWord::OptedIn => self.consent_given(),
            ConsentWord::OptedOut => self.consent_taken_back(),
        }
    }

    /// What a value is, by its full name; `None` where the name is people's own.
    pub fn value(self, name: &str) -> Option<&'static str> {
        Some(match name {
            "contact.name" => self.value_name(),
            "contact.address" => self.value_address(),
            "contact.tags" => self.value_tags(),
            "contact.language" => self.value_language(),
            "contact.silent_days" => self.value_silent(),
            "contact.reads" => self.value_reads(),
            "contact.consent" => self.value_consent(),
            "message.text" => self.value_text(),
            "message.kind" => self.value_kind(),
            "message.button" => self.value_button(),
            "channel.kind" => self.value_channel(),
            "now" => self.value_now(),
            "business_hours" => self.value_hours(),
            "business_hours.next_opening" => self.value_opening(),
            "window_open" => self.value_window(),
            _ => return None,
        })
    }

    /// Every value that has a name of its own, for a menu: name and words.
    pub fn values(self) -> Vec<(&'static str, &'static str)> {
        const NAMES: [&str; 13] = [
            "message.text",
            "contact.name",
            "contact.tags",
            "contact.address",
            "contact.language",
            "contact.silent_days",
            "message.button",
            "message.kind",
            "business_hours",
            "business_hours.next_opening",
            "window_open",
            "channel.kind",
            "now",
        ];
        NAMES.into_iter().filter_map(|name| Some((name, self.value(name)?))).collect()
    }
}

words! {
    value_name = "contact's name", "nome del contatto";
    value_address = "contact's number", "recapito del contatto";
    value_tags = "contact's tags", "tag del contatto";
    value_language = "contact's language", "lingua del contatto";
    value_reads = "language they read", "lingua in cui legge";
    value_consent = "permission to write", "consenso";
    value_silent = "days since their last message", "giorni dall'ultimo messaggio";
    value_text = "message text", "testo del messaggio";
    value_kind = "kind of message", "tipo di messaggio";
    value_button = "button pressed", "pulsante premuto";
    value_channel = "channel", "canale";
    value_now = "date and time", "data e ora";
    value_hours = "we are open", "siamo aperti";
    value_opening = "next opening", "prossima apertura";
    value_window = "24-hour window open", "finestra di 24 ore aperta";
    value_flow(name: &str) = "state in “{name}”", "stato in “{name}”";
    consent_given = "consent given", "consenso dato";
    consent_taken_back = "unsubscribed", "disiscritto";
    end_plain = "The automation ends here", "L'automazione finisce qui";
    end_goal(goal: &str) = "Goal: {goal}", "Obiettivo: {goal}";
    at_time(time: &str) = "at {time}", "alle {time}";
    until(when: &str) = "until {when}", "fino a {when}";
    or_until = "or", "oppure";
    length_before(length: &str) = "{length} before", "{length} prima di";
    length_after(length: &str) = "{length} after", "{length} dopo";
    in_business_hours = "(in business hours)", "(in orario di apertura)";
    every_day = "every day", "tutti i giorni";
    an_answer = "an answer", "una risposta";
    check_text = "text", "testo";
    check_number = "a number", "un numero";
    check_date = "a date", "una data";
    check_email = "an e-mail address", "un indirizzo e-mail";
    check_phone = "a phone number", "un numero di telefono";
    tag_is_there(tag: &str) = "the tag “{tag}” is there", "c'è il tag “{tag}”";
    callback_comes = "another program calls back", "un altro programma richiama";
    stops_all = "Stops all the other automations", "Ferma tutte le altre automazioni";
    stops_flow(name: &str) = "Stops “{name}”", "Ferma “{name}”";
    no_flow_chosen = "Choose an automation", "Scegli un'automazione";
    handover_open = "A person answers, until they hand back", "Risponde una persona, finché non riconsegna";
    handover_for(length: &str) = "A person answers for {length}", "Risponde una persona per {length}";
}
