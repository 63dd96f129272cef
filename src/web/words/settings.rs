//! The settings.

use super::forms::Menu;
use super::{Language, words};
use crate::model::operator::Scope;
use crate::web::settings::SettingsTab;

impl Language {
    /// The name of a tab.
    pub const fn settings_tab(self, tab: &SettingsTab) -> &'static str {
        match tab {
            SettingsTab::General => self.tab_general(),
            SettingsTab::Messages => self.tab_messages(),
            SettingsTab::Account => self.tab_account(),
            SettingsTab::People => self.team(),
            SettingsTab::Backup => self.backup(),
            SettingsTab::Keys => self.keys(),
            SettingsTab::Log => self.audit(),
        }
    }

    /// What the panel may look like.
    pub fn themes(self) -> Menu {
        [("auto", self.theme_auto()), ("light", self.theme_light()), ("dark", self.theme_dark())]
            .map(|(word, said)| (word.to_owned(), said.to_owned()))
            .into()
    }

    /// What a key may do, as a menu.
    pub fn scopes(self) -> Menu {
        let word = |scope: Scope| serde_json::to_value(scope).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
        Scope::ALL.map(|scope| (word(scope), self.scope(scope).to_owned())).into()
    }
}

words! {
    tab_general = "Hours", "Orari";
    tab_messages = "STOP and START", "STOP e START";
    tab_account = "You", "Tu";
    business_hours = "Business hours", "Orari di apertura";
    business_hours_help = "When somebody is there. Waits and conditions can follow them.", "Quando c'è qualcuno. Attese e condizioni possono seguirli.";
    hours_wrong = "Each line wants its days and two times, the second later than the first.", "Ogni riga vuole i giorni e due orari, il secondo dopo il primo.";
    holidays = "Holidays", "Festivi";
    italian_holidays = "Italian public holidays", "Festività italiane";
    italian_holidays_help = "Easter Monday and the others are worked out by themselves.", "Pasquetta e le altre si calcolano da sole.";
    own_holidays = "Your own days off", "I tuoi giorni di chiusura";
    own_holidays_help = "One date per line, day first: 14/08/2026.", "Una data per riga, come 14/08/2026.";
    holidays_wrong = "Write one date per line, day first: 14/08/2026.", "Scrivi una data per riga, come 14/08/2026.";
    quiet_hours = "Quiet hours", "Ore di silenzio";
    quiet_hours_help = "No follow-up goes out between these times. Answers to who just wrote do.", "Fra questi orari non parte nessun promemoria. Le risposte a chi ha appena scritto sì.";
    quiet_wrong = "Fill in both times, and let them differ; or leave both empty.", "Compila tutti e due gli orari, diversi fra loro; oppure lasciali vuoti.";
    place_and_language = "Place and language", "Luogo e lingua";
    contacts_language = "Language of contacts", "Lingua dei contatti";
    contacts_language_help = "For those whose language nobody knows.", "Per quelli di cui non si conosce la lingua.";
    private_hosts = "Addresses of your own network", "Indirizzi della tua rete";
    private_hosts_help = "Calls may reach only these private addresses, one per line, as 192.168.1.20:8080.",
        "Le chiamate possono raggiungere solo questi indirizzi privati, uno per riga, come 192.168.1.20:8080.";
    stop_and_start = "Words to leave and come back", "Parole per uscire e rientrare";
    stop_and_start_help = "They count only as the whole message. Nothing is sent to whoever writes one, beyond one confirmation.",
        "Contano solo se sono tutto il messaggio. A chi le scrive non si manda più niente, a parte una conferma.";
    stop_words = "Words that unsubscribe", "Parole per disiscriversi";
    start_words = "Words that subscribe again", "Parole per iscriversi di nuovo";
    stop_reply = "Confirmation of STOP", "Conferma dello STOP";
    start_reply = "Confirmation of START", "Conferma dello START";
    panel_look = "Language and look", "Lingua e aspetto";
    change_password = "Change password", "Cambia password";
    old_password = "Password now", "Password attuale";
    new_password = "New password", "Nuova password";
    change_password_help = "Every other session of yours is closed.", "Tutte le altre tue sessioni vengono chiuse.";
    password_wrong = "This is not your password now.", "Non è la tua password attuale.";
    password_changed = "Your password is changed.", "La tua password è cambiata.";
    backup = "Backup", "Backup";
    backup_text = "One file holds everything: automations, contacts, chats, history. Keep it away from this machine.",
        "Un solo file contiene tutto: automazioni, contatti, chat, storia. Tienilo lontano da questa macchina.";
    backup_last = "Last backup", "Ultimo backup";
    backup_size = "Size of the data", "Dimensione dei dati";
    backup_folder = "Nightly backups", "Backup notturni";
    backup_download = "Download a backup now", "Scarica un backup adesso";
    recovery_phrase = "Recovery phrase", "Frase di recupero";
    recovery_phrase_text = "The secrets of your channels and those for calls are sealed in the file. With this phrase they come back too; without it you write them again.",
        "I segreti dei canali e quelli per le chiamate nel file sono sigillati. Con questa frase tornano anche loro; senza, li riscrivi.";
    recovery_phrase_once = "Write it on paper now: it is shown only this once, and is kept nowhere.",
        "Scrivila adesso su un foglio: si vede solo questa volta e non resta da nessuna parte.";
    recovery_phrase_how = "It opens the backups made from now on. To restore one: flusso restore --from FILE --phrase-file FILE.",
        "Apre i backup fatti da adesso in poi. Per ripristinarne uno: flusso restore --from FILE --phrase-file FILE.";
    recovery_phrase_none = "There is none yet. Make one, and keep it away from the backups.", "Non c'è ancora. Creane una, e tienila lontano dai backup.";
    recovery_phrase_made = "Made", "Creata";
    recovery_phrase_again_means = "If it is lost, make another: the old one opens older backups only.",
        "Se l'hai persa, creane un'altra: quella vecchia apre solo i backup più vecchi.";
    recovery_phrase_make = "Make a phrase", "Crea una frase";
    recovery_phrase_again = "Make another phrase", "Crea un'altra frase";
    keys = "API keys", "Chiavi API";
    keys_text = "For programs that talk to Flusso.", "Per i programmi che parlano con Flusso.";
    call_secrets = "Secrets for calls", "Segreti per le chiamate";
    call_secrets_text = "An API node names them, and they are filled in when the call leaves. Nobody is shown one again.",
        "Un nodo API li usa per nome e si riempiono solo quando la chiamata parte. Dopo averli salvati non si vedono più.";
    secrets_to_write = "Automations name these, and they are not set. After a restore without the recovery phrase they must be written again.",
        "Le automazioni li usano, ma non sono impostati. Dopo un ripristino senza la frase di recupero vanno riscritti.";
    secret_named_by(names: &str) = "used by {names}", "usato da {names}";
    call_secret_value = "Value", "Valore";
    call_secret_set = "Saved. It is not shown again.", "Salvato. Non si vedrà più.";
    call_secret_removed = "Deleted. Calls that name it fail from now on.", "Eliminato. Le chiamate che lo usano da ora falliscono.";
    webhook_secret = "Signature of what we send", "Firma di quello che inviamo";
    webhook_secret_text = "Calls and notices to your programs are signed with this secret, as Standard Webhooks says. Keep it where the program can read it and nobody else.",
        "Le chiamate e gli avvisi ai tuoi programmi sono firmati con questo segreto, secondo Standard Webhooks. Tienilo dove può leggerlo solo il programma.";
    keys_none = "No key yet.", "Ancora nessuna chiave.";
    key = "Key", "Chiave";
    new_key = "New key", "Nuova chiave";
    key_name_help = "Which program it is for.", "Per quale programma è.";
    key_may = "It may", "Può";
    key_needs_scope = "Tick at least one.", "Spuntane almeno una.";
    make_key = "Make the key", "Crea la chiave";
    key_made(name: &str) = "The key {name}", "La chiave {name}";
    key_once = "Copy it now: it is shown only this once.", "Copiala adesso: si vede solo questa volta.";
    key_created = "made", "creata";
    revoke = "Revoke", "Revoca";
    key_revoked = "The key no longer works.", "La chiave non funziona più.";
    settings_saved = "Saved. It holds from now on.", "Salvato. Vale da adesso.";
}

impl Language {
    /// How an API node names a secret.
    pub fn secret_written(self, name: &str) -> String {
        format!("{{{{ secret.{name} }}}}")
    }
}
