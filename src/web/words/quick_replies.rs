//! Quick replies: the page, the form, and what may be wrong with one.

use super::{Language, words};
use crate::model::quick_reply::QuickReplyFault;

impl Language {
    /// What is wrong with a quick reply.
    pub fn quick_reply_fault(self, fault: &QuickReplyFault) -> String {
        match fault {
            QuickReplyFault::NoShortcut => self.quick_no_shortcut().to_owned(),
            QuickReplyFault::BadShortcut(_) => self.quick_bad_shortcut().to_owned(),
            QuickReplyFault::SameShortcut(shortcut) => self.quick_taken(shortcut),
            QuickReplyFault::Empty(_) => self.quick_empty().to_owned(),
            QuickReplyFault::TooLong(_, length) => self.quick_too_long(*length),
            QuickReplyFault::BadTemplate(..) => self.quick_bad_template().to_owned(),
            QuickReplyFault::UnknownName(_, name) => self.quick_unknown(name),
        }
    }
}

words! {
    quick_replies = "Quick replies", "Messaggi rapidi";
    quick_replies_text = "Answers you send again and again. In a chat, type / and choose one: it fills the box, and you send it when you like.",
        "Le risposte che mandi più spesso. In una chat scrivi / e scegline uno: riempie la casella, e lo invii quando vuoi.";
    quick_manage = "Change the quick replies", "Modifica i messaggi rapidi";
    quick_new = "New quick reply", "Nuovo messaggio rapido";
    quick_edit(shortcut: &str) = "Edit /{shortcut}", "Modifica /{shortcut}";
    quick_none = "No quick reply yet", "Ancora nessun messaggio rapido";
    quick_none_text = "Begin with sixteen ready ones, in Italian and English, and change them as you like.",
        "Parti da sedici già pronti, in italiano e inglese, e cambiali come vuoi.";
    quick_no_match = "Nothing found", "Nessun risultato";
    quick_no_match_text = "Try another word, or a shorter one.", "Prova con un'altra parola, o più corta.";
    quick_add_pack = "Add the sixteen ready ones", "Aggiungi i sedici già pronti";
    quick_added[count] = "{count} quick reply added." | "{count} quick replies added.", "{count} messaggio rapido aggiunto." | "{count} messaggi rapidi aggiunti.";
    quick_left_out(names: &str) = " Already here, and left as they are: {names}.", " C'erano già e restano come sono: {names}.";
    quick_search = "Search quick replies", "Cerca tra i messaggi rapidi";
    quick_shortcut = "Shortcut", "Scorciatoia";
    quick_shortcut_help = "What you type after the slash: one word, as ciao.", "Quello che scrivi dopo la barra: una parola sola, per esempio ciao.";
    quick_text_it = "Text in Italian", "Testo in italiano";
    quick_text_en = "Text in English", "Testo in inglese";
    quick_text_help = "{{ contact.name }} is the contact's name, {{ operator.name }} yours; {{ minutes }} or another single word is typed when you send.",
        "{{ contact.name }} è il nome del contatto, {{ operator.name }} il tuo; {{ minutes }} o un'altra parola sola si scrive al momento dell'invio.";
    quick_text_en_help = "For contacts who read English. Empty: everybody gets the other one.", "Per i contatti che leggono l'inglese. Vuoto: tutti ricevono l'altro.";
    quick_files = "Files", "Allegati";
    quick_files_help = "Untick one to take it away.", "Togli la spunta per toglierlo.";
    quick_file_add = "Add a file", "Aggiungi un file";
    quick_with_files[count] = "with {count} file" | "with {count} files", "con {count} allegato" | "con {count} allegati";
    quick_goes_with = "Goes with the message", "Parte con il messaggio";
    quick_file_open = "A file of this reply was never given: it goes without. Add it in the quick replies.",
        "Un allegato di questo messaggio non è mai stato caricato: parte senza. Aggiungilo nei messaggi rapidi.";
    quick_blanks = "To fill in once", "Da completare una volta";
    quick_to_complete = "To complete", "Da completare";
    quick_preview = "Preview", "Anteprima";
    quick_preview_as(name: &str) = "As {name} reads it", "Come lo legge {name}";
    quick_preview_in_chat(name: &str) = "As it is put into the chat with {name}", "Come arriva nella conversazione con {name}";
    quick_preview_for = "Read it as", "Leggilo come";
    quick_preview_help = "A name or number of your address book. The preview is of what is saved.", "Un nome o un numero della rubrica. L'anteprima è di quello che è salvato.";
    quick_preview_show = "Show", "Mostra";
    quick_preview_nobody(called: &str) = "Nobody in the address book is called {called}.", "In rubrica non c'è nessuno che si chiama {called}.";
    quick_preview_others = "Others of that name", "Altri con questo nome";
    quick_sample = "Anna", "Anna";
    quick_used[count] = "sent {count} time" | "sent {count} times", "inviato {count} volta" | "inviato {count} volte";
    quick_copied(shortcut: &str) = "Copied as /{shortcut}.", "Copiato come /{shortcut}.";
    quick_deleted(shortcut: &str) = "/{shortcut} was deleted.", "/{shortcut} è stato eliminato.";
    quick_saved(shortcut: &str) = "/{shortcut} was saved.", "/{shortcut} è stato salvato.";
    quick_no_shortcut = "Write a shortcut.", "Scrivi una scorciatoia.";
    quick_bad_shortcut = "Write one word of small letters, digits and hyphens, 32 at most.",
        "Scrivi una parola sola, con lettere minuscole, cifre e trattini: al massimo 32.";
    quick_taken(shortcut: &str) = "Another one already has the shortcut /{shortcut}. Choose another.", "La scorciatoia /{shortcut} è già di un altro. Scegline una diversa.";
    quick_empty = "Write what it says.", "Scrivi il testo del messaggio.";
    quick_too_long(length: usize) = "The text has {length} characters, and 4096 is the most. Make it shorter.", "Il testo ha {length} caratteri e il massimo è 4096. Accorcialo.";
    quick_bad_template = "A pair of braces is not closed: write {{ contact.name }}.", "Le parentesi graffe non sono chiuse: scrivi {{ contact.name }}.";
    quick_unknown(name: &str) = "Nothing fills {name}. Check its spelling.", "Niente riempie {name}. Controlla come è scritto.";
}
