//! What WhatsApp's codes mean for a send and in words. The same codes come in answers and, later, in statuses (providers.md 1).

use super::super::http::Answer;
use super::super::json::{self, items, text};
use super::super::outcome::{Scope, SendOutcome};
use super::super::redact::redacted;
use super::people::{each_once, phone, scoped};
use crate::base::time::{Span, Time};
use serde_json::Value;

/// What a code asks of us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// The account or its token: nothing goes out until a person mends it.
    Stop,
    /// Too fast, with the least pause where the answer names none.
    Slow(Scope, Span),
    /// Only a template may go.
    Window,
    /// Never as it is.
    Refused,
    /// Never as it is, and the provider's own words say what is wrong with it.
    Wrong,
    /// A fault at Meta that passes.
    Passing,
}

struct Row {
    first: i64,
    last: i64,
    class: Class,
    words: &'static str,
}

const fn row(code: i64, class: Class, words: &'static str) -> Row {
    Row { first: code, last: code, class, words }
}

const MINUTE: Span = Span::MINUTE;
const PAIR_PAUSE: Span = Span::SECOND.times(6);
const SPAM_PAUSE: Span = Span::MINUTE.times(15);

/// Codes and their classes: Meta's error codes page, November 2026.
const TABLE: &[Row] = &[
    row(0, Class::Stop, "WhatsApp does not accept the access token."),
    row(3, Class::Stop, "The access token may not send messages: a permission is missing."),
    row(10, Class::Stop, "The access token may not send messages: a permission was never given or was taken away."),
    row(190, Class::Stop, "The access token has expired or was withdrawn."),
    Row { first: 200, last: 299, class: Class::Stop, words: "The access token lacks a permission." },
    row(131005, Class::Stop, "The access token may not use this number."),
    row(368, Class::Stop, "WhatsApp has blocked the account for a time, for breaking its rules."),
    row(131031, Class::Stop, "WhatsApp has locked the account."),
    row(131037, Class::Stop, "WhatsApp has not approved the display name of this number yet."),
    row(131042, Class::Stop, "WhatsApp has a problem with the payment method of the account."),
    row(131045, Class::Stop, "The number is not registered with WhatsApp: register it in the Meta panel."),
    row(4, Class::Slow(Scope::Channel, MINUTE), "The app has made too many calls to WhatsApp."),
    row(80007, Class::Slow(Scope::Channel, MINUTE), "The account has made too many calls to WhatsApp."),
    row(130429, Class::Slow(Scope::Channel, Span::SECOND), "Messages go faster than WhatsApp allows this number."),
    row(
        131048,
        Class::Slow(Scope::Channel, SPAM_PAUSE),
        "WhatsApp slows this number down, since people blocked it or reported it as spam.",
    ),
    row(131056, Class::Slow(Scope::Pair, PAIR_PAUSE), "Messages to this person go faster than WhatsApp allows."),
    row(133016, Class::Slow(Scope::Channel, SPAM_PAUSE), "The number was registered too often in a short time."),
    row(131047, Class::Window, "This person last wrote more than 24 hours ago: WhatsApp takes only an approved template now."),
    row(
        131026,
        Class::Refused,
        "WhatsApp cannot deliver to this person: no WhatsApp on this number, an old version of it, or new terms not accepted.",
    ),
    row(131021, Class::Refused, "The number cannot write to itself."),
    row(131030, Class::Refused, "This number is not among those a test account may write to: add it in the Meta panel."),
    row(130472, Class::Refused, "WhatsApp did not deliver it: this person is part of an experiment of Meta without marketing messages."),
    row(130497, Class::Refused, "WhatsApp does not let this account write to people in this country."),
    row(
        131049,
        Class::Refused,
        "WhatsApp holds back marketing messages to this person for now: send it again after 24 hours at the earliest.",
    ),
    row(131050, Class::Refused, "This person wants no marketing messages from this number."),
    row(137000, Class::Refused, "WhatsApp does not know this person's id any more."),
    row(100, Class::Wrong, "WhatsApp does not accept the message as it is written."),
    row(131008, Class::Wrong, "WhatsApp misses a part of the message."),
    row(131009, Class::Wrong, "WhatsApp does not accept a value in the message."),
    row(131051, Class::Wrong, "WhatsApp does not support messages of this kind."),
    row(131062, Class::Wrong, "This template cannot go to a person without a phone number."),
    row(131063, Class::Wrong, "WhatsApp does not accept this message for this person's id."),
    row(135000, Class::Wrong, "WhatsApp does not accept the message and does not say which part of it."),
    row(131052, Class::Refused, "WhatsApp could not fetch the file that the person sent."),
    row(131053, Class::Wrong, "WhatsApp could not take the file: its address, type or size is not accepted."),
    row(132000, Class::Wrong, "The template has another number of variables."),
    row(132001, Class::Wrong, "There is no such template in this language, or it is not approved."),
    row(132005, Class::Refused, "The template is too long once its variables are filled."),
    row(132007, Class::Refused, "The template breaks WhatsApp's rules."),
    row(132008, Class::Wrong, "A variable of the template has another form than was approved."),
    row(132012, Class::Wrong, "A variable of the template has another form than was approved."),
    row(132015, Class::Refused, "WhatsApp has paused the template, since people disliked it."),
    row(132016, Class::Refused, "WhatsApp has disabled the template, since people disliked it."),
    row(132068, Class::Refused, "The form in the template is blocked by WhatsApp."),
    row(132069, Class::Refused, "The form in the template was sent too often: try again in an hour."),
    row(1, Class::Passing, "WhatsApp had a fault of its own."),
    row(2, Class::Passing, "WhatsApp is out of service for a moment."),
    row(131000, Class::Passing, "WhatsApp had a fault of its own."),
    row(131016, Class::Passing, "WhatsApp is out of service for a moment."),
    row(131057, Class::Passing, "WhatsApp is working on this account: it is back soon."),
];

