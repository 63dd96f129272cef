//! Who may come in: operators and their sessions, keys of the HTTP API, and the first owner.

use super::password::{hash_password, is_password};
use crate::base::id::{ApiKeyId, OperatorId};
use crate::base::secret::Secret;
use crate::base::time::Time;
use crate::base::zone::Zone;
use crate::executor::desk::{Desk, Signal};
use crate::executor::refusal::Refusal;
use crate::executor::upkeep::session_lives;
use crate::executor::{Executor, chance};
use crate::model::operator::{ApiKey, By, Operator, Role, Scope, Session};
use crate::model::reason::Reason;
use crate::store::operators::Digest;
use crate::store::{Read, api_keys, meta, operators, sessions, settings};
use sha2::Digest as _;

/// What every key of the HTTP API begins with, so that a leaked one is recognised.
const KEY_PREFIX: &str = "flusso_";
/// Characters of a key that are kept to tell it from others.
const KEY_SHOWN: usize = 12;
/// A use of a session is noted when this long has passed since the last note, so that looking does not mean writing.
const SEEN_EVERY: crate::base::time::Span = crate::base::time::Span::MINUTE;

/// A person to be added.
#[derive(Clone, Debug)]
pub struct NewOperator {
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Their password, hashed by `hash_password`.
    pub password: Secret<String>,
    /// The language the panel speaks to them.
    pub language: String,
}

/// What a password was good for.
#[derive(Clone, Debug)]
pub struct Login {
    /// Goes into the cookie, and is kept nowhere.
    pub token: Secret<String>,
    /// What every form of the session carries.
    pub csrf: Secret<String>,
    /// Who.
    pub operator: Operator,
}

fn digest(token: &str) -> Digest {
    sha2::Sha256::digest(token.as_bytes()).into()
}

/// Whether anybody can log in already: until then the panel serves the set-up page only (SEC-1).
pub fn is_set_up(read: &impl Read) -> Result<bool, Refusal> {
    Ok(!operators::all(read)?.is_empty())
}

/// The key of the HTTP API with this secret, unless it has expired.
pub fn api_key(read: &impl Read, secret: &str, now: Time) -> Result<Option<ApiKey>, Refusal> {
    let key = api_keys::by_digest(read, &digest(secret))?;
    Ok(key.filter(|key| key.expires.is_none_or(|expires| now < expires)))
}

/// The session of a cookie and who it belongs to, unless it ran out (SEC-3).
pub fn session(read: &impl Read, token: &str, now: Time) -> Result<Option<(Operator, Session)>, Refusal> {
    let Some(session) = sessions::get(read, &digest(token))?.filter(|session| session_lives(session, now)) else { return Ok(None) };
    Ok(operators::get(read, session.operator)?.map(|operator| (operator, session)))
}

impl Executor {
    /// Makes the first owner, and sets what the set-up page asks. Of two at once one wins: the other is told that it is done.
    pub async fn set_up(&self, owner: NewOperator, zone: Zone) -> Result<Operator, Refusal> {
        self.line
            .change(move |desk| {
                if is_set_up(&desk.work)? {
                    return Err(Refusal::Conflict("This appliance has its owner already. Log in.".to_owned()));
                }
                let mut chosen = settings::get(&desk.work)?;
                chosen.language = owner.language.clone();
                chosen.time_zone = zone;
                settings::put(&mut desk.work, &chosen)?;
                let mut facts = meta::get(&desk.work)?;
                facts.setup_done = true;
                meta::put(&mut desk.work, &facts)?;
                desk.facts_changed = true;
                desk.signal(Signal::Settings);
                add_operator(desk, By::System, &owner)
            })
            .await
    }

    /// Adds a person.
    pub async fn create_operator(&self, by: By, person: NewOperator) -> Result<Operator, Refusal> {
        self.line.change(move |desk| add_operator(desk, by, &person)).await
    }

    /// Opens a session for a name and a password. A wrong one and an unknown name are told alike.
    pub async fn log_in(&self, name: &str, password: Secret<String>) -> Result<Login, Refusal> {
        let (view, name) = (self.view()?, name.trim().to_owned());
        let known = tokio::task::spawn_blocking(move || operators::by_name(&view, &name)).await.map_err(|_| Refusal::Fault)??;
        let good = is_password(password, known.as_ref().map(|operator| operator.password.clone())).await?;
        let Some(operator) = known.filter(|_| good) else {
            return Err(Refusal::Invalid("The name or the password is not right.".to_owned()));
        };
        let (token, csrf) = (hex::encode(chance::bytes::<32>()?), Secret::new(hex::encode(chance::bytes::<32>()?)));
        let (digest, session_csrf, id) = (digest(&token), csrf.clone(), operator.id);
        self.line
            .change(move |desk| {
                let now = desk.now;
                sessions::drop_if(&mut desk.work, |session| !session_lives(session, now))?;
                let session = Session { operator: id, csrf: session_csrf, created: now, seen: now };
                sessions::put(&mut desk.work, &digest, &session)?;
                desk.audit(By::Operator(id), "session.opened", "")
            })
            .await?;
        Ok(Login { token: Secret::new(token), csrf, operator })
    }

