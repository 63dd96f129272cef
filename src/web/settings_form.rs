//! The pieces of the settings' forms that are read with care: opening hours and quiet hours.

use super::node_form::Fields;
use crate::model::node::{Days, HoursWindow, WallTime};
use crate::model::settings::QuietHours;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The opening hours; `None` where a row lacks its days or one of its times, or closes before it opens.
pub fn hours(fields: &Fields) -> Option<Vec<HoursWindow>> {
    let mut hours = Vec::new();
    for row in fields.rows("business_hours", 0) {
        let days = DAYS.map(|day| fields.is_on(&format!("{}.days.{day}", row.prefix)));
        let (from, to) = (fields.get_in(&row.prefix, "from"), fields.get_in(&row.prefix, "to"));
        let is_empty = !days.contains(&true) && from.is_empty() && to.is_empty();
        if is_empty || fields.is_on_in(&row.prefix, "remove") {
            continue;
        }
        let (from, to): (WallTime, WallTime) = (from.parse().ok()?, to.parse().ok()?);
        if !days.contains(&true) || to <= from {
            return None;
        }
        hours.push(HoursWindow { days: Days(days), from, to });
    }
    Some(hours)
}

/// Two times that are no quiet hours: one is missing, or they are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotQuiet;

/// The quiet hours, or none.
pub fn quiet(fields: &Fields) -> Result<Option<QuietHours>, NotQuiet> {
    let (from, to) = (fields.get("quiet_hours.from"), fields.get("quiet_hours.to"));
    if from.is_empty() && to.is_empty() {
        return Ok(None);
    }
    let (from, to): (WallTime, WallTime) = (from.parse().map_err(|_| NotQuiet)?, to.parse().map_err(|_| NotQuiet)?);
    if from == to { Err(NotQuiet) } else { Ok(Some(QuietHours { from, to })) }
}
