//! A flow started for many, and a flow's own start address.

use super::{Language, words};
use crate::model::broadcast::{BroadcastState, LeftOut, Whom};

impl Language {
    /// Why somebody is left out of a start.
    pub const fn left_out(self, why: LeftOut) -> &'static str {
        match why {
            LeftOut::OptedOut => self.left_opted_out(),
            LeftOut::Blocked => self.left_blocked(),
            LeftOut::AutomationsOff => self.left_off(),
            LeftOut::AlreadyInside => self.left_inside(),
            LeftOut::RanBefore => self.left_before(),
            LeftOut::NoChannel => self.left_no_channel(),
            LeftOut::Unreadable => self.left_unreadable(),
            LeftOut::Twice => self.left_twice(),
            LeftOut::FlowDisabled => self.left_disabled(),
            LeftOut::TooOften => self.left_too_often(),
            LeftOut::Gone => self.left_gone(),
        }
    }

    /// For whom a broadcast is.
    pub fn broadcast_whom(self, whom: &Whom) -> String {
        match whom {
            Whom::Listed(count) => self.whom_listed(*count),
            Whom::Tagged(tag) => self.whom_tagged(tag),
            Whom::Segment(segment) => self.whom_segment(&segment.name),
        }
    }

    /// How a broadcast stands.
    pub const fn broadcast_state(self, state: &BroadcastState) -> &'static str {
        match state {
            BroadcastState::Running { .. } => self.broadcast_running(),
            BroadcastState::Done { .. } => self.broadcast_over(),
            BroadcastState::Stopped { .. } => self.broadcast_stopped(),
        }
    }
}

words! {
    start_for_many = "Start for…", "Avvia per…";
    start_many(name: &str) = "Start \"{name}\"", "Avvia \"{name}\"";
    start_many_text = "For everybody with a tag or of a segment, or for numbers that you paste. Before anything starts you see who is left out and why.",
        "Per chi ha un tag o è in un segmento, o per i numeri che incolli. Prima di partire vedi chi resta fuori e perché.";
    start_many_disabled = "This automation is disabled: enable it, or nobody can be started.", "Questa automazione è disattivata: attivala, altrimenti non parte per nessuno.";
    start_many_tag = "Tag", "Tag";
    start_many_tag_help = "Everybody who has it. Leave it empty to write numbers.", "Tutti quelli che ce l'hanno. Lascialo vuoto per scrivere i numeri.";
    start_many_segment = "Segment", "Segmento";
    start_many_no_segment = "None", "Nessuno";
    start_many_numbers = "Numbers", "Numeri";
    start_many_numbers_help = "One in a line, with their country, as +39 333 1234567. Who is new becomes a contact.",
        "Uno per riga, con il prefisso del paese, come +39 333 1234567. Chi è nuovo entra in rubrica.";
    start_many_look = "See for whom", "Guarda per chi";
    start_many_any_channel = "Where each was heard last", "Dove ha scritto per ultimo";
    start_many_wrong = "Say it one way: a tag, a segment or some numbers.", "Indica una cosa sola: un tag, un segmento o dei numeri.";
    start_many_nobody = "It would start for nobody.", "Non partirebbe per nessuno.";
    start_many_for[count] = "It would start for one person." | "It would start for {count} people.",
        "Partirebbe per una persona." | "Partirebbe per {count} persone.";
    start_many_more = "There are more contacts than were looked at: the start goes through all of them.",
        "Ci sono più contatti di quelli guardati: l'avvio li passa comunque tutti.";
    start_many_left_out = "Left out", "Restano fuori";
    start_many_names = "Who they are", "Chi sono";
    start_many_paced = "It starts a few at a time, so that nobody who writes to you waits. You can stop it at any moment.",
        "Parte pochi alla volta, così chi ti scrive non aspetta. Puoi fermarla quando vuoi.";
    start_many_go[count] = "Start for one person" | "Start for {count} people", "Avvia per una persona" | "Avvia per {count} persone";
    broadcast = "Start for many", "Invio massivo";
    broadcast_running = "Under way", "In corso";
    broadcast_over = "Everybody had their turn", "Finito: sono passati tutti";
    broadcast_stopped = "Stopped", "Fermato";
    broadcast_done[count] = "One person had their turn." | "{count} people had their turn.", "È passata una persona." | "Sono passate {count} persone.";
    broadcast_stop = "Stop", "Ferma";
    broadcast_stop_help = "Who had no turn yet gets none. Automations that began go on.",
        "Chi non è ancora passato resta fuori. Le automazioni già partite continuano.";
    broadcast_was_stopped = "Stopped. Automations that began go on.", "Fermato. Le automazioni già partite continuano.";
    whom_listed[count] = "one person" | "{count} people", "una persona" | "{count} persone";
    whom_tagged(tag: &str) = "tag {tag}", "tag {tag}";
    whom_segment(name: &str) = "segment {name}", "segmento {name}";
    left_opted_out = "Unsubscribed: nothing is sent to them", "Disiscritti: a loro non si manda nulla";
    left_blocked = "Blocked", "Bloccati";
    left_off = "Automations are off for them", "Per loro le automazioni sono spente";
    left_inside = "Already inside: they stay where they are", "Già dentro: restano dove sono";
    left_before = "Been through it: it runs once only", "Ci sono già passati: vale una volta sola";
    left_no_channel = "No channel reaches them", "Nessun canale li raggiunge";
    left_unreadable = "The number cannot be read", "Il numero non si capisce";
    left_twice = "They stand in the list twice", "Compaiono due volte nell'elenco";
    left_disabled = "The automation is disabled", "L'automazione è disattivata";
    left_too_often = "It started for them too often in an hour", "È partita per loro troppe volte in un'ora";
    left_gone = "The contact was deleted", "Il contatto è stato eliminato";
    start_address = "Start address", "Indirizzo di avvio";
    start_address_text = "Another program calls it with POST to start this automation for a contact, to answer one that waits for a callback, or to tell that its goal is reached.",
        "Un altro programma lo chiama con POST per avviare questa automazione per un contatto, per rispondere a una che aspetta una chiamata, o per dire che l'obiettivo è raggiunto.";
    start_address_make = "Make a new address", "Crea un nuovo indirizzo";
    start_address_make_help = "One made earlier stops working at once.", "Se ce n'era già uno, smette subito di funzionare.";
    start_address_new = "The new address", "Il nuovo indirizzo";
    start_address_once = "Copy it now: it is shown only this once.", "Copialo adesso: si vede solo questa volta.";
    keyword_hours = "It listens", "Ascolta";
    keyword_hours_help = "Outside these hours the word starts nothing, and other automations may have the message.",
        "Fuori da questi orari la parola non fa partire nulla, e il messaggio può andare ad altre automazioni.";
}
