//! What handlers of pages say: what was done and what was not, to whom, and why.

use super::{Language, words};

impl Language {
    /// How an action ended, where that is a word of ours and not the name of an exit.
    pub fn action_result(self, word: &str) -> Option<&'static str> {
        use crate::model::message::Status;
        let all = [Status::Queued, Status::Sent, Status::Failed, Status::Delivered, Status::Read];
        all.into_iter().find(|status| status.word() == word).map(|status| self.status(&status))
    }
}

impl Language {
    /// A message that has no text: what is sent instead, which the engine names as `[image] caption`.
    pub fn without_text(self, text: &str) -> String {
        use crate::model::node::MediaKind;
        let mut text = text.to_owned();
        for kind in [MediaKind::Image, MediaKind::Audio, MediaKind::Video, MediaKind::Document, MediaKind::Sticker] {
            text = text.replace(&format!("[{}]", kind.word()), &format!("[{}]", self.media(kind)));
        }
        text.replace("[location]", &format!("[{}]", self.location())).replace("[contact]", &format!("[{}]", self.contact_card()))
    }
}

words! {
    deleted_flow = "an automation that was deleted", "un'automazione eliminata";
    some_flow = "another automation", "un'altra automazione";
    deleted_channel = "a channel that was deleted", "un canale eliminato";
    by_api = "the API", "un programma (API)";
    nameless = "Without a name", "Senza nome";
    not_done(why: &str) = "Not done. {why}", "Non fatto. {why}";
    simulator_added = "The simulator is here. Write as a customer.", "Il simulatore c'è. Scrivi come un cliente.";
    first_person = "Giulia", "Giulia";
    run_silent(why: &str) = "Nothing goes out now: {why}.", "Adesso non parte niente: {why}.";
    stop_several[count] = "{count} automation stops." | "{count} automations stop.", "Si ferma {count} automazione." | "Si fermano {count} automazioni.";
    stop_leaves_out[count] = "{count} message that was foreseen is not sent." | "{count} messages that were foreseen are not sent.",
        "{count} messaggio previsto non parte." | "{count} messaggi previsti non partono.";
    stop_means = "What was sent stays in the chat. It cannot be resumed, only started again from the beginning.",
        "Quello che è partito resta nella chat. Non si può riprendere, solo far ripartire da capo.";
    action_held = "On hold until you release it.", "Sospesa finché non la sblocchi.";
    action_released = "It has its time again.", "Ha di nuovo la sua ora.";
    handed_back = "Automations speak again with this contact.", "Con questo contatto le automazioni riprendono a parlare.";
    retried_several[count] = "{count} goes out again." | "{count} go out again.", "Ne riparte {count}." | "Ne ripartono {count}.";
    test_on_its_way = "The test message is on its way.", "Il messaggio di prova è in partenza.";
    test_waits = "The last test message has not gone yet. How it went stands here as soon as it is known.",
        "L'ultimo messaggio di prova non è ancora partito. Com'è andata si legge qui appena si sa.";
    test_arrived = "The last test message has arrived.", "L'ultimo messaggio di prova è arrivato.";
    test_failed(why: &str) = "The last test message did not arrive. {why}", "L'ultimo messaggio di prova non è arrivato. {why}";
    setting_missing = "Write it.", "Scrivilo.";
    download = "Download", "Scarica";
}
