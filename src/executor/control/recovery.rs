//! The recovery phrase: twelve words that open the sealing key inside a snapshot, shown once, when they are made.

use super::password::{hashing, is_password};
use crate::base::id::OperatorId;
use crate::base::secret::Secret;
use crate::executor::refusal::Refusal;
use crate::executor::{Executor, chance};
use crate::model::operator::By;
use crate::model::reason::Reason;
use crate::store::operators;
use crate::store::recovery::{self, Wrapped};
use bip39::{Error, Language, Mnemonic};

/// Bytes of chance in a phrase: twelve words.
const ENTROPY_BYTES: usize = 16;
/// The languages a phrase may be in.
const LANGUAGES: [Language; 2] = [Language::English, Language::Italian];

/// Why a text is no recovery phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAPhrase {
    /// A word is in none of the lists; counted from 1.
    #[error("the word number {0} is none that a recovery phrase has; check its spelling")]
    Word(usize),
    /// There are more or fewer words than twelve.
    #[error("a recovery phrase has 12 words and these are {0}")]
    Count(usize),
    /// The words are right and do not belong together.
    #[error("these words do not belong together; check their order, and that none is missing")]
    Order,
}

/// Reads a phrase as it was written down: capitals, line ends and further spaces do not matter.
pub fn read(text: &str) -> Result<Secret<String>, NotAPhrase> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    if words.len() != 12 {
        return Err(NotAPhrase::Count(words.len()));
    }
    let phrase = words.join(" ");
    let faults = LANGUAGES.map(|language| Mnemonic::parse_in_normalized(language, &phrase).err());
    if faults.iter().any(Option::is_none) {
        return Ok(Secret::new(phrase));
    }
    // The language that knows most of the words is the one that is meant.
    let unknown = faults.iter().map(|fault| if let Some(Error::UnknownWord(at)) = fault { *at } else { usize::MAX }).max();
    Err(unknown.filter(|at| *at < usize::MAX).map_or(NotAPhrase::Order, |at| NotAPhrase::Word(at + 1)))
}

impl Executor {
    /// Makes a phrase for a person who gives their password, in the words of the panel's language. What was made before opens older
    /// snapshots and no newer ones. The phrase is told this once and kept nowhere.
    pub async fn make_recovery_phrase(&self, id: OperatorId, password: Secret<String>) -> Result<Secret<String>, Refusal> {
        let person = self.read(move |view| operators::get(view, id)).await?.ok_or(Refusal::NotFound("operator"))?;
        if !is_password(password, Some(person.password.clone())).await? {
            return Err(Refusal::Invalid(Reason::WrongPassword.to_string()));
        }
        let language = if person.language == "it" { Language::Italian } else { Language::English };
        let words = Mnemonic::from_entropy_in(language, &chance::bytes::<ENTROPY_BYTES>()?).map_err(|_| Refusal::Fault)?;
        let phrase = Secret::new(words.to_string());
        let (salt, nonce, key, now) = (chance::bytes()?, chance::bytes()?, self.facts().key.clone(), self.now());
        let told = phrase.clone();
        let wrapped = hashing(move || Wrapped::new(&key, &told, salt, nonce, now).ok_or(Refusal::Fault)).await?;
        self.line
            .change(move |desk| {
                recovery::put(&mut desk.work, &wrapped)?;
                desk.audit(By::Operator(id), "recovery.made", "")
            })
            .await?;
        Ok(phrase)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrase(language: Language) -> String {
        Mnemonic::from_entropy_in(language, &[7; ENTROPY_BYTES]).expect("words").to_string()
    }

    #[test]
    fn a_phrase_is_read_however_it_was_written_down() {
        for language in LANGUAGES {
            let words = phrase(language);
            let written = format!("  {}\n", words.to_uppercase().replacen(' ', "\n", 2).replacen(' ', "   ", 2));
            assert_eq!(read(&written).map(|phrase| phrase.reveal().clone()), Ok(words));
        }
    }

    #[test]
    fn a_slip_of_the_pen_is_named() {
        let words = phrase(Language::Italian);
        let mut wrong: Vec<&str> = words.split(' ').collect();
        wrong[3] = "xyzzy";
        assert_eq!(read(&wrong.join(" ")).map(drop), Err(NotAPhrase::Word(4)));
        assert_eq!(read("abaco abete").map(drop), Err(NotAPhrase::Count(2)));
        let mut turned: Vec<&str> = words.split(' ').collect();
        turned.swap(0, 11);
        assert_eq!(read(&turned.join(" ")).map(drop), Err(NotAPhrase::Order));
    }
}
