//! The simulator beside the editor, and the conversations kept as tests.

use super::words;

words! {
    try_title(name: &str) = "Try {name}", "Prova {name}";
    try_text = "Talk with the draft as a customer would. Nothing is stored and nothing is sent; the clock is its own.",
        "Parla con la bozza come farebbe un cliente. Non si salva e non si invia niente; l'orologio è tutto suo.";
    try_chat = "Conversation", "Conversazione";
    try_empty = "Write something, or press what starts it.", "Scrivi qualcosa, o premi quello che la fa partire.";
    try_write = "Write as the customer", "Scrivi come il cliente";
    try_clock = "Clock", "Orologio";
    try_next = "Jump to the next wait", "Vai alla prossima attesa";
    try_hour = "+1 hour", "+1 ora";
    try_silence = "No answer", "Nessuna risposta";
    try_set_time = "Set the time", "Imposta l'ora";
    try_time = "Day and time", "Giorno e ora";
    try_back = "Take back the last step", "Torna indietro di un passo";
    try_begin_again = "Begin again", "Ricomincia";
    try_starts = "What starts it", "Cosa la fa partire";
    try_by_hand = "Start by hand", "Avvio a mano";
    try_who = "Talk as", "Parla come";
    try_who_help = "Of a real contact only name, language, tags and fields are copied, never the number.",
        "Di un contatto vero si copiano solo nome, lingua, tag e campi, mai il recapito.";
    try_sample = "A sample customer", "Un cliente di esempio";
    try_stranger = "Somebody new", "Qualcuno di nuovo";
    try_like(name: &str) = "A copy of {name}", "Una copia di {name}";
    try_stage = "Customer and channel", "Cliente e canale";
    try_calls = "Calls to other programs", "Chiamate ad altri programmi";
    try_calls_mock = "Answer with this", "Rispondi con questo";
    try_calls_ask = "Ask me each time", "Chiedimelo ogni volta";
    try_calls_real = "Make the call for real", "Fai davvero la chiamata";
    try_calls_real_on = "Calls are real: the other program gets them and does what they say.",
        "Le chiamate sono vere: l'altro programma le riceve e fa quello che dicono.";
    try_status_code = "Status", "Stato";
    try_body = "Answer", "Risposta";
    try_apply = "Use this", "Usa questo";
    try_answer = "Answer", "Rispondi";
    try_answer_timed_out = "No answer in time", "Nessuna risposta in tempo";
    try_answer_failed = "It fails", "Non riesce";
    try_call_failed = "The address could not be reached.", "L'indirizzo non si raggiunge.";
    try_other = "Something else happens", "Succede altro";
    try_tag = "The contact gets the tag", "Il contatto prende il tag";
    try_tag_button = "Add", "Aggiungi";
    try_callback = "The other program calls back", "L'altro programma richiama";
    try_returned = "The other automation is over", "L'altra automazione è finita";
    try_log = "Every step", "Ogni passo";
    try_log_empty = "Here you see every node it goes through, with the values it writes.", "Qui vedi ogni nodo attraversato, con i valori che scrive.";
    try_idle = "It has not started yet.", "Non è ancora partita.";
    try_over = "It is over.", "È finita.";
    try_at(node: &str) = "It stands at {node}.", "È ferma in {node}.";
    try_at_until(node: &str, when: &str) = "It stands at {node}, until {when}.", "È ferma in {node}, fino a {when}.";
    try_calling = "It waits for the answer of a call.", "Aspetta la risposta di una chiamata.";
    try_called = "It waits for the other automation.", "Aspetta l'altra automazione.";
    try_handover = "A person answers now.", "Adesso risponde una persona.";
    try_time_passes = "Time passes, and nothing happens.", "Passa il tempo e non succede niente.";
    try_came(what: &str) = "Comes in: {what}", "Arriva: {what}";
    try_nothing = "Nothing happens: no one takes this message.", "Non succede niente: nessuno prende questo messaggio.";
    try_kept = "Already inside, or already run: it stays where it is.", "Era già dentro, o già fatta: resta dov'è.";
    try_done = "The automation ends here.", "L'automazione finisce qui.";
    try_done_with(goal: &str) = "The automation ends here, with the goal {goal}.", "L'automazione finisce qui, con l'obiettivo {goal}.";
    try_stopped = "The automation stops here.", "L'automazione si ferma qui.";
    try_failed(why: &str) = "The automation fails here: {why}", "Qui l'automazione non riesce: {why}";
    try_held = "It is on hold.", "È sospesa.";
    try_impossible = "With this draft that cannot happen here.", "Con questa bozza qui non può succedere.";
    try_launches(name: &str) = "Launches {name} (not rehearsed here)", "Lancia {name} (qui non si prova)";
    try_notifies(to: &str, text: &str) = "Tells {to}: {text}", "Avvisa {to}: {text}";
    try_template(name: &str) = "approved template {name}", "modello approvato {name}";
    try_cleared = "(empty)", "(vuoto)";
    try_no_wait = "Nothing waits for the clock now.", "Adesso niente aspetta l'orologio.";
    try_no_time = "Write a day and a time.", "Scrivi un giorno e un'ora.";
    try_no_time_back = "The clock goes forward only. Begin again to go back.", "L'orologio va solo avanti. Per tornare indietro ricomincia.";
    try_unreadable(line: &usize) = "The conversation could not be read at its line {line}, so it begins anew.",
        "La conversazione non si leggeva alla riga {line}, quindi ricomincia.";
    tests = "Tests", "Prove";
    tests_text = "They are replayed at every save. One that goes otherwise must be confirmed.", "Si rifanno a ogni salvataggio. Se una va in un altro modo, va confermata.";
    tests_none = "No conversation is kept yet.", "Ancora nessuna conversazione tenuta.";
    test_keep = "Keep as a test", "Tieni come prova";
    test_keep_help = "The conversation so far, with all that was answered. It is part of the draft, and of what you export.",
        "La conversazione fin qui, con tutte le risposte. Fa parte della bozza, e di quello che esporti.";
    test_name = "What it shows", "Cosa mostra";
    test_open = "Play", "Riproduci";
    test_rename = "Rename", "Rinomina";
    test_accept = "What it does now is right", "Quello che fa adesso va bene";
    test_green = "as kept", "come prima";
    test_red = "goes otherwise", "va in un altro modo";
    test_line(line: &usize) = "Line {line}", "Riga {line}";
    test_expected = "Expected", "Atteso";
    test_got = "Now", "Adesso";
    test_ends = "(the conversation ends)", "(la conversazione finisce)";
    test_kept(name: &str) = "{name} is kept as a test in the draft.", "{name} è tra le prove della bozza.";
    test_renamed(name: &str) = "It is called {name} now.", "Adesso si chiama {name}.";
    test_removed(name: &str) = "{name} is no longer a test.", "{name} non è più una prova.";
    test_accepted = "The test expects from now on what it does now.", "Da adesso la prova si aspetta quello che succede adesso.";
    test_no_name = "Give the test a name.", "Dai un nome alla prova.";
    test_name_taken = "Another test has this name. Choose another.", "Un'altra prova si chiama già così. Scegli un altro nome.";
    test_too_many = "An automation keeps 50 tests at most. Remove one first.", "Un'automazione tiene al massimo 50 prove. Prima togline una.";
    test_empty = "Talk first: there is nothing to keep yet.", "Prima parla: non c'è ancora niente da tenere.";
    test_unreadable = "This test cannot be read. Remove it and keep it anew.", "Questa prova non si legge. Toglila e tienila di nuovo.";
    tests_red[count] = "{count} test goes otherwise now" | "{count} tests go otherwise now", "{count} prova adesso va in un altro modo" | "{count} prove adesso vanno in un altro modo";
    tests_red_sure = "Save all the same. The tests stay as they are.", "Salva lo stesso. Le prove restano come sono.";
    tests_red_first = "Nothing was saved: look at the tests that go otherwise, and confirm.", "Non è stato salvato niente: guarda le prove che vanno in un altro modo, e conferma.";
}
