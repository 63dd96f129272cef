//! Every fault has its sentence in both languages, and they differ.

use super::*;
use crate::base::id::{FlowId, Id, Shard};

fn text() -> String {
    "x".to_owned()
}

/// One of each.
fn samples() -> Vec<Fault> {
    vec![
        Fault::NotADocument(text()),
        Fault::NewerDocument(3),
        Fault::UnknownMember(text()),
        Fault::NoName,
        Fault::NameTaken(text()),
        Fault::NoNodeId,
        Fault::SameNodeId(text()),
        Fault::UnknownKind(text()),
        Fault::BadMember(text()),
        Fault::TooManyNodes(3),
        Fault::TooManyTalks(51),
        Fault::NoStart,
        Fault::StartMissing(text()),
        Fault::ExitToMissingNode { exit: text(), to: text() },
        Fault::ExitToTrigger { exit: text(), to: text() },
        Fault::ExitToNote { exit: text(), to: text() },
        Fault::TriggerToNowhere,
        Fault::EventNeeds { on: "field", needs: "field" },
        Fault::UnknownExit(text()),
        Fault::NoExitName,
        Fault::ReservedExit(text()),
        Fault::NoPhrase,
        Fault::EmptyPhrase,
        Fault::PhraseTaken { phrase: text(), mode: text(), flow: text(), flow_id: FlowId::new(Shard(0), 1) },
        Fault::PhraseTwice(text()),
        Fault::PhraseIsStopWord(text()),
        Fault::ChannelMissing(text()),
        Fault::BadPattern { pattern: text(), reason: text() },
        Fault::EmptyMessage,
        Fault::MissingAttachment,
        Fault::AttachmentTwice,
        Fault::ButtonsAndList,
        Fault::TooManyButtons(3, 3),
        Fault::TooManyRows(3, 3),
        Fault::EmptyList,
        Fault::SectionUntitled,
        Fault::ChoicesWithoutText,
        Fault::EmptyTitle,
        Fault::SameTitle(text()),
        Fault::SameChoice(text()),
        Fault::TitleTooLong { title: text(), length: 3, most: 3 },
        Fault::TextTooLong { length: 3, most: 3 },
        Fault::WaitForNothing,
        Fault::WaitTwice,
        Fault::WaitOutOfRange,
        Fault::UntilNotOne,
        Fault::BadDate(text()),
        Fault::EmptyWindow,
        Fault::LateWithoutTime,
        Fault::LateWithoutMessage,
        Fault::BurstOutOfRange,
        Fault::BadValueName(text()),
        Fault::NotWritable(text()),
        Fault::ReentryKey(text()),
        Fault::NothingToCompare(text()),
        Fault::NoBranch,
        Fault::SameBranch(text()),
        Fault::EmptyBranch(text()),
        Fault::NothingToSave,
        Fault::BadUrl(text()),
        Fault::LooksSecret(text()),
        Fault::BadPath { path: text(), reason: text() },
        Fault::NoFlowToLaunch,
        Fault::FlowMissing(text()),
        Fault::NoWeight,
        Fault::NobodyToTell,
        Fault::StaffUnreadable(text()),
        Fault::StaffChannelMissing(text()),
        Fault::SegmentMissing(text()),
        Fault::Idle { member: "at", beside: "time" },
        Fault::WindowWithoutTime,
        Fault::RetryWithoutCheck,
        Fault::Unreachable,
        Fault::DeadEndAtQuestion,
        Fault::LoopWithoutWait(text()),
        Fault::AfterTheWindow,
        Fault::NeverSet(text()),
        Fault::BadTemplate(text(), text()),
        Fault::NoOptOutHint,
        Fault::InFlow { flow: text(), fault: Box::new(Fault::NoStart) },
        Fault::TwiceInSet { what: "flow", name: text() },
        Fault::Archive(crate::model::archive::ArchiveFault::NoDocument),
        Fault::Reply(crate::model::quick_reply::QuickReplyFault::NoShortcut),
        Fault::FileChanged(text()),
        Fault::FileRefused(text()),
        Fault::BadFieldName(text()),
        Fault::TalkRed { name: text(), line: 3, expected: text(), got: text() },
    ]
}

#[test]
fn every_fault_has_its_words_in_both_languages() {
    let faults = samples();
    let declared = include_str!("../../../model/problem.rs").matches("#[error(").count();
    assert_eq!(faults.len(), declared, "a fault is missing in the list above");
    for (at, fault) in faults.iter().enumerate() {
        assert!(!faults[..at].contains(fault), "{fault:?} stands twice");
        assert_ne!(Language::Italian.fault(fault), Language::English.fault(fault), "{fault:?}");
    }
}

#[test]
fn what_a_fault_quotes_is_said_too() {
    let w = Language::Italian;
    let member = Fault::BadMember("\"text\": missing field `it`".to_owned());
    assert_eq!(w.fault(&member), "C'è qualcosa in questo nodo che non si può leggere: \"text\": manca il campo `it`.");
    let told = "\"text\": it must be a text, or one text for each language, as {\"it\": \"Ciao\", \"en\": \"Hello\"}";
    assert!(
        w.fault(&Fault::BadMember(told.to_owned())).contains("\"text\": deve essere un testo, o un testo per ogni lingua, come {\"it\"")
    );
    let window = "\"window\": it must be \"business_hours\", or have \"days\", \"from\" and \"to\"";
    assert!(w.fault(&Fault::BadMember(window.to_owned())).contains("oppure avere \"days\", \"from\" e \"to\""));
    let pattern = Fault::BadPattern { pattern: "(".to_owned(), reason: "unclosed group".to_owned() };
    assert_eq!(w.fault(&pattern), "Il modello \"(\" non si può usare: controlla le parentesi e i simboli.");
}
