//! What people read for the fields, tags and values that the starter pack brings. Documents and the API keep the names of the pack;
//! what people named themselves is read as they wrote it.

use super::Language;
use crate::base::address::ChannelKind;
use crate::base::time::Time;
use crate::base::zone::Zone;
use crate::model::value::Value;

/// A name of the pack, in English and in Italian.
type Known = (&'static str, [&'static str; 2]);

const FIELDS: [Known; 51] = [
    ("amount", ["Amount", "Importo"]),
    ("appointment_at", ["Appointment", "Appuntamento"]),
    ("appointment_status", ["State of the appointment", "Stato dell'appuntamento"]),
    ("birthday", ["Birthday", "Compleanno"]),
    ("budget", ["Budget", "Budget"]),
    ("budget_size", ["budget range", "fascia di budget"]),
    ("callback_question", ["Question left", "Domanda lasciata"]),
    ("cart_recovered", ["Cart recovered", "Carrello recuperato"]),
    ("cart_value", ["Value of the cart", "Valore del carrello"]),
    ("city", ["Town", "Città"]),
    ("consent_at", ["Consent given on", "Consenso dato il"]),
    ("consent_marketing", ["Consent to offers", "Consenso alle offerte"]),
    ("consent_source", ["Consent given by", "Consenso dato da"]),
    ("consent_text", ["Words of the consent", "Parole del consenso"]),
    ("consent_words", ["words of the consent", "parole del consenso"]),
    ("diet", ["Diet", "Esigenze a tavola"]),
    ("dormant_since", ["Silent since", "In silenzio dal"]),
    ("due_at", ["To pay by", "Da pagare entro"]),
    ("email", ["E-mail", "E-mail"]),
    ("event_at", ["date of the event", "data dell'evento"]),
    ("event_id", ["Event", "Evento"]),
    ("faq_hits", ["Questions asked", "Domande fatte"]),
    ("field_at", ["date in the field", "data nel campo"]),
    ("first_contact_at", ["First contact", "Primo contatto"]),
    ("guests", ["Guests", "Ospiti"]),
    ("handover_reason", ["Asked of a person", "Chiesto a una persona"]),
    ("how_soon", ["how soon", "urgenza"]),
    ("invoice_no", ["Invoice", "Fattura"]),
    ("invoice_status", ["State of the invoice", "Stato della fattura"]),
    ("last_birthday_sent", ["Last wishes sent", "Ultimi auguri inviati"]),
    ("last_order_no", ["Last order", "Ultimo ordine"]),
    ("last_order_status", ["State of the last order", "Stato dell'ultimo ordine"]),
    ("last_purchase_at", ["Last purchase", "Ultimo acquisto"]),
    ("last_topic", ["Last topic", "Ultimo argomento"]),
    ("lost_tag", ["lost", "perso"]),
    ("need", ["Looks for", "Cosa cerca"]),
    ("no_show_count", ["Missed appointments", "Appuntamenti mancati"]),
    ("nps", ["Score from 0 to 10", "Voto da 0 a 10"]),
    ("nps_at", ["Score given on", "Voto dato il"]),
    ("nps_comment", ["Comment on the score", "Commento al voto"]),
    ("pricelist_sent_at", ["Price list sent", "Listino inviato"]),
    ("quote_last_step", ["Last reminder of the quote", "Ultimo promemoria del preventivo"]),
    ("quote_stage", ["Stage of the quote", "Fase del preventivo"]),
    ("rsvp", ["Answer to the invitation", "Risposta all'invito"]),
    ("satisfaction", ["Satisfaction", "Soddisfazione"]),
    ("score", ["Interest", "Interesse"]),
    ("source", ["Came by", "Arriva da"]),
    ("timing", ["By when", "Per quando"]),
    ("told_at", ["told at", "avvisato il"]),
    ("voucher_code", ["Voucher", "Buono"]),
    ("won_tag", ["won", "vinto"]),
];

