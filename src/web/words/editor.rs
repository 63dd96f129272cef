//! The editor of a flow.

use super::words;

words! {
    map_of(name: &str) = "Drawing of {name}", "Disegno di {name}";
    has_error = "There is a problem here", "Qui c'è un problema";
    has_warning = "There may be a surprise here", "Qui può esserci una sorpresa";
    drawing = "Drawing", "Disegno";
    skip_to_steps = "Skip to the list of nodes", "Vai all'elenco dei nodi";
    nodes = "Nodes", "Nodi";
    no_nodes = "Nothing here yet", "Qui non c'è ancora niente";
    no_nodes_text = "Begin with a keyword: the word that starts this automation.", "Comincia da una parola chiave: la parola che fa partire questa automazione.";
    add_node = "Add a node", "Aggiungi un nodo";
    add_after(name: &str) = "Add after {name}", "Aggiungi dopo {name}";
    add_at_exit = "Add here when", "Aggiungi qui quando";
    move_up = "Move up", "Sposta su";
    move_down = "Move down", "Sposta giù";
    try_it = "Try it", "Provala";
    save_flow = "Save flow", "Salva il flusso";
    problems[count] = "{count} thing to look at" | "{count} things to look at", "{count} cosa da guardare" | "{count} cose da guardare";
    reentry_other = "Who triggers it again:", "Chi la fa partire di nuovo:";
    reentry_once = "it never runs twice for one contact.", "per lo stesso contatto non parte mai due volte.";
    reentry_once_after(length: &str) = "it runs again only after {length}.", "riparte solo dopo {length}.";
    reentry_parallel(key: &str) = "one at a time for each value of {key}.", "una alla volta per ogni valore di {key}.";
    draft_undo = "Take the last change back", "Annulla l'ultima modifica";
    draft_redo = "Make it again", "Rifai la modifica annullata";
    draft_undone = "Taken back. Make it again beside, if you want it after all.", "Annullata. Se ci ripensi, lì accanto c'è Rifai.";
    draft_redone = "Made again.", "Rifatta.";
    draft_kept = "Kept in the draft. It becomes live with Save flow.", "Tenuto nella bozza. Diventa attivo con Salva il flusso.";
    node_added(name: &str) = "{name} was added.", "{name} è stato aggiunto.";
    node_removed(name: &str) = "{name} was deleted, and what led to it leads on.", "{name} è stato eliminato, e quello che ci portava va avanti.";
    node_moved = "Moved.", "Spostato.";
    cannot_move = "It cannot go further that way.", "Da quella parte non può andare oltre.";
    flow_saved(number: &u32) = "Saved as version {number}. It is live now.", "Salvato come versione {number}. Adesso è operativo.";
    flow_not_saved[count] = "Not saved: there is {count} problem to mend first." | "Not saved: there are {count} problems to mend first.",
        "Non salvato: prima c'è {count} problema da sistemare." | "Non salvato: prima ci sono {count} problemi da sistemare.";
    save_title(name: &str) = "Save {name}", "Salva {name}";
    save_inside[count] = "{count} person is inside. This is what happens to them." | "{count} people are inside. This is what happens to them.",
        "{count} persona è dentro. Ecco cosa le succede." | "{count} persone sono dentro. Ecco cosa succede loro.";
    save_warnings = "Worth a look", "Da guardare";
    save_who = "Who is inside", "Chi è dentro";
    save_node_gone = "this node is no longer there", "questo nodo non c'è più";
    save_gone_where(name: &str) = "Where people at {name} go", "Dove vanno le persone in {name}";
    save_gone_finish = "Finish on their version", "Finiscono sulla loro versione";
    save_gone_stop = "Stop", "Si fermano";
    save_gone_move(name: &str) = "Go to: {name}", "Vanno a: {name}";
    save_not_yet = "Not yet", "Non ancora";
    save_nobody = "Nobody is inside.", "Non c'è dentro nessuno.";
    save_stays = "Move to the new version", "Passano alla nuova versione";
    save_everybody = "And in all", "E nel complesso";
    running_move = "Node by node, as chosen above", "Nodo per nodo, come scelto qui sopra";
    running_move_help = "Whoever moves to the new version at their own node keeps the same due time.",
        "Chi passa alla nuova versione nel suo nodo tiene la stessa scadenza.";
    running_finish = "All finish on the old version", "Finiscono tutti sulla vecchia versione";
    running_finish_help = "The new one is only for who starts from now on.", "La nuova vale solo per chi parte da adesso.";
    running_stop = "All stop", "Si fermano tutti";
    running_stop_help = "Nothing more is sent to them by this automation.", "Da questa automazione non ricevono più niente.";
    we_wrote = "We wrote:", "Noi:";
    they_wrote = "They wrote:", "Contatto:";
    taken_not_started(name: &str) = "{name} gets it but does not start. Why?", "La prende {name}, ma non riparte. Perché?";
    answered_by(name: &str) = "{name} answered. Why?", "Ha risposto {name}. Perché?";
    no_answer_why = "No automation answered. Why?", "Non ha risposto nessuna automazione. Perché?";
    also_matched = "These would have matched too:", "Andavano bene anche queste:";
    changed_kept = "Somebody changed this automation meanwhile, so nothing was stored. What you typed is still here: press Keep again to store it.",
        "Nel frattempo qualcuno ha cambiato questa automazione, quindi non è stato salvato niente. Quello che hai scritto è ancora qui: premi di nuovo per tenerlo.";
    flow_saved_off(number: &u32) = "Saved as version {number}. It is off: enable it when you are ready.",
        "Salvato come versione {number}. È disattivata: attivala quando vuoi.";
    file_missing = "Choose a file of 16 MB at most.", "Scegli un file di al massimo 16 MB.";
    file_unknown = "A message can carry pictures, sounds, films, PDF and Office documents. Nothing was stored.",
        "Un messaggio può portare immagini, audio, video, PDF e documenti Office. Non è stato salvato niente.";
    file_kept(name: &str) = "{name} is in the message.", "{name} è nel messaggio.";
}
