//! The provider of the town: it takes, refuses, throttles, drops after taking, is slow, and tells of what it took twice or in any order.

use flusso::base::address::ChannelKind;
use flusso::base::time::{Span, Time};
use flusso::executor::http::Reply;
use flusso::executor::outbox::verdict::Prepared;
use flusso::provider::http::{Answer, Failure};
use flusso::provider::outcome::SendOutcome;
use flusso::provider::read_answer;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What the provider took: by our own name of the send, how often.
#[derive(Default)]
pub struct Carrier {
    pub took: BTreeMap<String, usize>,
    /// How often each fault struck.
    pub faults: BTreeMap<&'static str, usize>,
    numbered: usize,
}

/// What becomes of one send.
pub struct Fate {
    pub outcome: SendOutcome,
    /// How long the answer takes.
    pub after: Span,
    /// What it took: its own id, ours, whom it is for, and the payloads of its buttons.
    pub taken: Option<Taken>,
    /// Whether it will tell of it.
    pub tells: bool,
}

/// A send that arrived.
pub struct Taken {
    pub id: String,
    pub ours: String,
    pub to: String,
    pub buttons: Vec<(String, String)>,
}

impl Carrier {
    fn taken(&mut self, body: &Value) -> Taken {
        self.numbered += 1;
        let ours = body["biz_opaque_callback_data"].as_str().unwrap_or_default().to_owned();
        *self.took.entry(ours.clone()).or_default() += 1;
        let list = body.pointer("/interactive/action/buttons").and_then(Value::as_array);
        let word = |button: &Value, name: &str| button["reply"][name].as_str().unwrap_or_default().to_owned();
        let buttons = list.into_iter().flatten().map(|button| (word(button, "id"), word(button, "title"))).collect();
        Taken { id: format!("wamid.out.{}", self.numbered), ours, to: body["to"].as_str().unwrap_or_default().to_owned(), buttons }
    }

    /// Decides what becomes of a send.
    pub fn carry(&mut self, prepared: &Prepared, now: Time, chance: &mut fastrand::Rng) -> Fate {
        let body: Value = serde_json::from_slice(&prepared.request.body).expect("a JSON body");
        let quick = Span(chance.i64(30..400));
        let (word, answer, after): (&'static str, Result<Answer, Failure>, Span) = match chance.u8(0..100) {
            0..=1 => ("refused", Ok(error(400, 131026, None)), quick),
            2..=4 => ("throttled", Ok(error(429, 131056, None)), quick),
            5 => ("throttled", Ok(error(429, 130429, Some(20))), quick),
            6..=7 => ("in trouble", Ok(error(500, 1, None)), quick),
            8 => ("not reached", Err(Failure::NeverLeft("no route".to_owned())), quick),
            9..=11 => ("dropped", Err(Failure::Broke("closed".to_owned())), quick),
            12 => ("too slow", Err(Failure::TimedOut), Span(15_000)),
            13..=16 => ("slow", Ok(Answer::default()), Span(chance.i64(3_000..14_000))),
            _ => ("taken", Ok(Answer::default()), quick),
        };
        *self.faults.entry(word).or_default() += 1;
        let taken = matches!(word, "dropped" | "too slow" | "slow" | "taken").then(|| self.taken(&body));
        let outcome = match (&taken, word) {
            (Some(taken), "slow" | "taken") => SendOutcome::Accepted { provider_id: taken.id.clone(), contact: Vec::new() },
            _ => read_answer(ChannelKind::Whatsapp, answer.as_ref(), now),
        };
        Fate { outcome, after, taken, tells: chance.u8(0..10) > 1 }
    }

    /// What a call of a flow is answered.
    pub fn answer(&mut self, chance: &mut fastrand::Rng) -> (Reply, Span) {
        let answer = |status: u16, body: &str| Reply::Answered(Answer { status, headers: Vec::new(), body: body.as_bytes().to_vec() });
        match chance.u8(0..12) {
            0 => (answer(500, ""), Span(200)),
            1 => (Reply::Failed(Failure::TimedOut), Span(10_000)),
            2 => (Reply::Failed(Failure::NeverLeft("no route".to_owned())), Span(100)),
            3 => (answer(404, "{}"), Span(80)),
            n => (answer(200, &json!({ "x": n }).to_string()), Span(chance.i64(50..4_000))),
        }
    }
}

fn error(status: u16, code: i64, after: Option<u32>) -> Answer {
    let headers = after.map(|seconds| ("retry-after".to_owned(), seconds.to_string()));
    let body = json!({"error": {"message": "scripted", "type": "OAuthException", "code": code}}).to_string();
    Answer { status, headers: headers.into_iter().collect(), body: body.into_bytes() }
}
