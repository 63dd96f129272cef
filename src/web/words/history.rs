//! The versions of an automation, and what sets two of them apart.

use super::words;

words! {
    history = "History", "Storia";
    history_of(name: &str) = "History of {name}", "Storia di {name}";
    history_text = "Every version that was saved. You can look at each, compare two, and bring one back.",
        "Ogni versione salvata. Puoi guardarle, confrontarne due e riportarne una.";
    history_none = "Never saved yet", "Ancora mai salvata";
    history_none_text = "The first version appears here when you save the flow.", "La prima versione compare qui quando salvi il flusso.";
    history_draft = "Draft", "Bozza";
    history_draft_same = "The draft says the same as the newest version.", "La bozza dice le stesse cose dell'ultima versione.";
    history_version(number: &u32) = "Version {number}", "Versione {number}";
    history_version_of(number: &u32, name: &str) = "Version {number} of {name}", "Versione {number} di {name}";
    history_newest = "newest", "ultima";
    history_first = "The first version.", "La prima versione.";
    history_same = "Nothing changed.", "Non è cambiato niente.";
    history_saved_by(who: &str) = "by {who}", "di {who}";
    history_see = "See", "Guarda";
    history_restore = "Bring it back", "Riportala";
    history_restore_draft = "Put it in the draft", "Mettila nella bozza";
    history_restore_save = "Put it in the draft and save", "Mettila nella bozza e salva";
    history_restore_help = "The draft becomes this version. It is live only when it is saved, as a new version.",
        "La bozza diventa questa versione. È operativa solo quando la salvi, come nuova versione.";
    history_draft_lost = "The draft has changes that were never saved: they will be replaced.", "La bozza ha modifiche mai salvate: verranno sostituite.";
    history_restored(number: &u32) = "The draft is version {number} again. Save it when you are ready.",
        "La bozza è di nuovo la versione {number}. Salvala quando vuoi.";
    history_compare = "Compare", "Confronta";
    history_compare_title(from: &str, to: &str) = "{from} and {to}", "{from} e {to}";
    history_compare_from = "This one", "Questa";
    history_compare_to = "With this one", "Con questa";
    history_older = "Older versions", "Versioni precedenti";
    history_before(number: u32) = "Compare with version {number}", "Confronta con la versione {number}";
    diff_json = "Line by line", "Riga per riga";
    diff_flow = "The automation itself", "L'automazione stessa";
    diff_added = "Added", "Aggiunto";
    diff_removed = "Removed", "Tolto";
    diff_changed = "Changed", "Cambiato";
    diff_says_added(name: &str) = "Added: “{name}”.", "Aggiunto: “{name}”.";
    diff_says_removed(name: &str) = "Removed: “{name}”.", "Tolto: “{name}”.";
    diff_says_changed(name: &str, members: &str) = "Changed in “{name}”: {members}.", "Cambiato in “{name}”: {members}.";
    diff_more[count] = "And {count} more." | "And {count} more.", "E un'altra cosa." | "E altre {count} cose.";
    member_name = "name", "nome";
    member_reentry = "who triggers it again", "chi la fa partire di nuovo";
    member_talks = "tests", "prove";
    member_leave = "when it ends early", "quando finisce prima";
    member_start = "where it begins", "da dove comincia";
    member_exits = "what follows", "cosa segue";
    member_title = "title", "titolo";
    member_note = "note", "nota";
    member_text = "text", "testo";
    member_attachments = "attachments", "allegati";
    member_buttons = "buttons", "pulsanti";
    member_window = "what to do with the window closed", "cosa fare a finestra chiusa";
    member_phrases = "phrases", "frasi";
    member_channels = "channels", "canali";
    member_cooldown = "pause between two starts", "pausa tra due avvii";
    member_wait = "how long it waits", "quanto aspetta";
    member_reply = "the answer it waits for", "la risposta che aspetta";
    member_met = "what ends the wait", "cosa chiude l'attesa";
    member_branches = "branches", "strade";
    member_values = "values kept", "valori salvati";
    member_tags = "tags", "tag";
    member_call = "the call", "la chiamata";
    member_tries = "tries and time allowed", "tentativi e tempo concesso";
    member_launch = "the automation launched", "l'automazione lanciata";
    member_event = "the event", "l'evento";
}
