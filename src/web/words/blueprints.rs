//! The gallery of the starter pack, what a blueprint asks and needs, and what is still to do for a flow that was added.

use super::{Language, words};
use crate::engine::blueprint::asked::AnswerFault;

impl Language {
    /// A trade, by its word; the word itself where it is not one of ours.
    pub fn trade(self, word: &str) -> &str {
        match word {
            "any" => self.trade_any(),
            "shop" => self.trade_shop(),
            "services" => self.trade_services(),
            "health" => self.trade_health(),
            "beauty" => self.trade_beauty(),
            "food" => self.trade_food(),
            "events" => self.trade_events(),
            other => other,
        }
    }

    /// What a blueprint is to achieve, by its word.
    pub fn goal(self, word: &str) -> &'static str {
        match word {
            "answer" => self.goal_answer(),
            "sell" => self.goal_sell(),
            "remind" => self.goal_remind(),
            "book" => self.goal_book(),
            "collect" => self.goal_collect(),
            "care" => self.goal_care(),
            "consent" => self.goal_consent(),
            _ => "",
        }
    }

    /// What is wrong with an answer.
    pub fn answer_fault(self, fault: AnswerFault) -> String {
        match fault {
            AnswerFault::Missing => self.ask_missing().to_owned(),
            AnswerFault::TooLong(most) => self.ask_too_long(most),
            AnswerFault::Braces => self.ask_braces().to_owned(),
            AnswerFault::NotAUrl => self.ask_no_url().to_owned(),
            AnswerFault::NotAWord => self.ask_no_word().to_owned(),
            AnswerFault::StopWord => self.ask_stop_word().to_owned(),
            AnswerFault::NotATimeRange => self.ask_no_range().to_owned(),
            AnswerFault::NotADate => self.ask_no_date().to_owned(),
            AnswerFault::NotANumber => self.ask_no_number().to_owned(),
            AnswerFault::NotStaff => self.ask_no_staff().to_owned(),
        }
    }
}

