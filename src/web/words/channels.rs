//! Channels: what each kind is, what its settings are called, and where they are found.

use super::forms::Menu;
use super::{Language, words};
use crate::base::address::ChannelKind;

impl Language {
    /// What a kind of channel is for.
    pub const fn channel_kind_help(self, kind: ChannelKind) -> &'static str {
        match kind {
            ChannelKind::Whatsapp => self.kind_whatsapp(),
            ChannelKind::Telegram => self.kind_telegram(),
            ChannelKind::Twilio => self.kind_twilio(),
            ChannelKind::Waha => self.kind_waha(),
            ChannelKind::Evolution => self.kind_evolution(),
            ChannelKind::Generic => self.kind_generic(),
            ChannelKind::Simulator => self.kind_simulator(),
        }
    }

    /// What a setting is called, and where it is found.
    pub fn setting(self, name: &str) -> (&'static str, &'static str) {
        match name {
            "phone_number_id" => (self.set_phone_number_id(), self.set_phone_number_id_help()),
            "access_token" => (self.set_access_token(), self.set_access_token_help()),
            "app_secret" => (self.set_app_secret(), self.set_app_secret_help()),
            "verify_token" => (self.set_verify_token(), self.set_verify_token_help()),
            "graph_version" => (self.set_graph_version(), ""),
            "bot_token" => (self.set_bot_token(), self.set_bot_token_help()),
            "receive" => (self.set_receive(), self.set_receive_help()),
            "secret_token" => (self.set_secret_token(), ""),
            "account_sid" => ("Account SID", self.set_twilio_help()),
            "auth_token" => ("Auth token", self.set_twilio_help()),
            "from" => (self.set_from(), self.set_from_help()),
            "messaging_service_sid" => ("Messaging Service SID", self.set_service_help()),
            "session" => (self.set_session(), self.set_session_help()),
            "instance" => (self.set_instance(), ""),
            "api_key" => (self.set_api_key(), self.set_api_key_help()),
            "hmac_key" | "hmac_secret" => (self.set_hmac(), self.set_hmac_help()),
            "hook_header" => (self.set_hook_header(), self.set_hook_header_help()),
            "secret_header" => (self.set_secret_header(), self.set_secret_header_help()),
            "secret" => (self.set_secret(), ""),
            "in" => (self.set_in(), self.set_in_help()),
            "out" => (self.set_out(), self.set_out_help()),
            _ => ("", ""),
        }
    }

    /// How Telegram's messages come in.
    pub fn receive_ways(self) -> Menu {
        [("polling", self.receive_polling()), ("webhook", self.receive_webhook())]
            .map(|(word, said)| (word.to_owned(), said.to_owned()))
            .into()
    }

    /// What becomes of a send whose outcome stays unknown.
    pub fn unknown_policies(self) -> Menu {
        [("live_replies", self.unknown_live()), ("always", self.unknown_always()), ("never", self.unknown_never())]
            .map(|(word, said)| (word.to_owned(), said.to_owned()))
            .into()
    }
}

