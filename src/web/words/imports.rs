//! Sets that leave and come in: the pages, and what may be wrong with an archive.

use super::{Language, words};
use crate::engine::import::{Choice, Thing};
use crate::model::archive::ArchiveFault;
use crate::model::field::FieldKind;
use crate::model::quick_reply::QuickReplyFault;

impl Language {
    /// What is wrong with an archive.
    pub fn archive_fault(self, fault: &ArchiveFault) -> String {
        match (self, fault) {
            (Language::English, fault) => fault.to_string(),
            (_, ArchiveFault::TooLarge) => {
                "L'archivio ha più di 64 MiB, il massimo che si legge. Esporta meno automazioni per volta.".to_owned()
            }
            (_, ArchiveFault::Broken) => {
                "L'archivio è interrotto o rovinato: gli manca l'indice. Esportalo di nuovo, o mandalo di nuovo.".to_owned()
            }
            (_, ArchiveFault::TooManyEntries(count)) => format!("L'archivio ha {count} voci, e se ne leggono al massimo 1000."),
            (_, ArchiveFault::BadName(name)) => {
                format!("Nell'archivio c'è \"{name}\", che non è il nome di un file. Non l'ha fatto Flusso.")
            }
            (_, ArchiveFault::Twice(name)) => format!("Nell'archivio \"{name}\" c'è due volte. Non l'ha fatto Flusso."),
            (_, ArchiveFault::Stranger(name)) => {
                format!("Nell'archivio c'è \"{name}\", che non fa parte di una raccolta. Toglilo, o esporta di nuovo la raccolta.")
            }
            (_, ArchiveFault::Locked(name)) => format!("\"{name}\" nell'archivio è protetto da una password. Fai l'archivio senza."),
            (_, ArchiveFault::UnknownPacking(name)) => {
                format!("\"{name}\" nell'archivio è compresso in un modo che qui non si legge. Fanne uno ZIP normale.")
            }
            (_, ArchiveFault::EntryTooLarge(name)) => format!("\"{name}\" nell'archivio ha più di 16 MiB, il massimo per un file."),
            (_, ArchiveFault::UnpacksTooLarge) => {
                "Quello che c'è nell'archivio supera i 64 MiB una volta estratto. Esporta meno automazioni per volta.".to_owned()
            }
            (_, ArchiveFault::Overlap(name)) => {
                format!("Due voci dell'archivio usano gli stessi byte, una è \"{name}\". Non l'ha fatto Flusso.")
            }
            (_, ArchiveFault::Damaged(name)) => {
                format!("\"{name}\" nell'archivio è rovinato. Esporta di nuovo la raccolta, o mandala di nuovo.")
            }
            (_, ArchiveFault::NoDocument) => "Nell'archivio non c'è flusso.json. Scegline uno esportato da Flusso.".to_owned(),
        }
    }

    /// Something that stands twice in a set.
    pub fn twice_in_set(self, what: &str, name: &str) -> String {
        match what {
            "flow" => self.twice_flow(name),
            "quick reply" => self.twice_reply(name),
            "segment" => self.twice_segment(name),
            "field" => self.twice_field(name),
            _ => self.twice_tag(name),
        }
    }

    /// What is wrong with a quick reply among others: with its shortcut.
    pub fn reply_fault_in_set(self, fault: &QuickReplyFault) -> String {
        match fault {
            QuickReplyFault::Empty(shortcut)
            | QuickReplyFault::TooLong(shortcut, _)
            | QuickReplyFault::BadTemplate(shortcut, _)
            | QuickReplyFault::UnknownName(shortcut, _)
            | QuickReplyFault::BadShortcut(shortcut) => format!("/{shortcut}: {}", self.quick_reply_fault(fault)),
            QuickReplyFault::NoShortcut | QuickReplyFault::SameShortcut(_) => self.quick_reply_fault(fault),
        }
    }

