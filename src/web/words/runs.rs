//! Active automations.

use super::{Language, words};
use crate::model::run::{EndedAs, Phase, Run, RunState};
use crate::web::page::Tone;

impl Language {
    /// How a run stands, in words and tone.
    pub fn run_state(self, run: &Run) -> (&'static str, Tone) {
        match (&run.state, &run.phase) {
            (RunState::Held { .. }, _) => (self.run_held(), Tone::Warn),
            (RunState::Ended { how: EndedAs::Failed, .. }, _) => (self.ended(EndedAs::Failed), Tone::Bad),
            (RunState::Ended { how, .. }, _) => (self.ended(*how), Tone::Quiet),
            (RunState::Live, Phase::Handover { .. }) => (self.run_with_person(), Tone::Info),
            (RunState::Live, Phase::Waiting(_)) => (self.run_waiting(), Tone::Later),
            (RunState::Live, _) => (self.run_going(), Tone::Good),
        }
    }

    /// The states to filter by.
    pub fn run_filters(self) -> [(&'static str, &'static str); 7] {
        [
            ("", self.runs_live()),
            ("active", self.runs_moving()),
            ("held", self.runs_held()),
            ("failed", self.runs_failed()),
            ("stopped", self.runs_stopped()),
            ("finished", self.runs_finished()),
            ("any", self.runs_any()),
        ]
    }

    /// A time to move an action to at once; the evening may be tomorrow's.
    pub const fn quick_move(self, word: &str, is_today: bool) -> &'static str {
        match (word.as_bytes(), is_today) {
            (b"hour", _) => self.move_hour(),
            (b"evening", true) => self.move_evening(),
            (b"evening", false) => self.move_next_evening(),
            _ => self.move_tomorrow(),
        }
    }
}

