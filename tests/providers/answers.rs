//! Canned answers to a send, and what the outbox makes of each (OUT-3).

use flusso::base::address::ChannelKind;
use flusso::base::time::{Span, Time};
use flusso::provider::http::{Answer, Failure};
use flusso::provider::outcome::{Scope, SendOutcome};
use flusso::provider::read_answer;
use serde_json::json;

fn outcome(answer: Result<&Answer, &Failure>) -> SendOutcome {
    let now: Time = "2026-11-22T09:00:00Z".parse().unwrap();
    read_answer(ChannelKind::Whatsapp, answer, now)
}

fn answered(status: u16, retry_after: Option<&str>, body: &str) -> SendOutcome {
    let headers = retry_after.map(|value| ("Retry-After".to_owned(), value.to_owned())).into_iter().collect();
    outcome(Ok(&Answer { status, headers, body: body.as_bytes().to_vec() }))
}

fn error(code: i64) -> String {
    json!({ "error": {
        "message": format!("(#{code}) Something about +39 333 123 4567"),
        "type": "OAuthException",
        "code": code,
        "error_data": { "messaging_product": "whatsapp", "details": "Details with EAAGm0PX4ZCpsBAKZCjZB12 and +39 333 123 4567" },
        "fbtrace_id": "Az8or2yhqkZfEZ-_4Qn_Bam",
    } })
    .to_string()
}

/// The outcome in one word, with the pause and the scope where there are some.
fn word(outcome: &SendOutcome) -> String {
    let pause = |after: &Option<Span>| after.map_or(String::new(), |span| format!(" {span}"));
    match outcome {
        SendOutcome::Accepted { provider_id, .. } => format!("accepted {provider_id}"),
        SendOutcome::Retry { after, .. } => format!("retry{}", pause(after)),
        SendOutcome::Throttled { after, scope: Scope::Pair, .. } => format!("throttled pair{}", pause(after)),
        SendOutcome::Throttled { after, scope: Scope::Channel, .. } => format!("throttled channel{}", pause(after)),
        SendOutcome::Refused { .. } => "refused".to_owned(),
        SendOutcome::StopChannel { .. } => "stop".to_owned(),
        SendOutcome::WindowClosed { .. } => "window".to_owned(),
        SendOutcome::Unknown { .. } => "unknown".to_owned(),
    }
}

fn reason(outcome: &SendOutcome) -> &str {
    match outcome {
        SendOutcome::Accepted { .. } => "",
        SendOutcome::Retry { reason, .. }
        | SendOutcome::Throttled { reason, .. }
        | SendOutcome::Refused { reason }
        | SendOutcome::StopChannel { reason }
        | SendOutcome::WindowClosed { reason }
        | SendOutcome::Unknown { reason } => reason,
    }
}

#[test]
fn a_code_of_the_table_decides_whatever_the_status() {
    for (status, code, expected) in [
        (401, 0, "stop"),
        (400, 3, "stop"),
        (403, 10, "stop"),
        (401, 190, "stop"),
        (403, 200, "stop"),
        (403, 230, "stop"),
        (400, 299, "stop"),
        (403, 131005, "stop"),
        (403, 368, "stop"),
        (403, 131031, "stop"),
        (400, 131037, "stop"),
        (402, 131042, "stop"),
        (400, 131045, "stop"),
        (400, 4, "throttled channel 1m"),
        (429, 80007, "throttled channel 1m"),
        (429, 130429, "throttled channel 1s"),
        (400, 131048, "throttled channel 15m"),
        (400, 131056, "throttled pair 6s"),
        (400, 131047, "window"),
        (400, 131026, "refused"),
        (400, 131021, "refused"),
        (400, 131030, "refused"),
        (400, 130472, "refused"),
        (400, 130497, "refused"),
        (400, 131049, "refused"),
        (400, 131050, "refused"),
        (400, 137000, "refused"),
        (400, 100, "refused"),
        (400, 131008, "refused"),
        (400, 131009, "refused"),
        (400, 131051, "refused"),
        (400, 131062, "refused"),
        (400, 131053, "refused"),
        (404, 132001, "refused"),
        (400, 132000, "refused"),
        (400, 132015, "refused"),
        (400, 135000, "refused"),
        (500, 1, "retry"),
        (503, 2, "retry"),
        (500, 131000, "retry"),
        (500, 131016, "retry"),
        (503, 131057, "retry"),
        (500, 131047, "window"),
        (502, 131026, "refused"),
        (200, 131056, "throttled pair 6s"),
    ] {
        let outcome = answered(status, None, &error(code));
        assert_eq!(word(&outcome), expected, "{status} {code}");
        assert!(reason(&outcome).contains(&format!("({code})")), "{outcome:?}");
    }
}