    /// What a field holds.
    pub const fn field_kind(self, kind: FieldKind) -> &'static str {
        match kind {
            FieldKind::Text => self.field_text(),
            FieldKind::Number => self.field_number(),
            FieldKind::Date => self.field_date(),
            FieldKind::Boolean => self.field_boolean(),
            FieldKind::List => self.field_list(),
        }
    }

    /// What can be done with a thing that collides, as a menu's words.
    pub const fn import_choice(self, thing: &Thing, choice: &Choice) -> &'static str {
        match (thing, choice) {
            (Thing::Field, Choice::Replace) => self.import_replace_field(),
            (_, Choice::Skip) => self.import_skip(),
            (_, Choice::Both) => self.import_both(),
            (Thing::Flow, Choice::Replace) => self.import_replace_flow(),
            (Thing::Reply | Thing::Segment, Choice::Replace) => self.import_replace(),
        }
    }
}

words! {
    import_title = "Import", "Importa";
    import_text = "A file exported by Flusso: one automation, several, or everything with quick replies, segments, fields and tags. First you see what is inside; nothing changes until you say so.",
        "Un file esportato da Flusso: un'automazione, più di una, o tutto con messaggi rapidi, segmenti, campi e tag. Prima vedi cosa c'è dentro; non cambia niente finché non lo dici tu.";
    import_file = "File (.json or .zip)", "File (.json o .zip)";
    import_file_help = "At most 64 MB.", "Al massimo 64 MB.";
    import_look = "See what is inside", "Guarda cosa c'è dentro";
    import_none = "Choose a file first.", "Scegli prima un file.";
    import_gone = "This file is not waiting any more: an hour has passed, you chose another one, or Flusso was started again. Nothing was changed. Choose the file again.",
        "Questo file non è più in attesa: è passata un'ora, ne hai scelto un altro, o Flusso è stato riavviato. Non è cambiato niente. Scegli di nuovo il file.";
    import_waits = "The file waits here for an hour, until you decide; it is kept in memory only, so after a restart you choose it again.",
        "Il file aspetta qui un'ora, finché decidi; resta solo in memoria, quindi dopo un riavvio va scelto di nuovo.";
    import_live(names: &str) = "{names}: active here now. If you replace it, it is switched off until you have looked at the new version; whoever is inside keeps their place.",
        "{names}: qui è attiva adesso. Se la sostituisci, si spegne finché non hai guardato la versione nuova; chi è dentro tiene il suo posto.";
    import_live_stays = "Leave what I replace switched on", "Lascia accesa quella che sostituisco";
    import_live_stays_help = "The new version speaks to your contacts at once.", "La versione nuova parla subito con i tuoi contatti.";
    import_asks(name: &str) = "Questions of {name}", "Le domande di {name}";
    import_asks_text = "The answers go into its texts.", "Le risposte entrano nei suoi testi.";
    import_replaced_off(version: u32) = "replaced: version {version}, switched off", "sostituita: versione {version}, spenta";
    import_broken = "This file cannot be imported. Nothing was changed.", "Questo file non si può importare. Non è cambiato niente.";
    import_at_node(node: &str) = "Node {node}", "Nodo {node}";
    import_inside = "What is inside", "Cosa c'è dentro";
    import_nothing = "There is nothing in it.", "Non c'è niente.";
    import_nodes[count] = "{count} node" | "{count} nodes", "{count} nodo" | "{count} nodi";
    import_same = "Already here, just the same", "C'è già, identico";
    import_new = "New", "Nuovo";
    import_taken(phrase: &str) = "\"{phrase}\" is left out: it starts", "\"{phrase}\" resta fuori: fa partire";
    import_missing = "What is missing here", "Cosa manca qui";
    import_missing_text = "It can be imported all the same; what is missing is added after.", "Si può importare lo stesso; quello che manca si aggiunge dopo.";
    import_collides = "What is here already, and differs", "Cosa c'è già, ma diverso";
    import_collides_text = "Nothing here is replaced unless you choose it.", "Niente di quello che c'è viene sostituito, se non lo scegli tu.";
    import_skip = "Keep mine, leave this out", "Tieni il mio, lascia fuori questo";
    import_both = "Keep both: this one gets another name", "Tieni tutti e due: questo prende un altro nome";
    import_replace = "Put this in place of mine", "Metti questo al posto del mio";
    import_replace_flow = "Put this in place of mine: it becomes its next version, and its draft", "Metti questa al posto della mia: diventa la sua nuova versione, e la sua bozza";
    import_replace_field = "Take over what it holds there", "Prendi il tipo che ha lì";
    import_field_differs(name: &str, here: &str, there: &str) = "Field {name}: {here} here, {there} there", "Campo {name}: {here} qui, {there} lì";
    import_disabled = "New automations come switched off: you look at them, then you enable them.", "Le automazioni nuove arrivano disattivate: le guardi, poi le attivi tu.";
    import_do = "Import", "Importa";
    import_done = "Imported", "Importato";
    import_done_none = "Nothing was to be imported: everything is here already, or was left out.", "Non c'era niente da importare: c'è già tutto, oppure è rimasto fuori.";
    import_version(version: u32) = "version {version}, off", "versione {version}, disattivata";
    import_replaced(version: u32) = "replaced: version {version}", "sostituita: versione {version}";
    import_draft = "a draft: it needs something before it can be saved", "una bozza: le manca qualcosa prima di poterla salvare";
    import_lost(phrases: &str) = "Without {phrases}: another automation has it.", "Senza {phrases}: è già di un'altra automazione.";
    import_left = "Left out", "Lasciati fuori";
    import_again = "Import another file", "Importa un altro file";
    import_too_slow = "This took too long. Try again with fewer automations.", "Ci è voluto troppo. Riprova con meno automazioni.";
    export_title = "Export everything", "Esporta tutto";
    export_text = "All automations, quick replies, segments, fields and tags in one file, with their attachments: to move them, or to keep them. No contacts and no secrets.",
        "Tutte le automazioni, i messaggi rapidi, i segmenti, i campi e i tag in un file solo, con gli allegati: per spostarli o per conservarli. Niente contatti e niente segreti.";
    export_exposed = "These nodes hold something that looks like a key, and it leaves with the file. Keep it among the secrets of the call instead, as {{ secret.NAME }}, or hand the file only to whoever may have it.",
        "In questi nodi c'è qualcosa che sembra una chiave, e parte insieme al file. Mettila tra i segreti della chiamata, come {{ secret.NOME }}, oppure dai il file solo a chi può averla.";
    export_left_out(names: String) = "Never saved, and not in it: {names}.", "Mai salvate, e quindi non incluse: {names}.";
    field_text = "text", "testo";
    field_number = "number", "numero";
    field_date = "date", "data";
    field_boolean = "yes or no", "sì o no";
    field_list = "list", "elenco";
    import_flows = "Automations", "Automazioni";
    import_segments_new(names: String) = "New segments: {names}.", "Segmenti nuovi: {names}.";
    import_fields_new(names: String) = "New fields: {names}.", "Campi nuovi: {names}.";
    import_tags_new(names: String) = "New tags: {names}.", "Tag nuovi: {names}.";
    import_files[count] = "{count} file" | "{count} files", "{count} file" | "{count} file";
    twice_flow(name: &str) = "The automation \"{name}\" stands twice in the set. Take one out.", "L'automazione \"{name}\" c'è due volte nella raccolta. Togline una.";
    twice_reply(name: &str) = "The quick reply /{name} stands twice in the set. Take one out.", "Il messaggio rapido /{name} c'è due volte nella raccolta. Togline uno.";
    twice_segment(name: &str) = "The segment \"{name}\" stands twice in the set. Take one out.", "Il segmento \"{name}\" c'è due volte nella raccolta. Togline uno.";
    twice_field(name: &str) = "The field \"{name}\" stands twice in the set. Take one out.", "Il campo \"{name}\" c'è due volte nella raccolta. Togline uno.";
    twice_tag(name: &str) = "The tag \"{name}\" stands twice in the set. Take one out.", "Il tag \"{name}\" c'è due volte nella raccolta. Togline uno.";
}
