//! What holds for an automation as a whole.

use super::words;

words! {
    flow_settings = "Rules of the automation", "Regole dell'automazione";
    flow_settings_of(name: &str) = "Rules of {name}", "Regole di {name}";
    flow_settings_text = "They hold for the whole automation, wherever somebody stands in it.", "Valgono per tutta l'automazione, a qualunque nodo si trovi una persona.";
    reentry_way = "When somebody who is inside triggers it again", "Quando chi è già dentro la fa partire di nuovo";
    reentry_way_keep = "They stay where they are", "Resta dov'è";
    reentry_way_restart = "They begin again (overwrite if it exists)", "Ricomincia da capo (sovrascrivi)";
    reentry_way_once = "It never runs twice for one contact", "Non parte due volte per lo stesso contatto";
    reentry_way_parallel = "One beside the other, one for each value", "Una accanto all'altra, una per ogni valore";
    reentry_after_how_long = "Again after", "Di nuovo dopo";
    reentry_after_help = "Empty: never again.", "Vuoto: mai più.";
    reentry_by = "The value that tells them apart", "Il valore che le distingue";
    reentry_by_help = "As run.order_id: one automation for each order.", "Per esempio run.order_id: un'automazione per ogni ordine.";
    leave_when = "Leave the automation when", "Esci dall'automazione quando";
    leave_when_help = "As soon as one of these is true the automation ends there, wherever it waits.", "Appena una di queste è vera l'automazione finisce lì, in qualunque attesa si trovi.";
    category = "What it is for", "A cosa serve";
    category_none = "Not said", "Non indicato";
    category_service = "Service: it answers who writes", "Servizio: risponde a chi scrive";
    category_utility = "Utility: orders, appointments, payments", "Utilità: ordini, appuntamenti, pagamenti";
    category_marketing = "Marketing: offers, who agreed gets them", "Marketing: offerte, solo a chi ha dato il consenso";
    start_node = "A start by hand begins at", "Se la avvii a mano comincia da";
    start_node_default = "where the first trigger leads", "dove porta il primo innesco";
    rules_save_more = "Keep and add a rule", "Tieni e aggiungi una regola";
}
