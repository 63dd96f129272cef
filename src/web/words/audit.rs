//! The log: who did what to whom.

use super::{Language, words};

/// What a line says, by its word: in English, in Italian.
const WHATS: &[(&str, &str, &str)] = &[
    ("action.held", "held an action", "ha sospeso un'azione"),
    ("action.moved", "moved an action", "ha spostato un'azione"),
    ("action.released", "released an action", "ha sbloccato un'azione"),
    ("action.removed", "removed an action", "ha tolto un'azione"),
    ("action.rewritten", "changed the text of an action", "ha cambiato il testo di un'azione"),
    ("action.sent_now", "sent an action at once", "ha inviato subito un'azione"),
    ("action.skipped", "skipped an action", "ha saltato un'azione"),
    ("action.undone", "took a change of an action back", "ha annullato la modifica di un'azione"),
    ("backup.downloaded", "downloaded a backup", "ha scaricato un backup"),
    ("broadcast.started", "started an automation for many", "ha avviato un invio massivo"),
    ("broadcast.stopped", "stopped a start for many", "ha fermato un invio massivo"),
    ("channel.changed", "changed a channel", "ha modificato un canale"),
    ("channel.created", "added a channel", "ha aggiunto un canale"),
    ("channel.deleted", "deleted a channel", "ha eliminato un canale"),
    ("contact.needs_no_answer", "marked a contact as needing no answer", "ha segnato che a un contatto non serve risposta"),
    ("contact.changed", "changed a contact", "ha modificato un contatto"),
    ("contact.created", "added a contact", "ha aggiunto un contatto"),
    ("contact.deleted", "deleted a contact", "ha eliminato un contatto"),
    ("field.removed", "took a field from everybody", "ha tolto un campo a tutti"),
    ("file.kept", "stored a file", "ha caricato un file"),
    ("flow.added", "added a starter automation", "ha aggiunto un'automazione pronta"),
    ("flow.copied", "duplicated an automation", "ha duplicato un'automazione"),
    ("flow.created", "made an automation", "ha creato un'automazione"),
    ("flow.deleted", "put an automation in the bin", "ha messo un'automazione nel cestino"),
    ("flow.disabled", "disabled an automation", "ha disattivato un'automazione"),
    ("flow.enabled", "enabled an automation", "ha attivato un'automazione"),
    ("flow.published", "saved an automation", "ha salvato un'automazione"),
    ("flow.purged", "deleted an automation for good", "ha eliminato per sempre un'automazione"),
    ("flow.restored", "took an automation out of the bin", "ha ripreso un'automazione dal cestino"),
    ("flow.start_address", "renewed a start address", "ha rinnovato un indirizzo di avvio"),
    ("key.created", "made an API key", "ha creato una chiave API"),
    ("key.deleted", "revoked an API key", "ha revocato una chiave API"),
    ("operator.changed", "changed a person of the team", "ha modificato una persona del gruppo"),
    ("operator.created", "added a person to the team", "ha aggiunto una persona al gruppo"),
    ("operator.removed", "removed a person from the team", "ha tolto una persona dal gruppo"),
    ("outbox.deleted", "gave a message up", "ha rinunciato a un messaggio"),
    ("outbox.retried", "sent a message again", "ha inviato di nuovo un messaggio"),
    ("password.changed", "changed a password", "ha cambiato una password"),
    ("quarantine.deleted", "discarded an unread request", "ha scartato una richiesta non letta"),
    ("quarantine.retried", "had a request read again", "ha fatto rileggere una richiesta"),
    ("quick_reply.changed", "changed a quick reply", "ha modificato un messaggio rapido"),
    ("quick_reply.created", "added a quick reply", "ha aggiunto un messaggio rapido"),
    ("quick_reply.deleted", "deleted a quick reply", "ha eliminato un messaggio rapido"),
    ("recovery.made", "made a recovery phrase", "ha creato una frase di recupero"),
    ("run.held", "held an active automation", "ha sospeso un'automazione attiva"),
    ("run.jumped", "jumped an active automation to a node", "ha portato un'automazione attiva a un nodo"),
    ("run.restarted", "started an active automation again", "ha fatto ricominciare un'automazione attiva"),
    ("run.restored", "took changes of an active automation back", "ha annullato le modifiche di un'automazione attiva"),
    ("run.resumed", "resumed an active automation", "ha ripreso un'automazione attiva"),
    ("run.started", "started an automation for a contact", "ha avviato un'automazione per un contatto"),
    ("run.stopped", "stopped an active automation", "ha fermato un'automazione attiva"),
    ("run.variable_set", "changed a value of an active automation", "ha cambiato un valore di un'automazione attiva"),
    ("run_view.deleted", "deleted a saved view", "ha eliminato una vista salvata"),
    ("run_view.saved", "saved a view", "ha salvato una vista"),
    ("runs.changing", "changed many at once", "ha modificato più automazioni insieme"),
    ("runs.undoing", "took a change of many back", "ha annullato una modifica a più automazioni"),
    ("secret.removed", "deleted a secret for calls", "ha eliminato un segreto per le chiamate"),
    ("secret.set", "set a secret for calls", "ha impostato un segreto per le chiamate"),
    ("segment.deleted", "deleted a segment", "ha eliminato un segmento"),
    ("segment.kept", "saved a segment", "ha salvato un segmento"),
    ("session.closed", "logged out", "ha chiuso la sessione"),
    ("session.opened", "logged in", "ha fatto l'accesso al pannello"),
    ("sessions.closed", "closed the sessions of a person", "ha chiuso le sessioni di una persona"),
    ("set.exported", "exported automations and quick replies", "ha esportato automazioni e messaggi rapidi"),
    ("set.imported", "imported automations and quick replies", "ha importato automazioni e messaggi rapidi"),
    ("settings.changed", "changed the settings", "ha modificato le impostazioni"),
    ("tag.removed", "took a tag from everybody", "ha tolto un tag a tutti"),
];

