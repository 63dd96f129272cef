//! Tags, fields and segments of the address book.

use super::{Language, words};
use crate::model::label::Label;

impl Language {
    /// What a tag, a field or a segment is called.
    pub fn label_name(self, label: &Label) -> &str {
        match label {
            Label::Tag(name) => self.tag_name(name),
            Label::Field(name) => self.field_name(name),
            Label::Segment(name) => name,
        }
    }

    /// What the end of a tag, a field or a segment means, a line each: who has it, what uses it, what happens then.
    /// `starts` are the automations that begin at it, for everybody who has it.
    pub fn label_end(self, label: &Label, contacts: &str, used_by: &[String], starts: &[String]) -> Vec<String> {
        let name = self.label_name(label);
        let mut lines = match label {
            Label::Tag(_) => vec![self.end_of_tag(name, contacts)],
            Label::Field(_) => vec![self.end_of_field(name, contacts)],
            Label::Segment(_) => vec![self.end_of_segment(name, contacts)],
        };
        match (label, starts.is_empty()) {
            (Label::Segment(_), _) => {}
            (_, true) => lines.push(self.label_starts_nothing().to_owned()),
            (_, false) => lines.push(self.label_starts(&self.list(starts))),
        }
        if !used_by.is_empty() {
            let names = self.list(used_by);
            lines.push(match label {
                Label::Tag(_) => self.tag_is_used(&names),
                Label::Field(_) => self.field_is_used(&names),
                Label::Segment(_) => self.segment_is_used(&names),
            });
        }
        lines
    }
}

words! {
    labels_title = "Tags and fields", "Tag e campi";
    labels_text = "What you keep of your contacts, how many have it, and which automations use it.",
        "Quello che tieni dei tuoi contatti, quanti ce l'hanno e quali automazioni lo usano.";
    labels_fields = "Fields", "Campi";
    no_tags = "No contact has a tag yet.", "Nessun contatto ha ancora un tag.";
    no_fields = "No contact has a field yet.", "Nessun contatto ha ancora un campo.";
    used_by = "Used by", "Usato da";
    label_contacts[count] = "{count} contact" | "{count} contacts", "{count} contatto" | "{count} contatti";
    label_at_least(count: &str) = "at least {count} contacts", "almeno {count} contatti";
    delete_label(name: &str) = "Delete “{name}”", "Elimina “{name}”";
    end_of_tag(name: &str, contacts: &str) = "The tag “{name}” is taken off everybody who has it: {contacts}. This cannot be undone.",
        "Il tag “{name}” viene tolto a tutti quelli che lo hanno: {contacts}. Non si può annullare.";
    end_of_field(name: &str, contacts: &str) = "The field “{name}” and its values are taken away from: {contacts}. This cannot be undone.",
        "Il campo “{name}” e i suoi valori vengono tolti a: {contacts}. Non si può annullare.";
    label_starts_nothing = "No automation starts because of it.", "Nessuna automazione parte per questo.";
    label_starts(names: &str) = "For each of them starts: {names}. To avoid it, disable that automation first.",
        "Per ciascuno di loro parte: {names}. Se non lo vuoi, prima disattiva quell'automazione.";
    end_of_segment(name: &str, contacts: &str) = "The segment “{name}” goes away; its contacts stay as they are: {contacts}.",
        "Il segmento “{name}” sparisce; i suoi contatti restano come sono: {contacts}.";
    tag_is_used(names: &str) = "Careful, it is used by {names}. They go on, but what asks for this tag is no longer true of anybody until it is set again.",
        "Attenzione, lo usano {names}. Continuano ad andare, ma dove chiedono questo tag non vale più per nessuno finché non viene rimesso.";
    field_is_used(names: &str) = "Careful, it is used by {names}. They go on, but where they write or ask for this field it is empty until it is set again.",
        "Attenzione, lo usano {names}. Continuano ad andare, ma dove scrivono o chiedono questo campo è vuoto finché non viene rimesso.";
    segment_is_used(names: &str) = "Careful, it is used by {names}. Their schedules start for nobody until you choose another segment.",
        "Attenzione, lo usano {names}. I loro orari programmati non partono per nessuno finché non scegli un altro segmento.";
    label_deleted(name: &str, contacts: &str) = "“{name}” was deleted: {contacts}.", "“{name}” eliminato: {contacts}.";
    segments = "Segments", "Segmenti";
    segments_text = "Contacts that have something in common. Schedules and starts for many use them; who belongs is looked up each time.",
        "Contatti che hanno qualcosa in comune. Li usano gli orari programmati e gli invii massivi; chi ne fa parte si cerca ogni volta.";
    segments_none = "No segment yet", "Ancora nessun segmento";
    segments_none_text = "As “customers who have not bought for 90 days”: make one, and an automation can start for all of them.",
        "Per esempio “clienti che non comprano da 90 giorni”: creane uno, e un'automazione può partire per tutti.";
    segment_new = "New segment", "Nuovo segmento";
    segment_edit(name: &str) = "Segment “{name}”", "Segmento “{name}”";
    segment_name_help = "Automations find it by this name: it stays as it is.", "Le automazioni lo trovano con questo nome: poi non si cambia.";
    segment_save_more = "Save and add a rule", "Salva e aggiungi una regola";
    segment_saved(name: &str) = "“{name}” was saved.", "“{name}” salvato.";
    segment_deleted(name: &str) = "“{name}” was deleted.", "“{name}” eliminato.";
    segment_manage = "Manage the segments", "Gestisci i segmenti";
}
