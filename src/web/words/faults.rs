//! What can be wrong with a flow, in the reader's language. The English sentence is the fault's own.

use super::Language;
use crate::model::problem::Fault;

impl Language {
    /// What is wrong, and what to do.
    pub fn fault(self, fault: &Fault) -> String {
        match self {
            Language::English => fault.to_string(),
            Language::Italian => italian(fault),
        }
    }
}

/// Every fault: one match without a rest, so that a new fault does not compile without its sentence.
fn italian(fault: &Fault) -> String {
    match fault {
        Fault::NotADocument(why) => format!("Questo non è il documento di un'automazione: {}.", Language::Italian.said(why)),
        Fault::NewerDocument(version) => format!("Il documento dice \"flusso\": {version}, e questo programma legge 1. Serve un Flusso più recente."),
        Fault::UnknownMember(name) => format!("\"{name}\" non fa parte di un'automazione. Toglilo, o controlla come è scritto."),
        Fault::NoName => "L'automazione non ha un nome. Daglielo.".to_owned(),
        Fault::NameTaken(name) => format!("C'è già un'automazione che si chiama \"{name}\". Scegli un altro nome."),
        Fault::NoNodeId => "Il nodo non ha un id. Dagliene uno che nessun altro nodo ha.".to_owned(),
        Fault::SameNodeId(id) => format!("Due nodi hanno l'id \"{id}\". Cambiane uno."),
        Fault::UnknownKind(kind) => format!("\"{kind}\" non è un tipo di nodo."),
        Fault::BadMember(what) => format!("C'è qualcosa in questo nodo che non si può leggere: {}.", member(what)),
        Fault::TooManyTalks(count) => format!("L'automazione ha {count} prove e ne può avere al massimo 50: le altre non verrebbero mai rifatte. Togline qualcuna."),
        Fault::TooManyNodes(count) => format!("L'automazione ha {count} nodi e ne può avere al massimo 500. Dividila in due."),
        Fault::NoStart => "Niente fa partire questa automazione: mettile una parola chiave, un evento o un nodo di partenza.".to_owned(),
        Fault::StartMissing(id) => format!("Il nodo di partenza \"{id}\" non esiste."),
        Fault::ExitToMissingNode { exit, to } => format!("L'uscita \"{exit}\" porta al nodo \"{to}\", che non esiste."),
        Fault::ExitToTrigger { exit, to } => format!("L'uscita \"{exit}\" porta all'innesco \"{to}\": un innesco fa partire, non si può raggiungere."),
        Fault::UnknownExit(name) => format!("Questo tipo di nodo non ha un'uscita \"{name}\"."),
        Fault::NoPhrase => "La parola chiave è vuota. Scrivine una.".to_owned(),
        Fault::EmptyPhrase => "Una frase è vuota. Scrivila o toglila.".to_owned(),
        Fault::PhraseTaken { phrase, flow, .. } => format!("\"{phrase}\" fa già partire l'automazione \"{flow}\". Scegline un'altra."),
        Fault::PhraseTwice(phrase) => format!("\"{phrase}\" c'è due volte in questa automazione. Togline una."),
        Fault::BadPattern { pattern, reason } => format!("Il modello \"{pattern}\" non si può usare: {}.", ours_or(reason, "controlla le parentesi e i simboli")),
        Fault::EmptyMessage => "Il messaggio è vuoto. Scrivi un testo o aggiungi un allegato.".to_owned(),
        Fault::MissingAttachment => "Manca un allegato: scegli un file o scrivi il suo indirizzo.".to_owned(),
        Fault::ButtonsAndList => "Un messaggio ha i pulsanti o un elenco, non tutti e due.".to_owned(),
        Fault::TooManyButtons(count, most) => format!("Il messaggio ha {count} pulsanti e se ne possono mostrare al massimo {most}."),
        Fault::TooManyRows(count, most) => format!("L'elenco ha {count} righe e se ne possono mostrare al massimo {most}."),
        Fault::SameChoice(id) => format!("Due pulsanti o righe hanno l'id \"{id}\"."),
        Fault::TitleTooLong { title, length, most } => format!("\"{title}\" ha {length} caratteri e se ne vedono al massimo {most}."),
        Fault::TextTooLong { length, most } => format!("Il testo ha {length} caratteri e se ne possono mandare al massimo {most}."),
        Fault::WaitForNothing => "L'attesa non finisce mai: scrivi quanto dura, fino a quando, o quale risposta aspetta.".to_owned(),
        Fault::WaitTwice => "L'attesa dice sia quanto dura sia fino a quando. Scegli uno dei due.".to_owned(),
        Fault::WaitOutOfRange => "Un'attesa dura da 1 secondo a 365 giorni.".to_owned(),
        Fault::UntilNotOne => "Scegli una cosa sola tra data, ora, giorno e valore.".to_owned(),
        Fault::BadDate(text) => format!("\"{text}\" non è una data. Scrivila come 2026-12-24 o 2026-12-24T18:00."),
        Fault::LateWithoutTime => "Dice cosa fare se è in ritardo, ma non c'è nessun tempo. Scrivi quanto o fino a quando.".to_owned(),
        Fault::LateWithoutMessage => {
            "Salta un messaggio se è in ritardo, ma dopo non c'è nessun messaggio. Fai portare il tempo a un messaggio, o scegli altro."
                .to_owned()
        }
        Fault::EmptyWindow => "La fascia oraria si chiude quando si apre. Scegli due orari.".to_owned(),
        Fault::BadValueName(name) => format!("\"{name}\" non è il nome di un valore."),
        Fault::NotWritable(name) => format!("In \"{name}\" non si può scrivere. Usa run.X o contact.fields.X."),
        Fault::ReentryKey(name) => format!("\"{name}\" non può distinguere una partenza dall'altra. Usa run.X oppure contact.fields.X."),
        Fault::NothingToCompare(name) => format!("Al confronto con \"{name}\" manca il termine di paragone."),
        Fault::NoBranch => "La condizione non ha strade. Aggiungine una.".to_owned(),
        Fault::SameBranch(name) => format!("Due strade si chiamano \"{name}\"."),
        Fault::EmptyBranch(name) => format!("La strada \"{name}\" non ha regole. Aggiungine una."),
        Fault::NothingToSave => "Il nodo non cambia niente. Aggiungi un campo o un tag.".to_owned(),
        Fault::LooksSecret(place) => format!("Qui c'è qualcosa che sembra una chiave ({place}), e chi riceve un'esportazione di questa automazione riceve anche lei. In una chiamata tienila tra i segreti e al suo posto scrivi {{{{ secret.NOME }}}}."),
        Fault::BadUrl(text) => format!("\"{text}\" non è un indirizzo che comincia con http:// o https://."),
        Fault::BadPath { path, reason } => format!("\"{path}\" non è un percorso JSON: {}.", ours_or(reason, "si scrive come $.ordini[0].stato")),
        Fault::NoFlowToLaunch => "Scegli l'automazione da lanciare.".to_owned(),
        Fault::FlowMissing(name) => format!("L'automazione \"{name}\" non esiste. Finché non c'è, questo nodo va dritto avanti."),
        Fault::NoWeight => "La somma dei pesi è zero.".to_owned(),
        Fault::StaffUnreadable(to) => format!("\"{to}\" non è un numero, né un canale con un indirizzo, né un indirizzo web: nessuno viene avvisato. Scrivi +39 333 1234567, oppure il nome di un canale, due punti e un indirizzo."),
        Fault::StaffChannelMissing(name) => format!("Il canale \"{name}\" non esiste: nessuno viene avvisato. Scrivi il nome di un tuo canale, due punti e un indirizzo."),
        Fault::SegmentMissing(name) => format!("Il segmento \"{name}\" non esiste. Finché non c'è, questo programma non fa partire nessuno."),
        Fault::Idle { member, beside } => format!("\"{member}\" accanto a \"{beside}\" non fa niente. Toglilo."),
        Fault::WindowWithoutTime => "C'è una finestra, ma nessun tempo che possa caderci dentro. Scrivi quanto o fino a quando.".to_owned(),
        Fault::RetryWithoutCheck => "Dice che cosa richiedere, ma ogni risposta va bene. Scrivi come dev'essere una risposta.".to_owned(),
        Fault::Unreachable => "Qui non porta niente.".to_owned(),
        Fault::DeadEndAtQuestion => "Nessuno aspetta la risposta: dopo questa domanda l'automazione finisce.".to_owned(),
        Fault::LoopWithoutWait(nodes) => format!("Questi nodi girano in tondo senza un'attesa: {nodes}. La stessa persona potrebbe ricevere lo stesso messaggio all'infinito."),
        Fault::AfterTheWindow => "Su WhatsApp questo testo può arrivare solo quando la finestra di 24 ore è già chiusa. Scegli un modello approvato per quel caso.".to_owned(),
        Fault::NeverSet(name) => format!("\"{name}\" è usato qui e nessuno lo imposta. Resterà vuoto."),
        Fault::BadTemplate(text, why) => format!("\"{text}\" non si può leggere come variabile: {}.", Language::Italian.said(why)),
        Fault::ExitToNote { exit, to } => format!("L'uscita \"{exit}\" porta alla nota \"{to}\": le note sono per le persone, non si possono raggiungere."),
        Fault::TriggerToNowhere => "Dopo questo innesco non c'è niente: chi lo fa scattare non fa partire niente.".to_owned(),
        Fault::EventNeeds { on, needs } => format!("Un innesco \"{on}\" ha bisogno di \"{needs}\"."),
        Fault::NoExitName => "Un pulsante, una riga o una strada non ha un nome per la sua uscita. Daglielo.".to_owned(),
        Fault::ReservedExit(name) => format!("\"{name}\" è un'uscita che questo tipo di nodo ha già. Chiama in un altro modo il pulsante, la riga o la strada."),
        Fault::PhraseIsStopWord(phrase) => format!("Chi scrive \"{phrase}\" si disiscrive: questa frase non fa mai partire l'automazione."),
        Fault::ChannelMissing(name) => format!("Il canale \"{name}\" non esiste: lì la parola chiave non ascolta."),
        Fault::AttachmentTwice => "Un allegato è un file tenuto qui oppure uno con il suo indirizzo, non tutti e due.".to_owned(),
        Fault::EmptyList => "L'elenco ha una sezione senza righe. Aggiungine una, o togli la sezione.".to_owned(),
        Fault::SectionUntitled => "In un elenco con più sezioni ognuna vuole un titolo.".to_owned(),
        Fault::ChoicesWithoutText => "Pulsanti ed elenchi stanno sotto un testo. Scrivilo.".to_owned(),
        Fault::EmptyTitle => "Un pulsante o una riga non ha un titolo. Scrivilo.".to_owned(),
        Fault::SameTitle(title) => format!("Due pulsanti hanno il titolo \"{title}\"."),
        Fault::BurstOutOfRange => "I messaggi brevi si uniscono in una sola risposta entro 2–8 secondi.".to_owned(),
        Fault::NobodyToTell => "Scrivi chi va avvisato: un canale e un recapito, o l'indirizzo di un webhook.".to_owned(),
        Fault::TalkRed { name, line, expected, got } => format!("La prova \"{name}\" adesso va in un altro modo, alla riga {line}: si aspetta \"{expected}\" e ottiene \"{got}\"."),
        Fault::InFlow { flow, fault } => format!("Nell'automazione \"{flow}\": {}", italian(fault)),
        Fault::TwiceInSet { what, name } => Language::Italian.twice_in_set(what, name),
        Fault::Archive(fault) => Language::Italian.archive_fault(fault),
        Fault::Reply(fault) => Language::Italian.reply_fault_in_set(fault),
        Fault::FileChanged(name) => format!("Il file \"{name}\" non è quello che dice il suo nome. Esporta di nuovo la raccolta."),
        Fault::FileRefused(name) => format!("Il file \"{name}\" non è un'immagine, un suono, un video o un documento che un messaggio può portare."),
        Fault::BadFieldName(name) => format!("Il campo \"{name}\" ha un nome che non si può usare. Scrivi solo lettere, cifre, - e _."),
        Fault::NoOptOutHint => "Un messaggio promozionale dice come smettere. Aggiungi per esempio: scrivi STOP per non ricevere altro.".to_owned(),
    }
}

/// The name of a member, and what is wrong with it.
fn member(what: &str) -> String {
    match what.split_once(": ") {
        Some((name, why)) if name.starts_with('"') && Language::Italian.said(what) == what => {
            format!("{name}: {}", Language::Italian.said(why))
        }
        _ => Language::Italian.said(what),
    }
}

/// What is wrong, where those are words of ours; otherwise what is right.
fn ours_or(reason: &str, right: &str) -> String {
    let said = Language::Italian.said(reason);
    if said == reason { right.to_owned() } else { said }
}

#[cfg(test)]
mod tests;
