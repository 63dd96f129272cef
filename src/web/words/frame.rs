//! The frame of every page, the first run, the login, and what goes wrong.

use super::{Language, words};
use crate::web::page::Nav;

impl Language {
    /// The name of a place of the rail.
    pub const fn nav(self, nav: &Nav) -> &'static str {
        match nav {
            Nav::Flows => self.nav_flows(),
            Nav::Runs => self.nav_runs(),
            Nav::Agenda => self.nav_agenda(),
            Nav::Contacts => self.nav_contacts(),
            Nav::Simulator => self.nav_simulator(),
            Nav::Channels => self.nav_channels(),
            Nav::Undelivered => self.nav_undelivered(),
            Nav::Unread => self.nav_unread(),
            Nav::Settings => self.nav_settings(),
        }
    }

    /// The same, short enough for the bottom bar of a phone.
    pub const fn nav_short(self, nav: &Nav) -> &'static str {
        match nav {
            Nav::Runs => self.nav_runs_short(),
            Nav::Simulator => self.nav_simulator_short(),
            other => self.nav(other),
        }
    }
}

words! {
    nav_flows = "Automations", "Automazioni";
    nav_runs = "Active automations", "Automazioni attive";
    nav_runs_short = "Active", "Attive";
    nav_agenda = "Agenda", "Agenda";
    nav_contacts = "Contacts", "Rubrica";
    nav_simulator = "Simulator", "Simulatore";
    nav_simulator_short = "Try", "Prova";
    nav_channels = "Channels", "Canali";
    nav_undelivered = "Not delivered", "Non consegnati";
    nav_unread = "Not read", "Non letti";
    nav_settings = "Settings", "Impostazioni";
    main_menu = "Main menu", "Menu principale";
    more = "More", "Altro";
    skip_to_content = "Skip to the content", "Vai al contenuto";
    search_contacts = "Search contacts by name or number", "Cerca in rubrica per nome o numero";
    pause_everything = "Pause everything", "Metti tutto in pausa";
    everything_is_paused = "Everything is paused: nothing starts and nothing is sent. What arrives is kept.",
        "È tutto in pausa: non parte e non si invia niente. Quello che arriva viene conservato.";
    resume_everything = "Resume everything", "Riprendi tutto";
    log_out = "Log out", "Esci";
    copied = "Copied", "Copiato";
    offline = "No connection with Flusso. Nothing was changed: try again in a moment.",
        "Nessun collegamento con Flusso. Non è stato cambiato niente: riprova fra un momento.";
    close = "Close", "Chiudi";
    undo = "Undo", "Annulla";
    save_changes = "Save", "Salva";
    saved = "Saved", "Salvato";
    cancel = "Cancel", "Lascia perdere";
    back = "Back", "Indietro";
    edit = "Edit", "Modifica";
    remove = "Remove", "Rimuovi";
    delete = "Delete", "Elimina";
    copy = "Copy", "Copia";
    details = "Details", "Dettagli";
    optional = "optional", "facoltativo";
    newer = "Newer", "Più recenti";
    older = "Older", "Meno recenti";
    all = "All", "Tutti";
    all_feminine = "All", "Tutte";
    filter = "Filter", "Filtra";
    filters = "Filters", "Filtri";
    select_all = "Select all", "Seleziona tutto";
    select_named(name: &str) = "Select {name}", "Seleziona {name}";
    menu_of(name: &str) = "What to do with {name}", "Cosa fare con {name}";
    yes = "Yes", "Sì";
    no = "No", "No";
    name = "Name", "Nome";
    password = "Password", "Password";
    language = "Language", "Lingua";
    time_zone = "Time zone", "Fuso orario";
    theme = "Look", "Aspetto";
    theme_auto = "As the device", "Come il dispositivo";
    theme_light = "Light", "Chiaro";
    theme_dark = "Dark", "Scuro";

    setup_title = "Welcome to Flusso", "Benvenuto in Flusso";
    setup_text = "Three things and you can try it. Nothing leaves this machine until you connect a channel.",
        "Tre cose e puoi già provarlo. Da questa macchina non esce niente finché non colleghi un canale.";
    setup_name = "Your name", "Il tuo nome";
    setup_name_help = "You log in with it, and your team sees who answered.", "Ti serve per entrare, e chi lavora con te vede chi ha risposto.";
    setup_password_help = "At least 12 characters. A short sentence is easy to remember.", "Almeno 12 caratteri. Una frase breve si ricorda bene.";
    setup_zone_help = "Waits and hours follow this clock.", "Attese e orari seguono questo orologio.";
    setup_try = "Try it now", "Provalo subito";
    setup_try_help = "Adds the simulator and three automations to talk to: welcome, price list, quote follow-up. You can delete them later.",
        "Aggiunge il simulatore e tre automazioni con cui parlare: benvenuto, listino, follow-up preventivo. Puoi eliminarle quando vuoi.";
    setup_button = "Start", "Comincia";
    setup_used = "This link was already used", "Questo collegamento è già stato usato";
    setup_used_text = "Flusso is set up. Log in with the name and the password chosen then.",
        "Flusso è già configurato. Entra con il nome e la password scelti allora.";

    setup_first = "Flusso waits for its first person", "Flusso aspetta la sua prima persona";
    setup_first_text = "Open the link that the program printed when it started: it is for you alone and works once. A new one is printed at each start.",
        "Apri il collegamento che il programma ha scritto all'avvio: è solo per te e vale una volta. A ogni avvio ne scrive uno nuovo.";
    plain_banner = "This connection is not encrypted: whoever is on the same network can read along. Put HTTPS in front of it before you open it to the internet.",
        "Questo collegamento non è cifrato: chi è sulla stessa rete può leggere. Mettici davanti HTTPS prima di aprirlo a internet.";
    resumed_everything = "Everything moves again.", "Tutto si muove di nuovo.";
    dot_on = "it works", "funziona";
    dot_off = "switched off", "spento";
    dot_stopped = "it needs somebody", "ha bisogno di te";
    refused = "This cannot be done now", "Adesso non si può fare";
    refused_text = "Nothing was changed. The details say why.", "Non è stato cambiato niente. I dettagli dicono perché.";
    too_large = "This is too large", "È troppo grande";
    too_large_text = "Nothing was changed. A file may have 16 MB at most: send a larger one by its link.",
        "Non è stato cambiato niente. Un file può avere al massimo 16 MB: se è più grande, manda il suo link.";
    simulator_name = "Simulator", "Simulatore";

    login_title = "Log in", "Entra";
    login_button = "Log in", "Entra";
    login_wrong = "This name and this password do not go together. Check both and try again.",
        "Nome e password non vanno d'accordo. Controllali e riprova.";
    login_wait(length: &str) = "Too many tries. Wait {length} and try again.", "Troppi tentativi. Aspetta {length} e riprova.";
    login_again = "Your session has ended. Log in and you come back to where you were.",
        "La sessione è finita. Entra e torni dove eri.";
    name_empty = "Write a name.", "Scrivi un nome.";
    password_short = "Use at least 12 characters.", "Usa almeno 12 caratteri.";
    password_common = "This one is among the first that are tried. A few words in a row are better.",
        "Questa è tra le prime che vengono provate. Meglio qualche parola in fila.";
    zone_unknown = "Choose a time zone of the list, as Europe/Rome.", "Scegli un fuso orario dell'elenco, come Europe/Rome.";

    not_found = "This page does not exist", "Questa pagina non esiste";
    not_found_text = "It was deleted, or the address has a slip in it. Nothing else is affected.",
        "È stata eliminata, oppure c'è una svista nell'indirizzo. Il resto non è toccato.";
    went_wrong = "Something went wrong here", "Qui qualcosa è andato storto";
    went_wrong_text = "Nothing was changed and your automations go on. Try again; if it comes back, look at the log with this number.",
        "Non è stato cambiato niente e le tue automazioni vanno avanti. Riprova; se succede ancora, cerca questo numero nel registro.";
    form_expired = "This page was open for too long", "Questa pagina è rimasta aperta troppo a lungo";
    form_expired_text = "For safety nothing was changed. Open it again and repeat the last thing you did.",
        "Per sicurezza non è stato cambiato niente. Riaprila e ripeti l'ultima cosa che hai fatto.";
    disk_full = "There is no room left on the disk", "Il disco è pieno";
    disk_full_text = "Nothing was lost and what is inside stays safe, but nothing new can be stored. Free some room and try again.",
        "Non si è perso niente e quello che c'è resta al sicuro, ma non si può salvare altro. Libera spazio e riprova.";
    changed_meanwhile = "This was changed in the meantime. Your change was not stored: look at it and do it again.",
        "Nel frattempo è cambiato qualcosa. La tua modifica non è stata salvata: guarda e rifalla.";
    go_home = "Go to automations", "Vai alle automazioni";
    try_again = "Try again", "Riprova";
}
