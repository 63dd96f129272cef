//! The form of an API call.

use super::words;

words! {
    method = "Method", "Metodo";
    url = "Address", "Indirizzo";
    url_help = "Variables are escaped for their place. Private addresses must be allowed in the settings.",
        "Le variabili vengono adattate al posto in cui stanno. Gli indirizzi privati vanno permessi nelle impostazioni.";
    body = "What is sent", "Cosa si manda";
    body_json = "JSON", "JSON";
    body_raw = "Text", "Testo";
    save_answer = "What to keep of the answer", "Cosa tenere della risposta";
    save_answer_help = "A JSON path, and where its value goes.", "Un percorso JSON, e dove va il suo valore.";
    json_path = "Path", "Percorso";
    kept_in = "Goes to", "Va in";
    headers = "Headers", "Intestazioni";
    headers_help = "Secrets stay here and are not shown in the history.", "I segreti restano qui e non si vedono nella storia.";
    query = "Behind the question mark", "Dopo il punto interrogativo";
    timeout = "Longest wait for the answer", "Attesa massima della risposta";
    timeout_help = "15 seconds at most.", "Al massimo 15 secondi.";
    call_retry_times = "Tries beyond the first", "Tentativi oltre il primo";
    call_retry_within = "Within", "Entro";
    safe_to_repeat = "Safe to repeat", "Si può ripetere";
    safe_to_repeat_help = "Tick it if calling twice does no harm: then it is tried again even when nobody knows whether it arrived.",
        "Spuntala se chiamare due volte non fa danni: allora si riprova anche quando non si sa se è arrivata.";
}
