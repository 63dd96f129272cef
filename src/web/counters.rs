//! What is counted for `/metrics`, and how it is written down: the text format of Prometheus.

use axum::http::StatusCode;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::Registry;
use std::collections::BTreeMap;

/// What was counted since the start.
#[derive(Debug, Default)]
pub struct Counters {
    hooks: Family<StatusLabel, Counter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StatusLabel {
    status: u32,
}

impl Counters {
    /// Counts a webhook by what it was answered.
    pub fn hook(&self, status: StatusCode) {
        self.hooks.get_or_create(&StatusLabel { status: u32::from(status.as_u16()) }).inc();
    }
}

/// One number for `/metrics`, or one by label, read when it is asked for.
#[derive(Clone, Debug)]
pub struct Reading {
    name: &'static str,
    help: &'static str,
    value: Shape,
}

#[derive(Clone, Debug)]
enum Shape {
    Total(u64),
    Now(u64),
    ByLabel(&'static str, BTreeMap<&'static str, u64>),
}

impl Reading {
    /// A number that only ever grows.
    pub fn total(name: &'static str, help: &'static str, value: u64) -> Reading {
        Reading { name, help, value: Shape::Total(value) }
    }

    /// A number as it stands now.
    pub fn now(name: &'static str, help: &'static str, value: u64) -> Reading {
        Reading { name, help, value: Shape::Now(value) }
    }

    /// Numbers as they stand now, by the values of one label.
    pub fn by_label(name: &'static str, help: &'static str, label: &'static str, values: BTreeMap<&'static str, u64>) -> Reading {
        Reading { name, help, value: Shape::ByLabel(label, values) }
    }

    fn register(self, registry: &mut Registry) {
        match self.value {
            Shape::Total(value) => registry.register(self.name, self.help, ConstCounter::new(value)),
            Shape::Now(value) => registry.register(self.name, self.help, ConstGauge::new(signed(value))),
            Shape::ByLabel(label, values) => {
                let family = Family::<Vec<(&'static str, &'static str)>, Gauge>::default();
                for (value, count) in values {
                    family.get_or_create(&vec![(label, value)]).set(signed(count));
                }
                registry.register(self.name, self.help, family);
            }
        }
    }
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Writes everything down.
pub fn write(counters: &Counters, readings: Vec<Reading>) -> Result<String, std::fmt::Error> {
    let mut registry = Registry::with_prefix("flusso");
    registry.register("hooks", "Webhooks by the status they were answered with", counters.hooks.clone());
    for reading in readings {
        reading.register(&mut registry);
    }
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_its_help_and_type_once() {
        let counters = Counters::default();
        counters.hook(StatusCode::OK);
        counters.hook(StatusCode::OK);
        let states = BTreeMap::from([("dead", 1), ("ready", 2)]);
        let readings = vec![Reading::total("commits", "Commits", 7), Reading::by_label("outbox", "Rows", "state", states)];
        let text = write(&counters, readings).expect("written");
        for line in ["flusso_commits_total 7", "flusso_outbox{state=\"ready\"} 2", "flusso_hooks_total{status=\"200\"} 2"] {
            assert!(text.contains(line), "{text}");
        }
        assert_eq!(text.matches("# TYPE flusso_outbox ").count(), 1);
    }
}
