//! The people who use the panel, and what each of them may do.

use super::{Language, words};
use crate::executor::control::password::PasswordFault;
use crate::model::operator::Role;
use std::borrow::Borrow;

impl Language {
    /// What a role is called.
    pub fn role(self, role: impl Borrow<Role>) -> &'static str {
        match role.borrow() {
            Role::Owner => self.role_owner(),
            Role::Manager => self.role_manager(),
            Role::Operator => self.role_operator(),
            Role::Viewer => self.role_viewer(),
        }
    }

    /// What it may do.
    pub fn role_may(self, role: impl Borrow<Role>) -> &'static str {
        match role.borrow() {
            Role::Owner => self.role_owner_may(),
            Role::Manager => self.role_manager_may(),
            Role::Operator => self.role_operator_may(),
            Role::Viewer => self.role_viewer_may(),
        }
    }

    /// What is wrong with a password.
    pub const fn password_fault(self, fault: PasswordFault) -> &'static str {
        match fault {
            PasswordFault::Short => self.password_short(),
            PasswordFault::Common => self.password_common(),
        }
    }
}

words! {
    role_owner = "owner", "proprietario";
    role_manager = "manager", "gestore";
    role_operator = "operator", "operatore";
    role_viewer = "viewer", "osservatore";
    role_owner_may = "Everything: people, keys and backups too.", "Tutto: anche persone, chiavi e backup.";
    role_manager_may = "Also changes automations, channels and settings.", "Cambia anche automazioni, canali e impostazioni.";
    role_operator_may = "Talks to contacts and steers their automations.", "Parla con i contatti e guida le loro automazioni.";
    role_viewer_may = "Looks, and changes nothing.", "Guarda e non cambia niente.";
    not_allowed = "This is not for your role", "Questo non è per il tuo ruolo";
    not_allowed_text(role: &str, names: &str) = "You are here as {role}. Nothing was changed. Who may do it: {names}.",
        "Qui sei {role}. Non è cambiato niente. Chi può farlo: {names}.";
    team = "People", "Persone";
    people_text = "Who may come in here, and what each may do.", "Chi può entrare qui, e che cosa può fare.";
    you = "you", "tu";
    change = "Edit", "Modifica";
    person_change(name: &str) = "Edit {name}", "Modifica {name}";
    person_add = "Add a person", "Aggiungi una persona";
    person_name_help = "They log in with it.", "Serve anche per entrare.";
    person_role = "Role", "Ruolo";
    person_added(name: &str) = "{name} can come in now. Tell them the password by another way than chat.",
        "Adesso {name} può entrare. Comunica la password a voce, non in chat.";
    person_is_now(name: &str, role: &str) = "{name} is {role} now.", "Adesso {name} è {role}.";
    person_password_means = "All their sessions are closed. Tell them the new one.", "Tutte le sue sessioni vengono chiuse. Comunicagli quella nuova.";
    person_password_changed(name: &str) = "{name} has a new password and is logged out.", "{name} ha una nuova password ed è fuori da tutte le sessioni.";
    person_way_in = "Sessions", "Sessioni";
    person_sessions[count] = "{count} open session." | "{count} open sessions.", "{count} sessione aperta." | "{count} sessioni aperte.";
    person_seen = "Last seen", "Visto";
    person_log_out = "Log out everywhere", "Chiudi tutte le sessioni";
    person_logged_out(name: &str) = "{name} is logged out everywhere.", "{name} è fuori da tutte le sessioni.";
    person_remove_verb = "Remove this person", "Togli questa persona";
    person_remove(name: &str) = "Remove {name}?", "Togliere {name}?";
    person_remove_means = "They can no longer come in, from now on.", "Da adesso non può più entrare.";
    person_remove_keeps = "What they wrote and did stays, with their doing in the audit log.", "Quello che ha scritto e fatto resta, anche nel registro.";
    person_removed(name: &str) = "{name} can no longer come in.", "{name} non può più entrare.";
}
