//! What a node does, in a line or two: shared by the list of nodes, the drawing, and whoever tells where somebody stands.

mod lines;
mod spoken;

use super::chat::Kept;
use super::words::Language;
use crate::model::node::{
    Api, Branch, Condition, EventKind, EventTrigger, FlowRef, HandoverNode, Keyword, Late, Launch, MatchMode, MessageNode, Met, Node,
    NodeKind, Operator, Reply, Rule, Save, Text, Until, Wait, Window,
};
use crate::model::value::Value;
use std::collections::BTreeMap;

pub use lines::{cut, lines};

/// What is needed to speak of nodes: the reader's language, the names of other flows, the files kept here.
#[derive(Clone, Copy, Debug)]
pub struct Speaker<'a> {
    /// The reader's language.
    pub language: Language,
    /// The language of texts to contacts, tried first.
    pub texts: &'a str,
    /// Names of flows, by the text of their ids.
    pub flows: &'a BTreeMap<String, String>,
    /// Files kept here.
    pub files: &'a Kept,
}

static NO_FLOWS: BTreeMap<String, String> = BTreeMap::new();
static NO_FILES: Kept = Kept::new();

impl Speaker<'static> {
    /// A speaker who knows no other flows.
    pub fn new(language: Language) -> Speaker<'static> {
        Speaker { language, texts: language.code(), flows: &NO_FLOWS, files: &NO_FILES }
    }
}

