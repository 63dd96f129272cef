//! Active automations beyond one: filters, many at once, the agenda, the numbers of a flow.

use super::{Language, words};
use crate::model::job::JobState;
use crate::web::flow_counts::Window;

impl Language {
    /// Times to filter what is due by.
    pub fn due_filters(self) -> [(&'static str, &'static str); 5] {
        [
            ("", self.due_any()),
            ("now", self.due_overdue()),
            ("today", self.due_today()),
            ("tomorrow", self.due_tomorrow()),
            ("week", self.due_week()),
        ]
    }

    /// What is done to several: its word, what a person reads, its icon.
    pub fn bulk_run_verbs(self) -> [(&'static str, &'static str, &'static str); 6] {
        [
            ("hold", self.hold(), "pause"),
            ("resume", self.resume(), "play"),
            ("move", self.move_in_time(), "move"),
            ("skip", self.skip(), "skip"),
            ("jump", self.jump(), "launch"),
            ("stop", self.stop(), "stop"),
        ]
    }

    /// The heading of a change of many.
    pub fn change_title(self, verb: &str, total: u64) -> String {
        match verb {
            "hold" => self.hold_many(total),
            "resume" => self.resume_many(total),
            "move" => self.move_many(total),
            "skip" => self.skip_many(total),
            "jump" => self.jump_many(total),
            _ => self.stop_many(total),
        }
    }

    /// What a change of many means, and whether it can be taken back.
    pub fn change_means(self, verb: &str) -> Vec<String> {
        let (what, back) = match verb {
            "hold" => (self.hold_means(), self.can_take_back()),
            "resume" => (self.resume_means(), self.can_take_back()),
            "move" => (self.move_many_means(), self.can_take_back()),
            "skip" => (self.skip_means(), self.cannot_take_back()),
            "jump" => (self.jump_many_means(), self.cannot_take_back()),
            _ => (self.stop_many_means(), self.can_take_back()),
        };
        vec![what.to_owned(), back.to_owned()]
    }

    /// How a change of many stands.
    pub const fn job_state(self, state: JobState) -> &'static str {
        match state {
            JobState::Running => self.job_running(),
            JobState::Done => self.job_done(),
            JobState::Undoing => self.job_undoing(),
            JobState::Undone => self.job_undone(),
        }
    }

    /// A window of time.
    pub const fn window(self, window: &Window) -> &'static str {
        match window {
            Window::Now => self.window_now(),
            Window::Week => self.window_week(),
            Window::Month => self.window_month(),
            Window::All => self.window_all(),
        }
    }
}

