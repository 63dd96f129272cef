//! How a changing request is answered: done, refused in words, or a trouble. And what forms and addresses say several times.

use super::super::page::Flash;
use super::{Panel, Shown};
use crate::executor::refusal::Refusal;
use axum::response::Response;

impl Panel {
    /// Leads on with the words of what was done, or of why it was not.
    pub fn after<T>(&self, to: &str, outcome: Result<T, Refusal>, done: impl Into<String>) -> Shown {
        match outcome {
            Ok(_) => Ok(self.done(to, Flash::good(done))),
            Err(refusal) => self.refused(to, refusal),
        }
    }

    /// Leads back with why something was not done; what is nobody's choice becomes a trouble.
    pub fn refused(&self, to: &str, refusal: Refusal) -> Result<Response, super::Trouble> {
        match refusal {
            Refusal::Conflict(why) | Refusal::Invalid(why) => {
                Ok(self.done(to, Flash::bad(self.language.not_done(&self.language.said(&why)))))
            }
            other => Err(other.into()),
        }
    }
}

/// Everything that stands under one name in a form or after a question mark.
pub fn every(pairs: &[u8], name: &str) -> Vec<String> {
    url::form_urlencoded::parse(pairs).filter(|(own, _)| own == name).map(|(_, value)| value.into_owned()).collect()
}

/// An address with these filters, the empty ones left out.
pub fn with_filters(path: &str, filters: &[(&str, &str)]) -> String {
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    filters.iter().filter(|(_, value)| !value.is_empty()).for_each(|(name, value)| {
        pairs.append_pair(name, value);
    });
    let query = pairs.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_stands_twice_is_read_twice() {
        assert_eq!(every(b"run=1&verb=hold&run=2", "run"), ["1", "2"]);
        assert_eq!(with_filters("/runs", &[("flow", ""), ("text", "a b")]), "/runs?text=a+b");
        assert_eq!(with_filters("/runs", &[("flow", "")]), "/runs");
    }
}