/// Parts of a contact and of the settings, by their names in the data.
const PARTS: &[(&str, &str, &str)] = &[
    ("name", "name", "nome"),
    ("addresses", "numbers", "recapiti"),
    ("fields", "fields", "campi"),
    ("tags", "tags", "tag"),
    ("language", "language", "lingua"),
    ("time_zone", "time zone", "fuso orario"),
    ("consent", "consent", "consenso"),
    ("automations", "automations", "automazioni"),
    ("blocked", "block", "blocco"),
    ("handover", "handed back", "riconsegna alle automazioni"),
    ("business_hours", "business hours", "orari di apertura"),
    ("holidays", "days off", "giorni di chiusura"),
    ("italian_holidays", "public holidays", "festività"),
    ("quiet_hours", "quiet hours", "ore di silenzio"),
    ("stop_words", "words that unsubscribe", "parole per disiscriversi"),
    ("start_words", "words that subscribe again", "parole per iscriversi di nuovo"),
    ("stop_reply", "confirmation of STOP", "conferma dello STOP"),
    ("start_reply", "confirmation of START", "conferma dello START"),
    ("private_hosts", "addresses of the own network", "indirizzi della propria rete"),
    ("paused", "pause of everything", "pausa di tutto"),
];

impl Language {
    /// What a line of the log says, by its word; none for a word that is not known.
    pub fn audited(self, what: &str) -> Option<&'static str> {
        self.of(WHATS, what)
    }

    /// Parts that were changed, by their names in the data, in words.
    pub fn changed_parts(self, names: &str) -> String {
        let known = |name| self.of(PARTS, name).unwrap_or(name);
        names.split(", ").map(known).collect::<Vec<_>>().join(", ")
    }

    fn of(self, table: &[(&str, &'static str, &'static str)], word: &str) -> Option<&'static str> {
        let (_, en, it) = table.iter().find(|(own, _, _)| *own == word)?;
        Some(if self == Language::Italian { *it } else { *en })
    }

    /// Kinds of lines to choose from, by how their word begins.
    pub fn audit_kinds(self) -> [(&'static str, &'static str); 8] {
        [
            ("", self.audit_all()),
            ("action.", self.audit_actions()),
            ("run", self.nav_runs()),
            ("flow.", self.nav_flows()),
            ("contact.", self.nav_contacts()),
            ("channel.", self.nav_channels()),
            ("operator.", self.team()),
            ("settings.", self.nav_settings()),
        ]
    }
}

words! {
    audit = "Log", "Registro";
    audit_text = "Who did what, to whom and when. Lines are only ever added.", "Chi ha fatto cosa, a chi e quando. Le righe si possono solo aggiungere.";
    audit_who = "Who", "Chi";
    audit_when = "When", "Quando";
    audit_what = "What", "Cosa";
    audit_about = "To what", "Su cosa";
    audit_kind = "Kind", "Tipo";
    audit_anybody = "Anybody", "Chiunque";
    audit_all = "Everything", "Tutto";
    audit_actions = "Actions", "Azioni";
    audit_api(key: &str) = "API: {key}", "API: {key}";
    audit_any_api = "Programs, by the API", "Programmi, dalle API";
    audit_gone = "Somebody who is gone", "Una persona che non c'è più";
    audit_command = "A command on the machine", "Un comando sulla macchina";
    audit_none = "No such line", "Nessuna riga così";
    audit_none_text = "What people and programs change is written down here.", "Qui resta scritto quello che cambiano le persone e i programmi.";
    audit_cut = "Flusso looked at 2,000 lines for this page and stopped here: go on to see older ones.",
        "Per questa pagina Flusso ha guardato 2000 righe e si è fermato qui: vai avanti per vedere le più vecchie.";
    audit_of_this = "Who changed it, in the log", "Chi l'ha cambiata, nel registro";
    audit_of_contact = "Who changed what, in the log", "Chi ha cambiato cosa, nel registro";
    audit_set(flows: &str, replies: &str) = "{flows} automations, {replies} quick replies", "{flows} automazioni, {replies} messaggi rapidi";
    audit_to_time(what: &str, when: &str) = "{what}, to {when}", "{what}, a {when}";
}
