//! The people who use the panel: what they may do, a new password, and going away. There is always one owner.

use super::password::hash_password;
use crate::base::id::OperatorId;
use crate::base::secret::Secret;
use crate::executor::Executor;
use crate::executor::desk::Desk;
use crate::executor::refusal::Refusal;
use crate::model::operator::{By, Operator, Role};
use crate::model::reason::Reason;
use crate::store::{operators, sessions};

impl Executor {
    /// Lets a person do more, or less. The last owner stays one.
    pub async fn set_role(&self, by: By, id: OperatorId, role: Role) -> Result<Operator, Refusal> {
        self.line
            .change(move |desk| {
                let mut person = known(desk, id)?;
                if role != Role::Owner {
                    keep_an_owner(desk, &person)?;
                }
                person.role = role;
                operators::put(&mut desk.work, &person)?;
                desk.audit(by, "operator.changed", format!("{id} \"{}\": role {role:?}", person.name))?;
                Ok(person)
            })
            .await
    }

    /// Gives a person another password without asking for the present one. All their sessions end.
    pub async fn set_password(&self, by: By, id: OperatorId, password: Secret<String>) -> Result<Operator, Refusal> {
        let name = self.read(move |view| operators::get(view, id)).await?.ok_or(Refusal::NotFound("operator"))?.name;
        let hash = hash_password(password, &name).await?;
        self.line
            .change(move |desk| {
                let person = Operator { password: hash, ..known(desk, id)? };
                operators::put(&mut desk.work, &person)?;
                sessions::delete_all_of(&mut desk.work, id)?;
                desk.audit(by, "password.changed", id.to_string())?;
                Ok(person)
            })
            .await
    }

    /// Takes a person away, with their sessions. What they did stays in the audit log. The last owner stays.
    pub async fn remove_operator(&self, by: By, id: OperatorId) -> Result<Operator, Refusal> {
        self.line
            .change(move |desk| {
                let person = known(desk, id)?;
                keep_an_owner(desk, &person)?;
                sessions::delete_all_of(&mut desk.work, id)?;
                operators::delete(&mut desk.work, id);
                desk.audit(by, "operator.removed", format!("{id} \"{}\"", person.name))?;
                Ok(person)
            })
            .await
    }
}

fn known(desk: &Desk, id: OperatorId) -> Result<Operator, Refusal> {
    operators::get(&desk.work, id)?.ok_or(Refusal::NotFound("operator"))
}

/// Refuses what would leave nobody who may do everything.
fn keep_an_owner(desk: &Desk, person: &Operator) -> Result<(), Refusal> {
    let others = operators::all(&desk.work)?.into_iter().filter(|other| other.role == Role::Owner && other.id != person.id).count();
    if person.role == Role::Owner && others == 0 {
        return Err(Refusal::Conflict(Reason::LastOwner.to_string()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::executor::control::access::NewOperator;
    use crate::store::Store;
    use crate::store::seal::SealKey;

    fn secret(text: &str) -> Secret<String> {
        Secret::new(text.to_owned())
    }

    async fn with_owner() -> (Executor, Operator) {
        let store = Store::memory().expect("a store");
        let executor = Executor::start(store, SealKey::new([7; 32])).await.expect("an executor").0;
        let owner = person(&executor, "Ada", Role::Owner).await.expect("an owner");
        (executor, owner)
    }

    async fn person(executor: &Executor, name: &str, role: Role) -> Result<Operator, Refusal> {
        let password = hash_password(secret("corretto cavallo batteria"), name).await?;
        executor.create_operator(By::System, NewOperator { name: name.to_owned(), role, password, language: "it".to_owned() }).await
    }

    #[tokio::test]
    async fn the_last_owner_stays_one() {
        let (executor, ada) = with_owner().await;
        let eva = person(&executor, "Eva", Role::Manager).await.expect("a manager");
        let last = Err(Refusal::Conflict(Reason::LastOwner.to_string()));
        assert_eq!(executor.remove_operator(By::System, ada.id).await, last);
        assert_eq!(executor.set_role(By::System, ada.id, Role::Viewer).await, last);
        executor.set_role(By::System, eva.id, Role::Owner).await.expect("two owners");
        executor.remove_operator(By::System, ada.id).await.expect("one may go");
        assert_eq!(executor.set_role(By::System, eva.id, Role::Manager).await.map(drop), last.map(drop));
    }

    #[tokio::test]
    async fn who_is_taken_away_or_gets_another_password_is_logged_out() {
        let (executor, ada) = with_owner().await;
        let eva = person(&executor, "Eva", Role::Operator).await.expect("an operator");
        let open = |name: &'static str, password: &'static str| executor.log_in(name, secret(password));
        let first = open("Eva", "corretto cavallo batteria").await.expect("a session");
        let lives = |token: &Secret<String>| {
            let view = executor.view().expect("a view");
            crate::executor::control::access::session(&view, token.reveal(), executor.now()).expect("readable").is_some()
        };
        assert!(lives(&first.token));
        assert!(executor.set_password(By::Operator(ada.id), eva.id, secret("short")).await.is_err());
        executor.set_password(By::Operator(ada.id), eva.id, secret("zattera cobalto nove lumache")).await.expect("changed");
        assert!(!lives(&first.token));
        assert!(open("Eva", "corretto cavallo batteria").await.is_err());
        let second = open("Eva", "zattera cobalto nove lumache").await.expect("a session");
        executor.remove_operator(By::Operator(ada.id), eva.id).await.expect("gone");
        assert!(!lives(&second.token));
        assert!(open("Eva", "zattera cobalto nove lumache").await.is_err());
    }
}