    /// Gives a person another password, if they know the present one. Their other sessions end; the one of `token` goes on.
    pub async fn change_password(&self, id: OperatorId, token: &str, present: Secret<String>, next: Secret<String>) -> Result<(), Refusal> {
        let known = self.read(move |view| operators::get(view, id)).await?.ok_or(Refusal::NotFound("operator"))?;
        if !is_password(present, Some(known.password.clone())).await? {
            return Err(Refusal::Invalid(Reason::WrongPassword.to_string()));
        }
        let (hash, kept) = (hash_password(next, &known.name).await?, digest(token));
        self.line
            .change(move |desk| {
                let mut operator = operators::get(&desk.work, id)?.ok_or(Refusal::NotFound("operator"))?;
                operator.password = hash;
                operators::put(&mut desk.work, &operator)?;
                let session = sessions::get(&desk.work, &kept)?.filter(|session| session.operator == id);
                sessions::delete_all_of(&mut desk.work, id)?;
                if let Some(session) = session {
                    sessions::put(&mut desk.work, &kept, &session)?;
                }
                desk.audit(By::Operator(id), "password.changed", id.to_string())
            })
            .await
    }

    /// Lets the panel speak another language to a person.
    pub async fn speak_to(&self, id: OperatorId, language: &str) -> Result<(), Refusal> {
        let language = language.to_owned();
        self.line
            .change(move |desk| {
                let mut operator = operators::get(&desk.work, id)?.ok_or(Refusal::NotFound("operator"))?;
                operator.language = language;
                operators::put(&mut desk.work, &operator)?;
                desk.audit(By::Operator(id), "operator.changed", format!("{id}: language"))
            })
            .await
    }

    /// Notes that a session was used, at most once a minute.
    pub fn touch_session(&self, token: &str, session: &Session) {
        if self.now().since(session.seen) < SEEN_EVERY {
            return;
        }
        let digest = digest(token);
        self.line.mention(move |desk| {
            if let Some(mut session) = sessions::get(&desk.work, &digest)? {
                session.seen = desk.now;
                sessions::put(&mut desk.work, &digest, &session)?;
            }
            Ok(())
        });
    }

    /// Ends a session.
    pub async fn log_out(&self, token: &str) -> Result<(), Refusal> {
        let digest = digest(token);
        self.line
            .change(move |desk| {
                let Some(session) = sessions::get(&desk.work, &digest)? else { return Ok(()) };
                sessions::delete(&mut desk.work, &digest);
                desk.audit(By::Operator(session.operator), "session.closed", "")
            })
            .await
    }

    /// Ends all sessions of a person.
    pub async fn log_out_everywhere(&self, by: By, operator: OperatorId) -> Result<(), Refusal> {
        self.line
            .change(move |desk| {
                sessions::delete_all_of(&mut desk.work, operator)?;
                desk.audit(by, "sessions.closed", operator.to_string())
            })
            .await
    }

    /// Makes a key of the HTTP API. Its secret is told this once and kept nowhere.
    pub async fn create_api_key(
        &self,
        by: By,
        name: &str,
        scopes: Vec<Scope>,
        expires: Option<Time>,
    ) -> Result<(ApiKey, Secret<String>), Refusal> {
        let secret = format!("{KEY_PREFIX}{}", hex::encode(chance::bytes::<32>()?));
        let (digest, prefix, name) = (digest(&secret), secret[..KEY_SHOWN].to_owned(), name.trim().to_owned());
        if name.is_empty() || scopes.is_empty() {
            return Err(Refusal::Invalid("A key needs a name, and one scope at least.".to_owned()));
        }
        let key = self
            .line
            .change(move |desk| {
                let key = ApiKey { id: desk.mint()?, name, prefix, scopes, created: desk.now, expires };
                api_keys::put(&mut desk.work, &digest, &key)?;
                desk.audit(by, "key.created", format!("{} \"{}\"", key.id, key.name))?;
                Ok(key)
            })
            .await?;
        Ok((key, Secret::new(secret)))
    }

    /// Takes a key back: from now on it opens nothing.
    pub async fn delete_api_key(&self, by: By, id: ApiKeyId) -> Result<(), Refusal> {
        self.line
            .change(move |desk| {
                if !api_keys::all(&desk.work)?.iter().any(|key| key.id == id) {
                    return Err(Refusal::NotFound("key"));
                }
                api_keys::delete(&mut desk.work, id)?;
                desk.audit(by, "key.deleted", id.to_string())
            })
            .await
    }
}

