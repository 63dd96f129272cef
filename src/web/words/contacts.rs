//! The address book, the chat, and the simulator.

use super::forms::Menu;
use super::{Language, words};
use crate::base::address::ChannelKind;
use crate::model::contact::ConsentState;

impl Language {
    /// Whether flows may act for a contact, as a choice.
    pub fn automation_choices(self) -> [(&'static str, &'static str); 3] {
        [("on", self.automations_on()), ("pause", self.automations_pause()), ("off", self.automations_off())]
    }

    /// The kinds of channel, by the words of the API.
    pub fn channel_kinds(self) -> Menu {
        ChannelKind::ALL.iter().map(|kind| (kind.word().to_owned(), self.channel_kind(*kind).to_owned())).collect()
    }

    /// The states of permission.
    pub fn consent_states(self) -> Menu {
        let all = [("unknown", ConsentState::Unknown), ("opted_in", ConsentState::OptedIn), ("opted_out", ConsentState::OptedOut)];
        all.into_iter().map(|(word, state)| (word.to_owned(), self.consent(state).to_owned())).collect()
    }
}

words! {
    contacts_count[count] = "{count} contact" | "{count} contacts", "{count} contatto" | "{count} contatti";
    contacts_unanswered[count] = "One person wrote and got no answer." | "{count} people wrote and got no answer.",
        "Una persona ha scritto e non ha avuto risposta." | "{count} persone hanno scritto e non hanno avuto risposta.";
    contacts_see_unanswered = "See who", "Vedi chi";
    contacts_only_unanswered = "Only those who wrote and got no answer.", "Solo chi ha scritto e non ha avuto risposta.";
    contacts_see_all = "See all", "Vedi tutti";
    contacts_none_unanswered = "Everybody got an answer", "Hanno avuto tutti una risposta";
    unanswered = "No answer yet", "Senza risposta";
    unanswered_text = "No automation took what they wrote. Write to them, or say that no answer is needed.",
        "Nessuna automazione ha preso quello che ha scritto. Rispondi tu, oppure segna che non serve.";
    needs_no_answer = "No answer needed", "Non serve risposta";
    needs_no_answer_done = "Marked as needing no answer.", "Segnato: non serve risposta.";
    new_contact = "New contact", "Nuovo contatto";
    edit_contact(name: &str) = "Edit {name}", "Modifica {name}";
    contacts_none = "Nobody here yet", "Ancora nessuno";
    contacts_none_text = "Whoever writes to you appears here by themselves. You can also add somebody by hand.",
        "Chi ti scrive compare qui da solo. Puoi anche aggiungere qualcuno a mano.";
    contacts_no_match = "Nobody found", "Nessuno trovato";
    contacts_no_match_text = "Try a part of the name or the last digits of the number.", "Prova con una parte del nome o con le ultime cifre del numero.";
    tag = "Tag", "Tag";
    tags = "Tags", "Tag";
    all_tags = "All tags", "Tutti i tag";
    add_tag = "Add a tag", "Aggiungi un tag";
    remove_tag(tag: &str) = "Take off {tag}", "Togli {tag}";
    last_heard = "Last message", "Ultimo messaggio";
    in_automations = "In automations", "Nelle automazioni";
    in_none = "In no automation now.", "Adesso in nessuna automazione.";
    ended_runs[count] = "{count} ended before" | "{count} ended before", "{count} già finita" | "{count} già finite";
    never = "never", "mai";
    selected_contacts = "With those selected:", "Con quelli selezionati:";
    start_automation = "Start an automation", "Fai partire un'automazione";
    next_page = "Next", "Avanti";
    chat = "Chat", "Chat";
    chat_none = "No message yet.", "Ancora nessun messaggio.";
    older_messages = "Older messages", "Messaggi precedenti";
    write_message = "Write a message", "Scrivi un messaggio";
    send = "Send", "Invia";
    hand_back = "Hand back to automations", "Riconsegna alle automazioni";
    channel = "Channel", "Canale";
    number = "Number", "Recapito";
    automations = "Automations", "Automazioni";
    automations_on = "On", "Accese";
    automations_pause = "Pause 1 hour", "Pausa 1 ora";
    automations_off = "Off", "Spente";
    paused_until = "Paused until", "In pausa fino a";
    consent_label = "Consent", "Consenso";
    consent_help = "Nothing is sent to whoever is unsubscribed.", "A chi è disiscritto non si invia niente.";
    fields = "Fields", "Campi";
    fields_others[count] = "{count} more field" | "{count} more fields", "Ancora {count} campo" | "Altri {count} campi";
    field_time = "Time (optional)", "Ora (facoltativa)";
    field_list_help = "Several, with commas between.", "Più di uno, separati da virgole.";
    field_no_date = "Write a date, as 24/12/2026.", "Scrivi una data, come 24/12/2026.";
    field_no_time = "Write a time, as 09:30.", "Scrivi un'ora, come 09:30.";
    field_no_yes = "Choose yes or no.", "Scegli sì o no.";
    fields_none = "No field yet.", "Ancora nessun campo.";
    addresses = "Numbers", "Recapiti";
    addresses_help = "How each channel knows this person.", "Come ogni canale conosce questa persona.";
    contact_language_help = "Code, as it or en. Empty: the one of the channel.", "Codice, come it o en. Vuoto: quella del canale.";
    contact_zone_help = "Empty: yours.", "Vuoto: il tuo.";
    address_taken(name: &str) = "This number already belongs to {name}.", "Questo recapito è già di {name}.";
    address_empty = "Write a number.", "Scrivi un recapito.";
    block = "Block", "Blocca";
    unblock = "Unblock", "Sblocca";
    contact_saved = "Saved.", "Salvato.";
    contact_deleted = "Deleted.", "Eliminato.";
    delete_contact(name: &str) = "Delete {name}", "Elimina {name}";
    delete_contact_text = "The chat, the fields and the history go with it, and active automations stop. It cannot be undone.",
        "Spariscono anche chat, campi e storia, e le automazioni attive si fermano. Non si può annullare.";
    message_sent = "On its way. Automations are silent for a while.", "In partenza. Le automazioni tacciono per un po'.";
    still_to_type(blanks: &str) = "Nothing was sent: fill in what stands in square brackets first ({blanks}).",
        "Non è partito niente: prima scrivi quello che sta tra parentesi quadre ({blanks}).";
    message_empty = "Write something first.", "Prima scrivi qualcosa.";
    window_open_for(length: &str) = "window open for {length} more", "finestra aperta ancora per {length}";
    window_closed_since(length: &str) = "window closed {length} ago", "finestra chiusa da {length}";
    cannot_window = "The 24-hour window is closed: WhatsApp allows only an approved template until they write again.",
        "La finestra di 24 ore è chiusa: finché non scrive, WhatsApp permette solo un modello approvato.";
    cannot_opted_out = "Unsubscribed: nothing can be sent.", "Disiscritto: non si può inviare niente.";
    cannot_blocked = "Blocked: nothing can be sent.", "Bloccato: non si può inviare niente.";
    cannot_no_channel = "No channel reaches this contact. Connect one, or add a number.", "Nessun canale raggiunge questo contatto. Collegane uno, o aggiungi un recapito.";
    silent_until(when: &str) = "A person is answering: automations are silent until {when}.", "Risponde una persona: le automazioni tacciono fino a {when}.";
    silent_open = "A person is answering: automations are silent until you hand back.", "Risponde una persona: le automazioni tacciono finché non riconsegni.";
    author_phone = "From the phone", "Dal telefono";
    author_system = "Flusso", "Flusso";
    author_you = "You", "Tu";
    start_text = "It goes to those who can get it; the others are left alone, and you see why.", "Parte per chi può riceverla; gli altri non vengono toccati, e vedi perché.";
    start_choose(flow: &str) = "Tick who is to start {flow}, then press the button below. You see who gets it before it starts.", "Spunta chi deve cominciare {flow}, poi premi il pulsante in basso. Prima di partire vedi a chi arriva.";
    start_for[count] = "For {count} person" | "For {count} people", "Per {count} persona" | "Per {count} persone";
    start_button = "Start", "Fai partire";
    start_results = "How it went", "Com'è andata";
    start_no_flow = "No automation is active", "Nessuna automazione è attiva";
    start_no_flow_text = "Enable one first, then start it from here.", "Prima attivane una, poi falla partire da qui.";
    start_look = "See who it starts for", "Vedi per chi parte";
    start_count[count] = "It starts for {count} contact." | "It starts for {count} contacts.", "Parte per {count} contatto." | "Parte per {count} contatti.";
    start_left_out[count] = "{count} is left out." | "{count} are left out.", "{count} resta fuori." | "{count} restano fuori.";
    start_again_for = "starts again from the beginning", "riparte da capo";
    nobody_selected = "Nobody was selected. Tick at least one line.", "Non era selezionato nessuno. Spunta almeno una riga.";
    simulator_text = "Talk as an invented customer and see what they would get. Nothing leaves this machine.",
        "Parla come un cliente inventato e guarda cosa riceverebbe. Da questa macchina non esce niente.";
    simulator_none = "There is no simulator yet", "Il simulatore non c'è ancora";
    simulator_none_text = "Add it: it is a channel like the others, without a provider.", "Aggiungilo: è un canale come gli altri, senza fornitore.";
    simulator_add = "Add the simulator", "Aggiungi il simulatore";
    simulator_empty = "Write the word that starts an automation.", "Scrivi la parola che fa partire un'automazione.";
    simulator_waits(when: &str) = "Now it waits: the next step comes {when}.", "Adesso aspetta: il prossimo passo è {when}.";
    people = "Invented people", "Persone inventate";
    new_person = "New", "Nuova";
    person_name = "What are they called?", "Come si chiama?";
    add_person = "Add", "Aggiungi";
    write_as(name: &str) = "Write as {name}", "Scrivi come {name}";
    words_to_try = "Words to try", "Parole da provare";
    no_words_to_try = "No active automation starts with a word. Enable one first.", "Nessuna automazione attiva parte con una parola. Prima attivane una.";
}