words! {
    channels_text = "Where your customers write to you.", "Dove i tuoi clienti ti scrivono.";
    new_channel = "Connect a channel", "Collega un canale";
    choose_kind = "Which one? You can connect several.", "Quale? Puoi collegarne più di uno.";
    channels_none = "No channel yet", "Ancora nessun canale";
    channels_none_text = "Connect the number your customers already know, or try everything in the simulator first.",
        "Collega il numero che i tuoi clienti conoscono già, o prova prima tutto nel simulatore.";
    kind_whatsapp = "The official way, with Meta's Cloud API.", "La via ufficiale, con la Cloud API di Meta.";
    kind_telegram = "A bot. Works behind a home router too.", "Un bot. Funziona anche dietro un router di casa.";
    kind_twilio = "SMS, and WhatsApp through Twilio.", "SMS, e WhatsApp tramite Twilio.";
    kind_waha = "A WhatsApp gateway you run yourself.", "Un ponte verso WhatsApp che gestisci tu.";
    kind_evolution = "A WhatsApp gateway you run yourself.", "Un ponte verso WhatsApp che gestisci tu.";
    kind_generic = "Anything that can send and receive JSON.", "Tutto quello che sa mandare e ricevere JSON.";
    kind_simulator = "Invented people, no provider.", "Persone inventate, nessun fornitore.";
    channel_name = "Name", "Nome";
    channel_name_help = "How you call it, for example: Shop.", "Come lo chiami, per esempio: Negozio.";
    channel_on = "On", "Acceso";
    channel_off = "Off", "Spento";
    channel_stopped = "Stopped", "Fermo";
    switch_on = "Switch on", "Accendi";
    switch_off = "Switch off", "Spegni";
    mend = "Mend it", "Sistemalo";
    edit_channel(name: &str) = "Edit {name}", "Modifica {name}";
    connect = "Connect", "Collega";
    secret_kept = "One is kept: leave it empty to keep it.", "Ce n'è già uno: lascia vuoto per tenerlo.";
    set_phone_number_id = "Phone number ID", "ID numero di telefono (Phone number ID)";
    set_phone_number_id_help = "In Meta for Developers, under WhatsApp, API setup.", "In Meta for Developers, alla voce WhatsApp, Configurazione API.";
    set_access_token = "Access token", "Token di accesso";
    set_access_token_help = "Of a system user, so that it does not expire.", "Di un utente di sistema, così non scade.";
    set_app_secret = "App secret", "Chiave segreta dell'app";
    set_app_secret_help = "In the app's settings, Basic. It proves that requests come from Meta.", "Nelle impostazioni dell'app, Di base. Prova che le richieste vengono da Meta.";
    set_verify_token = "Verify token", "Token di verifica";
    set_verify_token_help = "Any word of yours: write the same one at Meta beside the webhook address.", "Una parola a tua scelta: scrivi la stessa da Meta, accanto all'indirizzo del webhook.";
    set_graph_version = "Version of the Graph API", "Versione della Graph API";
    set_bot_token = "Bot token", "Token del bot";
    set_bot_token_help = "BotFather gives it to you in Telegram.", "Te lo dà BotFather dentro Telegram.";
    set_receive = "How messages come in", "Come arrivano i messaggi";
    set_receive_help = "Asking works everywhere, also without a public address.", "Chiedendo funziona ovunque, anche senza un indirizzo pubblico.";
    receive_polling = "Flusso asks Telegram", "Flusso chiede a Telegram";
    receive_webhook = "Telegram calls Flusso", "Telegram chiama Flusso";
    set_secret_token = "Webhook secret", "Segreto del webhook";
    set_twilio_help = "On the first page of the Twilio console.", "Nella prima pagina della console di Twilio.";
    set_from = "Sender", "Mittente";
    set_from_help = "+39… for SMS, whatsapp:+39… for WhatsApp.", "+39… per gli SMS, whatsapp:+39… per WhatsApp.";
    set_service_help = "Instead of a sender.", "Al posto del mittente.";
    set_session = "Session", "Sessione";
    set_session_help = "Usually: default.", "Di solito: default.";
    set_instance = "Instance", "Istanza";
    set_api_key = "API key", "Chiave API";
    set_api_key_help = "The one your gateway was started with.", "Quella con cui hai avviato il ponte.";
    set_hmac = "Signature key", "Chiave della firma";
    set_hmac_help = "Requests without this signature are refused.", "Le richieste senza questa firma vengono rifiutate.";
    set_hook_header = "Header expected on webhooks", "Intestazione attesa sui webhook";
    set_hook_header_help = "Name and secret value, as X-Hook: a-long-secret.", "Nome e valore segreto, come X-Hook: un-segreto-lungo.";
    set_secret_header = "Header that carries the secret", "Intestazione che porta il segreto";
    set_secret_header_help = "For example X-Secret.", "Per esempio X-Secret.";
    set_secret = "Secret", "Segreto";
    set_in = "Where things are in what comes in", "Dove stanno le cose in quello che arriva";
    set_in_help = "JSON with pointers: {\"contact\": \"/from\", \"text\": \"/body\", \"message_id\": \"/id\"}.", "JSON con puntatori: {\"contact\": \"/from\", \"text\": \"/body\", \"message_id\": \"/id\"}.";
    set_out = "How to send", "Come inviare";
    set_out_help = "JSON: url, method, headers, body, message_id.", "JSON: url, method, headers, body, message_id.";
    base_url = "Address of the provider", "Indirizzo del fornitore";
    base_url_help = "For a gateway of your own. Empty: the provider's.", "Per un ponte tuo. Vuoto: quello del fornitore.";
    allow_private = "It may lie in my own network", "Può stare nella mia rete";
    allow_private_help = "Needed for a gateway on this machine or beside it.", "Serve per un ponte su questa macchina o accanto.";
    public_url = "Public address of this Flusso", "Indirizzo pubblico di questo Flusso";
    public_url_help = "Only if this provider must use another than the rest.", "Solo se questo fornitore deve usarne uno diverso dagli altri.";
    channel_language = "Language of whoever has none", "Lingua di chi non ne ha una";
    rate = "Messages a second", "Messaggi al secondo";
    rate_help = "Empty: the provider's own pace.", "Vuoto: il ritmo del fornitore.";
    pair = "Seconds between two to one person", "Secondi tra due alla stessa persona";
    pair_help = "Empty: the provider's own pace.", "Vuoto: il ritmo del fornitore.";
    unknown_policy = "When nobody knows whether it arrived", "Quando non si sa se è arrivato";
    unknown_policy_help = "It happens when the connection breaks after sending.", "Succede quando la connessione cade dopo l'invio.";
    unknown_live = "Answers go once more, the rest waits for you", "Le risposte ripartono una volta, il resto aspetta te";
    unknown_always = "Everything goes once more", "Tutto riparte una volta";
    unknown_never = "Nothing goes again without you", "Niente riparte senza di te";
    name_taken(name: &str) = "There is already a channel called {name}.", "C'è già un canale che si chiama {name}.";
    checklist = "Is it ready?", "È pronto?";
    check_address = "Address reachable from outside", "Indirizzo raggiungibile da fuori";
    check_address_missing = "Providers need HTTPS. Start Flusso with --public-url or --https.", "Ai fornitori serve HTTPS. Avvia Flusso con --public-url o --https.";
    check_secrets = "Keys and tokens are set", "Chiavi e token inseriti";
    check_secrets_missing(names: &str) = "Still missing: {names}.", "Mancano ancora: {names}.";
    check_heard = "A request has come in", "È arrivata una richiesta";
    check_heard_missing = "Nothing yet. Write the webhook address at the provider, then send a message from your phone.",
        "Ancora niente. Scrivi l'indirizzo del webhook dal fornitore, poi manda un messaggio dal telefono.";
    check_sent = "A message went out", "È partito un messaggio";
    check_sent_missing = "Nothing yet. Send a test message.", "Ancora niente. Manda un messaggio di prova.";
    last_request = "Last request", "Ultima richiesta";
    no_request_yet = "No request yet.", "Ancora nessuna richiesta.";
    requests = "Last requests", "Ultime richieste";
    requests_text = "What came in, and what Flusso answered and why.", "Quello che è arrivato, cosa ha risposto Flusso e perché.";
    when = "When", "Quando";
    request = "Request", "Richiesta";
    verdict = "Answer", "Risposta";
    hook_address = "Webhook address", "Indirizzo del webhook";
    hook_address_help = "Copy it into the webhook settings of the provider. Knowing it is not enough to write here: requests are signed.", "Copialo nelle impostazioni del webhook, dal fornitore. Conoscerlo non basta per scrivere qui: le richieste sono firmate.";
    qr_code = "QR code", "Codice QR";
    test_message = "Test message", "Messaggio di prova";
    test_message_help = "To your own phone. On WhatsApp, write to the number first: free text needs an open window. How it went stands below; a refused one stays in Not delivered too.",
        "Al tuo telefono. Su WhatsApp prima scrivi tu al numero: il testo libero vuole la finestra aperta. Com'è andata si legge qui sotto; se viene rifiutato resta anche in Non consegnati.";
    send_test = "Send", "Invia";
    test_text = "This is a test from Flusso.", "Questa è una prova da Flusso.";
    simulator_chat = "Chat of the simulator", "Chat del simulatore";
    simulator_chat_text = "Write as an invented person and see what your automations answer.", "Scrivi come una persona inventata e guarda cosa rispondono le tue automazioni.";
    simulator_chat_open = "Open the chat", "Apri la chat";
    test_sent = "The provider took the last test message. Look at your phone.", "Il fornitore ha preso l'ultimo messaggio di prova. Guarda il telefono.";
    delete_channel(name: &str) = "Delete {name}", "Elimina {name}";
    delete_channel_text = "Its webhook address stops working at once, and what waits to be sent by it is called off. Chats are kept.",
        "Il suo indirizzo webhook smette subito di funzionare e quello che aspetta di partire da qui viene annullato. Le chat restano.";
    delete_channel_runs[count] = "{count} active automation talks here and stops." | "{count} active automations talk here and stop.",
        "{count} automazione attiva parla da qui e si ferma." | "{count} automazioni attive parlano da qui e si fermano.";
    channel_saved(name: &str) = "{name} is saved.", "{name} è salvato.";
    channel_deleted(name: &str) = "{name} is deleted.", "{name} è eliminato.";
}