fn add_operator(desk: &mut Desk, by: By, person: &NewOperator) -> Result<Operator, Refusal> {
    let name = person.name.trim();
    if name.is_empty() || name.chars().count() > 80 {
        return Err(Refusal::Invalid("A person needs a name of 1 to 80 characters.".to_owned()));
    }
    if operators::by_name(&desk.work, name)?.is_some() {
        return Err(Refusal::Conflict(format!("Somebody is already called \"{name}\". Choose another name.")));
    }
    let operator = Operator {
        id: desk.mint()?,
        name: name.to_owned(),
        role: person.role,
        password: person.password.clone(),
        language: person.language.clone(),
        created: desk.now,
    };
    operators::put(&mut desk.work, &operator)?;
    desk.audit(by, "operator.created", format!("{} \"{name}\"", operator.id))?;
    Ok(operator)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;
    use crate::store::seal::SealKey;

    const PASSWORD: &str = "corretto cavallo batteria";

    async fn executor() -> Executor {
        let store = Store::memory().expect("a store");
        Executor::start(store, SealKey::new([7; 32])).await.expect("an executor").0
    }

    fn secret(text: &str) -> Secret<String> {
        Secret::new(text.to_owned())
    }

    async fn owner(name: &str) -> NewOperator {
        let password = hash_password(secret(PASSWORD), name).await.expect("a hash");
        NewOperator { name: name.to_owned(), role: Role::Owner, password, language: "it".to_owned() }
    }

    #[tokio::test]
    async fn of_two_set_ups_at_once_one_wins() {
        let executor = executor().await;
        assert_eq!(is_set_up(&executor.view().expect("a view")), Ok(false));
        let (ada, eva) = (owner("Ada").await, owner("Eva").await);
        let both = tokio::join!(executor.set_up(ada, Zone::ROME), executor.set_up(eva, Zone::ROME));
        assert!(both.0.is_ok() != both.1.is_ok(), "{both:?}");
        let view = executor.view().expect("a view");
        assert_eq!((is_set_up(&view), operators::all(&view).expect("people").len()), (Ok(true), 1));
    }

    #[tokio::test]
    async fn a_login_opens_a_session_and_logging_out_ends_it() {
        let executor = executor().await;
        executor.set_up(owner("Ada").await, Zone::ROME).await.expect("an owner");
        for (name, password) in [("Ada", "wrong cavallo batteria"), ("Eva", PASSWORD), ("ada", PASSWORD)] {
            assert!(executor.log_in(name, secret(password)).await.is_err(), "{name}");
        }
        let login = executor.log_in(" Ada ", secret(PASSWORD)).await.expect("a session");
        let of = |token: &str, now| session(&executor.view().expect("a view"), token, now).expect("readable").map(|(who, _)| who.name);
        let (token, now) = (login.token.reveal().as_str(), executor.now());
        assert_eq!(of(token, now).as_deref(), Some("Ada"));
        assert_eq!(of(&digest_hex(token), now), None, "what is kept opens nothing");
        assert_eq!(of(token, now + crate::base::time::Span::HOUR.times(13)), None, "it ran out");
        executor.log_out(token).await.expect("logged out");
        assert_eq!(of(token, now), None);
    }

    fn digest_hex(token: &str) -> String {
        hex::encode(digest(token))
    }

    #[tokio::test]
    async fn logging_out_everywhere_ends_every_session_of_one_person() {
        let executor = executor().await;
        let ada = executor.set_up(owner("Ada").await, Zone::ROME).await.expect("an owner");
        executor.create_operator(By::System, owner("Eva").await).await.expect("a person");
        let mut tokens = Vec::new();
        for name in ["Ada", "Ada", "Eva"] {
            tokens.push(executor.log_in(name, secret(PASSWORD)).await.expect("a session").token);
        }
        executor.log_out_everywhere(By::Operator(ada.id), ada.id).await.expect("logged out");
        let (view, now) = (executor.view().expect("a view"), executor.now());
        let open: Vec<bool> = tokens.iter().map(|token| session(&view, token.reveal(), now).expect("readable").is_some()).collect();
        assert_eq!(open, [false, false, true]);
    }

    #[tokio::test]
    async fn a_password_is_long_and_its_hash_is_owasps_floor() {
        assert!(hash_password(secret("eleven char"), "Ada").await.is_err());
        let hash = hash_password(secret(PASSWORD), "Ada").await.expect("a hash");
        assert!(hash.reveal().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.reveal());
        assert!(is_password(secret(PASSWORD), Some(hash.clone())).await.expect("compared"));
        assert!(!is_password(secret("corretto cavallo batterie"), Some(hash)).await.expect("compared"));
        assert!(!is_password(secret(PASSWORD), None).await.expect("nobody"));
    }
}