words! {
    blueprints_text = "Eighteen conversations a business really has. Try one, answer a few questions, and it is yours to change.",
        "Diciotto conversazioni che un'attività ha davvero. Provane una, rispondi a poche domande ed è tua, da cambiare come vuoi.";
    blueprints_trade = "Your trade", "La tua attività";
    blueprints_goal = "What it is for", "A che cosa serve";
    blueprints_found[count] = "{count} automation" | "{count} automations", "{count} automazione" | "{count} automazioni";
    blueprints_none = "Nothing for this choice", "Niente per questa scelta";
    blueprints_none_text = "Choose another trade or another purpose.", "Scegli un'altra attività o un altro scopo.";
    blueprints_all = "See all of them", "Vedi tutte";
    blueprints_link = "See the gallery", "Apri la galleria";
    blueprint_nodes[count] = "{count} node" | "{count} nodes", "{count} nodo" | "{count} nodi";
    blueprint_speaks = "Italian and English", "Italiano e inglese";
    blueprint_try = "Try it", "Provala";
    blueprint_add = "Add it", "Aggiungila";
    blueprint_added[count] = "Already added once" | "Already added {count} times", "Già aggiunta una volta" | "Già aggiunta {count} volte";
    blueprint_again_help = "You can add it again: the new one gets another name, and only the words that are still free.",
        "Puoi aggiungerla ancora: la nuova prende un altro nome e solo le parole rimaste libere.";
    blueprint_needs = "What it needs", "Che cosa le serve";
    blueprint_make_yours = "Make it yours", "Falla tua";
    blueprint_make_yours_text = "The answers go into its texts. It is added disabled: you look at it, change it, and enable it when you like.",
        "Le risposte entrano nei suoi testi. Arriva disattivata: la guardi, la cambi e la attivi quando vuoi.";
    blueprint_add_button = "Add the automation", "Aggiungi l'automazione";
    blueprint_add_and_try = "Add and try it on the simulator", "Aggiungi e provala nel simulatore";
    blueprint_words = "Its words and those of the others", "Le sue parole e quelle delle altre";
    blueprint_taken[count, phrases: &str] = "{phrases} stays where it is and is left out here. It already starts" | "{phrases} stay where they are and are left out here. They already start",
        "{phrases} resta dov'è e qui non c'è. Fa già partire" | "{phrases} restano dove sono e qui non ci sono. Fanno già partire";
    blueprint_own_word = "Which word starts this one?", "Con quale parola deve partire questa?";
    blueprint_own_word_help = "All its words are taken. This one is free: write another if you like it better.",
        "Le sue parole sono tutte occupate. Questa è libera: scrivine un'altra, se ti piace di più.";
    blueprint_own_word_taken(name: &str) = "This word already starts {name}. Write another.", "Questa parola fa già partire {name}. Scrivine un'altra.";
    blueprint_takes_over(name: &str) = "{name} is here as a ready example. With your answers it becomes yours and keeps its words; the example stays among its versions.",
        "{name} c'è già come esempio pronto. Con le tue risposte diventa la tua e tiene le sue parole; l'esempio resta tra le sue versioni.";
    blueprint_was_added(name: &str) = "{name} was added, still disabled. Below is what is left to do.",
        "{name} è stata aggiunta, ancora disattivata. Qui sotto trovi quello che manca.";
    blueprint_made[count] = " {count} field or tag was made." | " {count} fields and tags were made.", " È stato creato {count} campo o tag." | " Sono stati creati {count} campi e tag.";
    blueprint_is_live(name: &str) = "{name} is active on the simulator. Write to it as a customer would.",
        "{name} è attiva nel simulatore. Scrivile come farebbe un cliente.";
    blueprint_is_live_by(name: &str, phrase: &str) = "{name} is active on the simulator. Write “{phrase}”, as a customer would.",
        "{name} è attiva nel simulatore. Scrivi “{phrase}”, come farebbe un cliente.";
    blueprint_not_live(name: &str) = "{name} was added, but it cannot start yet: look at what is left to do.",
        "{name} è stata aggiunta, ma non può ancora partire: guarda che cosa manca.";
    try_blueprint_text = "It speaks with the answers that stand in its questions by default. Nothing is stored and nothing is sent.",
        "Parla con le risposte già scritte nelle sue domande. Niente viene salvato e niente viene mandato.";

    trade_any = "Any business", "Ogni attività";
    trade_shop = "Shop", "Negozio";
    trade_services = "Services", "Servizi";
    trade_health = "Health", "Salute";
    trade_beauty = "Beauty", "Bellezza";
    trade_food = "Food", "Ristorazione";
    trade_events = "Events", "Eventi";
    goal_answer = "Answering", "Rispondere";
    goal_sell = "Selling", "Vendere";
    goal_remind = "Reminding", "Ricordare";
    goal_book = "Inviting", "Invitare";
    goal_collect = "Getting paid", "Incassare";
    goal_care = "After the sale", "Dopo la vendita";
    goal_consent = "Permission to write", "Consensi";

    ask_missing = "Answer this: the texts make no sense without it.", "Rispondi a questa domanda: senza, i testi restano a metà.";
    ask_too_long(most: usize) = "This is too long: {most} characters are the most. Shorten it.", "È troppo lungo: al massimo {most} caratteri. Accorcialo.";
    ask_braces = "Leave out the double braces: they would be read as a variable.", "Togli le doppie graffe: verrebbero lette come una variabile.";
    ask_no_url = "Write the whole address, beginning with https://.", "Scrivi l'indirizzo intero, che comincia con https://.";
    ask_no_word = "Write a word that somebody could send you.", "Scrivi una parola che qualcuno potrebbe mandarti.";
    ask_stop_word = "Who writes this word is unsubscribed. Choose another.", "Chi scrive questa parola si disiscrive. Scegline un'altra.";
    ask_no_range = "Write two times, as 09:00-18:00.", "Scrivi due orari, per esempio 09:00-18:00.";
    ask_no_date = "Write a day and a time, as 2026-12-12T18:00.", "Scrivi un giorno e un'ora, per esempio 2026-12-12T18:00.";
    ask_no_number = "Write a number, in digits.", "Scrivi un numero, in cifre.";
    ask_no_staff = "Nobody can be told this way. Write a number with its country, as +39 333 1234567, or a web address beginning with https://.",
        "Così non si può avvisare nessuno. Scrivi un numero con il prefisso, come +39 333 1234567, o un indirizzo web che comincia con https://.";
    ask_staff_help = "A number with its country, as +39 333 1234567, or a web address. On a channel of your choice: its name, a colon, the number.",
        "Un numero con il prefisso, come +39 333 1234567, o un indirizzo web. Su un canale scelto da te: il suo nome, due punti, il numero.";
    ask_range_help = "For example 09:00-18:00.", "Per esempio 09:00-18:00.";
    ask_file_help = "PDF, picture, sound or film, 16 MB at most.", "PDF, immagine, audio o video, al massimo 16 MB.";
    ask_file_kept = "The file you sent is here already. Choose another only to replace it.", "Il file che hai mandato c'è già. Scegline un altro solo per cambiarlo.";

    need_channels = "Any channel: WhatsApp, Telegram, SMS, or the simulator.", "Un canale qualsiasi: WhatsApp, Telegram, SMS o il simulatore.";
    need_start_address = "Another program that starts it, by its start address, or you by hand.", "Un altro programma che la fa partire, dal suo indirizzo di avvio, oppure tu a mano.";
    need_business_hours = "Your opening hours, in the settings.", "I tuoi orari di apertura, nelle impostazioni.";
    need_consent = "Contacts who gave permission: it writes to no others.", "Contatti che hanno dato il consenso: agli altri non scrive.";
    need_api = "A web address where your program answers its questions.", "Un indirizzo web dove il tuo programma risponde alle sue domande.";
    need_staff = "Somebody to tell when a person is needed (optional).", "Qualcuno da avvisare quando serve una persona (facoltativo).";
    need_file = "A file to send (optional).", "Un file da mandare (facoltativo).";
    need_flows(names: &str) = "It works together with: {names}.", "Lavora insieme a: {names}.";
    need_templates[count, names: &str] = "On WhatsApp, outside the 24 hours, the approved template {names}." | "On WhatsApp, outside the 24 hours, the approved templates {names}.",
        "Su WhatsApp, fuori dalle 24 ore, il modello approvato {names}." | "Su WhatsApp, fuori dalle 24 ore, i modelli approvati {names}.";
    need_segments(names: &str) = "A segment of contacts, made with it: {names}.", "Un segmento di contatti, che nasce con lei: {names}.";
    need_fields(names: &str) = "Fields, made when it is added: {names}.", "Campi, creati quando la aggiungi: {names}.";
    need_tags(names: &str) = "Tags, made when it is added: {names}.", "Tag, creati quando la aggiungi: {names}.";

    first_title = "What do you want first?", "Che cosa vuoi per prima cosa?";
    first_text = "Choose a need. Three or four questions, and you talk to your own automation.",
        "Scegli un bisogno. Tre o quattro domande, e parli con un'automazione tua.";
    first_welcome = "Greet who writes to me, at once", "Accogliere subito chi mi scrive";
    first_prices = "Send prices without writing them again", "Mandare i prezzi senza riscriverli";
    first_questions = "Answer the usual questions", "Rispondere alle solite domande";
    first_leads = "Collect requests for a quote", "Raccogliere le richieste di preventivo";
    first_other = "Something else: see all eighteen", "Altro: vedi tutte e diciotto";
    first_blank = "Begin from nothing", "Parto da zero";
    first_examples = "Or talk to the ready examples first", "Oppure parla prima con gli esempi già pronti";
    first_examples_text = "Welcome, price list and quote follow-up answer on the simulator already. You can come back here from there.",
        "Benvenuto, listino e follow-up preventivo rispondono già nel simulatore. Da lì puoi tornare qui.";
    first_try = "Try the ready examples on the simulator", "Prova gli esempi pronti nel simulatore";
    first_link = "Make one of your own", "Fanne una tua";

    todo_title = "Before you enable it", "Prima di attivarla";
    todo_title_done = "Everything is done", "È tutto fatto";
    todo_done = "Done", "Fatto";
    todo_open = "To do", "Da fare";
    todo_tick(what: &str) = "Done: {what}", "Fatto: {what}";
    todo_untick(what: &str) = "Not done yet: {what}", "Non ancora fatto: {what}";
    todo_close = "Put this list away", "Metti via questa lista";
    todo_closed = "The list was put away.", "La lista è stata messa via.";
    todo_left_out[count, phrases: &str] = "{phrases} is not here. It already starts" | "{phrases} are not here. They already start",
        "{phrases} non c'è. Fa già partire" | "{phrases} non ci sono. Fanno già partire";
    todo_left_free[count, phrases: &str] = "{phrases} was left out and is free again: you can add it." | "{phrases} were left out and are free again: you can add them.",
        "{phrases} era rimasta fuori e adesso è libera: puoi aggiungerla." | "{phrases} erano rimaste fuori e adesso sono libere: puoi aggiungerle.";
    todo_word = "Give it a word to start with", "Dalle una parola con cui partire";
    todo_address(address: &str) = "Write your own address instead of {address}", "Scrivi il tuo indirizzo al posto di {address}";
    todo_default(label: &str, default: &str) = "To check: {label} It says “{default}” now", "Da controllare: {label} Adesso c'è “{default}”";
    todo_file = "Attach the file that this message sends (optional: without it the text goes alone)",
        "Allega il file che questo messaggio manda (facoltativo: senza, parte il solo testo)";
    todo_templates[count, names: &str] = "Have WhatsApp approve the template {names}" | "Have WhatsApp approve the templates {names}",
        "Fai approvare da WhatsApp il modello {names}" | "Fai approvare da WhatsApp i modelli {names}";
    todo_templates_help = "Flusso does not ask WhatsApp about it: when you see them approved in its manager, tick this yourself.",
        "Flusso non lo chiede a WhatsApp: quando nel suo pannello li vedi approvati, segnalo tu.";
    todo_start_address = "Give its start address to your program, or start it by hand", "Dai il suo indirizzo di avvio al tuo programma, o falla partire a mano";
    todo_hours = "Set your opening hours", "Imposta i tuoi orari di apertura";
    todo_flow(name: &str) = "Add {name}, which it works with", "Aggiungi {name}, con cui lavora";
    todo_staff = "Say who is told when a person is needed", "Scegli chi avvisare quando serve una persona";
    todo_staff_reach(to: &str) = "Nothing here reaches {to}, who is to be told: connect WhatsApp or SMS, or write a web address",
        "Qui niente raggiunge {to}, che va avvisato: collega WhatsApp o gli SMS, oppure scrivi un indirizzo web";
    todo_channel = "Connect a channel", "Collega un canale";
    todo_problems = "Solve the problems below, then save it", "Risolvi i problemi qui sotto, poi salvala";
    todo_try = "Talk to it in the simulator", "Parlale nel simulatore";
    todo_enable = "Enable it", "Attivala";
    todo_go = "Go", "Vai";
}