impl Speaker<'_> {
    /// What a node is called: its title, or else its kind.
    pub fn name(&self, node: &Node) -> String {
        node.title.clone().filter(|title| !title.is_empty()).unwrap_or_else(|| self.language.kind(node.kind.word()).to_owned())
    }

    /// What a node is called among others, told apart by what it does: `Message "Ciao…"`.
    pub fn name_in_list(&self, node: &Node) -> String {
        let line: String = self.line(node).split_whitespace().collect::<Vec<_>>().join(" ");
        let short = cut(&line, 40);
        if short.is_empty() { self.name(node) } else { format!("{}: {short}", self.name(node)) }
    }

    /// What an exit is called: the words on the button, the branch's name, or what happened.
    pub fn exit(&self, node: &Node, name: &str) -> String {
        if let NodeKind::Message(message) = &node.kind
            && let Some((_, title)) = message.choices().find(|(id, _)| *id == name)
        {
            return self.text(title).to_owned();
        }
        if let NodeKind::Condition(condition) = &node.kind
            && let Some(branch) = condition.branches.iter().find(|branch| branch.exit == name).filter(|_| is_made_up(name))
        {
            return self.branch(branch);
        }
        self.language.plain_exit(name).to_owned()
    }

    /// What a node does.
    pub fn line(&self, node: &Node) -> String {
        let w = self.language;
        match &node.kind {
            NodeKind::Keyword(keyword) => self.keyword(keyword),
            NodeKind::Event(event) => self.event(event),
            NodeKind::Message(message) => self.message(message),
            NodeKind::Wait(wait) => self.wait(wait),
            NodeKind::Condition(condition) => self.condition(condition),
            NodeKind::Save(save) => self.save(save),
            NodeKind::Api(api) => self.spoken(&call(api)),
            NodeKind::Launch(launch) => self.launch(launch),
            NodeKind::Split(split) => {
                let all = split.weights.iter().map(|way| u64::from(way.weight)).sum::<u64>().max(1);
                let part = |weight: u64| w.whole((weight * 100 + all / 2) / all);
                split.weights.iter().map(|way| format!("{}: {} %", way.exit, part(way.weight.into()))).collect::<Vec<_>>().join(" · ")
            }
            NodeKind::Handover(handover) => self.handover(handover),
            NodeKind::Notify(notify) => self.spoken(self.text(&notify.text)),
            NodeKind::Note(note) => note.text.clone(),
            NodeKind::End(end) => end.goal.as_ref().map_or_else(|| w.end_plain().to_owned(), |goal| w.end_goal(w.goal_name(goal))),
        }
    }

    fn text<'t>(&self, text: &'t Text) -> &'t str {
        text.in_language(&[self.texts, self.language.code()])
    }

    fn keyword(&self, keyword: &Keyword) -> String {
        let phrase = |phrase: &crate::model::node::Phrase| match phrase.r#match {
            MatchMode::Exact => format!("“{}”", phrase.text),
            mode => format!("{} “{}”", self.language.match_mode(mode), phrase.text),
        };
        keyword.phrases.iter().map(phrase).collect::<Vec<_>>().join(", ")
    }

    fn event(&self, event: &EventTrigger) -> String {
        let what = self.language.event(event.on);
        let detail = match event.on {
            EventKind::TagAdded | EventKind::TagRemoved => event.tag.as_deref().map(|tag| self.language.tag_name(tag).to_owned()),
            EventKind::FieldChanged => event.field.as_deref().map(|field| self.value_name(field)),
            EventKind::Date => event
                .field
                .as_deref()
                .map(|field| format!("{}{}", self.offset(event.offset.map(|offset| offset.0.0)), self.value_name(field))),
            EventKind::Schedule => event.days.map(|days| self.days(days.0)),
            _ => None,
        };
        let at = event.at.map(|at| format!(" {}", self.language.at_time(&at.to_string()))).unwrap_or_default();
        detail.map_or_else(|| what.to_owned(), |detail| format!("{what}: {detail}{at}"))
    }

    fn message(&self, message: &MessageNode) -> String {
        let w = self.language;
        let mut parts = Vec::new();
        let text = self.text(&message.text);
        if !text.is_empty() {
            parts.push(self.spoken(text));
        }
        let files: Vec<&str> = message.attachments.iter().map(|file| w.media(file.kind)).collect();
        if !files.is_empty() {
            parts.push(format!("[{}]", files.join(", ")));
        }
        if let Some(place) = &message.location {
            parts.push(format!("[{}]", place.name.as_deref().unwrap_or(w.message_kind(crate::model::message::MessageKind::Location))));
        }
        if let Some(card) = &message.contact_card {
            parts.push(format!("[{}]", card.name));
        }
        parts.join(" ")
    }

    fn wait(&self, wait: &Wait) -> String {
        let w = self.language;
        let mut ends = Vec::new();
        if let Some(length) = wait.r#for {
            ends.push(w.length(length));
        }
        if let Some(until) = &wait.until {
            ends.push(self.until(until));
        }
        if let Some(window) = &wait.window {
            let window = self.window(window);
            match ends.last_mut() {
                Some(end) => *end = format!("{end} {window}"),
                None => ends.push(window),
            }
        }
        if let Some(reply) = &wait.reply {
            ends.push(self.reply(reply));
        }
        if let Some(met) = &wait.met {
            ends.push(self.met(met));
        }
        let whole = ends.join(&format!(", {} ", w.or_until()));
        let late = match wait.late {
            Some(Late::Run) => format!(" ({})", w.late_line_run()),
            Some(Late::SkipAfter(most)) => format!(" ({})", w.late_line_skip(&w.length(most))),
            Some(Late::NextWindow) | None => String::new(),
        };
        format!("{}{late}", w.first_upper(&whole))
    }

    fn until(&self, until: &Until) -> String {
        let w = self.language;
        let at = until.at.map(|at| format!(" {}", w.at_time(&at.to_string()))).unwrap_or_default();
        let offset = self.offset(until.offset.map(|offset| offset.0.0));
        let when = if let Some(date) = &until.date {
            date.replace('T', " ")
        } else if let Some(time) = until.time {
            time.to_string()
        } else if let Some(day) = until.weekday {
            w.weekday(day.0.num_days_from_monday() as usize).to_owned()
        } else {
            until.value.as_deref().map(|value| self.value_name(value)).unwrap_or_default()
        };
        w.until(&format!("{offset}{when}{at}"))
    }

    fn offset(&self, ms: Option<i64>) -> String {
        let w = self.language;
        match ms {
            None | Some(0) => String::new(),
            Some(ms) => {
                let length = w.length(crate::base::time::Span(ms.abs()));
                format!("{} ", if ms < 0 { w.length_before(&length) } else { w.length_after(&length) })
            }
        }
    }

    fn window(&self, window: &Window) -> String {
        match window {
            Window::Named(_) => self.language.in_business_hours().to_owned(),
            Window::Hours(hours) => format!("({} {}–{})", self.days(hours.days.0), hours.from, hours.to),
        }
    }

    fn days(&self, days: [bool; 7]) -> String {
        let w = self.language;
        let runs: Vec<usize> = (0..7).filter(|day| days[*day]).collect();
        match runs.as_slice() {
            [] => String::new(),
            all if all.len() == 7 => w.every_day().to_owned(),
            [first, .., last] if last - first + 1 == runs.len() && runs.len() > 2 => {
                format!("{}–{}", w.weekday_short(*first), w.weekday_short(*last))
            }
            some => some.iter().map(|day| w.weekday_short(*day)).collect::<Vec<_>>().join(", "),
        }
    }

    fn reply(&self, reply: &Reply) -> String {
        let w = self.language;
        let mut line = w.an_answer().to_owned();
        if let Some(check) = &reply.check {
            use crate::model::node::Check;
            let what = match check {
                Check::Text => w.check_text().to_owned(),
                Check::Number => w.check_number().to_owned(),
                Check::Date => w.check_date().to_owned(),
                Check::Email => w.check_email().to_owned(),
                Check::Phone => w.check_phone().to_owned(),
                Check::OneOf(words) => words.join(" / "),
                Check::Regex(pattern) => pattern.clone(),
            };
            line = format!("{line} ({what})");
        }
        match &reply.save {
            Some(to) => format!("{line} → {}", self.value_name(to)),
            None => line,
        }
    }

    fn met(&self, met: &Met) -> String {
        let w = self.language;
        let mut ways = Vec::new();
        if let Some(tag) = &met.tag {
            ways.push(w.tag_is_there(w.tag_name(tag)));
        }
        if let Some(field) = &met.field {
            let rule = Rule { value: field.clone(), op: met.op.unwrap_or(Operator::Exists), to: met.to.clone() };
            ways.push(self.rule(&rule));
        }
        if met.callback {
            ways.push(w.callback_comes().to_owned());
        }
        ways.join(&format!(" {} ", w.or()))
    }

    fn condition(&self, condition: &Condition) -> String {
        condition.branches.iter().map(|branch| self.branch(branch)).collect::<Vec<_>>().join("\n")
    }

    fn branch(&self, branch: &Branch) -> String {
        let rules = |rules: &Option<Vec<Rule>>, word: &str| {
            rules.as_ref().map(|rules| rules.iter().map(|rule| self.rule(rule)).collect::<Vec<_>>().join(&format!(" {word} ")))
        };
        let all = rules(&branch.all, self.language.and());
        let any = rules(&branch.any, self.language.or());
        match (all, any) {
            (Some(all), Some(any)) => format!("{all} {} ({any})", self.language.and()),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => branch.exit.clone(),
        }
    }

    /// One comparison, as people say it.
    pub fn rule(&self, rule: &Rule) -> String {
        let (value, op) = (self.value_name(&rule.value), self.language.operator(rule.op));
        match &rule.to {
            None => format!("{value} {op}"),
            Some(Value::Bool(yes)) => format!("{value} {op} {}", if *yes { self.language.yes() } else { self.language.no() }),
            Some(Value::Number(number)) => format!("{value} {op} {}", self.language.decimal(*number)),
            Some(to) => {
                let said = self.language.value_said(&rule.value, to);
                self.variable(&said).map_or_else(|| format!("{value} {op} “{}”", self.spoken(&said)), |name| format!("{value} {op} {name}"))
            }
        }
    }

    fn save(&self, save: &Save) -> String {
        let mut parts = Vec::new();
        parts.extend(
            save.set
                .iter()
                .map(|set| (self.value_name(&set.field), self.language.value_said(&set.field, &set.to)))
                .map(|(field, said)| format!("{field} = {}", self.variable(&said).unwrap_or_else(|| self.spoken(&said)))),
        );
        parts.extend(save.increment.iter().map(|grow| {
            format!("{} {}{}", self.value_name(&grow.field), if grow.by < 0.0 { "−" } else { "+" }, self.language.decimal(grow.by.abs()))
        }));
        parts.extend(save.clear.iter().map(|field| format!("{} = ∅", self.value_name(field))));
        parts.extend(save.add_tags.iter().map(|tag| format!("+ {}", self.language.tag_name(tag))));
        parts.extend(save.remove_tags.iter().map(|tag| format!("− {}", self.language.tag_name(tag))));
        parts.extend(save.language.iter().map(|code| format!("{}: {}", self.language.language(), self.language.language_named(code))));
        parts.extend(save.consent.map(|consent| self.language.consent_word(consent).to_owned()));
        parts.join(" · ")
    }

    fn launch(&self, launch: &Launch) -> String {
        let w = self.language;
        match (&launch.flow, &launch.stop) {
            (Some(flow), _) => format!("“{}”: {}", self.flow(flow), w.launch_mode(launch.mode.unwrap_or_default()).to_lowercase()),
            (None, Some(FlowRef::Name(all))) if all == "all" => w.stops_all().to_owned(),
            (None, Some(flow)) => w.stops_flow(&self.flow(flow)),
            (None, None) => w.no_flow_chosen().to_owned(),
        }
    }

    fn flow(&self, flow: &FlowRef) -> String {
        match flow {
            FlowRef::Name(name) => name.clone(),
            FlowRef::Id(id) => self.flows.get(&id.to_string()).cloned().unwrap_or_else(|| self.language.some_flow().to_owned()),
        }
    }

    fn handover(&self, handover: &HandoverNode) -> String {
        let w = self.language;
        handover.r#for.map_or_else(|| w.handover_open().to_owned(), |length| w.handover_for(&w.length(length)))
    }

    /// The name of a value, as people say it: fields and variables by their own name.
    pub fn value_name(&self, name: &str) -> String {
        let w = self.language;
        if let Some(field) = name.strip_prefix("contact.fields.") {
            return w.field_name(field).to_owned();
        }
        if let Some(own) = name.strip_prefix("run.") {
            return w.field_name(own).to_owned();
        }
        if let Some(flow) = name.strip_prefix("flows.").and_then(|rest| rest.strip_suffix(".state")) {
            return w.value_flow(flow);
        }
        w.value(name).map_or_else(|| name.to_owned(), str::to_owned)
    }
}