fn known(code: i64) -> Option<&'static Row> {
    TABLE.iter().find(|row| (row.first..=row.last).contains(&code))
}

fn code(error: &Value) -> Option<i64> {
    text(error, "/code")?.trim().parse().ok()
}

/// One error in words that an owner understands, with its code.
fn words(error: &Value) -> String {
    let own = || {
        ["/error_data/details", "/details", "/message", "/title", "/error_user_msg"]
            .into_iter()
            .find_map(|at| text(error, at))
            .map(|own| redacted(&own))
    };
    match (code(error), code(error).and_then(known)) {
        (Some(code), Some(Row { class: Class::Wrong, words, .. })) => match own() {
            Some(own) => format!("{words} It says: {own}. ({code})"),
            None => format!("{words} ({code})"),
        },
        (Some(code), Some(row)) => format!("{} ({code})", row.words),
        (Some(code), None) => format!("WhatsApp refused it: {}. ({code})", own().unwrap_or_else(|| "it does not say why".to_owned())),
        (None, _) => format!("WhatsApp refused it: {}.", own().unwrap_or_else(|| "it does not say why".to_owned())),
    }
}

/// The first of `json`'s `errors`, else of the errors around it, in words.
pub(super) fn words_of(json: &Value, around: &[Value]) -> Option<String> {
    items(json, "/errors").unwrap_or_default().first().or(around.first()).map(words)
}

/// What an answer to a send means. A code of the table decides, whatever the status (OUT-3).
pub(in crate::provider) fn read_answer(answer: &Answer, now: Time) -> SendOutcome {
    let body = json::read(&answer.body).unwrap_or(Value::Null);
    let error = body.get("error").filter(|error| error.is_object());
    let after = answer.retry_after(now);
    if let Some((error, row)) = error.and_then(|error| Some((error, known(code(error)?)?))) {
        return by_class(row.class, words(error), after);
    }
    let reason = || match error {
        Some(error) => words(error),
        None => format!("WhatsApp answered with the status {} and no reason.", answer.status),
    };
    match answer.status {
        200..=299 => accepted(&body).unwrap_or_else(|| SendOutcome::Unknown {
            reason: "WhatsApp's answer could not be read, so nobody knows whether the message arrived.".to_owned(),
        }),
        300..=399 => SendOutcome::StopChannel {
            reason: "The provider's address sends elsewhere (a redirect): check the address in the channel's settings.".to_owned(),
        },
        401 => SendOutcome::StopChannel { reason: reason() },
        403 if error.and_then(code).is_none() => SendOutcome::StopChannel { reason: reason() },
        408 => SendOutcome::Retry { after, reason: reason() },
        429 => SendOutcome::Throttled { after, scope: Scope::Channel, reason: "WhatsApp says that messages go too fast.".to_owned() },
        400..=499 => SendOutcome::Refused { reason: reason() },
        status => {
            SendOutcome::Unknown { reason: format!("WhatsApp had a fault (status {status}), so nobody knows whether the message arrived.") }
        }
    }
}

fn by_class(class: Class, reason: String, after: Option<Span>) -> SendOutcome {
    match class {
        Class::Stop => SendOutcome::StopChannel { reason },
        Class::Slow(scope, pause) => SendOutcome::Throttled { after: after.or(Some(pause)), scope, reason },
        Class::Window => SendOutcome::WindowClosed { reason },
        Class::Refused | Class::Wrong => SendOutcome::Refused { reason },
        Class::Passing => SendOutcome::Retry { after, reason },
    }
}

fn accepted(body: &Value) -> Option<SendOutcome> {
    let provider_id = json::id(body, "/messages/0/id")?;
    let names = items(body, "/contacts").unwrap_or_default();
    let contact = match names {
        [one] => each_once([phone(one, "/wa_id"), scoped(one, "/user_id")]),
        _ => Vec::new(),
    };
    Some(SendOutcome::Accepted { provider_id, contact })
}
