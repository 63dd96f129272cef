//! What is late, what the owner chose for it, and what holds messages and times back.

use super::{Language, words};

impl Language {
    /// What a wait does when its time came long before it could be noticed, by the words of the document.
    pub fn late_choices(self) -> Vec<(String, String)> {
        let ways = [
            ("", self.late_default()),
            ("run", self.late_run()),
            ("next_window", self.late_next_window()),
            ("skip_after", self.late_skip()),
        ];
        ways.into_iter().map(|(word, said)| (word.to_owned(), said.to_owned())).collect()
    }
}

words! {
    wait_late = "If it comes late", "Se arriva in ritardo";
    wait_late_help = "Flusso was off, or the automation was on hold.", "Flusso era spento, oppure l'automazione era sospesa.";
    late_default = "Go on as soon as it may", "Prosegui appena può";
    late_run = "Go on at once, at any hour", "Prosegui subito, a qualsiasi ora";
    late_next_window = "Go on when its hours begin", "Prosegui quando iniziano i suoi orari";
    late_skip = "Leave the message out if it is very late", "Salta il messaggio se il ritardo è troppo";
    late_skip_after = "Later than", "Oltre";
    late_line_run = "if late, at once", "se in ritardo, subito";
    late_line_skip(length: &str) = "if more than {length} late, the message is left out", "se è in ritardo di più di {length}, il messaggio si salta";
    note_too_late = "Left out because it was too late, as the wait before it says.", "Saltato perché era troppo tardi, come dice l'attesa prima.";
    late_by(length: &str) = "Late by {length}: it goes as soon as it may.", "In ritardo di {length}: parte appena può.";
    late_by_skip(length: &str, most: &str) = "Late by {length}. More than {most} late it is left out.", "In ritardo di {length}. Oltre {most} di ritardo viene saltata.";
    overdue[count] = "{count} action is late and going out now, oldest first." | "{count} actions are late and going out now, oldest first.",
        "{count} azione in ritardo sta partendo, dalla più vecchia." | "{count} azioni in ritardo stanno partendo, dalle più vecchie.";
    overdue_many(count: &str) = "More than {count} actions are late and going out now, oldest first.", "Più di {count} azioni in ritardo stanno partendo, dalle più vecchie.";
    overdue_eta(length: &str) = "At the pace of the channels it takes about {length}. Who writes now is answered first.",
        "Al ritmo dei canali servono circa {length}. Chi scrive adesso riceve risposta prima.";
    dot_silent = "its provider does not answer", "il provider non risponde";
    open_channel = "Open the channel", "Apri il canale";
    channel_stopped_banner(name: &str, reason: &str) = "{name} sends nothing: {reason} What is meant for your contacts waits and is not lost.",
        "{name} non invia niente: {reason} Quello che è per i tuoi contatti aspetta e non si perde.";
    channel_silent_banner(name: &str, since: &str) = "The provider of {name} has not answered for {since}. Messages to your contacts wait and are not lost; it is tried again by itself, every 10 minutes at least.",
        "Il provider di {name} non risponde da {since}. I messaggi ai tuoi contatti aspettano e non si perdono; riproviamo da soli, almeno ogni 10 minuti.";
    mended_by(role: &str) = "Somebody with the role {role} can look after it.", "Può occuparsene chi ha il ruolo {role}.";
    secrets_lacking_banner(names: &str) = "Secrets that are not set: {names}. Calls that name them fail, and the automations go on without the answer.",
        "Segreti non impostati: {names}. Le chiamate che li usano falliscono, e le automazioni proseguono senza la risposta.";
    write_secrets = "Write them", "Scrivili";
    clock_doubted = "The clock of this machine jumped. What is due waits until the time is certain, two minutes at most; who writes is answered. Check its date and time.",
        "L'orologio di questa macchina ha fatto un salto. Quello che è in programma aspetta che l'ora sia certa, due minuti al massimo; chi scrive riceve risposta. Controlla data e ora.";
    clock_behind(length: &str) = "The clock of this machine was set back by {length}. Waits stand still until it has caught up; who writes is answered. Check its date and time.",
        "L'orologio di questa macchina è tornato indietro di {length}. Le attese restano ferme finché non recupera; chi scrive riceve risposta. Controlla data e ora.";
    overdue_held = "They wait until the clock of this machine is certain, two minutes at most.",
        "Aspettano che l'ora di questa macchina sia certa, due minuti al massimo.";
}
