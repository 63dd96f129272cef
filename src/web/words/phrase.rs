//! Who gets a phrase, who loses it, and what overlaps with it.

use super::words;

words! {
    match_title = "Test a phrase", "Prova una frase";
    match_text = "Write what a customer would write, and see which automation gets it and why.",
        "Scrivi quello che scriverebbe un cliente e guarda quale automazione lo prende, e perché.";
    match_phrase = "Phrase", "Frase";
    match_button = "Test", "Prova";
    match_with_draft(name: &str) = "The draft of {name} counts as if it were live.", "La bozza di {name} conta come se fosse attiva.";
    match_wins(name: &str) = "{name} gets it.", "La prende {name}.";
    match_nobody = "No automation gets it.", "Non la prende nessuna automazione.";
    match_losers = "These lose:", "Queste perdono:";
    match_off = "These would match, but are off:", "Queste andrebbero bene, ma sono disattivate:";
    match_kept = "It is asked for somebody who wrote before and is in no automation now.",
        "Vale per chi ha già scritto e adesso non è in nessuna automazione.";
    overlaps = "Overlaps with other automations", "Sovrapposizioni con altre automazioni";
    overlaps_none = "No other automation has these words.", "Nessun'altra automazione ha queste parole.";
    overlaps_check = "Check the words", "Controlla le parole";
    overlap_same(phrase: &str) = "“{phrase}” already starts it in the same way: this cannot be saved.",
        "“{phrase}” la fa già partire allo stesso modo: così non si può salvare.";
    overlap_theirs(message: &str, theirs: &str) = "“{message}” goes there, by {theirs}.", "“{message}” va lì: la sua parola {theirs}.";
    overlap_ours(message: &str, theirs: &str) = "“{message}” comes here, and not there by {theirs}.", "“{message}” viene qui, e non lì, dove la parola {theirs}.";
    overlap_off = "(It is off now.)", "(Adesso è disattivata.)";
    lost_above = "But the rule above comes before every automation.", "Ma la regola qui sopra viene prima di ogni automazione.";
    lost_withheld = "It was not asked.", "Non è stata interpellata.";
    lost_same_rule = "But its phrase is shorter, or the automation younger.", "Ma la sua frase è più corta, o l'automazione è più recente.";
    lost_later_rule = "But its rule comes later.", "Ma la sua regola viene dopo.";
    lost_to_question = "But the question that waits comes first.", "Ma la domanda in attesa viene prima.";
    lost_held = "It is on hold for this contact.", "Per questo contatto è sospesa.";
    lost_disabled = "It is off.", "È disattivata.";
    lost_paused = "Everything is paused.", "È tutto in pausa.";
    lost_cooling = "It started too short a time ago for this contact.", "Per questo contatto è partita da troppo poco tempo.";
    lost_sleeping = "It does not listen at this hour.", "A quest'ora non ascolta.";
    lost_blocked = "The contact is blocked.", "Il contatto è bloccato.";
    lost_opted_out = "The contact is unsubscribed.", "Il contatto è disiscritto.";
    lost_automations_off = "Automations are off for this contact.", "Per questo contatto le automazioni sono spente.";
    lost_automations_paused = "Automations are paused for this contact.", "Per questo contatto le automazioni sono in pausa.";
    lost_handover = "A person answers this contact.", "A questo contatto risponde una persona.";
}
