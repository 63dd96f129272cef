//! What goes wrong on the way out and on the way in: not delivered, not read.

use super::words;

words! {
    undelivered_text = "Messages and calls that were given up, or of which nobody knows whether they arrived. Nothing is sent again without you.",
        "Messaggi e chiamate abbandonati, o di cui non si sa se sono arrivati. Niente viene rimandato senza di te.";
    undelivered_none = "Everything was delivered", "È stato consegnato tutto";
    undelivered_none_text = "If a message cannot be sent, it waits here with the reason.", "Se un messaggio non si riesce a inviare, aspetta qui con il motivo.";
    retry = "Try again", "Riprova";
    retry_all = "Try all again", "Riprova tutti";
    give_up = "Leave it", "Lascia perdere";
    attempts[count] = "{count} attempt" | "{count} attempts", "{count} tentativo" | "{count} tentativi";
    unknown_badge = "Unknown outcome", "Esito sconosciuto";
    dead_badge = "Given up", "Abbandonato";
    call_to(address: &str) = "Call to {address}", "Chiamata a {address}";
    may_be_double = "It may have arrived: trying again could send it twice.", "Potrebbe essere arrivato: riprovando potrebbe arrivare due volte.";
    retried = "It goes out again.", "Riparte.";
    given_up = "Left as it is.", "Lasciato così.";
    unread_text = "What came in in a form that Flusso does not know. It stays here for 30 days: after an update press Try again.",
        "Quello che è arrivato in una forma che Flusso non conosce. Resta qui 30 giorni: dopo un aggiornamento premi Riprova.";
    unread_none = "Everything was understood", "È stato capito tutto";
    unread_none_text = "If a provider sends something new, it waits here and nothing is lost.", "Se un fornitore manda qualcosa di nuovo, aspetta qui e non si perde niente.";
    see_bytes = "What came in", "Cosa è arrivato";
    read_by_build(build: &str) = "Flusso {build}", "Flusso {build}";
    reread = "It was understood this time.", "Questa volta è stato capito.";
    still_unread = "It is still not understood.", "Non si riesce ancora a capire.";
    forgotten = "Deleted.", "Eliminato.";
}