words! {
    runs_inside[count] = "{count} automation under way" | "{count} automations under way", "{count} automazione in corso" | "{count} automazioni in corso";
    runs_on_hold[count] = "{count} on hold" | "{count} on hold", "{count} sospesa" | "{count} sospese";
    runs_on_hold_many = "more than 1,000 on hold", "più di 1.000 sospese";
    runs_text = "Who is inside an automation, where they stand and what comes next.", "Chi è dentro un'automazione, dove si trova e cosa viene dopo.";
    all_flows = "All automations", "Tutte le automazioni";
    contact = "Contact", "Contatto";
    stands_at = "Stands at", "Si trova a";
    comes_next = "What comes next", "Cosa viene dopo";
    runs_live = "Now inside", "Dentro adesso";
    runs_held = "On hold", "Sospese";
    runs_failed = "Failed", "Non riuscite";
    runs_any = "All, ended ones too", "Tutte, anche finite";
    runs_none = "Nobody is in an automation now", "Adesso nessuno è dentro un'automazione";
    runs_none_text = "Write a keyword from your phone or from the simulator, or start one by hand from a contact.",
        "Scrivi una parola chiave dal telefono o dal simulatore, oppure falla partire a mano da un contatto.";
    start_by_hand = "Start by hand", "Fai partire a mano";
    selected_runs = "With those selected:", "Con quelle selezionate:";
    hold = "Hold", "Sospendi";
    resume = "Resume", "Riprendi";
    stop = "Stop", "Ferma";
    stop_run = "Stop this automation", "Ferma questa automazione";
    restart_run = "Start again from the beginning", "Ricomincia da capo";
    jump_to = "Jump to a node", "Porta a un nodo";
    jump = "Jump to a node", "Porta a un nodo";
    run_held = "on hold", "sospesa";
    run_waiting = "waiting", "in attesa";
    run_going = "going on", "in corso";
    run_with_person = "with a person", "con una persona";
    run_title(flow: &str, contact: &str) = "{flow}, with {contact}", "{flow}, con {contact}";
    started = "Started", "Partita";
    origin_trigger = "by a message", "da un messaggio";
    origin_operator(name: &str) = "by {name}", "da {name}";
    origin_api = "by the API", "dalle API";
    origin_launch = "by another automation", "da un'altra automazione";
    story = "What happened and what comes", "Cosa è successo e cosa viene";
    now_at = "Now", "Adesso";
    about = "about", "circa";
    when_they_answer = "when they answer", "quando risponde";
    nothing_ahead = "Nothing more is foreseen.", "Non è previsto altro.";
    values_kept = "Values", "Valori";
    send_now = "Send now", "Invia subito";
    skip = "Skip", "Salta";
    move_in_time = "Move", "Sposta";
    move_to = "To this day and time", "A questo giorno e ora";
    only_this_one = "Only this one: what follows keeps its date", "Solo questa: quelle dopo tengono la loro data";
    move_hour = "One hour later", "Un'ora più tardi";
    move_evening = "This evening", "Stasera";
    move_next_evening = "Tomorrow evening", "Domani sera";
    move_tomorrow = "Tomorrow morning", "Domani mattina";
    move_means_ahead(contact: &str) = "It goes to {contact} at that time, but never before what stands above it; what follows keeps its distance, unless you tick the box.",
        "Per {contact} avviene a quell'ora, ma mai prima di quella qui sopra; quello che segue mantiene la distanza, a meno che spunti la casella.";
    move_means(contact: &str) = "It goes to {contact} at that time; what follows keeps its distance, unless you tick the box.",
        "Per {contact} avviene a quell'ora; quello che segue mantiene la distanza, a meno che spunti la casella.";
    rewrite_means(contact: &str) = "Only {contact} reads this, when its time comes.", "Lo legge solo {contact}, quando arriva la sua ora.";
    release_means = "It has its time again; if that is past, it goes out now.", "Riprende la sua ora; se è già passata, parte adesso.";
    undo_means = "Undo: it is again as the automation has it. You can until it goes out.",
        "Annulla: torna come la vuole l'automazione. Puoi farlo finché non parte.";
    change_text = "Text for this contact only", "Testo solo per questo contatto";
    change_text_button = "Change the text", "Cambia il testo";
    hold_action = "Hold this action", "Sospendi questa azione";
    release = "Release", "Sblocca";
    remove_action = "Remove: the rest keeps its time", "Togli: il resto tiene la sua ora";
    by_the_appliance = "the API", "le API";
    note_moved(when: &str, who: &str) = "Moved to {when} by {who}.", "Spostata a {when} da {who}.";
    note_rewritten(who: &str) = "Text changed by {who}, for this contact only.", "Testo cambiato da {who}, solo per questo contatto.";
    note_held(who: &str) = "On hold by {who}.", "Sospesa da {who}.";
    note_skipped(who: &str) = "Skipped by {who}.", "Saltata da {who}.";
    note_removed(who: &str) = "Removed by {who}.", "Tolta da {who}.";
    note_changed(who: &str, when: &str) = "Last change: {who}, {when}.", "Ultima modifica: {who}, {when}.";
    run_was_held = "On hold: nothing moves until you resume it.", "Sospesa: non si muove niente finché non la riprendi.";
    run_was_resumed = "It goes on.", "Va avanti.";
    run_was_stopped = "Stopped.", "Fermata.";
    run_was_restarted = "Started again from the beginning.", "Ricominciata da capo.";
    run_jumped(node: &str) = "Now at {node}.", "Adesso è a {node}.";
    action_sent = "It is on its way.", "È in partenza.";
    action_skipped = "Skipped: on to what follows.", "Saltata: si passa a quello che viene dopo.";
    action_moved(when: &str) = "Moved to {when}.", "Spostata a {when}.";
    action_moved_held(when: &str) = "Moved to {when}. It is still on hold: release it, or it stays.", "Spostata a {when}. È ancora sospesa: sbloccala, altrimenti resta ferma.";
    action_skipped_ahead = "When its turn comes it is passed over.", "Quando tocca a lei si passa oltre.";
    action_moved_behind(when: &str, first: &str) = "Moved to {when}. What stands before it comes at {first}: it goes right after that.",
        "Spostata a {when}. Prima viene quella che la precede, {first}: parte subito dopo.";
    action_rewritten = "The text is changed for this contact only.", "Il testo è cambiato solo per questo contatto.";
    action_removed = "Removed.", "Tolta.";
    action_undone = "As it was.", "Come prima.";
    runs_changed[count] = "{count} automation changed." | "{count} automations changed.", "{count} automazione cambiata." | "{count} automazioni cambiate.";
    time_unreadable = "Write the day and the time.", "Scrivi il giorno e l'ora.";
    ended_goal(goal: &str) = "It ended with the goal: {goal}.", "È finita con l'obiettivo: {goal}.";
    ended_in(flow: &str) = "It ended and went on as “{flow}”.", "È finita ed è passata a “{flow}”.";
    ended_at_its_end = "It came to its end.", "È arrivata alla fine.";
    ended_because(reason: &str) = "It ended: {reason}", "È finita: {reason}";
}