const TAGS: [Known; 17] = [
    ("cart", ["cart", "carrello"]),
    ("cold", ["cold", "freddo"]),
    ("customer", ["customer", "cliente"]),
    ("dormant", ["dormant", "inattivo"]),
    ("hot", ["hot", "caldo"]),
    ("interested", ["interested", "interessato"]),
    ("lost", ["lost", "perso"]),
    ("new", ["new", "nuovo"]),
    ("newsletter", ["newsletter", "newsletter"]),
    ("no_show", ["did not come", "non è venuto"]),
    ("operator", ["operator", "operatore"]),
    ("to_call_back", ["to call back", "da richiamare"]),
    ("urgent", ["urgent", "urgente"]),
    ("voucher_used", ["voucher used", "buono usato"]),
    ("waiting_list", ["waiting list", "lista d'attesa"]),
    ("warm", ["warm", "tiepido"]),
    ("won", ["won", "vinto"]),
];

const EXITS: [Known; 41] = [
    ("again", ["once more", "di nuovo"]),
    ("ahead", ["still to come", "non ancora passato"]),
    ("budget", ["budget", "budget"]),
    ("cancelled", ["cancelled", "annullato"]),
    ("city", ["town", "città"]),
    ("cleared", ["taken away", "tolta"]),
    ("closed", ["closed", "chiuso"]),
    ("consent", ["with consent", "con consenso"]),
    ("delivered", ["delivered", "consegnato"]),
    ("email", ["e-mail", "e-mail"]),
    ("english", ["in English", "in inglese"]),
    ("full", ["no places left", "al completo"]),
    ("good", ["good", "buono"]),
    ("high", ["over 2,000 euros", "oltre 2.000 euro"]),
    ("hot", ["hot", "caldo"]),
    ("hours", ["opening hours", "orari"]),
    ("known", ["known", "si conosce"]),
    ("late", ["overdue", "scaduta"]),
    ("later", ["later", "più tardi"]),
    ("low", ["up to 500 euros", "fino a 500 euro"]),
    ("mid", ["500 to 2,000 euros", "da 500 a 2.000 euro"]),
    ("month", ["within a month", "entro un mese"]),
    ("need", ["need", "bisogno"]),
    ("new", ["new", "nuovo"]),
    ("no", ["no", "no"]),
    ("not_found", ["not found", "non trovato"]),
    ("now", ["at once", "subito"]),
    ("open", ["open", "aperto"]),
    ("ordered", ["ordered", "ordinato"]),
    ("paid", ["paid", "pagata"]),
    ("place", ["where we are", "dove siamo"]),
    ("preparing", ["being prepared", "in preparazione"]),
    ("returns", ["returns", "resi"]),
    ("shipped", ["shipped", "spedito"]),
    ("shipping", ["shipping", "spedizioni"]),
    ("timing", ["by when", "per quando"]),
    ("top", ["very good", "ottimo"]),
    ("twice", ["for the second time", "per la seconda volta"]),
    ("unanswered", ["no answer", "nessuna risposta"]),
    ("warm", ["warm", "tiepido"]),
    ("yes", ["yes", "sì"]),
];

const GOALS: [Known; 24] = [
    ("answered", ["answered", "ha risposto"]),
    ("came", ["came", "è venuto"]),
    ("cancelled", ["cancelled", "disdetto"]),
    ("confirmed", ["confirmed", "confermato"]),
    ("dormant", ["gone quiet", "non scrive più"]),
    ("invited", ["review asked for", "recensione chiesta"]),
    ("lost", ["lost", "perso"]),
    ("no_answer", ["no answer", "nessuna risposta"]),
    ("no_consent", ["no permission", "senza consenso"]),
    ("no_date", ["no date", "nessuna data"]),
    ("not_now", ["not now", "non adesso"]),
    ("opted_out", ["unsubscribed", "disiscritto"]),
    ("overdue", ["overdue", "scaduto"]),
    ("paid", ["paid", "pagato"]),
    ("recovered", ["cart recovered", "carrello recuperato"]),
    ("reminded", ["reminded", "ricordato"]),
    ("scored", ["score given", "voto dato"]),
    ("subscribed", ["subscribed", "iscritto"]),
    ("suggested", ["suggestion sent", "suggerimento mandato"]),
    ("told", ["told", "informato"]),
    ("unanswered", ["no answer", "nessuna risposta"]),
    ("unknown", ["not known", "non si sa"]),
    ("used", ["used", "usato"]),
    ("warm", ["warm", "tiepido"]),
];