/// Whether a branch's name was given by the form, not by a person: a letter and a number.
fn is_made_up(name: &str) -> bool {
    name.strip_prefix(['c', 'b', 'v', 'r']).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

fn call(api: &Api) -> String {
    let bare = api.url.strip_prefix("https://").or_else(|| api.url.strip_prefix("http://")).unwrap_or(&api.url);
    format!("{} {bare}", api.method.word())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document;

    fn said(text: &str, language: Language) -> Vec<String> {
        let flow = document::read_text(text).expect("a flow");
        flow.nodes.iter().map(|node| Speaker::new(language).line(node)).collect()
    }

    #[test]
    fn a_node_says_what_it_does() {
        let follow_up = said(include_str!("../../tests/documents/quote-follow-up.json"), Language::Italian);
        assert_eq!(follow_up[1], "2 giorni (lun–ven 09:00–18:00), oppure una risposta");
        assert_eq!(follow_up[4], "Fase del preventivo = freddo · + no-answer");
        let order = said(include_str!("../../tests/documents/order-status.json"), Language::English);
        assert_eq!(order[0], "“ordine”, contains “dov'è il mio pacco”");
        assert_eq!(order[3], "GET shop.example.com/orders/[order]");
        assert_eq!(order[4], "status is “shipped”");
        assert_eq!(order[8], "“Benvenuto”: both go on");
        let welcome = said(include_str!("../../tests/documents/welcome.json"), Language::Italian);
        assert_eq!(welcome[3], "testo del messaggio contiene “prezz” o testo del messaggio contiene “costa”");
        assert_eq!(welcome[8], "Risponde una persona per 12 ore");
    }

    #[test]
    fn an_exit_has_the_words_of_its_button() {
        let flow = document::read_text(include_str!("../../tests/documents/welcome.json")).expect("a flow");
        let speaker = Speaker::new(Language::Italian);
        let names: Vec<_> = flow.nodes[1].kind.exit_names().iter().map(|name| speaker.exit(&flow.nodes[1], name)).collect();
        assert_eq!(names, ["poi", "Prezzi", "Prenota", "Operatore"]);
    }
}
