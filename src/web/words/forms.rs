//! The menus of the forms of nodes: the word of the document and what a person reads.

use super::{Language, words};
use crate::model::node::{ConsentWord, EventKind, LaunchMode, MatchMode, MediaKind, Method, Operator};
use serde::Serialize;

/// A menu: the word of the document, and the words of the reader.
pub type Menu = Vec<(String, String)>;

/// The word that a closed list has in the document.
fn word_of(thing: impl Serialize) -> String {
    serde_json::to_value(thing).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn menu<T: Serialize + Copy, const N: usize>(all: [T; N], said: impl Fn(T) -> &'static str) -> Menu {
    all.into_iter().map(|one| (word_of(one), said(one).to_owned())).collect()
}

fn plain<const N: usize>(all: [(&str, &str); N]) -> Menu {
    all.into_iter().map(|(word, said)| (word.to_owned(), said.to_owned())).collect()
}

const OPERATORS: [Operator; 17] = [
    Operator::Is,
    Operator::IsNot,
    Operator::Contains,
    Operator::StartsWith,
    Operator::Matches,
    Operator::In,
    Operator::Has,
    Operator::HasNot,
    Operator::Gt,
    Operator::Gte,
    Operator::Lt,
    Operator::Lte,
    Operator::Before,
    Operator::After,
    Operator::Between,
    Operator::Exists,
    Operator::Missing,
];

impl Language {
    /// Units of a length of time.
    pub fn units(self) -> Menu {
        plain([
            ("s", self.unit_seconds()),
            ("m", self.unit_minutes()),
            ("h", self.unit_hours()),
            ("d", self.unit_days()),
            ("w", self.unit_weeks()),
            ("ms", "ms"),
        ])
    }

    /// The days of the week, by the words of the document.
    pub fn day_boxes(self) -> Menu {
        let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        days.into_iter().enumerate().map(|(index, word)| (word.to_owned(), self.weekday_short(index).to_owned())).collect()
    }

    /// The days of the week to choose one of, or none.
    pub fn weekday_choices(self) -> Menu {
        let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let named = days.into_iter().enumerate().map(|(index, word)| (word.to_owned(), self.weekday(index).to_owned()));
        [(String::new(), "–".to_owned())].into_iter().chain(named).collect()
    }

    /// The types of a value.
    pub fn value_types(self) -> Menu {
        plain([
            ("text", self.type_text()),
            ("number", self.type_number()),
            ("yes_no", self.type_yes_no()),
            ("list", self.type_list()),
            ("numbers", self.type_numbers()),
            ("json", "JSON"),
        ])
    }

    /// The comparisons.
    pub fn operators(self) -> Menu {
        menu(OPERATORS, |operator| self.operator(operator))
    }

    /// The comparisons, or none.
    pub fn operators_or_none(self) -> Menu {
        [(String::new(), "–".to_owned())].into_iter().chain(self.operators()).collect()
    }

    /// How a phrase is compared.
    pub fn match_modes(self) -> Menu {
        menu([MatchMode::Exact, MatchMode::Word, MatchMode::Starts, MatchMode::Contains, MatchMode::Regex], |mode| self.match_mode(mode))
    }

    /// What starts a flow.
    pub fn events(self) -> Menu {
        let all = [
            EventKind::FirstMessage,
            EventKind::AnyMessage,
            EventKind::OutOfHours,
            EventKind::TagAdded,
            EventKind::TagRemoved,
            EventKind::FieldChanged,
            EventKind::OptedIn,
            EventKind::OptedOut,
            EventKind::Date,
            EventKind::Schedule,
        ];
        menu(all, |event| self.event(event))
    }

    /// The kinds of file.
    pub fn media_kinds(self) -> Menu {
        menu([MediaKind::Document, MediaKind::Image, MediaKind::Audio, MediaKind::Video, MediaKind::Sticker], |kind| self.media(kind))
    }

    /// What to do where the 24-hour window is closed.
    pub fn window_ways(self) -> Menu {
        plain([
            ("", self.window_default()),
            ("template", self.window_template()),
            ("hold", self.window_hold()),
            ("skip", self.window_skip()),
            ("stop", self.window_stop()),
        ])
    }

    /// When a wait may end.
    pub fn window_choices(self) -> Menu {
        plain([("", self.window_any()), ("business_hours", self.window_business()), ("hours", self.window_these())])
    }

    /// What an answer must be.
    pub fn check_choices(self) -> Menu {
        plain([
            ("", self.check_anything()),
            ("text", self.check_text()),
            ("number", self.check_number()),
            ("date", self.check_date()),
            ("email", self.check_email()),
            ("phone", self.check_phone()),
            ("one_of", self.check_one_of()),
            ("regex", self.check_regex()),
        ])
    }

    /// What a flow may say of permission, or nothing.
    pub fn consent_choices(self) -> Menu {
        let said = menu([ConsentWord::OptedIn, ConsentWord::OptedOut], |consent| self.consent_word(consent));
        [(String::new(), "–".to_owned())].into_iter().chain(said).collect()
    }

    /// The methods of a call.
    pub fn methods(self) -> Menu {
        menu([Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete], Method::word)
    }

    /// What a call sends.
    pub fn body_choices(self) -> Menu {
        plain([("", self.body_none()), ("json", "JSON"), ("form", self.body_form()), ("raw", self.body_text())])
    }

    /// How another flow is started.
    pub fn launch_modes(self) -> Menu {
        menu([LaunchMode::Continue, LaunchMode::Call, LaunchMode::Jump], |mode| self.launch_mode(mode))
    }

    /// What a language is called, by its code; the code itself where it is rare.
    pub fn language_named(self, code: &str) -> String {
        let said = match code {
            "it" => self.lang_it(),
            "en" => self.lang_en(),
            "de" => self.lang_de(),
            "fr" => self.lang_fr(),
            "es" => self.lang_es(),
            other => other,
        };
        said.to_owned()
    }

    /// Languages by code, the reader's own first.
    pub fn own_first(self, mut codes: Vec<String>) -> Vec<String> {
        codes.sort_by_key(|code| code != self.code());
        codes
    }

    /// The languages a text may still be written in.
    pub fn other_languages(self, have: Vec<String>) -> Vec<String> {
        ["it", "en", "de", "fr", "es"].into_iter().map(str::to_owned).filter(|code| !have.contains(code)).collect()
    }
}

words! {
    unit_seconds = "seconds", "secondi";
    unit_minutes = "minutes", "minuti";
    unit_hours = "hours", "ore";
    unit_days = "days", "giorni";
    unit_weeks = "weeks", "settimane";
    unit_of(label: &str) = "{label}: unit", "{label}: unità";
    type_of(label: &str) = "{label}: type", "{label}: tipo";
    before = "before", "prima";
    after = "after", "dopo";
    before_or_after = "Before or after", "Prima o dopo";
    type_text = "text", "testo";
    type_number = "number", "numero";
    type_yes_no = "yes/no", "sì/no";
    type_list = "list", "elenco";
    type_numbers = "numbers", "numeri";
    window_default = "Hold it until the contact writes", "Aspetta che il contatto scriva";
    window_template = "Send an approved template", "Manda un modello approvato";
    window_hold = "Hold it, always", "Aspetta sempre";
    window_skip = "Leave this message out", "Salta questo messaggio";
    window_stop = "End the automation", "Chiudi l'automazione";
    window_any = "At any time", "A qualsiasi ora";
    window_business = "In business hours", "In orario di apertura";
    window_these = "Only on these days, between these times", "Solo in questi giorni, fra questi orari";
    check_anything = "Anything", "Qualsiasi cosa";
    check_one_of = "One of these", "Una di queste";
    check_regex = "Matches a pattern", "Corrisponde a un modello";
    body_none = "Nothing", "Niente";
    body_form = "A form", "Un modulo";
    body_text = "Text as it is", "Testo così com'è";
    lang_it = "Italian", "italiano";
    lang_en = "English", "inglese";
    lang_de = "German", "tedesco";
    lang_fr = "French", "francese";
    lang_es = "Spanish", "spagnolo";
    add_language = "In other languages", "In altre lingue";
    place = "Place", "Posto";
    more_options = "More options", "Altre opzioni";
    one_per_line = "One per line.", "Uno per riga.";
    days_label = "Days", "Giorni";
    at_what_time = "At what time", "A che ora";
    value_label = "Value", "Valore";
    field = "Field", "Campo";
    phrases = "Words that start it", "Parole che la fanno partire";
    phrases_help = "Capitals, accents, outer punctuation and emoji make no difference.", "Maiuscole, accenti, punteggiatura ed emoji intorno non contano.";
    the_message = "The message", "Il messaggio";
    phrase = "Word or phrase", "Parola o frase";
    only_channels = "Only on these channels", "Solo su questi canali";
    only_channels_help = "Names of channels, one per line. Empty means all.", "Nomi dei canali, uno per riga. Vuoto vuol dire tutti.";
    only_channels_event_help = "For what a message starts. Names of channels, one per line. Empty means all.",
        "Per quello che parte da un messaggio. Nomi dei canali, uno per riga. Vuoto vuol dire tutti.";
    cooldown = "Rest for each contact", "Riposo per ogni contatto";
    cooldown_help = "For this long the same person does not start it again.", "Per questo tempo la stessa persona non la fa ripartire.";
    event_on = "It starts when", "Parte quando";
    event_tag = "Tag", "Tag";
    event_field = "Field", "Campo";
    event_offset = "Distance from the date", "Distanza dalla data";
    event_segment = "Segment or tag", "Segmento o tag";
    event_yearly = "Every year", "Ogni anno";
    text_label = "Text", "Testo";
    text_help = "Write {{ contact.name }} for the name, {{ contact.fields.city }} for a field, {{ run.order }} for a variable.",
        "Scrivi {{ contact.name }} per il nome, {{ contact.fields.citta }} per un campo, {{ run.ordine }} per una variabile.";
    attachments = "Attachments", "Allegati";
    attachments_help = "A file kept here, or one by its address.", "Un file tenuto qui, oppure uno con il suo indirizzo.";
    attachment_kind = "Kind", "Tipo";
    attachment_file = "File", "File";
    attachment_url = "or its address", "oppure l'indirizzo";
    no_file = "None", "Nessuno";
    caption = "Caption", "Didascalia";
    upload = "Upload a file", "Carica un file";
    upload_help = "Up to 16 MB. It is added to this message.", "Fino a 16 MB. Si aggiunge a questo messaggio.";
    upload_button = "Upload", "Carica";
    buttons = "Buttons", "Pulsanti";
    buttons_help = "Up to three; each has its own way. Where a channel has none they become a numbered list.",
        "Fino a tre; ognuno ha la sua strada. Dove un canale non li ha diventano un elenco numerato.";
    button_title = "What the button says", "Cosa dice il pulsante";
    list_label = "List to choose from", "Elenco da cui scegliere";
    list_help = "Up to ten rows; each has its own way.", "Fino a dieci righe; ognuna ha la sua strada.";
    list_button = "What opens the list", "Cosa apre l'elenco";
    section(number: &usize) = "Section {number}", "Sezione {number}";
    section_title = "Heading", "Titolo";
    row_title = "Row", "Riga";
    row_description = "Smaller words under it", "Parole più piccole sotto";
    typing = "Show \"typing…\" first", "Prima mostra \"sta scrivendo…\"";
    typing_help = "Where the channel can.", "Dove il canale lo permette.";
    alternatives = "Other wordings", "Altri modi di dirlo";
    alternatives_help = "Taken in turn, so that people do not always read the same.", "Si usano a turno, per non scrivere sempre la stessa frase.";
    alternative(number: &usize) = "Wording {number}", "Versione {number}";
    location = "Place on the map", "Posizione";
    latitude = "Latitude", "Latitudine";
    longitude = "Longitude", "Longitudine";
    location_name = "Name of the place", "Nome del posto";
    location_address = "Postal address", "Indirizzo";
    contact_card = "Contact card", "Scheda contatto";
    phone = "Phone number", "Numero di telefono";
    window_closed = "If the 24-hour window is closed", "Se la finestra di 24 ore è chiusa";
    window_closed_do = "Then", "Allora";
    window_closed_help = "WhatsApp allows free text only within 24 hours of the contact's last message.",
        "WhatsApp permette il testo libero solo entro 24 ore dall'ultimo messaggio del contatto.";
    template_name = "Name of the template", "Nome del modello";
    template_language = "Its language code", "Codice della lingua";
    template_parameters = "What fills its places", "Cosa riempie i suoi spazi";
    wait_for = "How long", "Quanto tempo";
    wait_for_help = "From 1 second to 365 days. Leave it empty to wait only for an answer.", "Da 1 secondo a 365 giorni. Lascialo vuoto per aspettare solo una risposta.";
    wait_until = "Until a date, a time or a day", "Fino a una data, un'ora o un giorno";
    wait_until_help = "Instead of a length: fill in one of date, time, weekday and value.", "Al posto della durata: compila una sola cosa tra data, ora, giorno e valore.";
    until_date = "Date", "Data";
    until_time = "Time of day", "Ora del giorno";
    until_weekday = "Day of the week", "Giorno della settimana";
    until_value = "Date in a field or variable", "Data in un campo o variabile";
    until_offset = "Distance from it", "Distanza da quel momento";
    wait_window = "It may end", "Può finire";
    wait_window_help = "If the moment falls outside, it moves to the next opening.", "Se il momento cade fuori, si sposta alla prossima apertura.";
    from_time = "From", "Dalle";
    to_time = "To", "Alle";
    reply_box = "Wait for an answer too", "Aspetta anche una risposta";
    reply_box_help = "Whichever comes first: the time, or the answer.", "Quello che arriva prima: il tempo o la risposta.";
    reply_check = "The answer must be", "La risposta deve essere";
    reply_one_of = "Accepted answers", "Risposte accettate";
    reply_regex = "Pattern", "Modello";
    reply_save = "Keep the answer in", "Salva la risposta in";
    reply_save_help = "A field, contact.fields.city, or a variable, run.city.", "Un campo, contact.fields.citta, o una variabile, run.citta.";
    retry_times = "Ask again at most (times)", "Quante volte chiedere di nuovo";
    retry_help = "When the answer is not what it must be.", "Quando la risposta non è quella che serve.";
    retry_text = "With this text", "Con questo testo";
    ignore_keywords = "Ignore keywords while waiting", "Ignora le parole chiave mentre aspetti";
    ignore_keywords_help = "A keyword typed here is the answer.", "Una parola chiave scritta qui è la risposta.";
    burst = "Join messages that follow within", "Unisci i messaggi che arrivano entro";
    burst_help = "For people who answer in three short messages. 2 to 8 seconds.", "Per chi risponde con tre messaggi brevi. Da 2 a 8 secondi.";
    wait_met = "Until something happens", "Finché succede qualcosa";
    met_tag = "This tag is on the contact", "Il contatto ha questo tag";
    met_field = "This field", "Questo campo";
    met_callback = "Another program calls the start address", "Un altro programma chiama l'indirizzo di avvio";
    met_callback_help = "For example when a payment arrives.", "Per esempio quando arriva un pagamento.";
    branches_help = "They are tried in order; the first that holds is taken, or else \"otherwise\".", "Si provano in ordine; si prende la prima che vale, oppure \"altrimenti\".";
    new_branch = "Another way", "Un'altra strada";
    branch(number: &usize) = "Way {number}", "Strada {number}";
    branch_exit = "What it is called", "Come si chiama";
    all_rules = "All of these hold", "Valgono tutte";
    any_rules = "And at least one of these", "E almeno una di queste";
    rule_value = "What is looked at", "Cosa si guarda";
    rule_op = "How", "Come";
    rule_to = "With what", "Con che cosa";
    add_tags = "Put on these tags", "Metti questi tag";
    remove_tags = "Take off these tags", "Togli questi tag";
    set_fields = "Write fields", "Scrivi nei campi";
    set_fields_help = "contact.fields.city stays with the contact; run.city lives in this automation only.",
        "contact.fields.citta resta al contatto; run.citta vive solo in questa automazione.";
    becomes = "Becomes", "Diventa";
    increments = "Count up or down", "Conta in su o in giù";
    grows_by = "By", "Di";
    clear_fields = "Empty these fields", "Svuota questi campi";
    set_language = "Contact's language", "Lingua del contatto";
    set_consent = "Consent", "Consenso";
    launch_flow = "Automation to launch", "Automazione da lanciare";
    launch_flow_help = "It obeys its own rule for who is already inside.", "Segue la sua regola per chi è già dentro.";
    launch_how = "And this one", "E questa";
    launch_variables = "Variables it begins with", "Variabili con cui parte";
    launch_variables_help = "Names without run.", "Nomi senza run.";
    launch_stop = "Or stop an automation", "Oppure ferma un'automazione";
    launch_stop_help = "For the same contact. Leave it empty to launch.", "Per lo stesso contatto. Lascialo vuoto per lanciare.";
    choose_flow = "Choose an automation", "Scegli un'automazione";
    stop_none = "None", "Nessuna";
    handover_length = "For how long", "Per quanto tempo";
    handover_length_help = "Empty: until somebody hands back, or an hour after your last message.", "Vuoto: finché qualcuno riconsegna, o un'ora dopo il tuo ultimo messaggio.";
    handover_save = "Keep how it ended in", "Tieni come è finita in";
    handover_save_help = "For example run.taken: it becomes closed, answered, or unanswered when the time was up and nobody had written.",
        "Per esempio run.taken: diventa closed (riconsegnata), answered (qualcuno ha scritto) o unanswered (tempo scaduto e nessuno ha scritto).";
    handover_notify = "Who is told", "Chi viene avvisato";
    notify_to = "To whom", "A chi";
    notify_to_help = "A number, as +39 333 1234567; a channel's name, a colon and a number; or the address of a webhook.",
        "Un numero, come +39 333 1234567; il nome di un canale, due punti e un numero; oppure l'indirizzo di un webhook.";
    note_text = "Note", "Nota";
    note_help = "Only for whoever reads this automation.", "Solo per chi legge questa automazione.";
    end_goal_label = "Goal reached", "Obiettivo raggiunto";
    end_goal_help = "For example: booked. It is counted.", "Per esempio: prenotato. Viene contato.";
    split_help = "One contact always goes the same way.", "Lo stesso contatto va sempre dalla stessa parte.";
    weight = "Share", "Peso";
    what_follows = "What follows", "Cosa viene dopo";
    ends_here = "it ends here", "finisce qui";
    title_and_note = "Title and note", "Titolo e nota";
    node_title = "Title", "Titolo";
    node_title_help = "How you call this node. It is not sent.", "Come chiami questo nodo. Non viene inviato.";
    node_note = "Note for yourself", "Nota per te";
    keep_changes = "Keep in the draft", "Tieni nella bozza";
    preview = "As the contact sees it", "Come lo vede il contatto";
}