words! {
    runs_moving = "Going on", "In corso";
    runs_stopped = "Stopped", "Fermate";
    runs_finished = "Finished", "Finite";
    all_nodes = "All nodes", "Tutti i nodi";
    all_channels = "All channels", "Tutti i canali";
    node = "Node", "Nodo";
    tag_filter = "Tag", "Tag";
    due_filter = "Due", "Scadenza";
    due_any = "Due at any time", "Scadenza qualsiasi";
    due_overdue = "Due by now", "Già scadute";
    due_today = "Due today", "In scadenza oggi";
    due_tomorrow = "Due by tomorrow", "Entro domani";
    due_week = "Due within 7 days", "Entro 7 giorni";
    saved_views = "Saved views", "Viste salvate";
    save_view = "Save this view", "Salva questa vista";
    view_name = "Name of the view", "Nome della vista";
    view_saved = "View saved.", "Vista salvata.";
    view_deleted = "View deleted.", "Vista eliminata.";
    delete_view(name: &str) = "Delete the view {name}", "Elimina la vista {name}";
    runs_no_match = "Nobody matches", "Non corrisponde nessuno";
    runs_no_match_text = "Change the filters, or look at all.", "Cambia i filtri, oppure guarda tutte.";
    show_all = "Show all", "Mostra tutte";
    show_late = "See them", "Guardale";
    only_of(name: &str) = "Only {name}", "Solo {name}";
    runs_cut = "Flusso looked at 2,000 automations for this page and stopped here: go on to see the rest.",
        "Per questa pagina Flusso ha guardato 2000 automazioni e si è fermato qui: vai avanti per vedere il resto.";
    go_on_looking = "Go on", "Vai avanti";
    all_that_match = "All that match the filters, on every page", "Tutte quelle che corrispondono ai filtri, su ogni pagina";
    recent_changes = "Recent changes", "Modifiche recenti";
    changes_title = "Changes of many at once", "Modifiche a più automazioni";
    no_changes = "Nothing was changed for many at once yet", "Ancora nessuna modifica a più automazioni insieme";
    no_changes_text = "Tick several in the list and choose what to do: it stands here, and can be taken back.",
        "Spuntane più di una nell'elenco e scegli cosa fare: la modifica resta qui, e si può annullare.";
    started_at = "Started", "Partita";
    hold_many[count] = "Hold {count} automation" | "Hold {count} automations", "Sospendi {count} automazione" | "Sospendi {count} automazioni";
    resume_many[count] = "Resume {count} automation" | "Resume {count} automations", "Riprendi {count} automazione" | "Riprendi {count} automazioni";
    move_many[count] = "Move {count} action in time" | "Move {count} actions in time", "Sposta {count} azione" | "Sposta {count} azioni";
    skip_many[count] = "Skip {count} action" | "Skip {count} actions", "Salta {count} azione" | "Salta {count} azioni";
    jump_many[count] = "Jump {count} automation to a node" | "Jump {count} automations to a node", "Porta {count} automazione a un nodo" | "Porta {count} automazioni a un nodo";
    stop_many[count] = "Stop {count} automation" | "Stop {count} automations", "Ferma {count} automazione" | "Ferma {count} automazioni";
    hold_means = "Each keeps its place and nothing of it goes out until you resume it. What falls due meanwhile goes out then.",
        "Ognuna tiene il suo posto e non parte niente finché non la riprendi. Quello che scade intanto parte allora.";
    resume_means = "Each goes on from where it stands. What fell due meanwhile goes out now, at the channel's pace.",
        "Ognuna va avanti da dove si trova. Quello che è scaduto intanto parte adesso, al ritmo del canale.";
    move_many_means = "The next action of each happens at the time you choose; what follows keeps its distance, unless you tick the box.",
        "La prossima azione di ognuna avviene quando scegli tu; quello che segue mantiene la distanza, a meno che spunti la casella.";
    skip_means = "The next action of each is not done, and each goes on at once to what follows: messages may go out now.",
        "La prossima azione di ognuna non si fa, e si passa subito a quello che segue: possono partire dei messaggi adesso.";
    jump_many_means = "Each leaves what it waits for and stands at the node you choose: messages may go out now.",
        "Ognuna lascia quello che aspetta e si mette al nodo che scegli: possono partire dei messaggi adesso.";
    stop_many_means = "Each ends here. What was sent stays in the chat, and what was queued is not sent.",
        "Ognuna finisce qui. Quello che è partito resta nella chat, quello in coda non parte.";
    can_take_back = "You can take this back, for those who did not go on meanwhile.", "Puoi annullare, per chi intanto non è andato avanti.";
    cannot_take_back = "This cannot be taken back.", "Questo non si può annullare.";
    who_is_meant = "Who is meant", "A chi tocca";
    and_others[count] = "and {count} more" | "and {count} more", "e {count} altra" | "e altre {count}";
    jump_where = "To which node", "A quale nodo";
    jump_one_flow = "To jump, choose those of one automation: filter the list by it first.",
        "Per saltare, scegli quelle di una sola automazione: prima filtra l'elenco.";
    move_when = "To when", "A quando";
    move_hour_later = "One hour later than planned", "Un'ora dopo il previsto";
    type_the_number[count] = "Type {count} to confirm" | "Type {count} to confirm", "Scrivi {count} per confermare" | "Scrivi {count} per confermare";
    count_is_wrong(total: u64) = "Not done: {total} are meant now. Type that number to change them all.",
        "Non fatto: adesso sono {total}. Scrivi questo numero per cambiarle tutte.";
    more_are_meant(total: u64) = "Not done: {total} are meant now, more than you saw. Look again at who they are.",
        "Non fatto: adesso sono {total}, più di quelle che hai visto. Guarda di nuovo chi sono.";
    do_it = "Do it", "Procedi";
    job_running = "going on", "in corso";
    job_done = "done", "fatta";
    job_undoing = "being taken back", "in annullamento";
    job_undone = "taken back", "annullata";
    job_by(name: &str) = "by {name}", "da {name}";
    job_changed[count] = "{count} changed" | "{count} changed", "{count} cambiata" | "{count} cambiate";
    job_refused[count] = "{count} left as it was" | "{count} left as they were", "{count} rimasta com'era" | "{count} rimaste com'erano";
    job_put_back[count] = "{count} taken back" | "{count} taken back", "{count} riportata com'era" | "{count} riportate com'erano";
    job_progress = "How far it is", "A che punto è";
    job_survives = "It goes on by itself, also after the program starts again. You can leave this page.",
        "Va avanti da sola, anche dopo un riavvio del programma. Puoi lasciare questa pagina.";
    job_goes_back = "It is being taken back.", "Si sta annullando.";
    left_as_they_were = "Left as they were", "Rimaste com'erano";
    take_back = "Take it back", "Annulla la modifica";
    back_to_list = "Back to the list", "Torna all'elenco";
    agenda_title(day: &str) = "Agenda: {day}", "Agenda: {day}";
    agenda_text = "Everything that goes out by itself, by day and hour.", "Tutto quello che parte da solo, per giorno e ora.";
    agenda_strip = "How much is due in each hour", "Quanto scade in ogni ora";
    agenda_none = "Nothing is due on this day", "In questo giorno non scade niente";
    agenda_none_text = "Automations that wait for an answer have no time. Look at another day.", "Le automazioni che aspettano una risposta non hanno un'ora. Guarda un altro giorno.";
    day_before = "Day before", "Giorno prima";
    day_after = "Day after", "Giorno dopo";
    day_label = "Day", "Giorno";
    due_in_hour[count, hour: &str] = "{hour}: {count} action" | "{hour}: {count} actions", "{hour}: {count} azione" | "{hour}: {count} azioni";
    due_of_day[count] = "{count} action due" | "{count} actions due", "{count} azione in scadenza" | "{count} azioni in scadenza";
    due_many_looked[count] = "Flusso looked at the first 10,000 actions of this day: {count} of them matches." | "Flusso looked at the first 10,000 actions of this day: {count} of them match.",
        "Flusso ha guardato le prime 10.000 azioni di questo giorno: {count} corrisponde." | "Flusso ha guardato le prime 10.000 azioni di questo giorno: {count} corrispondono.";
    due_many = "More than 10,000 actions due: the strip shows the first of them.", "Più di 10.000 azioni in scadenza: la striscia mostra le prime.";
    channel_pace[count, name: &str] = "{name} sends {count} message an hour at most." | "{name} sends {count} messages an hour at most.",
        "{name} invia al massimo {count} messaggio all'ora." | "{name} invia al massimo {count} messaggi all'ora.";
    hour_is_crowded(name: &str, due: &str, most: &str) = "In the fullest hour {due} are due, and {name} sends {most}: some will go out later.",
        "Nell'ora più piena ne scadono {due}, e {name} ne invia {most}: alcune partiranno più tardi.";
    open_story = "Story", "Storia";
    numbers = "Numbers", "Numeri";
    numbers_title(flow: &str) = "Numbers of {flow}", "Numeri di {flow}";
    numbers_text = "Who came to each node and where they went. Arrived = went on + waiting + left.",
        "Chi è arrivato a ogni nodo e dove è andato. Arrivati = andati avanti + in attesa + usciti.";
    numbers_before = "In a stretch of time, those who stood there when it began count too.", "In un periodo contano anche quelli che c'erano già all'inizio.";
    numbers_none = "Nobody came by yet", "Non è ancora passato nessuno";
    numbers_none_text = "The numbers appear with the first contact who enters.", "I numeri arrivano con il primo contatto che entra.";
    window_now = "Now", "Adesso";
    window_week = "7 days", "7 giorni";
    window_month = "30 days", "30 giorni";
    window_all = "All", "Sempre";
    window_label = "Which stretch of time", "Quale periodo";
    funnel = "Funnel: how many came to each node", "Imbuto: quanti sono arrivati a ogni nodo";
    funnel_title = "How far they come", "Fin dove arrivano";
    arrived = "Arrived", "Arrivati";
    there_before = "Already there", "C'erano già";
    went_on = "Went on", "Andati avanti";
    waiting_there = "Waiting", "In attesa";
    left_there = "Left", "Usciti";
    arrived_here[count] = "{count} arrived here" | "{count} arrived here", "{count} arrivato qui" | "{count} arrivati qui";
    pressed_a_button = "pressed a button", "ha premuto un pulsante";
    edit_flow = "Edit", "Modifica";
    why_label = "Why?", "Perché?";
    why_first(origin: &str) = "The automation started {origin}.", "L'automazione è partita {origin}.";
    why_after(title: &str, how: &str) = "Because «{title}» ended: {how}.", "Perché «{title}» è finito: {how}.";
    why_after_plain(title: &str) = "It comes after «{title}».", "Viene dopo «{title}».";
    why_foreseen(title: &str) = "It will come after «{title}», if nothing changes before.", "Verrà dopo «{title}», se prima non cambia niente.";
    why_obeyed(who: &str) = "{who} had changed it beforehand.", "L'aveva cambiata prima {who}.";
    moved_quiet = "Put off because of the quiet hours.", "Rimandata per le ore di silenzio.";
    moved_window(window: &str) = "Put off to fall inside {window}.", "Rimandata per stare dentro {window}.";
    moved_business = "Put off to fall inside the business hours.", "Rimandata per stare dentro gli orari di apertura.";
    moved_holiday = "Put off because of a holiday.", "Rimandata perché c'è un giorno di festa.";
    moved_pace(length: &str, channel: &str) = "About {length} later: many actions are due together, and «{channel}» sends them at its own pace.",
        "Circa {length} più tardi: molte azioni scadono insieme, e «{channel}» le manda al suo ritmo.";
    way_below = "as shown below", "come qui sotto";
    way_ends = "it ends there", "finisce lì";
    moved_held = "On hold: it has no time until it is released.", "Sospesa: non ha un'ora finché non viene sbloccata.";
    moved_person = "At a time that a person chose.", "All'ora scelta da una persona.";
    window_is_closed = "The 24-hour window is closed: it waits until the contact writes.", "La finestra di 24 ore è chiusa: aspetta che il contatto scriva.";
    verbs_mean(contact: &str, onward: &str) = "Send now: it goes to {contact} at once. Skip: it is not sent, and it goes on now to {onward}.",
        "Invia subito: parte adesso per {contact}. Salta: non si fa, e viene subito {onward}.";
    verbs_mean_later(contact: &str, onward: &str) = "What you change here holds for {contact} only. Skip: when it comes, it is passed over, on to {onward}.",
        "Quello che cambi qui vale solo per {contact}. Salta: quando tocca a lei non si fa, e viene {onward}.";
    the_end = "the end", "la fine";
    variable_name = "Name", "Nome";
    set_value = "Set a value", "Imposta un valore";
    set_value_help = "It counts from the next step on. Leave it empty to remove it.", "Conta dal prossimo passo. Lascialo vuoto per toglierlo.";
    value_was_set = "The value is set.", "Il valore è impostato.";
    verbs_mean_ahead(contact: &str, onward: &str) = "Send now: it goes to {contact} at once, and what stands before it is left out. Skip: when it comes, it is passed over, on to {onward}. What you change here holds for {contact} only.",
        "Invia subito: parte adesso per {contact}, e quello che c'è prima non si fa. Salta: quando tocca a lei non si fa, e si passa a {onward}. Quello che cambi qui vale solo per {contact}.";
    quiet_now(contact: &str, end: &str) = "It is {contact}'s quiet time until {end}.", "Per {contact} è ora di silenzio fino a {end}.";
    send_now_to(contact: &str) = "Send it to {contact} now?", "Vuoi inviarla adesso a {contact}?";
    send_now_all_the_same = "If you send it, it goes out now all the same.", "Se la invii, parte adesso lo stesso.";
    clock_of(contact: &str, zone: &str) = "The times are those of {contact}'s clock ({zone}).", "Le ore sono quelle dell'orologio di {contact} ({zone}).";
    run_hold_means(contact: &str) = "Hold: nothing more goes to {contact} from here until you resume it.",
        "Sospendi: da qui non parte più niente per {contact} finché non la riprendi.";
    run_resume_means(contact: &str) = "Resume: it goes on for {contact} where it stands, and what fell due meanwhile goes out now.",
        "Riprendi: per {contact} va avanti da dov'è, e quello che intanto è scaduto parte adesso.";
    restart_means(contact: &str) = "This one ends, and another begins now for {contact} with the same values: what was sent may be sent again.",
        "Questa finisce e ne comincia subito un'altra per {contact} con gli stessi valori: quello che è già partito può partire di nuovo.";
    jump_means(contact: &str) = "What is waited for is left, and {contact} is at that node at once: a message may go out now.",
        "Quello che si aspetta viene lasciato, e {contact} passa subito a quel nodo: può partire un messaggio adesso.";
    row_verbs_mean(contact: &str, next: &str) = "What comes next for {contact}: {next}. Send now: it goes out at once. Skip: it is not done, on to what follows.",
        "Per {contact} viene dopo: {next}. Invia subito: parte adesso. Salta: non si fa, e si passa a quello che segue.";
    automations_mean(name: &str) = "Off or paused: nothing goes to {name} by itself. What they are in keeps its place, and what falls due meanwhile goes out afterwards.",
        "Spente o in pausa: per {name} non parte niente da solo. Quello in cui si trova tiene il suo posto, e quello che scade intanto parte dopo.";
    remove_means(contact: &str) = "It is not done for {contact}; all that follows keeps its time.", "Per {contact} non si fa; tutto quello che segue tiene la sua ora.";
    hold_action_means(contact: &str) = "For {contact} it has no time until you release it.", "Per {contact} non ha un'ora finché non la sblocchi.";
    all_of_contact = "All automations of this contact", "Tutte le automazioni di questo contatto";
    pause_until = "Paused until", "In pausa fino a";
    pause_to = "Pause until then", "Metti in pausa fino ad allora";
    reason_paused = "Everything is paused.", "È tutto in pausa.";
    reason_disabled = "The automation is disabled.", "L'automazione è disattivata.";
    reason_person = "A person is answering this contact.", "Con questo contatto sta parlando una persona.";
    reason_unsubscribed = "The contact has unsubscribed.", "Il contatto si è disiscritto.";
    reason_blocked = "The contact is blocked.", "Il contatto è bloccato.";
    reason_off = "Automations are off for this contact.", "Per questo contatto le automazioni sono spente.";
    reason_off_until = "Automations are paused for this contact.", "Per questo contatto le automazioni sono in pausa.";
    will_not_be_done = "It will not be done.", "Non si farà.";
}
