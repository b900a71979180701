//! Time zones of `Date` cells: which one a user named, and, where none was named, which cells read
//! otherwise by the clocks of the process than in UTC.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The time zone whose calendar and clocks `Date` cells are read by: `UTC`, `local`, which is that
/// of the process that reads them, or a name of the IANA database. Whether such a name is known,
/// the caller's runtime says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TimeZone(String);

impl TimeZone {
    /// What the option expects, for messages.
    pub const EXPECTED: &str =
        "'UTC', 'local' or a name of the IANA time zone database such as 'Europe/Berlin'";

    /// A zone by its name, if it may be one.
    pub fn parse(name: &str) -> Option<Self> {
        let zone = TimeZone(name.to_owned());
        zone.is_valid().then_some(zone)
    }

    /// Whether one from a file may be one.
    pub fn is_valid(&self) -> bool {
        let sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '+' | '-');
        let name = self.name();
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.len() <= 64
            && name.chars().all(sign)
    }

    /// The name as it was given.
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// A cell as it reads in UTC and by the clocks of the process, both `2024-03-31T00:00:00.000Z`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The row.
    pub row: usize,
    /// In UTC.
    pub utc: String,
    /// By the clocks of the process.
    pub local: String,
}

/// The first cells of a column that read differently.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Open {
    /// By the day, and not at midnight in UTC, which is how a day without a time is held.
    pub day: Option<Reading>,
    /// By day or time.
    pub time: Option<Reading>,
}

/// The `Date` cells of a table for which no zone was named, column by column: only those that read
/// differently.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenDates(BTreeMap<String, Open>);

impl OpenDates {
    /// Takes note of a cell, by its text in UTC and by the clocks of the process.
    pub fn see(&mut self, column: &str, row: usize, utc: &str, local: &str) {
        let ((day, time), (local_day, local_time)) = (parts(utc), parts(local));
        if (day, time) == (local_day, local_time) {
            return;
        }
        if !self.0.contains_key(column) {
            self.0.insert(column.to_owned(), Open::default());
        }
        let Some(open) = self.0.get_mut(column) else { return };
        let reading =
            || Reading { row, utc: shown(day, time), local: shown(local_day, local_time) };
        if time != MIDNIGHT && day != local_day {
            open.day.get_or_insert_with(reading);
        }
        open.time.get_or_insert_with(reading);
    }

    /// Whether there are none, as for most tables.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those of a column.
    pub fn of(&self, column: &str) -> Option<&Open> {
        self.0.get(column)
    }

    /// Adds those of later rows.
    pub fn append(&mut self, later: OpenDates) {
        for (column, Open { day, time }) in later.0 {
            let open = self.0.entry(column).or_default();
            open.day = open.day.take().or(day);
            open.time = open.time.take().or(time);
        }
    }
}

const MIDNIGHT: &str = "00:00:00.000";

/// Day and time of day; a day alone is its midnight.
fn parts(text: &str) -> (&str, &str) {
    let (day, time) = text.split_once('T').unwrap_or((text, MIDNIGHT));
    (day, time.trim_end_matches('Z'))
}

/// To the minute, or as precisely as it must be.
fn shown(day: &str, time: &str) -> String {
    format!("{day} {}", time.strip_suffix(":00.000").unwrap_or(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_and_anything_else_is_not() {
        for name in ["UTC", "local", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT-2"]
        {
            assert_eq!(TimeZone::parse(name).unwrap().name(), name);
        }
        for name in ["", "+02:00", "Europe/Berlin\n", "Zürich", "2", "a b", &"x".repeat(65)] {
            assert_eq!(TimeZone::parse(name), None, "{name}");
        }
    }

    #[test]
    fn cells_that_read_alike_leave_nothing_open() {
        let mut open = OpenDates::default();
        open.see("day", 0, "2024-03-31T00:00:00.000Z", "2024-03-31");
        open.see("day", 1, "2024-03-31T14:30:00.000Z", "2024-03-31T14:30:00.000");
        assert_eq!(open, OpenDates::default());
        assert_eq!(open.of("day"), None);
    }

    #[test]
    fn the_first_cell_of_another_day_and_of_another_time_is_kept() {
        let mut open = OpenDates::default();
        // A day in UTC, in New York.
        open.see("day", 0, "2024-03-31T00:00:00.000Z", "2024-03-30T20:00:00.000");
        let time = open.of("day").unwrap().time.clone().unwrap();
        assert_eq!((time.row, &*time.utc), (0, "2024-03-31 00:00"));
        assert_eq!(time.local, "2024-03-30 20:00");
        assert_eq!(open.of("day").unwrap().day, None);
        // The same day.
        open.see("day", 1, "2024-03-31T14:30:00.000Z", "2024-03-31T10:30:00.000");
        assert_eq!(open.of("day").unwrap().day, None);
        // Midnight in Berlin.
        let mut later = OpenDates::default();
        later.see("day", 2, "2024-03-30T22:00:00.000Z", "2024-03-31");
        later.see("day", 3, "2024-03-30T22:00:01.500Z", "2024-03-31T00:00:01.500");
        later.see("noon", 3, "2024-03-31T12:00:00.000Z", "2024-03-31T14:00:00.000");
        open.append(later);
        let day = open.of("day").unwrap().day.clone().unwrap();
        assert_eq!((day.row, &*day.utc, &*day.local), (2, "2024-03-30 22:00", "2024-03-31 00:00"));
        assert_eq!(open.of("day").unwrap().time, Some(time));
        assert_eq!(open.of("noon").unwrap().time.as_ref().unwrap().row, 3);
    }
}