const VALUES: [Known; 37] = [
    ("answered", ["answered", "ha risposto"]),
    ("bad", ["bad", "scontento"]),
    ("cancelled", ["cancelled", "annullato"]),
    ("cold", ["cold", "freddo"]),
    ("confirmed", ["confirmed", "confermato"]),
    ("delivered", ["delivered", "consegnato"]),
    ("good", ["good", "contento"]),
    ("hot", ["hot", "caldo"]),
    ("hours", ["opening hours", "orari"]),
    ("maybe", ["maybe", "forse"]),
    ("no", ["no", "no"]),
    ("overdue", ["overdue", "scaduta"]),
    ("paid", ["paid", "pagato"]),
    ("place", ["where we are", "dove siamo"]),
    ("processing", ["being prepared", "in preparazione"]),
    ("returns", ["returns", "resi"]),
    ("sent", ["sent", "inviato"]),
    ("shipped", ["shipped", "spedito"]),
    ("shipping", ["shipping", "spedizioni"]),
    ("to_move", ["to be moved", "da spostare"]),
    ("true", ["yes", "sì"]),
    ("false", ["no", "no"]),
    ("unanswered", ["no answer", "nessuna risposta"]),
    ("waiting", ["no answer yet", "in attesa di risposta"]),
    ("waiting_list", ["on the waiting list", "in lista d'attesa"]),
    ("warm", ["warm", "tiepido"]),
    ("yes", ["yes", "sì"]),
    ("low", ["up to 500 euros", "fino a 500 euro"]),
    ("mid", ["500 to 2,000 euros", "da 500 a 2.000 euro"]),
    ("high", ["over 2,000 euros", "oltre 2.000 euro"]),
    ("now", ["at once", "subito"]),
    ("month", ["within a month", "entro un mese"]),
    ("later", ["later", "più tardi"]),
    ("product", ["a product", "un prodotto"]),
    ("service", ["a service", "un servizio"]),
    ("repair", ["repair or support", "assistenza"]),
    ("other", ["something else", "altro"]),
];

fn found(known: &[Known], name: &str, w: Language) -> Option<&'static str> {
    let (_, [english, italian]) = known.iter().find(|(own, _)| *own == name)?;
    Some(match w {
        Language::English => english,
        Language::Italian => italian,
    })
}

impl Language {
    /// What a field is called, by its name without `contact.fields.`.
    pub fn field_name(self, name: &str) -> &str {
        found(&FIELDS, name, self).unwrap_or(name)
    }

