//! Every bound of the product, with its reason. Hitting one ends in a sentence for a person, never in a hang.

use super::time::Span;

/// Steps a run takes without waiting (RUN-4): beyond it the flow goes round in a circle.
pub const STEPS_PER_EVENT_MAX: u32 = 100;
/// How deep launches may nest (RUN-4): two flows that launch each other stop here.
pub const LAUNCH_DEPTH_MAX: u8 = 8;
/// Starts of one flow for one contact within an hour (RUN-4): beyond it something talks to itself.
pub const STARTS_PER_HOUR_MAX: usize = 20;
/// Live runs of one contact (RUN-4), so that one person's message cannot cost without end.
pub const RUNS_PER_CONTACT_MAX: usize = 1000;
/// Bytes of one run's record (RUN-4).
pub const RUN_BYTES_MAX: usize = 64 * 1024;
/// Bytes of one variable or field (RUN-4). Longer values are cut.
pub const VALUE_BYTES_MAX: usize = 8 * 1024;
/// Nodes of one flow: what a page can draw and a person can read.
pub const NODES_PER_FLOW_MAX: usize = 500;
/// Tests kept with one flow: all of them are replayed at every save, and whoever saves waits for them.
pub const TALKS_PER_FLOW_MAX: usize = 50;
/// Bytes of one flow document.
pub const FLOW_BYTES_MAX: usize = 1024 * 1024;
/// The longest wait: a year, as the panel says.
pub const WAIT_MAX: Span = Span(365 * Span::DAY.0);
/// The shortest wait.
pub const WAIT_MIN: Span = Span::SECOND;
/// Bytes of a compiled pattern (SEC-16).
pub const PATTERN_BYTES_MAX: usize = 64 * 1024;
/// Bytes of text that a pattern looks at (SEC-16).
pub const PATTERN_INPUT_MAX: usize = 4 * 1024;
/// Steps of a forecast: what one page of future can show.
pub const FORECAST_ACTIONS_MAX: usize = 50;
/// Bytes of a webhook's body (SEC-17).
pub const HOOK_BODY_MAX: usize = 4 * 1024 * 1024;
/// Bytes of any other request's body (SEC-17).
pub const FORM_BODY_MAX: usize = 256 * 1024;
/// Bytes of an uploaded file (SEC-17); larger ones go by link.
pub const UPLOAD_MAX: usize = 16 * 1024 * 1024;
/// Bytes of an answer to an outgoing request that are read (SEC-11).
pub const ANSWER_BODY_MAX: usize = 1024 * 1024;
/// How long an outgoing request may take in all (SEC-11).
pub const CALL_TIMEOUT_MAX: Span = Span(15_000);
/// Redirects that an outgoing request follows, each checked anew (SEC-11).
pub const REDIRECTS_MAX: u32 = 3;
/// How deep a webhook's JSON may nest (SEC-17).
pub const JSON_DEPTH_MAX: usize = 64;
/// Values that a webhook's JSON may hold (SEC-17).
pub const JSON_NODES_MAX: usize = 50_000;
/// Work that may wait for the writer before hooks answer 503 (IN-8).
pub const QUEUE_MAX: usize = 1000;
/// Jobs that one commit carries at most: beyond it the wait for the disk is felt by the first of them.
pub const GROUP_MAX: usize = 200;
/// Attempts of one send (OUT-5).
pub const ATTEMPTS_MAX: u32 = 12;
/// How long a send stays worth sending (OUT-5).
pub const SEND_VALIDITY: Span = Span::DAY;
/// The longest pause between two attempts (OUT-5).
pub const BACKOFF_MAX: Span = Span(15 * Span::MINUTE.0);
/// The longest Retry-After that is obeyed (OUT-5).
pub const RETRY_AFTER_MAX: Span = Span(6 * Span::HOUR.0);
/// How far ahead the wheel holds timers (RUN-8).
pub const WHEEL_HORIZON: Span = Span(15 * Span::MINUTE.0);
/// Timers that the wheel holds at most (RUN-8); the rest waits on disk.
pub const WHEEL_ENTRIES_MAX: usize = 100_000;
/// How long a message id is remembered (IN-3): Meta repeats for seven days.
pub const DEDUPE_DAYS: u32 = 8;
/// Lines of a channel's request log.
pub const REQUEST_LOG_LINES: usize = 200;
/// WhatsApp's window for free text after a contact's last message (providers.md 1).
pub const WINDOW: Span = Span::DAY;
/// A reply this young may be born "attempting" in the commit that decides it (OUT-2).
pub const LIVE_REPLY: Span = Span(60_000);
/// How long a message may seem to be typed before it goes: as long as providers show it.
pub const TYPING_MAX: Span = Span(25_000);
/// Bytes of an Idempotency-Key.
pub const REPEAT_KEY_MAX: usize = 200;
/// Bytes of a set that is imported or exported (SEC-17), packed and unpacked: what is written here can be read here again.
pub const SET_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Bytes of the document in a set: hundreds of flows.
pub const SET_DOCUMENT_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Entries of an archive that is imported: a document and its attachments.
pub const ARCHIVE_ENTRIES_MAX: usize = 1000;
/// Bytes of a name in an archive: a digest, and the name of a file.
pub const ARCHIVE_NAME_MAX: usize = 500;
/// Flows in one import: what a person can look through.
pub const FLOWS_PER_SET_MAX: usize = 500;
