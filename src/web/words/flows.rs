//! The list of automations, and what is asked before one is enabled or deleted.

use super::{Language, words};
use crate::web::flows::FlowFilter;

impl Language {
    /// A filter of the list.
    pub const fn flow_filter(self, filter: &FlowFilter) -> &'static str {
        match filter {
            FlowFilter::All => self.filter_all(),
            FlowFilter::Enabled => self.filter_enabled(),
            FlowFilter::Disabled => self.filter_disabled(),
            FlowFilter::Errors => self.filter_errors(),
        }
    }
}

words! {
    flows_text = "Each one is a conversation that carries itself forward.", "Ognuna è una conversazione che va avanti da sola.";
    ready_flows = "Ready-made automations", "Automazioni pronte";
    use_it = "Use this", "Usa questa";
    listens_nowhere = "Tick at least one channel for it to listen on.", "Spunta almeno un canale su cui deve ascoltare.";
    listens_on = "Listens on", "Ascolta su";
    blank_flow = "Blank", "Vuota";
    blank_flow_text = "Begin from nothing and add one node at a time.", "Parti da zero e aggiungi un nodo alla volta.";
    new_flow = "New automation", "Nuova automazione";
    new_flow_name = "What is it called?", "Come si chiama?";
    new_flow_help = "For example: Price list, Opening hours, Quote follow-up.", "Per esempio: Listino, Orari, Follow-up preventivo.";
    new_flow_button = "Create", "Crea";
    flow_column = "Automation", "Automazione";
    starts_with = "Starts with", "Parte con";
    state = "State", "Stato";
    inside_now = "Inside now", "Dentro adesso";
    last_error = "Last error", "Ultimo errore";
    people_inside[count] = "{count} person inside" | "{count} people inside", "{count} persona dentro" | "{count} persone dentro";
    nobody_inside = "Nobody", "Nessuno";
    no_trigger = "By hand or from another automation", "A mano o da un'altra automazione";
    phrases_more[count] = "and {count} more" | "and {count} more", "e un'altra" | "e altre {count}";
    flow_enabled = "Active", "Attiva";
    flow_disabled = "Off", "Disattivata";
    flow_draft = "Never saved", "Mai salvata";
    flow_binned = "In the bin", "Nel cestino";
    draft_differs = "The draft has changes that are not live yet", "La bozza ha modifiche non ancora attive";
    version(number: &u32) = "version {number}", "versione {number}";
    enable = "Enable", "Attiva";
    disable = "Disable", "Disattiva";
    rename = "Rename", "Rinomina";
    duplicate = "Duplicate", "Duplica";
    export = "Export", "Esporta";
    restore = "Restore", "Ripristina";
    open_editor = "Edit", "Modifica";
    to_bin = "Move to the bin", "Sposta nel cestino";
    delete_forever = "Delete for good", "Elimina definitivamente";
    bin = "Bin", "Cestino";
    bin_text = "Automations stay here for 30 days. Restored ones come back disabled.",
        "Le automazioni restano qui per 30 giorni. Quelle ripristinate tornano disattivate.";
    bin_empty = "The bin is empty", "Il cestino è vuoto";
    bin_empty_text = "What you delete from the automations waits here for 30 days.", "Quello che elimini dalle automazioni aspetta qui per 30 giorni.";
    binned_at = "Deleted", "Eliminata";
    selected_flows = "With those selected:", "Con quelle selezionate:";
    flows_none = "No automation yet", "Ancora nessuna automazione";
    flows_none_text = "Start with a word your customers already write, such as \"price list\", and the answer you always give.",
        "Comincia da una parola che i tuoi clienti scrivono già, come \"listino\", e dalla risposta che dai sempre.";
    flows_no_match = "No automation here", "Qui non c'è nessuna automazione";
    flows_no_match_text = "Choose another filter to see the others.", "Scegli un altro filtro per vedere le altre.";
    filter_all = "All", "Tutte";
    filter_enabled = "Active", "Attive";
    filter_disabled = "Off", "Disattivate";
    filter_errors = "With errors", "Con errori";
    reentry_box = "Overwrite if it exists", "Sovrascrivi se esiste";
    reentry_box_help = "Ticked: who triggers it again starts from the beginning. Not ticked: who is inside stays where they are, with the same due time.",
        "Spuntata: chi la fa partire di nuovo ricomincia da capo. Non spuntata: chi è dentro resta dov'è, con la stessa scadenza.";

    enable_title(name: &str) = "Enable {name}", "Attiva {name}";
    enable_paused_for(length: &str) = "It was off for {length}.", "È rimasta disattivata per {length}.";
    enable_question[count] = "{count} person is inside. What about what should have happened meanwhile?" | "{count} people are inside. What about what should have happened meanwhile?",
        "{count} persona è dentro. Che ne è di quello che sarebbe dovuto succedere intanto?" | "{count} persone sono dentro. Che ne è di quello che sarebbe dovuto succedere intanto?";
    enable_means = "From now on it starts for whoever sets it off. Nobody is inside, so nothing is late.",
        "Da adesso parte per chi la fa scattare. Dentro non c'è nessuno, quindi niente è in ritardo.";
    overdue_shift = "Shift everything by the pause", "Sposta tutto della durata della pausa";
    overdue_shift_help = "Waits go on from where they stood, as if time had stopped.", "Le attese riprendono da dove erano, come se il tempo si fosse fermato.";
    overdue_spread = "Keep the dates, send the overdue ones a few at a time", "Tieni le date, manda gli arretrati poco per volta";
    overdue_spread_help = "What is late goes out now, spread over time; the rest keeps its date.", "Quello che è in ritardo parte adesso, distribuito nel tempo; il resto tiene la sua data.";
    overdue_drop = "Keep the dates, drop the overdue ones", "Tieni le date, salta gli arretrati";
    overdue_drop_help = "What is late is left out, and people go on to what follows.", "Quello che è in ritardo non si manda, e le persone vanno avanti.";
    overdue_count[count] = "{count} action is overdue." | "{count} actions are overdue.", "{count} azione è in ritardo." | "{count} azioni sono in ritardo.";

    delete_title(name: &str) = "Move {name} to the bin", "Sposta {name} nel cestino";
    delete_inside[count] = "{count} person is inside: their automation stops." | "{count} people are inside: their automations stop.",
        "{count} persona è dentro: la sua automazione si ferma." | "{count} persone sono dentro: le loro automazioni si fermano.";
    delete_nobody = "Nobody is inside.", "Non c'è dentro nessuno.";
    delete_keeps = "Its words become free at once. History is kept. For 30 days you can restore it from the bin.",
        "Le sue parole chiave tornano subito libere. La storia resta. Per 30 giorni la puoi ripristinare dal cestino.";
    forever_title(name: &str) = "Delete {name} for good", "Elimina definitivamente {name}";
    forever_text = "This cannot be undone. What it sent and received stays in the contacts' chats.",
        "Non si può annullare. Quello che ha mandato e ricevuto resta nelle chat dei contatti.";
    created_flow(name: &str) = "{name} was created.", "{name} è stata creata.";
    renamed_flow(name: &str) = "It is called {name} now.", "Adesso si chiama {name}.";
    enabled_flow(name: &str) = "{name} is active.", "{name} è attiva.";
    disabled_flow(name: &str) = "{name} is off: nothing new starts, and who is inside keeps their place.",
        "{name} è disattivata: non parte niente di nuovo e chi è dentro tiene il suo posto.";
    binned_flow(name: &str) = "{name} is in the bin.", "{name} è nel cestino.";
    erased_flow(name: &str) = "{name} was deleted for good.", "{name} è stata eliminata definitivamente.";
    restored_flow(name: &str) = "{name} is back, disabled.", "{name} è tornata, disattivata.";
    restored_without(phrases: &str) = "These words were taken in the meantime and are no longer in it: {phrases}.",
        "Queste parole sono state prese nel frattempo e non ci sono più: {phrases}.";
    copied_flow(name: &str) = "The copy is called {name} and is disabled.", "La copia si chiama {name} ed è disattivata.";
    copy_misses = "Before you enable it, it needs:", "Prima di attivarla le serve:";
    misses_phrases(node: &str) = "a keyword at {node}", "una parola chiave in {node}";
    misses_file(node: &str) = "a file at {node}", "un file in {node}";
    misses_token = "its start address: it has a new one", "il suo indirizzo di avvio: ne ha uno nuovo";
    changed_flows[count] = "{count} automation changed." | "{count} automations changed.", "{count} automazione cambiata." | "{count} automazioni cambiate.";
    none_selected = "Nothing was selected. Tick at least one line.", "Non era selezionato niente. Spunta almeno una riga.";
    never_saved_enable = "It was never saved. Save it first, then enable it.", "Non è mai stata salvata. Prima salvala, poi attivala.";
    run_inside_link = "See who is inside", "Guarda chi è dentro";
}