    /// What a field of the pack is called, by its name with or without `contact.fields.`; nothing where it is none of them.
    pub fn stock_field(self, name: &str) -> &'static str {
        found(&FIELDS, name.strip_prefix("contact.fields.").unwrap_or(name), self).unwrap_or_default()
    }

    /// What a way out of a condition is called.
    pub fn stock_exit(self, name: &str) -> &str {
        found(&EXITS, name, self).unwrap_or(name)
    }

    /// What a goal is called.
    pub fn goal_name(self, name: &str) -> &str {
        found(&GOALS, name, self).unwrap_or(name)
    }

    /// What a tag is called.
    pub fn tag_name(self, name: &str) -> &str {
        found(&TAGS, name, self).unwrap_or(name)
    }

    /// What a field holds, as people say it: the words of the pack and the kinds of channel are said, all else is as it was written.
    pub fn field_value(self, field: &str, value: &str) -> String {
        if found(&FIELDS, field, self).is_none() {
            return value.to_owned();
        }
        if let Some(said) = found(&VALUES, value, self) {
            return said.to_owned();
        }
        let kind = value.parse::<ChannelKind>().ok();
        kind.filter(|_| field.ends_with("source")).map_or_else(|| value.to_owned(), |kind| self.channel_kind(kind).to_owned())
    }

    /// The tag of the pack that is called so.
    pub fn stock_tag(self, typed: &str) -> Option<&'static str> {
        let lower = typed.trim().to_lowercase();
        TAGS.iter().map(|(name, _)| *name).find(|name| self.tag_name(name).to_lowercase() == lower)
    }

    /// The tag that somebody means by what they typed: one in use by its name, or else by what it is called here; a new one by its name.
    pub fn tag_meant(self, typed: &str, in_use: &[String]) -> String {
        let typed = typed.trim();
        if in_use.iter().any(|tag| tag == typed) {
            return typed.to_owned();
        }
        let lower = typed.to_lowercase();
        let meant = in_use.iter().find(|tag| self.tag_name(tag).to_lowercase() == lower);
        meant.map_or_else(|| typed.to_owned(), Clone::clone)
    }

    /// Tags for a menu: each with what it is called.
    pub fn tag_choices(self, tags: &[String]) -> Vec<(String, String)> {
        tags.iter().map(|tag| (tag.clone(), self.tag_name(tag).to_owned())).collect()
    }

    /// What a full value name ends in says of a value that is compared with it or written to it.
    pub fn value_said(self, name: &str, value: &Value) -> String {
        let text = value.to_string();
        match name {
            "contact.tags" => return self.tag_name(&text).to_owned(),
            "contact.language" | "contact.reads" => return self.language_named(&text).to_owned(),
            "contact.consent" => {
                let state = serde_json::from_value(serde_json::Value::String(text.clone())).ok();
                return state.map_or(text, |state| self.consent(state).to_owned());
            }
            _ => {}
        }
        let name = name.replacen("run.", "contact.fields.", 1);
        name.strip_prefix("contact.fields.").map_or_else(|| text.clone(), |field| self.field_value(field, &text))
    }
}

impl Language {
    /// The same, a date as on the wall.
    pub fn value_dated(self, name: &str, value: &Value, now: Time, zone: Zone) -> String {
        self.dated(&self.value_said(name, value), now, zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::needs;
    use crate::model::blueprint::BLUEPRINTS;
    use crate::model::document;
    use crate::model::node::NodeKind;

    #[test]
    fn whatever_the_pack_names_has_words() {
        for blueprint in &BLUEPRINTS {
            let flow = document::read_text(blueprint.text).expect("a flow");
            for field in needs::of_flow(&flow).as_fields() {
                assert!(found(&FIELDS, &field.name, Language::Italian).is_some(), "{}: the field {}", blueprint.word, field.name);
            }
            for tag in needs::of_flow(&flow).as_tags() {
                assert!(found(&TAGS, &tag.name, Language::Italian).is_some(), "{}: the tag {}", blueprint.word, tag.name);
            }
            for node in &flow.nodes {
                if let NodeKind::End(end) = &node.kind
                    && let Some(goal) = &end.goal
                {
                    assert!(found(&GOALS, goal, Language::Italian).is_some(), "{}: the goal {goal}", blueprint.word);
                }
                let NodeKind::Condition(condition) = &node.kind else { continue };
                for branch in &condition.branches {
                    assert!(found(&EXITS, &branch.exit, Language::Italian).is_some(), "{}: the exit {}", blueprint.word, branch.exit);
                }
            }
        }
    }

    #[test]
    fn what_people_named_themselves_stays_as_it_is() {
        let w = Language::Italian;
        assert_eq!((w.field_name("quote_stage"), w.field_name("taglia")), ("Fase del preventivo", "taglia"));
        assert_eq!((w.tag_name("no_show"), w.tag_name("vip")), ("non è venuto", "vip"));
        assert_eq!(
            (w.field_value("source", "simulator"), w.field_value("taglia", "hot")),
            (w.channel_kind(ChannelKind::Simulator).to_owned(), "hot".to_owned())
        );
        let in_use = ["new".to_owned(), "vip".to_owned()];
        for (typed, meant) in [("Nuovo", "new"), ("new", "new"), (" vip ", "vip"), ("da richiamare", "da richiamare")] {
            assert_eq!(w.tag_meant(typed, &in_use), meant, "{typed}");
        }
    }
}
