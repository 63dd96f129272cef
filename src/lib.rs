//! The map of Flusso: what lies on which floor, what is nowhere, and two walks through the house.
//!
//! Flusso is one binary and one file. People write to a shop on WhatsApp, Telegram or SMS; flows that the owner drew answer
//! them, wait, ask again and hand over to a person. Nouns are plain data. A pure core turns (state, event, time) into (state,
//! effects). A thin store remembers, a thin web floor shows, and the world gets in at one place.
//!
//! # Floors
//!
//! Imports only point down, and neighbours on one floor (2a, 2b, 2c) are blind to each other. `tests/floors.rs` reads every
//! import, and compares this table with its own.
//!
//! | floor | folder | may import | what it owns |
//! |---|---|---|---|
//! | 0 | `base` | nothing of ours | ids, times, time zones, addresses, limits, secrets |
//! | 1 | `model` | `base` | the nouns: contact, channel, flow, node, run, event, effect, message |
//! | 2a | `engine` | `base`, `model` | what happens next: routing, entry, step, forecast, check |
//! | 2b | `provider` | `base`, `model` | the bytes of each provider to our nouns and back |
//! | 2c | `store` | `base`, `model` | what is remembered: typed rows over byte families, one atomic batch |
//! | 3 | `executor` | `base`, `model`, `engine`, `provider`, `store` | the clock, the timer wheel, the outbox, the only writer, the only HTTP client |
//! | 4 | `web` | `base`, `model`, `engine` (check, preview, forecast), `store` (reading), `executor` | the panel, the JSON API, the webhooks |
//! | 5 | `app` | `base`, `model`, `engine`, `provider`, `store`, `executor`, `web` | the command line, configuration, wiring, signals |
//!
//! `main.rs` stands on the floor of `app` and only hands it the arguments. One noun has one file name on every floor: a contact
//! is `model/contact.rs`, `store/contacts.rs`, `web/contacts.rs` and `templates/contacts/`. Searching for the word finds the
//! whole feature.
//!
//! # What is nowhere
//!
//! - No file of `base`, `model`, `engine` or `provider` reads a file, opens a socket, asks for the time or draws a random number:
//!   the time is an argument, and chance comes from a seed kept in the run.
//! - Nothing reads the clock but `executor::clock`. No test waits for a real hour to pass.
//! - Nothing changes what is remembered but the one writer in `executor::commit`. A page, an API call, a webhook, a due timer
//!   and a provider's answer are all work for it; there is no second way in.
//! - No webhook is answered with 2xx before what it said is on disk.
//! - No effect happens before the commit that decided it. The engine never sends: it says what to send, and what came of it
//!   comes back as an event.
//! - No message leaves without a row in the outbox, and no row leaves the outbox without an end that can be seen.
//! - No two rows for one effect: its id is (run, sequence, index), so a replay gives the same id and is refused by key.
//! - No timer is cancelled by searching for it: a timer carries the sequence it was armed at, and a stale one changes nothing.
//! - No type of redb is named outside `store::redb`, and none of reqwest outside `executor::http`. No codec of `provider`
//!   can open a connection.
//! - No secret is printed: a `base::secret::Secret` has neither `Debug` nor `Display` that shows it.
//! - No set that comes in replaces anything unless a person said so: `engine::import` only looks, and `executor::control::imports` takes
//!   in what was decided, by the checks and versions of every save. None that leaves carries a contact, a channel or a secret
//!   (`executor::control::exports`).
//! - No route is open by forgetting: whatever is not in the public table of `web` wants a login, and a page that is not in the table
//!   of roles wants the owner.
//! - No error of a lower floor knows of HTTP: `web::problem` alone turns them into answers.
//!
//! # A message arrives
//!
//! 1. A provider posts bytes to `web::hooks`, which finds the channel by the token in the address and hands the bytes, unread,
//!    to `executor::receive`.
//! 2. On the connection's own task, the channel's codec in `provider` checks the signature over the raw bytes and reads them
//!    into inbound messages. What cannot be read goes to quarantine with its bytes.
//! 3. The message is put before the writer in `executor::commit`, which takes all the work that waits as one group. For each
//!    message: seen before? whose is it? (`store::work` shows what the group has already written.)
//! 4. `engine::route` says which flow or run gets it, and why the others do not; `engine::entry` makes a run, or says why none.
//! 5. `engine::step` advances the run. `executor::advance` turns its effects into rows: run, timer, outbox, history.
//! 6. One batch goes through `store::seam` to `store::redb`, durable when it returns. Only now is the webhook answered 200.
//! 7. `executor::outbox` sees its new rows and keeps order per contact and pace per channel. It marks a row as attempting, durably,
//!    and sends the codec's request by `executor::http`. What came back is work for the writer again. A live reply whose contact and
//!    channel are free was marked in the batch of step 6 already (`outbox::born`), and leaves at once.
//!
//! # A wait ends
//!
//! 1. A wait node left a timer row, keyed by (due, run), in the commit that reached it. `executor::wheel` holds the timers of the
//!    next quarter of an hour and reads the following ones from disk; the rest costs nothing but its row.
//! 2. `executor::clock` says that the time has come: never early, and not at once after a jump of the clock.
//! 3. The timer becomes an event with the sequence it was armed at, and waits for the writer like a message does. Had a
//!    reply come first, the run would have moved on, the sequence would be another, and the event would change nothing.
//! 4. `engine::step` takes the exit `elapsed`, obeying what a person changed on the action (`executor::control` wrote it into the
//!    run). `engine::forecast` had shown this very step, because it is this very function.
//! 5. The effects go the way of a message from there: rows, one commit, outbox.
//!
//! # Something begins without a message
//!
//! Whoever changes a contact, a node, a person, a program or the contact's own STOP, comes through `executor::advance`, which starts in
//! the same commit what tags, fields and permission set off. Dates of contacts lie on disk in order of time, like timers;
//! `executor::occasions` takes what is due, a page to a commit, and does the same with schedules and with starts for many.
//!
//! What must reach everybody, or all who are inside a flow (a tag's end, a save, a flow enabled again or thrown away), is a round of
//! `executor::occasions`: begun in the commit that decides it, done a page to a commit, and finished whoever goes away meanwhile.
//!
//! After a crash `executor` begins from disk: rows found attempting are of unknown outcome and are never sent again silently, rounds over
//! those inside flows are finished, overdue timers go out oldest first and paced, and live messages go before them.

pub mod app;
pub mod base;
pub mod engine;
pub mod executor;
pub mod model;
pub mod provider;
pub mod store;
pub mod web;