#[test]
fn without_a_code_of_the_table_the_status_decides() {
    let page = "<html>Bad Gateway</html>";
    for (status, retry_after, body, expected) in [
        (401, None, String::new(), "stop"),
        (401, None, error(999_999), "stop"),
        (403, None, page.to_owned(), "stop"),
        (403, None, error(999_999), "refused"),
        (400, None, error(999_999), "refused"),
        (400, None, String::new(), "refused"),
        (404, None, page.to_owned(), "refused"),
        (413, None, String::new(), "refused"),
        (408, None, String::new(), "retry"),
        (301, None, String::new(), "stop"),
        (429, None, String::new(), "throttled channel"),
        (429, Some("7"), String::new(), "throttled channel 7s"),
        (429, Some("Sun, 22 Nov 2026 09:01:30 GMT"), error(999_999), "throttled channel 1m 30s"),
        (400, Some("20"), error(130429), "throttled channel 20s"),
        (400, Some("99999999"), error(131056), "throttled pair 6h"),
        (503, Some("20"), error(131016), "retry 20s"),
        (500, None, String::new(), "unknown"),
        (500, None, error(999_999), "unknown"),
        (502, None, page.to_owned(), "unknown"),
        (503, Some("5"), String::new(), "unknown"),
        (504, None, "{".to_owned(), "unknown"),
        (200, None, String::new(), "unknown"),
        (200, None, page.to_owned(), "unknown"),
        (200, None, r#"{"messages":[]}"#.to_owned(), "unknown"),
        (200, None, r#"{"messages":[{"id":""}]}"#.to_owned(), "unknown"),
        (200, None, "[".repeat(1000), "unknown"),
        (204, None, String::new(), "unknown"),
        (100, None, String::new(), "unknown"),
        (0, None, String::new(), "unknown"),
    ] {
        let outcome = answered(status, retry_after, &body);
        assert_eq!(word(&outcome), expected, "{status} {body}");
    }
}

#[test]
fn an_acceptance_brings_the_id_and_the_number_whatsapp_knows() {
    let body = json!({ "messaging_product": "whatsapp", "contacts": [{ "input": "5511987654321", "wa_id": "551187654321" }],
        "messages": [{ "id": "wamid.X", "message_status": "accepted" }] });
    let SendOutcome::Accepted { provider_id, contact } = answered(200, None, &body.to_string()) else { panic!("not accepted") };
    assert_eq!((provider_id.as_str(), contact.len(), contact[0].address.as_str()), ("wamid.X", 1, "551187654321"));
}

#[test]
fn what_never_left_is_tried_again_and_what_left_is_unknown() {
    for (failure, expected) in [
        (Failure::NeverLeft("connection refused".to_owned()), "retry"),
        (Failure::TimedOut, "unknown"),
        (Failure::Broke("connection reset by peer".to_owned()), "unknown"),
    ] {
        for kind in ChannelKind::ALL {
            assert_eq!(word(&read_answer(kind, Err(&failure), Time(0))), expected);
        }
    }
}

#[test]
fn a_reason_is_a_sentence_without_tokens_and_numbers() {
    for code in [100, 190, 131026, 131030, 131047, 131056, 999_999] {
        let outcome = answered(400, None, &error(code));
        let reason = reason(&outcome);
        assert!(!reason.contains("EAAG") && !reason.contains("333") && !reason.contains("Az8or"), "{reason}");
        assert!(reason.starts_with(char::is_uppercase) && reason.ends_with(')') && reason.contains(". ("), "{reason}");
    }
}
