//! The words of the closed lists: kinds, modes, operators, states, rules.

use super::{Language, words};
use crate::base::address::ChannelKind;
use crate::model::action::ActionState;
use crate::model::contact::{ConsentState, Silence};
use crate::model::message::{MessageKind, Status};
use crate::model::node::{EventKind, LaunchMode, MatchMode, MediaKind, Operator};
use crate::model::operator::Scope;
use crate::model::outbox::OutboxState;
use crate::model::route::Rule;
use crate::model::run::{EndedAs, StartOutcome};

/// A choice of two, by the language.
const fn pick(language: Language, english: &'static str, italian: &'static str) -> &'static str {
    match language {
        Language::English => english,
        Language::Italian => italian,
    }
}

impl Language {
    /// What a kind of node is called, by its word in the document.
    pub fn kind(self, word: &str) -> &'static str {
        match word {
            "keyword" => pick(self, "Keyword", "Parola chiave"),
            "event" => pick(self, "Event", "Evento"),
            "message" => pick(self, "Message", "Messaggio"),
            "wait" => pick(self, "Wait", "Tempo di attesa"),
            "condition" => pick(self, "Condition", "Condizioni"),
            "save" => pick(self, "Save data and tags", "Salva in rubrica e TAG"),
            "api" => "API",
            "launch" => pick(self, "Launch another automation", "Lancia altre automazioni"),
            "split" => pick(self, "Split", "Divisione"),
            "handover" => pick(self, "Hand over to a person", "Passa a operatore"),
            "notify" => pick(self, "Notify staff", "Avvisa lo staff"),
            "note" => pick(self, "Note", "Nota"),
            "end" => pick(self, "End", "Fine"),
            _ => pick(self, "Node", "Nodo"),
        }
    }

    /// What a kind of node is for, in one line.
    pub fn kind_help(self, word: &str) -> &'static str {
        match word {
            "keyword" => pick(self, "A word starts the automation.", "Una parola fa partire l'automazione."),
            "event" => pick(self, "Something happens and starts it.", "Succede qualcosa e la fa partire."),
            "message" => pick(self, "Text, files, buttons.", "Testo, file, pulsanti."),
            "wait" => pick(self, "For a time, or for an answer.", "Un tempo, o una risposta."),
            "condition" => pick(self, "Different ways for different people.", "Strade diverse per persone diverse."),
            "save" => pick(self, "Fields and tags of the contact.", "Campi e tag del contatto."),
            "api" => pick(self, "Asks another program.", "Chiede a un altro programma."),
            "launch" => pick(self, "Starts or stops another one.", "Ne fa partire o ne ferma un'altra."),
            "split" => pick(self, "Some people here, some there.", "Un po' di qua, un po' di là."),
            "handover" => pick(self, "Automations fall silent, a person answers.", "Le automazioni tacciono, risponde una persona."),
            "notify" => pick(self, "A message to whoever works here.", "Un messaggio a chi lavora qui."),
            "note" => pick(self, "A word for whoever reads this.", "Due parole per chi legge."),
            "end" => pick(self, "It ends here, with what was reached.", "Finisce qui, con l'obiettivo raggiunto."),
            _ => "",
        }
    }

    /// How a phrase is compared.
    pub const fn match_mode(self, mode: MatchMode) -> &'static str {
        match mode {
            MatchMode::Exact => pick(self, "is exactly", "è esattamente"),
            MatchMode::Word => pick(self, "contains the word", "contiene la parola"),
            MatchMode::Starts => pick(self, "starts with", "inizia con"),
            MatchMode::Contains => pick(self, "contains", "contiene"),
            MatchMode::Regex => pick(self, "matches the pattern", "corrisponde al modello"),
        }
    }

    /// What a comparison is called.
    pub const fn operator(self, operator: Operator) -> &'static str {
        match operator {
            Operator::Is => pick(self, "is", "è"),
            Operator::IsNot => pick(self, "is not", "non è"),
            Operator::Contains => pick(self, "contains", "contiene"),
            Operator::StartsWith => pick(self, "starts with", "inizia con"),
            Operator::Matches => pick(self, "matches", "corrisponde a"),
            Operator::In => pick(self, "is one of", "è uno tra"),
            Operator::Has => pick(self, "has", "ha"),
            Operator::HasNot => pick(self, "has not", "non ha"),
            Operator::Gt => pick(self, "is more than", "è più di"),
            Operator::Gte => pick(self, "is at least", "è almeno"),
            Operator::Lt => pick(self, "is less than", "è meno di"),
            Operator::Lte => pick(self, "is at most", "è al massimo"),
            Operator::Before => pick(self, "is before", "è prima di"),
            Operator::After => pick(self, "is after", "è dopo"),
            Operator::Between => pick(self, "is between", "è tra"),
            Operator::Exists => pick(self, "is set", "c'è"),
            Operator::Missing => pick(self, "is not set", "manca"),
        }
    }

    /// What starts a flow.
    pub const fn event(self, event: EventKind) -> &'static str {
        match event {
            EventKind::FirstMessage => pick(self, "The first message ever", "Il primo messaggio in assoluto"),
            EventKind::AnyMessage => pick(self, "Any message nothing else takes", "Un messaggio che nessun'altra prende"),
            EventKind::OutOfHours => pick(self, "A message outside business hours", "Un messaggio fuori orario"),
            EventKind::TagAdded => pick(self, "A tag is added", "Viene messo un tag"),
            EventKind::TagRemoved => pick(self, "A tag is removed", "Viene tolto un tag"),
            EventKind::FieldChanged => pick(self, "A field changes", "Cambia un campo"),
            EventKind::OptedIn => pick(self, "Consent is given", "Viene dato il consenso"),
            EventKind::OptedOut => pick(self, "Somebody unsubscribes", "Qualcuno si disiscrive"),
            EventKind::Date => pick(self, "A date of the contact", "Una data del contatto"),
            EventKind::Schedule => pick(self, "A schedule", "Un calendario"),
        }
    }

    /// A kind of file.
    pub const fn media(self, kind: MediaKind) -> &'static str {
        match kind {
            MediaKind::Image => pick(self, "Image", "Immagine"),
            MediaKind::Audio => "Audio",
            MediaKind::Video => "Video",
            MediaKind::Document => pick(self, "Document", "Documento"),
            MediaKind::Sticker => pick(self, "Sticker", "Adesivo"),
        }
    }

    /// How another flow is started.
    pub const fn launch_mode(self, mode: LaunchMode) -> &'static str {
        match mode {
            LaunchMode::Continue => pick(self, "Both go on", "Vanno avanti tutte e due"),
            LaunchMode::Call => pick(self, "Wait until it ends and come back", "Aspetta che finisca e torna qui"),
            LaunchMode::Jump => pick(self, "Go there, this one ends", "Passa di là, questa finisce"),
        }
    }

    /// An exit by its name; the names of buttons, branches and ways are people's own and stay as they are.
    pub fn plain_exit(self, name: &str) -> &str {
        match name {
            "next" => pick(self, "then", "poi"),
            "elapsed" => pick(self, "time is up", "tempo scaduto"),
            "replied" => pick(self, "answered", "ha risposto"),
            "invalid" => pick(self, "not understood", "non capito"),
            "met" => pick(self, "it happened", "è successo"),
            "else" => pick(self, "otherwise", "altrimenti"),
            "ok" => pick(self, "answered", "risponde"),
            "failed" => pick(self, "failed", "errore"),
            "timed_out" => pick(self, "no answer", "non risponde"),
            other => self.stock_exit(other),
        }
    }

    /// How an action stands.
    pub const fn action_state(self, state: &ActionState) -> &'static str {
        match state {
            ActionState::Forecast => pick(self, "forecast", "prevista"),
            ActionState::Scheduled => pick(self, "scheduled", "in programma"),
            ActionState::Held => pick(self, "on hold", "sospesa"),
            ActionState::Blocked => pick(self, "blocked", "bloccata"),
            ActionState::Running => pick(self, "under way", "in corso"),
            ActionState::Done => pick(self, "done", "fatta"),
            ActionState::Skipped => pick(self, "skipped", "saltata"),
            ActionState::Removed => pick(self, "removed", "tolta"),
            ActionState::Failed => pick(self, "failed", "non riuscita"),
        }
    }

    /// How far a message got.
    pub const fn status(self, status: &Status) -> &'static str {
        match status {
            Status::Received => pick(self, "received", "ricevuto"),
            Status::Queued => pick(self, "on its way", "in partenza"),
            Status::Sent => pick(self, "sent", "inviato"),
            Status::Failed => pick(self, "not delivered", "non consegnato"),
            Status::Delivered => pick(self, "delivered", "consegnato"),
            Status::Read => pick(self, "read", "letto"),
        }
    }

    /// How a send stands.
    pub const fn outbox_state(self, state: &OutboxState) -> &'static str {
        match state {
            OutboxState::Ready { .. } => pick(self, "waiting its turn", "in attesa del suo turno"),
            OutboxState::Attempting { .. } => pick(self, "going out", "in invio"),
            OutboxState::Unknown { .. } => pick(self, "nobody knows whether it arrived", "non si sa se è arrivato"),
            OutboxState::Sent { .. } => pick(self, "sent", "inviato"),
            OutboxState::Dead { .. } => pick(self, "given up", "abbandonato"),
            OutboxState::Cancelled { .. } => pick(self, "called off", "annullato"),
        }
    }

    /// Why flows keep silent for a contact.
    pub const fn silence(self, silence: Silence) -> &'static str {
        match silence {
            Silence::Blocked => pick(self, "blocked", "bloccato"),
            Silence::OptedOut => pick(self, "unsubscribed", "disiscritto"),
            Silence::AutomationsOff => pick(self, "automations off", "automazioni spente"),
            Silence::AutomationsPaused => pick(self, "automations paused", "automazioni in pausa"),
            Silence::Handover => pick(self, "a person is answering", "risponde una persona"),
        }
    }

    /// Permission to write.
    pub const fn consent(self, state: ConsentState) -> &'static str {
        match state {
            ConsentState::Unknown => pick(self, "not asked", "non chiesto"),
            ConsentState::OptedIn => pick(self, "given", "dato"),
            ConsentState::OptedOut => pick(self, "unsubscribed", "disiscritto"),
        }
    }

    /// The rule by which a message found its flow.
    pub const fn rule(self, rule: Rule) -> &'static str {
        match rule {
            Rule::Recorded => pick(
                self,
                "It is only recorded: such messages start nothing.",
                "Viene solo registrato: questi messaggi non fanno partire niente.",
            ),
            Rule::StopWord => pick(self, "It is a word that unsubscribes.", "È una parola per disiscriversi."),
            Rule::StartWord => pick(self, "It is a word that subscribes again.", "È una parola per iscriversi di nuovo."),
            Rule::OptedOut => pick(self, "The contact is unsubscribed.", "Il contatto è disiscritto."),
            Rule::ForOperator => pick(
                self,
                "It is for a person: automations are silent for this contact.",
                "È per una persona: con questo contatto le automazioni tacciono.",
            ),
            Rule::Button => pick(self, "It is a button of this automation.", "È un pulsante di questa automazione."),
            Rule::KeywordExact => pick(self, "It is exactly a keyword.", "È esattamente una parola chiave."),
            Rule::KeywordWord => pick(self, "It contains a keyword as a whole word.", "Contiene una parola chiave, come parola intera."),
            Rule::Reply => pick(self, "It answers the automation that asked last.", "Risponde all'automazione che ha chiesto per ultima."),
            Rule::KeywordStarts => pick(self, "It starts with a keyword.", "Inizia con una parola chiave."),
            Rule::KeywordContains => pick(self, "It contains a keyword.", "Contiene una parola chiave."),
            Rule::KeywordRegex => pick(self, "It matches a pattern.", "Corrisponde a un modello."),
            Rule::FirstMessage => pick(self, "It is the first message ever.", "È il primo messaggio in assoluto."),
            Rule::OutOfHours => pick(self, "It came outside business hours.", "È arrivato fuori orario."),
            Rule::AnyMessage => pick(self, "Nothing else took it.", "Non l'ha preso nessun'altra."),
            Rule::Nothing => {
                pick(self, "No automation takes it: it waits for a person.", "Nessuna automazione lo prende: aspetta una persona.")
            }
            Rule::Withheld => pick(
                self,
                "The automation that would take it is held or off: it waits for a person.",
                "L'automazione che lo prenderebbe è sospesa o disattivata: aspetta una persona.",
            ),
        }
    }

    /// How a run ended.
    pub const fn ended(self, how: EndedAs) -> &'static str {
        match how {
            EndedAs::Finished => pick(self, "finished", "finita"),
            EndedAs::Stopped => pick(self, "stopped", "fermata"),
            EndedAs::Failed => pick(self, "failed", "non riuscita"),
        }
    }

    /// How a start was answered.
    pub const fn start_outcome(self, outcome: StartOutcome) -> &'static str {
        match outcome {
            StartOutcome::Started => pick(self, "started", "partita"),
            StartOutcome::Restarted => pick(self, "started again from the beginning", "ripartita da capo"),
            StartOutcome::Kept => pick(self, "already inside, left where it was", "era già dentro, resta dov'era"),
            StartOutcome::OptedOut => pick(self, "unsubscribed, not started", "disiscritto, non partita"),
            StartOutcome::Blocked => pick(self, "not possible, not started", "non possibile, non partita"),
        }
    }

    /// What a kind of channel is called.
    pub const fn channel_kind(self, kind: ChannelKind) -> &'static str {
        match kind {
            ChannelKind::Whatsapp => "WhatsApp Cloud API",
            ChannelKind::Telegram => "Telegram",
            ChannelKind::Twilio => pick(self, "Twilio (SMS, WhatsApp)", "Twilio (SMS, WhatsApp)"),
            ChannelKind::Waha => "WAHA",
            ChannelKind::Evolution => "Evolution API",
            ChannelKind::Generic => pick(self, "Any webhook", "Webhook generico"),
            ChannelKind::Simulator => pick(self, "Simulator", "Simulatore"),
        }
    }

    /// What a key may do.
    pub const fn scope(self, scope: Scope) -> &'static str {
        match scope {
            Scope::Read => pick(self, "Look", "Leggere"),
            Scope::Contacts => pick(self, "Change contacts and write to them", "Modificare i contatti e scrivere loro"),
            Scope::Trigger => pick(self, "Start automations", "Far partire automazioni"),
            Scope::Admin => pick(self, "Everything else", "Tutto il resto"),
        }
    }

    /// What stands in a chat for a message without words.
    pub const fn message_kind(self, kind: MessageKind) -> &'static str {
        match kind {
            MessageKind::Text => pick(self, "Text", "Testo"),
            MessageKind::Image => pick(self, "Image", "Immagine"),
            MessageKind::Video => "Video",
            MessageKind::Audio => pick(self, "Voice or audio", "Vocale o audio"),
            MessageKind::Document => pick(self, "Document", "Documento"),
            MessageKind::Sticker => pick(self, "Sticker", "Adesivo"),
            MessageKind::Location => pick(self, "Place", "Posizione"),
            MessageKind::Contacts => pick(self, "Contact card", "Scheda contatto"),
            MessageKind::ButtonReply => pick(self, "Button", "Pulsante"),
            MessageKind::ListReply => pick(self, "Choice from a list", "Scelta da un elenco"),
            MessageKind::FlowReply => pick(self, "Form", "Modulo"),
            MessageKind::Reaction => pick(self, "Reaction", "Reazione"),
            MessageKind::Order => pick(self, "Order", "Ordine"),
            MessageKind::System => pick(self, "Notice", "Avviso"),
            MessageKind::Edit => pick(self, "Edited a message", "Ha modificato un messaggio"),
            MessageKind::Delete => pick(self, "Deleted a message", "Ha eliminato un messaggio"),
            MessageKind::Unsupported => pick(self, "A message this channel does not show", "Un messaggio che questo canale non mostra"),
            MessageKind::Status => pick(self, "Status", "Stato"),
            MessageKind::Blocked => pick(self, "Blocked this number", "Ha bloccato questo numero"),
            MessageKind::Unblocked => pick(self, "Unblocked this number", "Ha sbloccato questo numero"),
        }
    }
}

words! {
    fresh_phrase = "price list", "listino";
    fresh_text = "Hi {{ contact.name | default: \"there\" }}, how can we help?", "Ciao {{ contact.name | default: \"\" }}, come possiamo aiutarti?";
    fresh_word = "price", "prezzo";
    fresh_tag = "interested", "interessato";
    fresh_notice = "{{ contact.name }} needs somebody.", "{{ contact.name }} ha bisogno di qualcuno.";
}
